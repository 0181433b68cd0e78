// Panel 1: one user on two devices.

import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, reads, signUpAndIn, until } from "../support.mjs";

export function sessionTests(world) {
  for (const strategy of ["compact", "jwt", "jwe"]) {
    test(`${strategy}: a device whose session another device revoked is refused`, async () => {
      const { page, console } = await world.open();
      await choose(page, strategy);
      await signUpAndIn(page);
      const list = await reads(page, "#laptop .sessions", /Safari 18 on iOS/);
      assert.match(list, /Chrome \d+ on Linux\s*this device/);
      assert.match(list, /127\.0\.0\.1\s+(· )?used .+\s+(· )?signed in .+/);
      await reads(page, "#laptop .poller", /200, allowed · by the cookie alone/);
      await reads(page, "#phone .poller", /200, allowed · by the cookie alone/);

      await page.click('#laptop button[aria-label="Revoke Safari 18 on iOS"]');
      await reads(page, "#phone .notice", /Refused \d+\.\d s after the laptop ended this session/);
      await reads(page, "#phone .poller", /401, refused/);
      await until(page, () => document.querySelectorAll("#laptop .sessions li").length === 1);
      await reads(page, "#laptop .pill", /signed in/);
      assert.deepEqual(console, []);
    });
  }

  test("revoking the others keeps the session of the caller; revoking all keeps none", async () => {
    const { page } = await world.open();
    await signUpAndIn(page);
    await page.click("#phone button:text('Revoke the others')");
    await reads(page, "#laptop .pill", /signed out/);
    await reads(page, "#phone .pill", /signed in/);
    await page.click("#laptop button.primary");
    await reads(page, "#laptop .sessions", /this device/);
    await page.click("#laptop button:text('Revoke all')");
    await reads(page, "#laptop .pill", /signed out/);
    await reads(page, "#phone .pill", /signed out/);
  });

  test("signing out ends this device's session only, also after a reload", async () => {
    const { page } = await world.open();
    await signUpAndIn(page);
    await page.click("#phone button:text('Sign out')");
    await reads(page, "#phone .pill", /signed out/);
    await page.reload();
    await reads(page, "#laptop .sessions", /this device/);
    await reads(page, "#phone .pill", /signed out/);
    assert.equal(await page.locator("#laptop .sessions li").count(), 1);
  });

  test("a session that is not fresh shows SESSION_NOT_FRESH until the user signs in again", async () => {
    const { page, console } = await world.open();
    await signUpAndIn(page);
    await page.click("#laptop button:text('Let a day pass')");
    await reads(page, "#laptop .notice", /403 SESSION_NOT_FRESH/);
    await reads(page, "#laptop .poller", /200, allowed/);
    await page.click("#laptop button.primary");
    const list = await reads(page, "#laptop .sessions", /this device/);
    assert.match(list, /Safari/);
    await until(page, () => document.querySelectorAll("#laptop .sessions li").length === 2);
    for (const line of console) assert.match(line, /status of 403 .*list-sessions/); // logged by the browser for the refusal that the page shows
  });

  test("a wrong password shows an error beside the button", async () => {
    const { page } = await world.open();
    await signUpAndIn(page);
    await page.click("#phone button:text('Sign out')");
    await reads(page, "#phone .pill", /signed out/);
    await page.fill("#phone-password", "not the password");
    await page.click("#phone button.primary");
    await reads(page, "#phone .problem", /invalid email or password/);
    await page.fill("#phone-password", "correct horse battery");
    await page.click("#phone button.primary");
    await reads(page, "#phone .pill", /signed in/);
  });
}
