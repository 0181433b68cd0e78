import { useState } from "react";
import { createFileRoute } from "@tanstack/react-router";
import { requireName, saveNote } from "../visitor";

export const Route = createFileRoute("/account")({
  beforeLoad: ({ location }) => requireName(location.href),
  component: Account,
});

function Account() {
  const { name } = Route.useRouteContext();
  const [saved, setSaved] = useState("");
  const save = () => saveNote({ data: "A note" }).then(setSaved, () => setSaved("Not saved: sign in again"));
  return (
    <main>
      <h1>{`Account of ${name}`}</h1>
      <button onClick={save}>Save a note</button>
      <output>{saved}</output>
    </main>
  );
}
