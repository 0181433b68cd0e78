//! Failures that no server describes, from real requests.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{CALL, LOOK, run};

async fn fails(chain: &str, body: Value, options: Value) -> Value {
    let outcome = run(CALL, chain, body, options).await;
    assert_eq!((outcome.data, outcome.changed), (Value::Null, 0.0));
    outcome.error
}

#[wasm_bindgen_test]
async fn a_slow_answer_is_given_up() {
    let slow = json!({ "timeout": 100, "headers": { "x-hold": "5000" } });
    let error = fails("getSession", json!({}), slow).await;
    assert_eq!((&error["status"], &error["code"]), (&json!(0), &json!("TIMEOUT")));
}

#[wasm_bindgen_test]
async fn a_page_is_no_answer() {
    // The server's own page, as a login form would come after a redirect.
    let error = fails("/../..", json!({}), json!({ "method": "GET" })).await;
    assert_eq!((&error["status"], &error["code"]), (&json!(0), &json!("INVALID_RESPONSE")));
}

#[wasm_bindgen_test]
async fn what_cannot_be_sent_is_not() {
    let error = fails("getSession", json!({}), json!({ "headers": { "not a name": "x" } })).await;
    assert_eq!((&error["status"], &error["code"]), (&json!(0), &json!("ABORTED")));
    assert!(error["message"].as_str().unwrap().contains("Headers"), "{error}");
}

#[wasm_bindgen_test]
async fn a_refusal_is_the_servers_own() {
    let body = json!({ "email": "nobody@example.com", "password": "wrong horse battery" });
    let error = fails("signIn/email", body, json!({ "credentials": "omit" })).await;
    assert_eq!((&error["status"], &error["code"]), (&json!(401), &json!("INVALID_EMAIL_OR_PASSWORD")));
    assert_eq!(fails("no/such/endpoint", json!({}), json!({})).await["status"], 404);
}

#[wasm_bindgen_test]
async fn nobody_is_nobody_to_the_store() {
    let outcome = run(LOOK, "", json!(null), json!({ "credentials": "omit" })).await;
    assert_eq!((outcome.data, outcome.error), (Value::Null, Value::Null));
}
