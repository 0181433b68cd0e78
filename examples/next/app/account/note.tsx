"use client";
import { useState } from "react";

export function Note({ save }: { save(text: string): Promise<string> }) {
  const [saved, setSaved] = useState("");
  const submit = () =>
    save("A note").then(setSaved, () => {
      setSaved("Not saved: sign in again");
    });
  return (
    <>
      <button onClick={submit}>Save a note</button>
      <output>{saved}</output>
    </>
  );
}
