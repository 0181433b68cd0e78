/** The module for all other runtimes, embedded in the JavaScript so that it needs neither a file nor a request. */
import { base64 } from "./generated/core-inline.js";
import { coreWasm } from "./core.js";
import { compile } from "./base64.js";

coreWasm.provide(() => compile(base64));
