//! A step as text for the platform: a line of JSON that says what to do and, after a line break, the JSON of
//! what is known, which most requests never need to parse.

use crate::verdict as verdict_json;
use better_session::gate::action::{Access, Action, Rejection};
use better_session::json::push_string;
use better_session::verdict::Authenticated;

/// `{ do, … }`, line break, JSON or nothing.
#[must_use]
pub fn step(step: &Action) -> String {
    let mut out = String::with_capacity(2048);
    match step {
        Action::Answer { session, body } => {
            out.push_str("{\"do\":\"answer\"");
            due(&mut out, session);
            out.push_str("}\n");
            out.push_str(body);
        }
        Action::Forward { path, without_cache_cookie } => {
            out.push_str("{\"do\":\"forward\"");
            member(&mut out, "path", path);
            out.push_str(if *without_cache_cookie { ",\"bare\":true}\n" } else { "}\n" });
        }
        Action::Ask(question) => {
            out.push_str("{\"do\":\"ask\"");
            member(&mut out, "path", &question.target);
            out.push_str(if question.post { ",\"post\":true}\n" } else { "}\n" });
        }
        Action::Probe(target) => {
            out.push_str("{\"do\":\"probe\"");
            member(&mut out, "path", target);
            out.push_str("}\n");
        }
        Action::Next { path, access } => {
            out.push_str("{\"do\":\"next\"");
            member(&mut out, "path", path);
            match access {
                Access::Public => out.push_str("}\n"),
                Access::Session(session, source) => {
                    member(&mut out, "source", source.name());
                    due(&mut out, session);
                    out.push_str("}\n");
                    out.push_str(&verdict_json::authenticated(session));
                }
            }
        }
        Action::Reject(denial) => deny(&mut out, denial),
    }
    out
}

fn deny(out: &mut String, denial: &Rejection) {
    out.push_str("{\"do\":\"deny\",\"status\":");
    out.push_str(&denial.status.to_string());
    member(out, "code", denial.code);
    member(out, "message", denial.message);
    if let Some(location) = &denial.location {
        member(out, "location", location);
    }
    out.push_str("}\n");
    if let Some(verdict) = &denial.verdict {
        out.push_str(&verdict_json::verdict(verdict));
    }
}

fn due(out: &mut String, session: &Authenticated) {
    if session.refresh_due {
        out.push_str(",\"due\":true");
    }
}

fn member(out: &mut String, name: &str, text: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":");
    push_string(out, text);
}
