//! JavaScript that the client needs beside `web-sys`: the job a page gives, the objects that hooks
//! see, and snippets that are a line there and a kilobyte here.

use alloc::vec;
use alloc::vec::Vec;

use js_sys::{JsString, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::Response;

/// Bits of what `Guard::release` says.
pub const ABORTED: u8 = 1;
pub const CALLER_ABORTED: u8 = 2;
pub const CALLER_TIMED_OUT: u8 = 4;

/// Which hook `Job::hook` runs.
#[derive(Clone, Copy)]
pub enum Hook {
    Request = 0,
    Response = 1,
    Success = 2,
    Error = 3,
}

#[wasm_bindgen]
extern "C" {
    /// One call of the page, and the client it belongs to.
    pub type Job;
    /// Says what the next request is.
    #[wasm_bindgen(method)]
    pub fn aim(this: &Job, path: &str, post: bool, body: &JsValue);

    /// Options of client and call, merged: what `fetch` is given and hooks see as `request`.
    #[wasm_bindgen(extends = Object)]
    pub type Context;

    /// The argument of hooks, and the outcome in the end.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone)]
    pub type Scene;

    /// An object that a server sent.
    #[wasm_bindgen(extends = Object)]
    pub type Answer;

    /// The abort signal and the timer of one request.
    pub type Guard;
}

// Functions of a snippet are imported under their own names. Methods and getters are imported under a name with a hash,
// which does not compress: 1 kB for these.
#[wasm_bindgen(module = "/src/host.js")]
extern "C" {
    /// Returns property names joined by `/`, or with `verbatim` a path; empty if the page's side refused it.
    pub fn chain(job: &Job) -> JsString;
    /// Returns whether the chain is a path or URL that `$fetch` was given, and no property name.
    pub fn verbatim(job: &Job) -> bool;
    pub fn body(job: &Job) -> Answer;
    /// Merges the options of client and call anew.
    pub fn context(job: &Job) -> Context;
    /// Runs the call's hook, then the client's.
    pub fn hook(job: &Job, which: u8, scene: &JsValue) -> Promise;
    /// Returns `{ status: 0, code, message }`.
    pub fn fault(job: &Job, code: u8, cause: &JsValue) -> JsValue;

    /// Returns whether sending the request twice is harmless.
    pub fn repeatable(context: &Context) -> bool;
    pub fn request(context: &Context) -> Promise;
    pub fn sleep(milliseconds: f64, context: &Context) -> Promise;
    /// Lets the caller's signal and the timeout abort `context`, until `release`.
    pub fn guard(context: &Context) -> Guard;
    /// Returns what became of it: `ABORTED`, `CALLER_ABORTED`, `CALLER_TIMED_OUT`.
    pub fn release(guard: &Guard) -> u8;

    pub fn response(scene: &Scene) -> Response;
    pub fn requests(scene: &Scene, request: &Context);
    pub fn responds(scene: &Scene, response: &JsValue);
    pub fn ends(scene: &Scene, effect: u8, data: &JsValue, error: &JsValue);

    pub fn header(response: &Response) -> JsString;
    pub fn content(response: &Response, blob: u8) -> Promise;
    /// Returns the seconds of `Retry-After`, or `NaN`.
    pub fn patience(response: &Response) -> f64;
    pub fn refusal(response: &Response, text: &JsValue) -> JsValue;
    pub fn parse(text: &JsValue) -> JsValue;

    pub fn object() -> Object;
    pub fn status(answer: &Answer) -> u32;
    pub fn session(answer: &Answer) -> JsValue;
    pub fn refresh(answer: &Answer) -> JsValue;
    /// Returns the session that `target` names, by token or else by id; `undefined` if it is missing, `null` if `list` is
    /// not a list.
    pub fn find(list: &JsValue, target: &Answer) -> JsValue;
    /// Returns the body of a revocation.
    pub fn revocation(session: &JsValue) -> JsValue;
    pub fn revoked() -> JsValue;
}

/// Text that is known to be short, read unit by unit: that needs no buffer on the other side. What is not ASCII
/// becomes something that is, and means nothing.
pub fn text(from: &JsString) -> Vec<u8> {
    let mut text = vec![0; from.length() as usize];
    for (at, byte) in (0..).zip(text.iter_mut()) {
        let unit = from.char_code_at(at);
        *byte = if unit < 128.0 { unit as u8 } else { b'?' };
    }
    text
}

/// A path for JavaScript.
pub fn ascii(path: &[u8]) -> &str {
    // SAFETY: paths are ASCII: `route::path_of` writes nothing else, `text` reads nothing else.
    unsafe { core::str::from_utf8_unchecked(path) }
}
