import { getVisitor } from "better-session/next";
import { saveNote } from "./actions";
import { Note } from "./note";

export default async function Account() {
  const { user } = await getVisitor();
  return (
    <main>
      <h1>Account of {user?.name}</h1>
      <Note save={saveNote} />
    </main>
  );
}
