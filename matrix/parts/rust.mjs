// A Worker in Rust, built with the pinned wasm-bindgen and run in workerd.
import { casesOf } from "../test-files.mjs";

export const title = "Rust in workerd";
export const cases = casesOf("matrix/rust", "the crate `worker`, in front of a real server");
