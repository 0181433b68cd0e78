// `credentials` of fetch, which older Workers do not implement.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthClient } from "../../dist/client.js";

/** Returns the options of the request that getSession makes. */
async function requested(fetchOptions = {}) {
  let seen;
  const customFetchImpl = async (_url, init) => ((seen = init), Response.json(null));
  const client = createAuthClient({ baseURL: "http://app.example", fetchOptions: { customFetchImpl, ...fetchOptions } });
  const { error } = await client.getSession();
  assert.equal(error, null);
  return seen;
}

test("cookies are sent to another origin, unless the options say otherwise", async () => {
  assert.equal((await requested()).credentials, "include");
  assert.equal((await requested({ credentials: "omit" })).credentials, "omit");
});

test("a runtime whose Request has no credentials is not given any", async () => {
  const descriptor = Object.getOwnPropertyDescriptor(Request.prototype, "credentials");
  delete Request.prototype.credentials;
  try {
    assert.ok(!("credentials" in (await requested())));
  } finally {
    Object.defineProperty(Request.prototype, "credentials", descriptor);
  }
});

test("React Native's Request, which has the property and whose prototype does not, sends cookies", async () => {
  const { Request } = globalThis;
  globalThis.Request = class {
    credentials = "same-origin";
  };
  try {
    assert.equal((await requested()).credentials, "include");
  } finally {
    globalThis.Request = Request;
  }
});
