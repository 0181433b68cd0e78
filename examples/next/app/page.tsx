import Link from "next/link";
import { getVisitor } from "better-session/next";

export default async function Home() {
  const { user } = await getVisitor();
  return (
    <main>
      <h1>Hello {user ? user.name : "stranger"}</h1>
      <Link href="/account">Your account</Link>
    </main>
  );
}
