/** The client's module for the edge runtime of Next.js and Vercel, imported with `?module`. */
import module from "../../client.wasm?module";
import { glue } from "./client-glue.js";
import { provideClient } from "./client.js";
import { ofThisRealm } from "./realm.js";

provideClient(async () => {
  glue.initSync({ module: ofThisRealm(module) });
  return glue;
});
