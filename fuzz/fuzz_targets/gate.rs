//! The gate's decision on any request, and after any response of the origin. The input has the lines flags, method, URL,
//! `Accept`, `Authorization`, cookies and the origin's body.
#![no_main]

use better_session::cookie::session_cookies::Scheme;
use better_session::gate::{Access, Action, Fields, Gate, GateRequest, LookupOutcome, Rules};
use better_session_fuzz::{NOW, VERIFIER, offset, with_pieces};
use better_session_protocol::action::to_text;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let routes = r#"{"public":["/","/docs/**"],"optional":["/maybe"],"fresh":["/danger"],"authoritative":["/billing"],"when":["/staff/**"],"signInURL":"/in"}"#;
    Rules::from_json(&format!(r#"{{"routes":{routes},"graceWhenOriginIsDown":60}}"#)).unwrap()
});

fuzz_target!(|data: &[u8]| {
    let Some((flags, rest)) = data.split_first() else { return };
    let Some(text) = with_pieces(rest) else { return };
    let mut lines = text.splitn(6, '\n');
    let mut line = || lines.next().unwrap_or_default();
    let request = GateRequest {
        method: line(),
        url: line(),
        accept: line(),
        authorization: line(),
        cookie: line(),
        scheme: (flags & 1 != 0).then_some(Scheme::Http),
        index_stale: flags & 2 != 0,
        strip_untrusted_cache: flags & 4 != 0,
        identify: flags & 8 != 0,
        now: NOW + offset(flags >> 4),
        ..GateRequest::default()
    };
    let body = lines.next().unwrap_or_default();
    let fields = Fields::default();
    let gate =
        Gate { verifier: &VERIFIER, rules: &RULES, is_revoked: &|_| *flags & 0x80 != 0, fields: &fields };
    let action = gate.start(&request);
    assert_eq!(action, gate.start(&request));
    check(&request, &action, false);
    if let Action::Ask { pending, .. } = action {
        let outcome = if body == "down" { LookupOutcome::Lost } else { LookupOutcome::answered(200, body) };
        check(&request, &gate.resume(&request, pending, outcome), true);
    }
});

/// Checks that nobody passes without a session, that no redirect leads to another site, and that the action is valid JSON.
fn check(request: &GateRequest<'_>, action: &Action, asked: bool) {
    let text = to_text(action);
    let (head, tail) = text.split_once('\n').expect("a line");
    serde_json::from_str::<serde_json::Value>(head).expect("an action in JSON");
    if !tail.is_empty() {
        better_session_fuzz::check_object(tail);
    }
    match action {
        Action::Next { path, access: Access::Public, .. } => {
            // The sign-in page is public by itself.
            let is_sign_in = path.trim_end_matches('/').eq_ignore_ascii_case("/in");
            assert!(path == "/" || path.starts_with("/docs") || is_sign_in, "{path}");
        }
        Action::Next { access: Access::Session(session, _), .. } => {
            let signed = request.cookie.contains("session_token") || !request.authorization.is_empty();
            assert!(signed && !session.session.token.is_empty());
        }
        Action::Next { path, .. } => assert!(path.to_ascii_lowercase().contains("maybe")),
        Action::Answer { session, .. } => assert!(!asked && session.cache.is_some()),
        Action::Reject(rejection) => {
            let location = rejection.location.as_deref();
            assert!(location.is_none_or(|url| url.starts_with("/in")), "{location:?}");
            assert_eq!(rejection.status == 302, location.is_some());
        }
        Action::Forward { .. } | Action::Ask { .. } | Action::Probe { .. } => {}
    }
}
