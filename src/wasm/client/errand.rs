//! What a call is for: one request, or several that make sense together.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::*;

use super::call::Ended;
use super::js::{self, Answer, Job};
use crate::client::outcome::Fault;
use crate::client::route;

/// A call's purpose, and how far it has come.
pub struct Errand {
    leg: Leg,
    /// Whether success changes a session.
    changes: bool,
    /// What an earlier request answered, for a later one.
    kept: JsValue,
}

/// The request that is under way.
#[derive(Clone, Copy)]
enum Leg {
    Only,
    /// The store's look; the server may ask with `needsRefresh` for a second one as POST, when it defers the
    /// sliding expiry.
    Session,
    Refresh,
    /// An honest revoke looks at the list first: the server answers `{ status: true }` in any case.
    ListBefore,
    Revoke,
    ListAfter,
}

/// What comes after a request.
pub enum Next {
    /// Another one; the job aims at it.
    Ask,
    /// The call's outcome.
    Done(Ended),
    /// An outcome that no server described.
    Fault(Fault),
}

impl Errand {
    pub fn new(kind: u8) -> Self {
        let leg = match kind {
            0 => Leg::Only,
            1 => Leg::Session,
            _ => Leg::ListBefore,
        };
        Self { leg, changes: kind > 1, kept: JsValue::UNDEFINED }
    }

    pub fn changes_session(&self) -> bool {
        self.changes
    }

    pub fn begin(&mut self, job: &Job) -> Next {
        match self.leg {
            Leg::Only => {
                let path = route::path_of(&js::text(&job.chain()));
                self.changes = route::changes_session(&path);
                job.aim(js::ascii(&path), route::is_post(&path, job.has_body()), &job.body());
                Next::Ask
            }
            Leg::Session => self.get(job, Leg::Session, "/get-session"),
            _ => self.get(job, Leg::ListBefore, "/list-sessions"),
        }
    }

    pub fn after(&mut self, job: &Job, ended: Ended) -> Next {
        match (self.leg, ended) {
            (Leg::Session, Ok(data)) if !data.is_falsy() => {
                let answer: Answer = data.unchecked_into();
                if answer.needs_refresh() {
                    self.kept = answer.into();
                    self.post(job, Leg::Refresh, "/get-session", &Object::new())
                } else if answer.session().is_null() {
                    Next::Done(Ok(JsValue::NULL))
                } else {
                    Next::Done(Ok(answer.into()))
                }
            }
            // If only the refresh failed the first answer stands, unless nobody is signed in any more.
            (Leg::Refresh, Err(error)) if !is_unauthorized(&error) => Next::Done(Ok(self.kept.clone())),
            (Leg::ListBefore, Ok(list)) => match find(&list, &job.body()) {
                Some(session) => {
                    self.kept = Object::new().into();
                    self.kept.unchecked_ref::<Answer>().set_token(&session.token());
                    let body = self.kept.clone();
                    self.post(job, Leg::Revoke, "/revoke-session", &body)
                }
                None => Next::Fault(Fault::SessionNotFound),
            },
            (Leg::Revoke, Ok(answer)) if job.verify() => {
                let _ = answer;
                self.get(job, Leg::ListAfter, "/list-sessions")
            }
            (Leg::ListAfter, Ok(list)) => match find(&list, self.kept.unchecked_ref()) {
                Some(_) => Next::Fault(Fault::SessionStillActive),
                None => Next::Done(Ok(js::revoked())),
            },
            // The session that was revoked is the page's own: nothing could be more revoked.
            (Leg::ListAfter, Err(error)) if is_unauthorized(&error) => Next::Done(Ok(js::revoked())),
            (_, ended) => Next::Done(ended),
        }
    }

    fn get(&mut self, job: &Job, leg: Leg, path: &str) -> Next {
        self.leg = leg;
        job.aim(path, false, &JsValue::UNDEFINED);
        Next::Ask
    }

    fn post(&mut self, job: &Job, leg: Leg, path: &str, body: &JsValue) -> Next {
        self.leg = leg;
        job.aim(path, true, body);
        Next::Ask
    }
}

/// The session that `target` names, by token or else by id.
fn find(sessions: &JsValue, target: &Answer) -> Option<Answer> {
    let sessions: &Array = sessions.unchecked_ref();
    let (id, token) = (target.id(), target.token());
    (0..sessions.length())
        .map(|at| sessions.get(at).unchecked_into::<Answer>())
        .find(|session| if token.is_undefined() { session.id() == id } else { session.token() == token })
}

fn is_unauthorized(error: &JsValue) -> bool {
    error.unchecked_ref::<Answer>().status() == 401
}
