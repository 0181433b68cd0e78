import { createFileRoute } from "@tanstack/react-router";
import { useState } from "react";
import { createAuthClient } from "better-session/client";

export const Route = createFileRoute("/sign-in")({ component: SignIn });

function SignIn() {
  const [error, setError] = useState("");
  async function signIn(form: FormData) {
    const { error } = await createAuthClient().signIn.email({ email: String(form.get("email")), password: String(form.get("password")) });
    if (error) return setError(error.message ?? "That did not work");
    const target = new URLSearchParams(location.search).get("callbackURL") ?? "/";
    location.assign(target.startsWith("/") && !target.startsWith("//") ? target : "/");
  }
  return (
    <form action={signIn}>
      <input name="email" type="email" aria-label="E-mail" />
      <input name="password" type="password" aria-label="Password" />
      <button>Sign in</button>
      <p role="alert">{error}</p>
    </form>
  );
}
