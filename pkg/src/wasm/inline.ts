/** Default condition: the module travels inside the JavaScript, so no file is read and nothing is fetched. */
import { base64 } from "./generated/core-inline.js";
import { provideCore } from "./instance.js";

provideCore(() => {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return new WebAssembly.Module(bytes);
});
