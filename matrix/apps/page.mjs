// A page's program: verifies a cookie that it mints, and uses the client, with `#without` in the address without WebAssembly.
import { createVerifier } from "better-session";
import { createAuthClient } from "better-session/client";
import { cookie, now, options, session, signedToken, user } from "./suite/kit.mjs";

async function main() {
  const verifier = createVerifier(options());
  const header = cookie(await signedToken(), verifier.mint({ session, user }, { at: now }));
  const verdict = verifier.verify(header, now).status;
  const person = { email: "page@example.com", password: "correct horse battery", name: "Ada" };
  const client = createAuthClient();
  const { error } = await client.signUp.email(person);
  if (error) await client.signIn.email(person);
  const email = (await client.getSession()).data?.user.email;
  globalThis.results = { verdict, email };
}

// There the chunk with the JavaScript build is loaded; the verifier's module is compiled by another function.
if (location.hash === "#without") WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError("forbidden"));
main();
