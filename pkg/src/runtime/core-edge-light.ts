/** The module for the edge runtime of Next.js and Vercel, imported with `?module`. */
import module from "../../core.wasm?module";
import { coreWasm } from "./core.js";

coreWasm.provide(() => module);
