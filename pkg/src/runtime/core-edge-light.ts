/** Next.js's and Vercel's edge runtime: as on Workers, asked for with `?module`. */
import module from "../../core.wasm?module";
import { coreWasm } from "./core.js";

coreWasm.provide(() => module);
