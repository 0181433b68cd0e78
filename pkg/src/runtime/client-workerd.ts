/** The client's module for Workers, which compile modules only when they are deployed: the import is a compiled module. */
import module from "../../client.wasm";
import { glue } from "./client-glue.js";
import { provideClient } from "./client.js";

provideClient(async () => {
  glue.initSync({ module });
  return glue;
});
