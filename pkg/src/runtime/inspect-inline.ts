/** The module for all other runtimes, embedded in the JavaScript so that it needs neither a file nor a request. */
import { base64 } from "./generated/inspect-inline.js";
import { inspectWasm } from "./inspect.js";
import { compile } from "./base64.js";

inspectWasm.provide(() => compile(base64));
