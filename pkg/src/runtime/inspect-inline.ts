/** Default condition: the module travels inside the JavaScript, so no file is read and nothing is fetched. */
import { base64 } from "./generated/inspect-inline.js";
import { inspectWasm } from "./inspect.js";
import { compile } from "./base64.js";

inspectWasm.provide(() => compile(base64));
