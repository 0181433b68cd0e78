// Test runners and their environments.
import { backend, closeBackend } from "../backend.mjs";
import { copySuite, run, workspace, write } from "../support.mjs";

export const title = "Test runners";
export const close = closeBackend;

const body = (server) => `
test("a verdict", async () => {
  const { createVerifier } = await load("better-session");
  expect(createVerifier({ secret: "a secret of thirty-two characters", session: { cookieCache: { enabled: true } } }).verify("").reason).toBe("no_cookie");
});
test("the client", async () => {
  const { createAuthClient } = await load("better-session/client");
  const client = createAuthClient({ baseURL: ${JSON.stringify(server)} });
  const person = { email: Math.random() + "@example.com", password: "correct horse battery", name: "Ada" };
  const { data, error } = await client.signUp.email(person, { headers: { origin: ${JSON.stringify(server)} } });
  expect(error).toBe(null);
  const session = await client.getSession({ fetchOptions: { headers: { authorization: "Bearer " + data.token } } });
  expect([session.error, session.data && session.data.user.email]).toEqual([null, person.email]);
});
`;

async function vitest(version, environment, versions = {}) {
  const folder = await workspace(`vitest-${version}-${environment}`, { vitest: version, ...versions });
  const { server } = await backend();
  write(
    folder,
    "vitest.config.mjs",
    `export default { test: { globals: true, environment: ${JSON.stringify(environment)}, environmentOptions: { jsdom: { url: ${JSON.stringify(server)} }, happyDOM: { url: ${JSON.stringify(server)} } }, testTimeout: 60_000 } };\n`,
  );
  write(
    folder,
    "package.test.mjs",
    `const load = (name) => (name === "better-session" ? import("better-session") : import("better-session/client"));${body(server)}`,
  );
  await run(process.execPath, ["node_modules/vitest/vitest.mjs", "run"], { cwd: folder });
}

async function jest(environment, versions = {}) {
  const folder = await workspace(
    `jest-${environment.replace(/\W/g, "-")}`,
    { jest: "30.5.2", ...versions },
    { manifest: { type: "commonjs" } },
  );
  const { server } = await backend();
  write(
    folder,
    "jest.config.js",
    `module.exports = { testEnvironment: ${JSON.stringify(environment)}, testTimeout: 60_000, transform: {} };\n`,
  );
  write(folder, "package.test.js", `const load = async (name) => require(name);${body(server)}`);
  await run(process.execPath, ["node_modules/jest/bin/jest.js"], { cwd: folder });
}

const WHAT = "verdict, client";
export const cases = [
  ...["3.2.7", "4.1.12"].flatMap((version) => [
    [`Vitest ${version}, node`, WHAT, () => vitest(version, "node")],
    [`Vitest ${version}, jsdom 26.1.0`, WHAT, () => vitest(version, "jsdom", { jsdom: "26.1.0" })],
    [`Vitest ${version}, happy-dom 20.14.6`, WHAT, () => vitest(version, "happy-dom", { "happy-dom": "20.14.6" })],
    [`Vitest ${version}, edge-runtime`, WHAT, () => vitest(version, "edge-runtime", { "@edge-runtime/vm": "5.0.0" })],
  ]),
  ["Jest 30.5.2, node", WHAT, () => jest("node")],
  [
    "Jest 30.5.2, jest-fixed-jsdom 0.0.11",
    WHAT,
    () => jest("jest-fixed-jsdom", { "jest-fixed-jsdom": "0.0.11", "jest-environment-jsdom": "30.5.2" }),
  ],
  [
    "Jest 30.5.2, @edge-runtime/jest-environment 4.0.0",
    WHAT,
    () => jest("@edge-runtime/jest-environment", { "@edge-runtime/jest-environment": "4.0.0" }),
  ],
];
