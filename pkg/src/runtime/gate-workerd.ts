/** Workers compile modules when they are deployed and forbid it afterwards: the import is the module. */
import module from "../../gate.wasm";
import { gateWasm } from "./gate.js";

gateWasm.provide(() => module);
