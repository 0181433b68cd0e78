/** The module for Workers, which compile modules only when they are deployed: the import is a compiled module. */
import module from "../../inspect.wasm";
import { inspectWasm } from "./inspect.js";

inspectWasm.provide(() => module);
