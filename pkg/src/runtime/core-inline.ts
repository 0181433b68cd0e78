/** Default condition: the module travels inside the JavaScript, so no file is read and nothing is fetched. */
import { base64 } from "./generated/core-inline.js";
import { coreWasm } from "./core.js";
import { compile } from "./base64.js";

coreWasm.provide(() => compile(base64));
