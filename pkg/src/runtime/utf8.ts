/** Encodes strings for WebAssembly; wasm-bindgen's glue would copy a string character by character. */
const encoder = new TextEncoder();
const buffer = new Uint8Array(8192);

/** Returns `text` in UTF-8. The bytes are overwritten by the next call. */
export function utf8(text: string): Uint8Array {
  if (text.length <= buffer.length) {
    const { read, written } = encoder.encodeInto(text, buffer);
    if (read === text.length) return buffer.subarray(0, written);
  }
  return encoder.encode(text);
}
