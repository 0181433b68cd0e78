//! Calls that are more than one request: a session that asks to be refreshed, and an honest revoke.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::js::Answer;
use super::send::Wire;
use super::task::Ended;
use crate::client::outcome::Fault;

/// What the session store holds: the server asks with `needsRefresh` for a second request, as POST, when
/// it defers the sliding expiry. If only that one fails, the first answer still stands, unless it says
/// that nobody is signed in any more.
pub async fn current(wire: &Wire) -> Ended {
    let data = wire.send("/get-session", false, &JsValue::UNDEFINED).await?;
    if data.is_falsy() {
        return Ok(JsValue::NULL);
    }
    let answer: Answer = data.unchecked_into();
    if answer.needs_refresh() {
        match wire.send("/get-session", true, &Object::new()).await {
            Err(error) if is_unauthorized(&error) => return Err(error),
            Err(_) => {}
            Ok(refreshed) => return Ok(refreshed),
        }
    }
    Ok(if answer.session().is_null() { JsValue::NULL } else { answer.into() })
}

/// Revokes one of the user's sessions, named by id or token, looking at the list first: the server
/// answers `{ status: true }` whether there was such a session or not. With `verify`, looks again.
pub async fn revoke(wire: &Wire) -> Ended {
    let target = wire.job.body();
    let Some(token) = find(&list(wire).await?, &target) else {
        return Err(wire.fault(Fault::SessionNotFound, &JsValue::UNDEFINED));
    };
    let body: Answer = Object::new().unchecked_into();
    body.set_token(&token);
    let done = wire.send("/revoke-session", true, &body).await?;
    if wire.job.verify() {
        match list(wire).await {
            // The session that was revoked is the page's own: nothing could be more revoked.
            Err(error) if is_unauthorized(&error) => {}
            Err(error) => return Err(error),
            Ok(left) if find(&left, &body).is_some() => {
                return Err(wire.fault(Fault::SessionStillActive, &JsValue::UNDEFINED));
            }
            Ok(_) => {}
        }
    }
    Ok(done)
}

async fn list(wire: &Wire) -> Ended {
    wire.send("/list-sessions", false, &JsValue::UNDEFINED).await
}

/// The token of the session that `target` names.
fn find(sessions: &JsValue, target: &Answer) -> Option<JsValue> {
    let sessions = sessions.dyn_ref::<Array>()?;
    let (id, token) = (target.id(), target.token());
    (0..sessions.length())
        .map(|at| sessions.get(at).unchecked_into::<Answer>())
        .find(|session| if token.is_undefined() { session.id() == id } else { session.token() == token })
        .map(|session| session.token())
}

fn is_unauthorized(error: &JsValue) -> bool {
    error.unchecked_ref::<Answer>().status() == 401.0
}
