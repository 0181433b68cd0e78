//! The client's bindings in a browser, against a real Better Auth server: `pkg/test/client/with-server.mjs` starts it
//! and says where it is. The page's side of a call is the package's own; only the loop that awaits is this one.
#![cfg(target_arch = "wasm32")]
#![allow(unsafe_code)] // what the wasm test attribute writes
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod devices;
mod failures;
mod store;

use better_session_client::call::step;
use better_session_client::js::Job;
use js_sys::{Function, JSON, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// Where the server is; other ports of this host are the same site, so its cookies work here.
const ORIGIN: &str = match option_env!("BETTER_SESSION_ORIGIN") {
    Some(origin) => origin,
    None => "",
};

#[wasm_bindgen(module = "/tests/live/page.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn job(
        origin: &str,
        chain: &str,
        body: &JsValue,
        options: &JsValue,
        kind: u8,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    async fn make(origin: &str, token: &str, what: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(js_name = "somebody")]
    fn somebody() -> String;
}

/// The purpose of a job, as the page's side counts.
const CALL: u8 = 0;
const LOOK: u8 = 2;
const HONEST_REVOKE: u8 = 3;

/// The last action.
const END: u32 = 9;

/// A call's outcome: its data, its error and whether the page is told that the session may have changed.
struct Outcome {
    data: Value,
    error: Value,
    changed: f64,
}

/// Runs a call to its end, as the package does.
async fn run(kind: u8, chain: &str, body: Value, options: Value) -> Outcome {
    assert!(!ORIGIN.is_empty(), "run this with pkg/test/client/with-server.mjs");
    let job = job(ORIGIN, chain, &to_js(&body), &to_js(&options), kind).await.expect("the page's side loads");
    let member = |name: &str| Reflect::get(&job, &name.into()).unwrap();
    let kind = member("kind").as_f64().unwrap() as u32;
    let act = member("act").unchecked_into::<Function>();
    let (mut state, mut failed, mut value) = (0, false, 0.0);
    loop {
        let borrowed: &Job = job.unchecked_ref();
        state = step(state, kind, borrowed, member("response").unchecked_ref(), failed, value);
        let action = state & 31;
        if action == END {
            return read(&job);
        }
        let promise = Promise::resolve(&act.call1(&job, &action.into()).unwrap());
        let ended = JsFuture::from(promise).await;
        failed = ended.is_err();
        value = match ended {
            Ok(value) => value.as_f64().unwrap_or(0.0),
            Err(thrown) => {
                Reflect::set(&job, &"cause".into(), &thrown).unwrap();
                let release = member("release").unchecked_into::<Function>();
                release.call0(&job).unwrap().as_f64().unwrap()
            }
        };
    }
}

fn read(outcome: &JsValue) -> Outcome {
    let member = |name: &str| Reflect::get(outcome, &name.into()).unwrap();
    let json = |name: &str| {
        let text = JSON::stringify(&member(name)).unwrap();
        serde_json::from_str(&String::from(text)).unwrap()
    };
    Outcome { data: json("data"), error: json("error"), changed: member("changed").as_f64().unwrap_or(0.0) }
}

fn to_js(value: &Value) -> JsValue {
    JSON::parse(&value.to_string()).unwrap()
}
