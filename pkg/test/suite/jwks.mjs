// Verifies the vectors of caches that a key set signs with the package, in any runtime. Nothing is logged but a key that cannot be used.
import { equal } from "./kit.mjs";
import { jwks } from "./vector-files.mjs";

export function jwksCases({ createVerifier }) {
  const { options, now, accept, reject, jwks: common } = jwks.verdicts;
  const judge = (one, changes = {}) =>
    createVerifier({ jwks: one.jwks ?? common, ...(one.options ?? options), ...changes }).verifyAsync(one.cookie, now);
  const each = async (check) => {
    for (const one of [...accept, ...reject]) await quietly(() => check(one));
  };
  const judgeAtOnce = async () => {
    for (const remember of [false, undefined]) {
      const verifier = createVerifier({ jwks: common, ...options, remember });
      const cases = [...accept, ...reject].filter((one) => !one.jwks && !one.options);
      for (let round = 0; round < 3; round++) {
        const verdicts = await Promise.all(cases.map(({ cookie }) => verifier.verifyAsync(cookie, now)));
        cases.forEach((one, at) => expectVerdict(verdicts[at], one));
      }
    }
  };
  return [
    ["key sets: each vector has its verdict", () => each(async (one) => expectVerdict(await judge(one), one))],
    [
      "key sets: each vector has its verdict without the secret, whose token is then not verified",
      () => each(async (one) => expectVerdict(await judge(one, { secret: undefined }), one, false)),
    ],
    ["key sets: each vector has its verdict in calls at once, with keys that are imported meanwhile and with known ones", judgeAtOnce],
    [
      "key sets: the synchronous calls accept none of them",
      () => each((one) => rejectedBy(createVerifier, { jwks: one.jwks ?? common, ...options }, one, now)),
    ],
    ...jwks.minted.vectors.map((vector) => [`key sets: a real server's ${vector.alg} cache`, () => readMinted(createVerifier, vector)]),
  ];
}

function expectVerdict(verdict, { name, status = "authenticated", reason, token }, tokenVerified) {
  equal([verdict.status, verdict.reason, verdict.token], [status, reason, token], name);
  if (status === "authenticated") equal([verdict.strategy, verdict.tokenVerified], ["jwt", tokenVerified], name);
}

function rejectedBy(createVerifier, options, { name, cookie }, now) {
  const verifier = createVerifier(options);
  equal(verifier.verify(cookie, now).status === "authenticated", false, name);
  equal(verifier.open(cookie.slice(cookie.lastIndexOf("=") + 1), now).ok, false, name);
}

async function readMinted(createVerifier, { issuer, secret, otherSecret, jwks, mintedAt, cookieHeader, expect }) {
  const judge = (options, at = mintedAt) => createVerifier({ secret, jwks, issuer, ...options }).verifyAsync(cookieHeader, at);
  const verdict = await judge();
  equal([verdict.status, verdict.reason, verdict.fresh], ["authenticated", undefined, true]);
  equal(JSON.parse(JSON.stringify({ session: verdict.session, user: verdict.user })), expect);
  const { reason } = await judge({ jwks: { keys: [] } });
  equal(reason, "unknown_key");
  equal((await judge({ issuer: "https://other.example" })).reason, "cache_malformed");
  equal((await judge({ secret: otherSecret })).reason, "token_bad_signature");
  equal((await judge({ secret: undefined })).tokenVerified, false);
  equal((await judge({}, mintedAt + 301_000)).reason, "cache_expired");
}

/** Runs a function while `console.warn` counts: a set with a key that cannot be used is reported once. */
async function quietly(run) {
  const { warn } = console;
  let warned = 0;
  console.warn = () => void (warned += 1);
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  equal(warned <= 1, true, "warnings");
}
