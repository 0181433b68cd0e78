/** Workers compile modules when they are deployed and forbid it afterwards: the import is the module. */
import module from "../../inspect.wasm";
import { inspectWasm } from "./inspect.js";

inspectWasm.provide(() => module);
