//! inspect.wasm: explains a `Cookie` header, or one cache value, under some options, in a typed report.
//!
//! Options arrive as JSON text, which the core reads: a deserializer of serde quotes the value that it rejects, and that
//! could be a secret.
#![allow(unsafe_code)] // what the #[wasm_bindgen] macro writes

pub mod names;
pub mod report;
pub mod sentences;

use better_session::cache::decode::decode;
use better_session::cookie::session_cookies::{self, Lookup};
use better_session::credential::{Credential, authorization};
use better_session::{Config, Verifier};
use better_session_protocol::key_set::key_set_check;
use better_session_protocol::{config_error, instant};
use serde::Serialize as _;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Returns the report on `input`, a `Cookie` header or one cache value. Throws `{"code","message"}` as text for a wrong
/// configuration. `scheme` is the request's: 1 http, 2 https, 0 unknown. `valid` and `number` are the result of checking the
/// cache with the server's key set.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn inspect(
    options: &str,
    input: &str,
    scheme: u32,
    now: f64,
    valid: &str,
    number: u32,
) -> Result<JsValue, JsValue> {
    let refused = |error| JsValue::from(config_error(&error));
    let config = Config::from_json(options).map_err(refused)?;
    let verifier = Verifier::new(config).map_err(refused)?;
    let scheme = better_session_protocol::scheme(scheme);
    let check = key_set_check(valid, number);
    let report = report::inspect(&verifier, input, scheme, check, instant(now));
    report.serialize(&Serializer::json_compatible()).map_err(JsValue::from)
}

/// Returns the session cache in `input`, its chunks joined, or `input` if it is a bare cache; "" if there is none.
#[wasm_bindgen]
pub fn cache(options: &str, input: &str, scheme: u32) -> Result<String, JsValue> {
    let refused = |error| JsValue::from(config_error(&error));
    let names = Config::from_json(options).map_err(refused)?.names().clone();
    if decode(input.trim()).is_some() {
        return Ok(input.trim().to_owned());
    }
    let cookies = session_cookies::read(&names, input, better_session_protocol::scheme(scheme));
    Ok(match cookies.cache {
        Lookup::Valid(value) => value.into_owned(),
        _ => String::new(),
    })
}

/// Returns whether an `Authorization` header is a credential that the server may act on.
#[wasm_bindgen]
pub fn heeds(options: &str, header: &str, any_bearer: bool) -> Result<bool, JsValue> {
    let refused = |error| JsValue::from(config_error(&error));
    let verifier = Config::from_json(options).and_then(Verifier::new).map_err(refused)?;
    Ok(authorization(verifier.server_keys(), header, any_bearer) != Credential::Absent)
}

/// Returns the sentences for a reason.
#[wasm_bindgen]
pub fn meaning(reason: &str) -> String {
    sentences::meaning(reason).to_owned()
}

/// The structs of `report` in TypeScript.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The explanation of a Cookie header, or of one cache value, under some options. */
export interface Report {
    /** The names that the session token's cookie may have. */
    expected: string[];
    /** The names of the cookies that look like a session's, whatever their prefix. */
    received: string[];
    /** The session's cookies, in the order of their names' keys. */
    cookies: { session_token: Cookie; session_data: Cookie; dont_remember: Cookie };
    /** The session cache, if there is one with the shape of a strategy. */
    cache: Cache | null;
    /** The verdict as JSON text. */
    verdict: string;
    /** An explanation of the verdict and what to check. Quotes no value. */
    message: string;
}
export interface Cookie {
    /** `malformed`: chunks that do not fit together, or forbidden characters. `ambiguous`: two different values. */
    state: "absent" | "present" | "malformed" | "ambiguous";
    /** The length of the value in characters, its chunks joined. */
    length: number;
}
export interface Cache {
    strategy: "compact" | "jwt" | "jwe";
    /** Protected header as JSON text; a compact cache has none. */
    header: string | null;
    /** Payload or claims as JSON text; null if it is encrypted and does not open under these options. */
    payload: string | null;
    /** The reason why it does not open under these options; null if it does. */
    reason: string | null;
    windows: Windows;
}
/** Milliseconds since the epoch; null where unknown. */
export interface Windows {
    cachedAt: number | null;
    cacheExpiresAt: number | null;
    sessionExpiresAt: number | null;
    sessionCreatedAt: number | null;
    sessionUpdatedAt: number | null;
}
"#;
