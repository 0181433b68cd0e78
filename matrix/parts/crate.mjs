// The crate's own tests in Firefox; `make test` runs them in Chromium.
import { root, run } from "../support.mjs";

export const title = "The crate's tests in a browser";

async function crate() {
  const env = {
    WASM_BINDGEN_USE_BROWSER: "1",
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: '-Ctarget-feature=+simd128 --cfg=aes_backend_soft="compact"',
  };
  const output = await run(
    "wasm-pack",
    ["test", "--headless", "--firefox", "--mode", "no-install", ".", "--no-default-features", "--features", "gate,std"],
    { cwd: root, env, timeout: 1_200_000 },
  );
  const counts = [...output.matchAll(/^test result: ok\. (\d+) passed; 0 failed; 0 ignored/gm)].map(([, count]) => Number(count));
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all < 100) throw new Error(`only ${all} tests`);
  return `${all} tests`;
}

export const cases = [["Firefox", "core and gate, by wasm-pack", crate]];
