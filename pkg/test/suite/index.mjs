// One suite for every runtime: give it the two entries, as that runtime imported them.
import { cookiesCases } from "./cookies.mjs";
import { jwksCases } from "./jwks.mjs";
import { runAll } from "./kit.mjs";
import { vectorCases } from "./vectors.mjs";
import { verifyCases } from "./verify.mjs";

export const runSuite = (lib, cookies) =>
  runAll([...verifyCases(lib), ...vectorCases(lib), ...jwksCases(lib), ...cookiesCases(lib, cookies)]);
