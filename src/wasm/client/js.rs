//! What of JavaScript the client needs beside `web-sys`: the job a page gives, the objects that hooks
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
    /// Property names joined by `/`, or with `verbatim` a path; empty where the page's side refused it.
    #[wasm_bindgen(method, getter)]
    pub fn chain(this: &Job) -> JsString;
    /// The chain is a path or URL that `$fetch` was given, and no property name.
    #[wasm_bindgen(method, getter)]
    pub fn verbatim(this: &Job) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn body(this: &Job) -> Answer;
    /// Says what the next request is.
    #[wasm_bindgen(method)]
    pub fn aim(this: &Job, path: &str, post: bool, body: &JsValue);
    /// Options of client and call, merged anew: what `fetch` is given and hooks see as `request`.
    #[wasm_bindgen(method)]
    pub fn context(this: &Job) -> Context;
    /// Runs the call's hook, then the client's.
    #[wasm_bindgen(method)]
    pub fn hook(this: &Job, which: u8, scene: &JsValue) -> Promise;
    /// `{ status: 0, code, message }`.
    #[wasm_bindgen(method)]
    pub fn fault(this: &Job, code: u8, cause: &JsValue) -> JsValue;

    #[wasm_bindgen(extends = Object)]
    pub type Context;
    /// Doing it twice is harmless.
    #[wasm_bindgen(method, getter)]
    pub fn repeatable(this: &Context) -> bool;

    /// What hooks are given, and the outcome in the end.
    #[wasm_bindgen(extends = Object)]
    #[derive(Clone)]
    pub type Scene;
    #[wasm_bindgen(method, getter)]
    pub fn response(this: &Scene) -> Response;
    #[wasm_bindgen(method, setter)]
    pub fn set_request(this: &Scene, request: &Context);
    #[wasm_bindgen(method, setter)]
    pub fn set_response(this: &Scene, response: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub fn set_data(this: &Scene, data: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub fn set_error(this: &Scene, error: &JsValue);
    #[wasm_bindgen(method, setter)]
    pub fn set_changed(this: &Scene, effect: u8);

    /// Members that the client looks at, or sets, in what a server sent.
    #[wasm_bindgen(extends = Object)]
    pub type Answer;
    #[wasm_bindgen(method, getter)]
    pub fn id(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, setter)]
    pub fn set_token(this: &Answer, token: &JsValue);
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Answer) -> u32;
    #[wasm_bindgen(method, getter, js_name = "needsRefresh")]
    pub fn needs_refresh(this: &Answer) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &Answer) -> JsValue;
}

#[wasm_bindgen(module = "/src/wasm/client/host.js")]
extern "C" {
    pub fn parse(text: &JsValue) -> JsValue;
    pub fn request(context: &Context) -> Promise;
    pub fn header(response: &Response) -> JsString;
    pub fn content(response: &Response, blob: bool) -> Promise;
    pub fn patience(response: &Response) -> f64;
    pub fn refusal(response: &Response, text: &JsValue) -> JsValue;
    pub fn revoked() -> JsValue;
    /// The session that `target` names, by token or else by id; `undefined` when it is not there, `null` when there
    /// is no list.
    pub fn find(list: &JsValue, target: &Answer) -> JsValue;
    pub fn sleep(milliseconds: f64, context: &Context) -> Promise;

    /// Lets the caller's signal and the timeout abort `context`, until `release`.
    pub fn guard(context: &Context) -> Guard;
    pub type Guard;
    /// What became of it: `ABORTED`, `CALLER_ABORTED`, `CALLER_TIMED_OUT`.
    #[wasm_bindgen(method)]
    pub fn release(this: &Guard) -> u8;
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
