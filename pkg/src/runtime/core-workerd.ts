/** The module for Workers, which compile modules only when they are deployed: the import is a compiled module. */
import module from "../../core.wasm";
import { coreWasm } from "./core.js";

coreWasm.provide(() => module);
