//! The purpose of a call: one request, or several that make sense together.

use wasm_bindgen::prelude::*;

use super::call::Ended;
use super::js::{self, Answer, Job};
use better_session::client::endpoint::{self, Effect};
use better_session::client::response::Fault;

/// A call's purpose, and how far it has come.
pub struct Errand {
    leg: Leg,
    /// A call: it has a body. An honest revoke: the list is looked at afterwards as well.
    more: bool,
    /// The effect of success on the page's session.
    effect: Effect,
    /// The answer of an earlier request, for a later one.
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

/// The step after a request.
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
        let (leg, more, effect) = match kind {
            0 | 1 => (Leg::Only, kind == 1, Effect::None),
            2 => (Leg::Session, false, Effect::None),
            _ => (Leg::ListBefore, kind == 4, Effect::Changed),
        };
        Self { leg, more, effect, kept: JsValue::UNDEFINED }
    }

    pub fn effect(&self) -> Effect {
        self.effect
    }

    pub fn begin(&mut self, job: &Job) -> Next {
        match self.leg {
            Leg::Only => {
                let chain = js::text(&js::chain(job));
                let path = if js::verbatim(job) {
                    Some(chain).filter(|path| !path.is_empty())
                } else {
                    endpoint::path_of(&chain)
                };
                let Some(path) = path else { return Next::Fault(Fault::InvalidPath) };
                self.effect = endpoint::effect(&path);
                job.aim(js::ascii(&path), endpoint::is_post(&path, self.more), &js::body(job));
                Next::Ask
            }
            Leg::Session => self.get(job, Leg::Session, "/get-session"),
            _ => self.get(job, Leg::ListBefore, "/list-sessions"),
        }
    }

    pub fn after(&mut self, job: &Job, ended: Ended) -> Next {
        match (self.leg, ended) {
            (Leg::Session | Leg::Refresh, Ok(data)) if !data.is_falsy() => {
                let answer: Answer = data.unchecked_into();
                let session = js::session(&answer);
                if matches!(self.leg, Leg::Session) && !js::refresh(&answer).is_falsy() {
                    self.kept = answer.into();
                    self.post(job, Leg::Refresh, "/get-session", &js::object())
                } else if session.is_undefined() {
                    Next::Fault(Fault::InvalidResponse)
                } else {
                    Next::Done(Ok(if session.is_null() { session } else { answer.into() }))
                }
            }
            // If only the refresh failed the first answer stands, unless nobody is signed in any more.
            (Leg::Refresh, Err(error)) if !is_unauthorized(&error) => Next::Done(Ok(self.kept.clone())),
            (Leg::ListBefore, Ok(list)) => {
                let found = js::find(&list, &js::body(job));
                if found.is_falsy() {
                    return Next::Fault(if found.is_null() {
                        Fault::InvalidResponse
                    } else {
                        Fault::SessionNotFound
                    });
                }
                self.kept = js::revocation(&found);
                let body = self.kept.clone();
                self.post(job, Leg::Revoke, "/revoke-session", &body)
            }
            (Leg::Revoke, Ok(_)) if self.more => self.get(job, Leg::ListAfter, "/list-sessions"),
            (Leg::ListAfter, Ok(list)) => {
                let found = js::find(&list, self.kept.unchecked_ref());
                if found.is_undefined() {
                    Next::Done(Ok(js::revoked()))
                } else {
                    Next::Fault(if found.is_null() {
                        Fault::InvalidResponse
                    } else {
                        Fault::SessionStillActive
                    })
                }
            }
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

fn is_unauthorized(error: &JsValue) -> bool {
    js::status(error.unchecked_ref()) == 401
}
