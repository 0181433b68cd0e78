//! Actions as text: one line of JSON for the action, then the JSON of the session or the body, which most requests never
//! parse.

use crate::verdict as verdict_json;
use better_session::gate::action::{Access, Action, Guard, Rejection, SessionLookup, Source};
use better_session::json::push_string;
use better_session::prelude::*;
use better_session::verdict::{Authenticated, Verdict};

/// Returns `{ do, … }`, a line break, and JSON or nothing.
#[must_use]
pub fn to_text(action: &Action) -> String {
    let mut out = String::with_capacity(2048);
    match action {
        Action::Answer { session, body } => {
            out.push_str("{\"do\":\"answer\"");
            push_due(&mut out, session);
            out.push_str("}\n");
            out.push_str(body);
        }
        Action::Forward { path, without_cache_cookie, guard } => {
            out.push_str("{\"do\":\"forward\"");
            push_member(&mut out, "path", path);
            if *without_cache_cookie {
                out.push_str(",\"bare\":true");
            }
            match guard.as_deref() {
                None => out.push_str("}\n"),
                Some(Guard { predicates, session, source }) => {
                    push_predicates(&mut out, predicates);
                    push_session(&mut out, session, *source);
                }
            }
        }
        Action::Ask { lookup: asked, .. } => return lookup(asked, None),
        Action::Probe { path, .. } => {
            out.push_str("{\"do\":\"probe\"");
            push_member(&mut out, "path", path);
            out.push_str("}\n");
        }
        Action::Next { path, access, predicates } => {
            out.push_str("{\"do\":\"next\"");
            push_member(&mut out, "path", path);
            push_predicates(&mut out, predicates);
            match access {
                Access::Public => out.push_str("}\n"),
                Access::Nobody(verdict) => {
                    out.push_str(",\"nobody\":true}\n");
                    push_verdict(&mut out, verdict.as_deref());
                }
                Access::Session(session, source) => push_session(&mut out, session, *source),
            }
        }
        Action::Reject(rejection) => push_rejection(&mut out, rejection),
    }
    out
}

/// Returns the action of a lookup, a line break, and the verdict on the request if there is one.
#[must_use]
pub fn lookup(lookup: &SessionLookup, verdict: Option<&Verdict>) -> String {
    let mut out = String::from("{\"do\":\"ask\"");
    push_member(&mut out, "path", &lookup.target);
    out.push_str(if lookup.required { ",\"required\":true" } else { "" });
    out.push_str(if lookup.post { ",\"post\":true}\n" } else { "}\n" });
    push_verdict(&mut out, verdict);
    out
}

fn push_rejection(out: &mut String, rejection: &Rejection) {
    out.push_str("{\"do\":\"deny\",\"status\":");
    out.push_str(&rejection.status.to_string());
    push_member(out, "code", rejection.code);
    push_member(out, "message", rejection.message);
    if let Some(location) = &rejection.location {
        push_member(out, "location", location);
    }
    out.push_str("}\n");
    push_verdict(out, rejection.verdict.as_deref());
}

fn push_verdict(out: &mut String, verdict: Option<&Verdict>) {
    if let Some(verdict) = verdict {
        out.push_str(&verdict_json::verdict(verdict));
    }
}

/// Appends the source of a session, the end of the line, and the session.
fn push_session(out: &mut String, session: &Authenticated, source: Source) {
    push_member(out, "source", source.name());
    push_due(out, session);
    out.push_str("}\n");
    out.push_str(&verdict_json::authenticated(session));
}

/// Appends the positions of the predicates, if there are any.
fn push_predicates(out: &mut String, predicates: &[usize]) {
    let mut separator = ",\"when\":[";
    for position in predicates {
        out.push_str(separator);
        out.push_str(&position.to_string());
        separator = ",";
    }
    if !predicates.is_empty() {
        out.push(']');
    }
}

/// Appends `due` if the cache must be renewed.
fn push_due(out: &mut String, session: &Authenticated) {
    if session.refresh_due {
        out.push_str(",\"due\":true");
    }
}

fn push_member(out: &mut String, name: &str, text: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
    push_string(out, text);
}
