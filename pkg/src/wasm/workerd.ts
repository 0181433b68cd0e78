/** Workers compile modules when they are deployed and forbid it afterwards: the import is the module. */
import module from "../../core.wasm";
import { provideCore } from "./instance.js";

provideCore(() => module);
