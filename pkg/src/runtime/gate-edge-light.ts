/** Next.js's and Vercel's edge runtime: as on Workers, asked for with `?module`. */
import module from "../../gate.wasm?module";
import { gateWasm } from "./gate.js";

gateWasm.provide(() => module);
