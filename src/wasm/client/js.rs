//! What of JavaScript the client needs beside `web-sys`: the job a page gives, the objects that hooks
//! see, and snippets that are a line there and a kilobyte here.

use alloc::string::String;

use js_sys::{JsString, Object, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortSignal, Response};

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
    /// Property names joined by `/`, or a path.
    #[wasm_bindgen(method, getter)]
    pub fn chain(this: &Job) -> JsString;
    #[wasm_bindgen(method, getter)]
    pub fn body(this: &Job) -> Answer;
    #[wasm_bindgen(method, getter, js_name = "hasBody")]
    pub fn has_body(this: &Job) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn verify(this: &Job) -> bool;
    /// Options of client and call, merged anew: what `fetch` is given and hooks see as `request`.
    #[wasm_bindgen(method)]
    pub fn context(this: &Job, path: &str, post: bool, body: &JsValue) -> Context;
    /// Runs the call's hook, then the client's.
    #[wasm_bindgen(method)]
    pub fn hook(this: &Job, which: u8, scene: &JsValue) -> Promise;
    /// `{ status: 0, code, message }`.
    #[wasm_bindgen(method)]
    pub fn fault(this: &Job, code: u8, cause: &JsValue) -> JsValue;

    #[wasm_bindgen(extends = Object)]
    pub type Context;
    #[wasm_bindgen(method, getter)]
    pub fn method(this: &Context) -> JsValue;
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Context) -> Option<AbortSignal>;
    #[wasm_bindgen(method, setter)]
    pub fn set_signal(this: &Context, signal: &AbortSignal);
    #[wasm_bindgen(method, getter)]
    pub fn timeout(this: &Context) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn retry(this: &Context) -> Option<Retry>;

    /// `fetchOptions.retry`, defaults filled in.
    pub type Retry;
    #[wasm_bindgen(method, getter)]
    pub fn attempts(this: &Retry) -> u32;
    #[wasm_bindgen(method, getter)]
    pub fn delay(this: &Retry) -> f64;
    #[wasm_bindgen(method, getter, js_name = "maxDelay")]
    pub fn max_delay(this: &Retry) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn exponential(this: &Retry) -> bool;
    #[wasm_bindgen(method, getter, js_name = "anyMethod")]
    pub fn any_method(this: &Retry) -> bool;

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
    pub fn set_changed(this: &Scene, changed: bool);

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
    pub fn status(this: &Answer) -> f64;
    #[wasm_bindgen(method, getter, js_name = "needsRefresh")]
    pub fn needs_refresh(this: &Answer) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn session(this: &Answer) -> JsValue;
}

#[wasm_bindgen(module = "/src/wasm/client/host.js")]
extern "C" {
    pub fn parse(text: &JsValue) -> JsValue;
    pub fn request(context: &Context) -> Promise;
    pub fn header(response: &Response, name: &str) -> JsString;
    pub fn content(response: &Response, blob: bool) -> Promise;
    pub fn patience(response: &Response) -> f64;
    pub fn refusal(response: &Response, text: &JsValue) -> JsValue;
    pub fn sleep(milliseconds: f64, caller: Option<&AbortSignal>) -> Promise;
    #[wasm_bindgen(js_name = "timedOut")]
    pub fn timed_out(signal: &AbortSignal) -> bool;

    pub fn guard(caller: Option<&AbortSignal>, timeout: f64) -> Guard;
    pub type Guard;
    #[wasm_bindgen(method, getter)]
    pub fn signal(this: &Guard) -> AbortSignal;
    #[wasm_bindgen(method)]
    pub fn release(this: &Guard);
}

/// Text that is known to be short: read unit by unit, which needs no buffer on the other side.
pub fn text(from: &JsString) -> String {
    (0..from.length()).map(|at| char::from_u32(from.char_code_at(at) as u32).unwrap_or(' ')).collect()
}
