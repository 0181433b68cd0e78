// Tests the demo page in a real browser against the real servers. All tests share one demo.

import { after, afterEach, before } from "node:test";
import { startWorld } from "./support.mjs";
import { cookieTests } from "./suite/cookie.mjs";
import { qualityTests } from "./suite/quality.mjs";
import { revocationTests } from "./suite/revocation.mjs";
import { sessionTests } from "./suite/sessions.mjs";
import { speedTests } from "./suite/speed.mjs";
import { stateTests } from "./suite/states.mjs";

const world = {};
before(async () => {
  Object.assign(world, await startWorld());
});
afterEach(() => world.closeVisits());
after(() => world.close());

for (const tests of [sessionTests, revocationTests, cookieTests, speedTests, stateTests, qualityTests]) tests(world);
