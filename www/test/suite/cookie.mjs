// Panel 3: cookies in three formats, changed, expired, pasted and chunked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { choose, reads, until } from "../support.mjs";

const PARTS = {
  compact: ["Session token", "Its signature", "Session and user", "Expiry", "Signature"],
  jwt: ["Session token", "Its signature", "Header", "Session and user", "Signature"],
  jwe: ["Session token", "Its signature", "Header", "Initialisation vector", "Session and user, encrypted", "Authentication tag"],
};

async function signIn(page) {
  await page.click("#laptop button.primary");
  await reads(page, "#cookie-parts .status", /^authenticated$/);
}

export function cookieTests(world) {
  for (const strategy of Object.keys(PARTS)) {
    test(`${strategy}: the tab and the Worker return the same verdict; a changed character is refused with its reason`, async () => {
      const { page, console } = await world.open();
      await choose(page, strategy);
      await signIn(page);
      await reads(
        page,
        "#cookie-parts .checks",
        new RegExp(`authenticated, ${strategy}, Ada Lovelace\\s+edge 1: [\\d.]+ µs a verdict, [\\d.]+ ms round trip`),
      );
      assert.deepEqual(await page.locator("#cookie-parts .legend tbody th").allInnerTexts(), PARTS[strategy]);
      assert.equal((await page.locator("#cookie-parts .sizes").innerText()).match(/[\d,]+ B/g).length, 3);
      assert.equal(await page.locator("#cookie-parts .sizes [aria-current] code").innerText(), strategy);
      assert.match(await page.locator("#cookie-parts .claims").innerText(), /"email": "ada\.[a-z0-9]+@example\.com"/);
      const left = () => page.locator("#cookie-parts .windows .left").allInnerTexts();
      const before = await left();
      assert.match(before.join(" "), /^in 0:\d\d in (1 d 0 h|23 h 59 min) in (7 d 0 h|6 d 23 h)$/);
      await until(page, (text) => document.querySelector("#cookie-parts .windows .left").innerText !== text, before[0]);

      const seen = new Set();
      for (let i = 0; i < 6; i += 1) {
        await page.click("#cookie-parts button:text('Change one character')");
        seen.add(await reads(page, "#cookie-parts .status", /^(stale|unauthenticated): [a-z_]+$/));
        await page.click("#cookie-parts button:text('Reload the cookie')");
        await reads(page, "#cookie-parts .status", /^authenticated$/);
      }
      for (const text of seen) assert.match(text, /: (cache_(bad_signature|malformed)|token_(bad_signature|malformed)|unknown_key)$/);
      assert.deepEqual(console, []);
    });
  }

  test("a pasted cookie is verified in the tab, with and without its secret, and sent nowhere", async () => {
    const { page, requests } = await world.open();
    await signIn(page);
    const cookie = await page.inputValue("#cookie-text");
    const asked = requests.length;
    await page.locator("#cookie-parts label", { hasText: "your own" }).click();
    await reads(page, "#cookie-parts .reason", /Paste a cookie/);
    await page.fill("#cookie-secret", "");
    await page.fill("#cookie-text", cookie);
    await reads(page, "#cookie-parts .status", /unverified/);
    assert.match(await page.locator("#cookie-parts .claims").innerText(), /"email"/);
    await page.fill("#cookie-secret", "another secret, which did not make this cookie");
    await reads(page, "#cookie-parts .status", /^unauthenticated: token_bad_signature$/);
    await page.fill("#cookie-secret", "the-demo-secret-is-public-never-do-this");
    await reads(page, "#cookie-parts .status", /^(authenticated|stale: cache_expired)$/);
    await page.fill("#cookie-text", /session_data=([^;]+)/.exec(cookie)[1]);
    await reads(page, "#cookie-parts .status", /^(valid|cache_expired)$/);
    await page.fill("#cookie-text", cookie.replaceAll("better-auth.", "__Secure-shop."));
    await reads(page, "#cookie-parts .status", /^(authenticated|stale: cache_expired)$/);
    await page.fill("#cookie-text", "whatever; else=1; \u{1f600}");
    await reads(page, "#cookie-parts .status", /^cache_malformed$/);
    const paths = new Set(requests.slice(asked).map((request) => new URL(request.url()).pathname));
    for (const path of paths) assert.match(path, /^\/gate\/(laptop|phone)\/compact\/api\/(me|auth\/get-session)$/); // the devices' own poller
    for (const request of requests.slice(asked)) assert.equal(request.postData(), null);
  });

  test("a session that is too long for one cookie is split into chunks", async () => {
    const { page } = await world.open();
    await signIn(page);
    for (const strategy of ["compact", "jwe"]) {
      await choose(page, strategy);
      await reads(page, "#cookie-parts .checks", new RegExp(`authenticated, ${strategy}`));
      await page.click("#cookie-parts button:text('Make it long')");
      await reads(page, "#cookie-parts .chunks", /in [2-9] chunks \(\d+ \+ \d+/);
      await reads(page, "#cookie-parts .status", /^authenticated$/);
      await page.click("#cookie-parts button:text('Make it short')");
      await reads(page, "#cookie-parts .chunks", /in 2 cookies\.$/);
      await reads(page, "#cookie-parts .status", /^authenticated$/);
    }
  });
}
