// Faults between a client and its server, in Node and in a page: each has a typed result, and no promise rejects.
import { equal } from "/suite/kit.mjs";

/** `faults` is the URL under which the server has them; `nowhere` one where nothing listens; `page` whether CORS is in force. */
export function faultCases({ createAuthClient, faults, nowhere, page }) {
  const client = (fetchOptions, base = faults) => createAuthClient({ baseURL: base, basePath: "/", fetchOptions });
  const at = (path, options) => client({ timeout: 20_000 }).$fetch(path, options);
  const fails = async (promise, code, what = code) => {
    const { data, error } = await promise;
    equal([data, error?.status, error?.code], [null, 0, code], what);
    if (!error.message || error.message === code) throw new Error(`${what}: the message says nothing: ${error.message}`);
    return error;
  };
  const name = Math.random().toString(36).slice(2);

  return [
    ["nothing listens there", () => fails(client({}, nowhere).getSession(), "NETWORK_ERROR")],
    ["no such host", () => fails(client({}, "http://no-such-host.invalid").getSession(), "NETWORK_ERROR")],
    ["the connection is reset", () => fails(at("/reset"), "NETWORK_ERROR")],
    ["half an answer", () => fails(at("/cut"), "NETWORK_ERROR")],
    ["204", async () => equal(await at("/no-content"), { data: null, error: null })],
    ["an empty body", async () => equal(await at("/empty"), { data: null, error: null })],
    [
      "an HTML page where data was asked for",
      async () => equal((await fails(at("/html"), "INVALID_RESPONSE")).message, "The response is not what this call returns"),
    ],
    ["half a JSON", () => fails(at("/half"), "INVALID_RESPONSE")],
    ["a redirect to a page", () => fails(at("/redirect"), "INVALID_RESPONSE")],
    [
      "a redirect that is not followed",
      async () => {
        const pending = at("/redirect", { redirect: "manual" });
        // A page is not told what it was.
        if (page) await fails(pending, "INVALID_RESPONSE");
        else equal(await pending, { data: null, error: { status: 302, statusText: "Found" } });
      },
    ],
    [
      "an HTML error page",
      async () => {
        const { data, error } = await at("/html-error");
        equal([data, error], [null, { status: 502, statusText: "Bad Gateway" }]);
      },
    ],
    [
      "an error in words, an error that is a list",
      async () => {
        equal((await at("/error-text")).error, { status: 500, statusText: "Internal Server Error" });
        equal((await at("/error-list")).error, { 0: 1, status: 422, statusText: "Unprocessable Entity" });
      },
    ],
    [
      "429 with retry-after",
      async () => {
        const began = performance.now();
        const { error } = await at("/busy", { retry: { attempts: 2, maxDelay: 2000 } });
        equal([error.status, error.code], [429, "RATE_LIMITED"]);
        if (performance.now() - began > 6500) throw new Error("it waited longer than it may");
      },
    ],
    [
      "text, and bytes",
      async () => {
        equal((await at("/text")).data, "pong");
        equal((await at("/bytes")).data.size, 2);
      },
    ],
    [
      "dates are revived, and only dates",
      async () => {
        const { data } = await at("/dates");
        equal([data.at, data.zone], [new Date("2026-01-02T03:04:05.678Z"), new Date("2026-01-02T01:04:05Z")]);
        equal([data.day, data.text], ["2026-01-02", "on 2026-01-02T03:04:05Z"]);
        // On purpose unlike Better Auth's client, which makes January of the month and 113 minutes of the fraction.
        equal([data.month, data.fine], ["2026-13-01T00:00:00Z", new Date("2026-01-02T03:04:05.678Z")]);
      },
    ],
    [
      "no key reaches a prototype",
      async () => {
        const { data } = await at("/proto");
        equal([data.fine, data.polluted, {}.polluted, Object.hasOwn(data, "constructor")], [1, undefined, undefined, false]);
      },
    ],
    ["timeout", async () => equal((await fails(at("/hang", { timeout: 100 }), "TIMEOUT")).message, "The request timed out")],
    ["the caller's own AbortSignal.timeout", () => fails(at("/hang", { signal: AbortSignal.timeout(100) }), "TIMEOUT")],
    [
      "abort: before, during, while waiting to try again",
      async () => {
        await fails(at("/empty", { signal: AbortSignal.abort() }), "ABORTED", "before");
        const during = new AbortController();
        const pending = at("/hang", { signal: during.signal });
        setTimeout(() => during.abort(), 50);
        await fails(pending, "ABORTED", "during");
        const between = new AbortController();
        const retrying = client({}, nowhere).getSession(
          {},
          { signal: between.signal, retry: { attempts: 5, delay: 60_000, maxDelay: 60_000 } },
        );
        setTimeout(() => between.abort(), 300);
        await fails(retrying, "ABORTED", "between");
      },
    ],
    [
      "retry: a GET is tried again, another method only when asked",
      async () => {
        const retry = { attempts: 3, delay: 10, type: "exponential" };
        equal((await at(`/flaky/get-${name}`, { retry })).data.count, 3);
        equal((await at(`/flaky/post-${name}`, { method: "POST", body: {}, retry })).error.status, 503);
        equal((await at(`/flaky/post-${name}`, { method: "POST", body: {}, retry: { ...retry, anyMethod: true } })).data.count, 3);
      },
    ],
    [
      "retry: the server's retry-after is waited for",
      async () => {
        const began = performance.now();
        equal((await at(`/patient/${name}`, { retry: { attempts: 2, delay: 1 } })).data.count, 3);
        if (performance.now() - began < 1900) throw new Error("it came back too soon");
      },
    ],
    [
      "what a hook throws rejects the call, and an onRequest that throws sends nothing",
      async () => {
        const own = new Error("a hook's own fault");
        const throws = () => {
          throw own;
        };
        const thrown = (path, options) =>
          at(path, options).then(
            () => "resolved",
            (error) => error,
          );
        let sent = 0;
        const customFetchImpl = (...request) => ((sent += 1), fetch(...request));
        equal((await thrown("/text", { onRequest: throws, customFetchImpl })) === own, true, "onRequest");
        equal(sent, 0);
        for (const hook of ["onResponse", "onSuccess"]) equal((await thrown("/text", { [hook]: throws })) === own, true, hook);
        equal((await thrown("/busy", { onError: async () => throws() })) === own, true, "onError");
        equal((await at("/text")).data, "pong", "the next call");
      },
    ],
    [
      "hooks: a request changed, a response replaced",
      async () => {
        const onRequest = (request) => ({ url: request.url.replace("half", "text") });
        equal((await at("/half", { onRequest })).data, "pong");
        equal((await at("/half", { onResponse: () => Response.json({ mine: 1 }) })).data, { mine: 1 });
      },
    ],
    [
      "what cannot be sent fails that call alone",
      async () => {
        const circle = {};
        circle.self = circle;
        const beside = at("/text");
        await fails(client({}).updateUser({ circle }), "ABORTED", "a circle");
        await fails(client({}).updateUser({ big: 1n }), "ABORTED", "a bigint");
        await fails(at("/text", { headers: { "not a name": "x" } }), "ABORTED", "a header");
        equal((await beside).data, "pong");
      },
    ],
    [
      "a fetch that gives no response, or throws at once",
      async () => {
        await fails(at("/text", { customFetchImpl: async () => undefined }), "NETWORK_ERROR");
        await fails(at("/text", { customFetchImpl: async () => ({ ok: true }) }), "NETWORK_ERROR");
        await fails(
          at("/text", {
            customFetchImpl: () => {
              throw null;
            },
          }),
          "NETWORK_ERROR",
        );
      },
    ],
    [
      "a list that is none, for an honest revoke",
      () => {
        const customFetchImpl = async () => Response.json(null);
        return fails(client({ customFetchImpl }).revokeSession({ id: "1" }), "INVALID_RESPONSE");
      },
    ],
    [
      "a list of garbage, for an honest revoke",
      () => {
        const customFetchImpl = async () => Response.json([null, 1, "x", {}]);
        return fails(client({ customFetchImpl }).revokeSession({ token: "1" }, { verify: true }), "SESSION_NOT_FOUND");
      },
    ],
    [
      "throw: the error that would have been returned",
      async () => {
        const error = await client({ throw: true }, nowhere)
          .getSession()
          .then(
            () => null,
            (thrown) => thrown,
          );
        equal([error instanceof Error, error.status, error.code], [true, 0, "NETWORK_ERROR"]);
      },
    ],
    [
      "not a thenable",
      async () => {
        const own = client({});
        equal([own.then, own.signIn.then, own.catch, own.finally, (await own) === own], [undefined, undefined, undefined, undefined, true]);
      },
    ],
    ...(page ? [["refused by CORS", () => fails(at("/cors"), "NETWORK_ERROR")]] : []),
  ];
}
