/** The module for the edge runtime of Next.js and Vercel, imported with `?module`. */
import module from "../../inspect.wasm?module";
import { inspectWasm } from "./inspect.js";

inspectWasm.provide(() => module);
