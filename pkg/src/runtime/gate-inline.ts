/** The module for all other runtimes, embedded in the JavaScript so that it needs neither a file nor a request. */
import { base64 } from "./generated/gate-inline.js";
import { gateWasm } from "./gate.js";
import { compile } from "./base64.js";

gateWasm.provide(() => compile(base64));
