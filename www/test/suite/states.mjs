// The states loading, empty, offline and no response. Each offers a next step.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reads, signUpAndIn } from "../support.mjs";

export function stateTests(world) {
  test("offline: the page shows a notice, keeps its content and continues when the connection is back", async () => {
    const { page } = await world.open();
    await signUpAndIn(page);
    await page.context().setOffline(true);
    await reads(page, "#offline", /You are offline/);
    await page.click("#laptop button:text('Revoke the others')");
    await reads(page, "#laptop .problem", /cannot be reached/);
    assert.match(await page.locator("#laptop .identity").innerText(), /Ada Lovelace/);
    await page.click("#cookie-parts button:text('Reload the cookie')");
    await reads(page, "#cookie-parts .reason", /cannot be reached/);
    await page.click("#benchmark button.primary");
    await reads(page, "#benchmark .hint", /Run it again/);
    await page.context().setOffline(false);
    await page.waitForSelector("#offline", { state: "hidden" });
    await reads(page, "#phone .poller", /200, allowed/);
    await page.click("#cookie-parts button:text('Try again')");
    await reads(page, "#cookie-parts .status", /^authenticated$/);
    await page.click("#benchmark button.primary");
    await reads(page, "#benchmark .hint", /× as fast/);
  });

  test("no response to the first request: the devices offer to try again", async () => {
    let broken = true;
    const { page } = await world.open({
      prepare: (page) => page.route("**/get-session", (route) => (broken ? route.abort() : route.continue())),
    });
    await reads(page, "#laptop .notice", /does not respond/);
    broken = false;
    await page.click("#laptop button:text('Try again')");
    await reads(page, "#laptop button.primary", /Sign up/);
  });

  test("a slow response shows a skeleton and a busy button", async () => {
    let go;
    const held = new Promise((resolve) => {
      go = resolve;
    });
    const { page } = await world.open({
      prepare: (page) =>
        page.route("**/get-session", async (route) => {
          await held;
          await route.continue();
        }),
    });
    await page.waitForSelector("#laptop .skeleton");
    go();
    await reads(page, "#laptop button.primary", /Sign up/);
    await page.route("**/sign-up/email", async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      await route.continue();
    });
    await page.click("#laptop button.primary");
    await page.waitForSelector("#laptop button.primary[aria-busy]");
    await reads(page, "#laptop .pill", /signed in/);
  });

  test("an empty panel offers to sign in, and a panel whose WebAssembly did not load offers to try again", async () => {
    let broken = true;
    const { page } = await world.open({
      prepare: (page) => page.route("**/core.wasm", (route) => (broken ? route.abort() : route.continue())),
    });
    await reads(page, "#cookie-parts .reason", /Nobody is signed in on the laptop/);
    await page.click("#cookie-parts button:text('Sign in for me')");
    await reads(page, "#cookie-parts .reason", /verifier could not be loaded/);
    broken = false;
    await page.click("#cookie-parts button:text('Try again')");
    await reads(page, "#cookie-parts .status", /^authenticated$/);
  });

  test("the demo's servers answer unknown paths with a status and a message", async () => {
    for (const [path, status, message] of [
      ["/nothing", 404, /The demo is at/],
      ["/gate/laptop/rot13/api/me", 404, /Unknown server/],
      ["/gate/laptop/jwt/nothing", 401, /Unauthorized/],
      ["/../package.json", 404, /nothing here/],
    ]) {
      const response = await fetch(world.demo.url + path);
      assert.equal(response.status, status, path);
      assert.match(await response.text(), message);
    }
  });
}
