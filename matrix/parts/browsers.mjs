// Chromium and Firefox, driven by WebDriver: the suite and the client in a page.
import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { chromium, vectorFiles } from "../../pkg/test/support/pack.mjs";
import { backend, closeBackend } from "../backend.mjs";
import { passed, pkg } from "../support.mjs";

export const title = "Browsers";
export const close = closeBackend;

const drivers = {
  chromium: {
    command: "chromedriver",
    browser: { "goog:chromeOptions": { binary: chromium, args: ["--headless", "--no-sandbox", "--disable-gpu"] } },
  },
  firefox: { command: "geckodriver", browser: { "moz:firefoxOptions": { args: ["-headless"] } } },
};

/** Runs `script`, the body of an async function, in a page of the server. Resolves to its result. */
async function inPage(name, script, ...args) {
  const { command, browser } = drivers[name];
  const port = await freePort();
  const driver = spawn(command, [...(name === "firefox" ? ["--port", String(port)] : [`--port=${port}`])], { stdio: "ignore" });
  const call = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.message}`);
    return value;
  };
  try {
    for (const deadline = Date.now() + 30_000; !(await fetch(`http://127.0.0.1:${port}/status`).catch(() => undefined))?.ok;) {
      if (Date.now() > deadline) throw new Error(`${command} does not answer`);
      await new Promise((turn) => setTimeout(turn, 100));
    }
    const { sessionId, capabilities } = await call("POST", "/session", { capabilities: { alwaysMatch: browser } });
    const session = `/session/${sessionId}`;
    try {
      await call("POST", `${session}/timeouts`, { script: 240_000 });
      await call("POST", `${session}/url`, { url: (await backend()).server });
      const whole = `const done = arguments[arguments.length - 1]; (async (...args) => { ${script} })(...arguments).then(done, (error) => done([{ name: "the page", error: String(error) }]));`;
      return { version: capabilities.browserVersion, value: await call("POST", `${session}/execute/async`, { script: whole, args }) };
    } finally {
      await call("DELETE", session);
    }
  } finally {
    driver.kill();
  }
}

async function suite(name) {
  const { origin } = await backend();
  origin.files["/suite/vector-files.mjs"] = vectorFiles();
  for (const file of ["index", "cookies", "verify", "vectors"])
    origin.files[`/suite/${file}.mjs`] = readFileSync(join(pkg, `test/suite/${file}.mjs`), "utf8");
  const { version, value } = await inPage(
    name,
    `const [lib, cookies, { runSuite }] = await Promise.all([import("/dist/index.js"), import("/dist/cookies.js"), import("/suite/index.mjs")]);
     return runSuite(lib, cookies);`,
  );
  return `${version}: ${passed(value, 30)}`;
}

async function client(name, prepare) {
  const { faults } = await backend();
  const { version, value } = await inPage(
    name,
    `${prepare}
     const [{ createAuthClient }, { scenario }, { faultCases }, { runAll }] = await Promise.all([import("/dist/client.js"), import("/client/scenario.mjs"), import("/client/fault-cases.mjs"), import("/suite/kit.mjs")]);
     return runAll([...scenario({ createAuthClient, baseURL: location.origin, cookies: () => ({}), bare: { credentials: "omit" } }), ...faultCases({ createAuthClient, faults: args[0], nowhere: "http://127.0.0.1:1", page: true })]);`,
    faults,
  );
  return `${version}: ${passed(value, 43)}`;
}

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

const version = (command) => {
  try {
    return execFileSync(command, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).match(/\d+(\.\d+)*/)[0];
  } catch {
    return "";
  }
};

export const cases = [
  ...[
    ["chromium", `Chromium ${version(chromium)}`],
    ["firefox", `Firefox ${version("firefox-esr")}`],
  ].flatMap(([name, subject]) => [
    [subject, "suite", () => suite(name)],
    [subject, "client", () => client(name, "")],
    [subject, "client without WebAssembly", () => client(name, "delete globalThis.WebAssembly;")],
  ]),
];
