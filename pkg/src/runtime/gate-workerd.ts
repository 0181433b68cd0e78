/** The module for Workers, which compile modules only when they are deployed: the import is a compiled module. */
import module from "../../gate.wasm";
import { gateWasm } from "./gate.js";

gateWasm.provide(() => module);
