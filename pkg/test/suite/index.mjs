// One suite for every runtime: give it the two entries, as that runtime imported them.
import { cookiesCases } from "./cookies.mjs";
import { runAll } from "./kit.mjs";
import { verifyCases } from "./verify.mjs";

export const runSuite = (lib, cookies) => runAll([...verifyCases(lib), ...cookiesCases(lib, cookies)]);
