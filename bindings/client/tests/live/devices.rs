//! Two devices of one person. The first keeps its cookies in the browser, the second shows its token.

use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::{CALL, HONEST_REVOKE, LOOK, ORIGIN, Outcome, make, run, somebody};

/// The first device, whose cookies the browser keeps, or one that shows a token.
struct Device(Value);

impl Device {
    async fn call(&self, chain: &str, body: Value) -> Outcome {
        run(CALL, chain, body, self.0.clone()).await
    }

    async fn revoke(&self, target: Value, headers: Value) -> Outcome {
        let mut options = json!({ "verify": true, "headers": headers });
        for (name, value) in self.0.as_object().into_iter().flatten() {
            options[name] = value.clone();
        }
        run(HONEST_REVOKE, "revokeSession", target, options).await
    }

    async fn listed(&self) -> Vec<Value> {
        let Outcome { data, error, .. } = self.call("listSessions", json!({})).await;
        assert_eq!(error, Value::Null);
        data.as_array().unwrap().clone()
    }

    async fn is_refused(&self) {
        assert_eq!(self.call("getSession", json!({})).await.data, Value::Null);
        assert_eq!(self.call("session/listSessions", json!({})).await.error["status"], 401);
    }

    async fn is_alive(&self) {
        assert!(self.call("getSession", json!({})).await.data["session"]["token"].is_string());
    }
}

const PASSWORD: &str = "correct horse battery";

/// Signs a new person up on the first device; answers their address.
async fn first() -> (Device, String) {
    let (device, email) = (Device(json!({})), somebody());
    let person = json!({ "email": email, "password": PASSWORD, "name": "Ada" });
    let Outcome { error, changed, .. } = device.call("signUp/email", person).await;
    assert_eq!((error, changed), (Value::Null, 1.0));
    (device, email)
}

/// Signs them in on another; answers its token as well.
async fn another(email: &str) -> (Device, String) {
    let bare = json!({ "credentials": "omit" });
    let Outcome { data, .. } =
        run(CALL, "signIn/email", json!({ "email": email, "password": PASSWORD }), bare).await;
    let token = data["token"].as_str().unwrap().to_owned();
    let shown = json!({ "credentials": "omit", "headers": { "authorization": format!("Bearer {token}") } });
    (Device(shown), token)
}

#[wasm_bindgen_test]
async fn lists_them_and_revokes_one() {
    let (here, email) = first().await;
    let (there, token) = another(&email).await;
    assert_eq!(here.listed().await.len(), 2);
    let Outcome { data, changed, .. } = here.call("revokeSession", json!({ "token": token })).await;
    assert_eq!((data, changed), (json!({ "status": true }), 1.0));
    there.is_refused().await;
    here.is_alive().await;
}

#[wasm_bindgen_test]
async fn an_honest_revoke_says_what_became_of_it() {
    let (here, email) = first().await;
    let (there, token) = another(&email).await;
    let deaf = here.revoke(json!({ "token": token }), json!({ "x-deaf": "1" })).await;
    assert_eq!((&deaf.error["code"], deaf.changed), (&json!("SESSION_STILL_ACTIVE"), 0.0));
    there.is_alive().await;
    let listed = here.listed().await;
    let id = &listed.iter().find(|session| session["token"] == token.as_str()).unwrap()["id"];
    assert_eq!(here.revoke(json!({ "id": id }), json!({})).await.data, json!({ "status": true }));
    there.is_refused().await;
    let again = here.revoke(json!({ "id": id }), json!({})).await;
    assert_eq!((&again.error["code"], &again.error["status"]), (&json!("SESSION_NOT_FOUND"), &json!(0)));
}

#[wasm_bindgen_test]
async fn revokes_the_others() {
    let (here, email) = first().await;
    let (second, third) = (another(&email).await.0, another(&email).await.0);
    assert_eq!(here.call("revokeOtherSessions", json!({})).await.data, json!({ "status": true }));
    second.is_refused().await;
    third.is_refused().await;
    here.is_alive().await;
}

#[wasm_bindgen_test]
async fn revokes_all() {
    let (here, email) = first().await;
    let (there, _) = another(&email).await;
    assert_eq!(here.call("revokeSessions", json!({})).await.data, json!({ "status": true }));
    there.is_refused().await;
    let uncached =
        run(CALL, "getSession", json!({}), json!({ "query": { "disableCookieCache": true } })).await;
    assert_eq!(uncached.data, Value::Null);
}

#[wasm_bindgen_test]
async fn signs_out() {
    let (here, email) = first().await;
    let (there, _) = another(&email).await;
    let Outcome { data, changed, .. } = here.call("signOut", json!({})).await;
    assert_eq!((data, changed), (json!({ "success": true }), 1.0));
    here.is_refused().await;
    there.is_alive().await;
    assert_eq!(run(LOOK, "", json!(null), there.0).await.data["user"]["name"], "Ada");
}

#[wasm_bindgen_test]
async fn an_expired_session_is_none() {
    let (_, email) = first().await;
    let (there, token) = another(&email).await;
    make(ORIGIN, &token, "expired").await.unwrap();
    there.is_refused().await;
    assert_eq!(run(LOOK, "", json!(null), there.0).await.data, Value::Null);
}

#[wasm_bindgen_test]
async fn not_fresh_is_a_typed_refusal() {
    let (_, email) = first().await;
    let (there, token) = another(&email).await;
    make(ORIGIN, &token, "old").await.unwrap();
    let refused = there.call("listSessions", json!({})).await.error;
    assert_eq!((&refused["status"], &refused["code"]), (&json!(403), &json!("SESSION_NOT_FRESH")));
    let revoke = there.revoke(json!({ "token": token }), there.0["headers"].clone()).await;
    assert_eq!(revoke.error["code"], "SESSION_NOT_FRESH");
    assert_eq!(another(&email).await.0.listed().await.len(), 3);
}
