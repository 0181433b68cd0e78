// Requirements of every adapter with pages, in a browser: a visitor without a session goes to the sign-in page and back, with and without the framework's own
// navigation, and pages that the framework loads in advance do not lead to the sign-in page once the visitor has signed in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { chromium as browserType } from "playwright-core";
import { signIn, signUp } from "../../../harness/origin.mjs";
import { chromium, chromiumFlags } from "../support/pack.mjs";

/** Declares the test. `action`: the account page has a button that calls the server. */
export function drivePages(app, { action = false } = {}) {
  let browser;
  before(async () => {
    browser = await browserType.launch({ executablePath: chromium, args: chromiumFlags });
  });
  after(() => browser?.close());

  test("in Chromium: sign-in page and back, by a link that was loaded in advance, and an action", async () => {
    const { url } = app();
    const { credentials } = await signUp(app());
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${url}/`);
    assert.equal(await page.textContent("h1"), "Hello stranger");
    await page.hover("a"); // frameworks load the account in advance
    await page.waitForTimeout(500);
    assert.equal(page.url(), `${url}/`);
    await page.click("a");
    await page.waitForURL(/\/sign-in\?callbackURL=/);
    await page.waitForLoadState("networkidle");
    await page.fill("input[type=email]", credentials.email);
    await page.fill("input[type=password]", credentials.password);
    await page.click("button");
    await page.waitForURL(`${url}/account`);
    assert.equal(await page.textContent("h1"), "Account of Ada Lovelace");
    await page.waitForLoadState("networkidle");
    if (action) {
      await page.click("text=Save a note");
      await page.waitForFunction(() => document.querySelector("output").textContent === "A note, by Ada Lovelace");
    }
    // The browser's cache cookie is gone: navigation inside the app renews it.
    await page.goto(`${url}/`);
    assert.equal(await page.textContent("h1"), "Hello Ada Lovelace");
    await page.waitForLoadState("networkidle");
    const names = async () => (await context.cookies()).map(({ name }) => name);
    await context.clearCookies({ name: "better-auth.session_data" });
    assert.ok(!(await names()).includes("better-auth.session_data"));
    await page.click("a");
    await page.waitForURL(`${url}/account`);
    await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Account of Ada Lovelace");
    assert.ok((await names()).includes("better-auth.session_data"), "renewed by a request of the framework's router");
    if (action) {
      await page.waitForLoadState("networkidle");
      const other = await signIn(app(), credentials);
      const revoked = await fetch(`${url}/api/auth/revoke-other-sessions`, {
        method: "POST",
        headers: { cookie: other.header(), origin: url, "content-type": "application/json" },
        body: "{}",
      });
      assert.equal(revoked.status, 200);
      await page.click("text=Save a note");
      await page.waitForTimeout(1000);
      assert.doesNotMatch(await page.content(), /A note, by Ada Lovelace/, "the server did nothing for a revoked session");
      errors.length = 0;
    }
    await page.goto(`${url}/account`);
    if (action) await page.waitForURL(/\/sign-in\?callbackURL=/);
    assert.deepEqual(errors, []);
    await context.close();
  });
}
