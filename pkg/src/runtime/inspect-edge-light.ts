/** Next.js's and Vercel's edge runtime: as on Workers, asked for with `?module`. */
import module from "../../inspect.wasm?module";
import { inspectWasm } from "./inspect.js";

inspectWasm.provide(() => module);
