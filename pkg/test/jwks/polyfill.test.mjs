// A key set verifies where a polyfill of Buffer lacks an encoding of Node's.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { publicJwk } from "../../../harness/jwks/keys.mjs";
import { SECRET } from "../../../harness/verdicts/seal.mjs";
import { ISSUER, signedCookies } from "./support.mjs";

test("a cache is verified without Buffer's base64url", () => {
  const options = { secret: SECRET, baseURL: ISSUER, advanced: { useSecureCookies: false }, jwks: { keys: [publicJwk("ed")] } };
  const program = `
    const { Buffer } = globalThis;
    globalThis.Buffer = {
      from(text, encoding) {
        if (encoding === "base64url") throw new TypeError("Unknown encoding: base64url");
        return Buffer.from(text, encoding);
      },
      isEncoding: (encoding) => encoding !== "base64url" && Buffer.isEncoding(encoding),
    };
    const { createVerifier } = await import("better-session");
    const { status, reason } = await createVerifier(${JSON.stringify(options)}).verifyAsync(${JSON.stringify(signedCookies(Date.now(), "ed"))});
    console.log(status, reason);
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: import.meta.dirname, encoding: "utf8" });
  assert.equal(output, "authenticated undefined\n");
});
