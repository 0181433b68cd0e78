/** Workers compile modules when they are deployed and forbid it afterwards: the import is the module. */
import module from "../../core.wasm";
import { coreWasm } from "./core.js";

coreWasm.provide(() => module);
