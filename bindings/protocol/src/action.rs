//! Actions as text: one line of JSON for the action, then the JSON of the session or the body, which most requests never
//! parse.

use crate::verdict as verdict_json;
use better_session::gate::action::{Access, Action, Rejection};
use better_session::json::push_string;
use better_session::verdict::Authenticated;

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
        Action::Forward { path, without_cache_cookie } => {
            out.push_str("{\"do\":\"forward\"");
            push_member(&mut out, "path", path);
            out.push_str(if *without_cache_cookie { ",\"bare\":true}\n" } else { "}\n" });
        }
        Action::Ask { lookup, .. } => {
            out.push_str("{\"do\":\"ask\"");
            push_member(&mut out, "path", &lookup.target);
            out.push_str(if lookup.post { ",\"post\":true}\n" } else { "}\n" });
        }
        Action::Probe { path, .. } => {
            out.push_str("{\"do\":\"probe\"");
            push_member(&mut out, "path", path);
            out.push_str("}\n");
        }
        Action::Next { path, access } => {
            out.push_str("{\"do\":\"next\"");
            push_member(&mut out, "path", path);
            match access {
                Access::Public => out.push_str("}\n"),
                Access::Session(session, source) => {
                    push_member(&mut out, "source", source.name());
                    push_due(&mut out, session);
                    out.push_str("}\n");
                    out.push_str(&verdict_json::authenticated(session));
                }
            }
        }
        Action::Reject(rejection) => push_rejection(&mut out, rejection),
    }
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
    if let Some(verdict) = &rejection.verdict {
        out.push_str(&verdict_json::verdict(verdict));
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
