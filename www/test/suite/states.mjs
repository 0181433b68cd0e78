// What the page looks like when it is not the good day: loading, empty, offline, no answer. Each has a way on.

import assert from "node:assert/strict";
import { test } from "node:test";
import { reads, signUpAndIn } from "../support.mjs";

export function stateTests(world) {
  test("offline: it says so, keeps what it shows, and goes on by itself", async () => {
    const { page } = await world.open();
    await signUpAndIn(page);
    await page.context().setOffline(true);
    await reads(page, "#offline", /You are offline/);
    await page.click("#laptop button:text('Revoke the others')");
    await reads(page, "#laptop .problem", /cannot be reached/);
    assert.match(await page.locator("#laptop .identity").innerText(), /Ada Lovelace/);
    await page.click("#dissection button:text('Take it anew')");
    await reads(page, "#dissection .reason", /cannot be reached/);
    await page.click("#benchmark button.primary");
    await reads(page, "#benchmark .hint", /Run it again/);
    await page.context().setOffline(false);
    await page.waitForSelector("#offline", { state: "hidden" });
    await reads(page, "#phone .poller", /200, let in/);
    await page.click("#dissection button:text('Try again')");
    await reads(page, "#dissection .status", /^authenticated$/);
    await page.click("#benchmark button.primary");
    await reads(page, "#benchmark .hint", /× as fast/);
  });

  test("no answer at first: the devices offer to try again", async () => {
    let broken = true;
    const { page } = await world.open({
      prepare: (page) => page.route("**/get-session", (route) => (broken ? route.abort() : route.continue())),
    });
    await reads(page, "#laptop .notice", /does not answer/);
    broken = false;
    await page.click("#laptop button:text('Try again')");
    await reads(page, "#laptop button.primary", /Sign up/);
  });

  test("a slow answer is seen to be waited for", async () => {
    let go;
    const held = new Promise((resolve) => { go = resolve; });
    const { page } = await world.open({ prepare: (page) => page.route("**/get-session", async (route) => { await held; await route.continue(); }) });
    await page.waitForSelector("#laptop .skeleton");
    go();
    await reads(page, "#laptop button.primary", /Sign up/);
    await page.route("**/sign-up/email", async (route) => { await new Promise((resolve) => setTimeout(resolve, 600)); await route.continue(); });
    await page.click("#laptop button.primary");
    await page.waitForSelector("#laptop button.primary[aria-busy]");
    await reads(page, "#laptop .pill", /signed in/);
  });

  test("empty panels offer to sign in, and a panel whose program did not load to try again", async () => {
    let broken = true;
    const { page } = await world.open({
      prepare: (page) => page.route("**/core.wasm", (route) => (broken ? route.abort() : route.continue())),
    });
    await reads(page, "#dissection .reason", /Nobody is signed in on the laptop/);
    await page.click("#dissection button:text('Sign in for me')");
    await reads(page, "#dissection .reason", /verifier could not be loaded/);
    broken = false;
    await page.click("#dissection button:text('Try again')");
    await reads(page, "#dissection .status", /^authenticated$/);
  });

  test("the demo's servers refuse what does not exist, in words", async () => {
    for (const [path, status, words] of [["/nothing", 404, /The demo is at/], ["/gate/laptop/rot13/api/me", 404, /No such lane/], ["/gate/laptop/jwt/nothing", 401, /Unauthorized/], ["/../package.json", 404, /nothing here/]]) {
      const response = await fetch(world.demo.url + path);
      assert.equal(response.status, status, path);
      assert.match(await response.text(), words);
    }
  });
}
