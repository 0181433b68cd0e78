/** The module for the edge runtime of Next.js and Vercel, imported with `?module`. */
import module from "../../gate.wasm?module";
import { gateWasm } from "./gate.js";

gateWasm.provide(() => module);
