/** Default condition: the module travels inside the JavaScript, so no file is read and nothing is fetched. */
import { base64 } from "./generated/gate-inline.js";
import { gateWasm } from "./gate.js";
import { compile } from "./base64.js";

gateWasm.provide(() => compile(base64));
