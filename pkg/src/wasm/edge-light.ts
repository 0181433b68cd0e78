/** Next.js's and Vercel's edge runtime: as on Workers, asked for with `?module`. */
import module from "../../core.wasm?module";
import { provideCore } from "./instance.js";

provideCore(() => module);
