//! `Set-Cookie` lines: reading any, and reading back what was written.
#![no_main]

use std::time::Duration;

use better_session::Attributes;
use better_session::cookie::header::percent_decode;
use better_session::cookie::set_cookie::SetCookie;
use better_session::revocation::ResponseCookies;
use better_session_fuzz::{NOW, OTHER_TOKEN, TOKEN, VERIFIER, with_pieces};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(text) = with_pieces(data) else { return };
    let cookies = SetCookie::parse_all(&text);
    for (at, cookie) in cookies.iter().enumerate() {
        assert!(!cookie.name.is_empty() && !cookie.pair.contains(';') && !cookie.value.contains(';'));
        assert!(cookies[..at].iter().all(|earlier| earlier.name != cookie.name), "the last of each name");
    }
    let read = ResponseCookies::read(&VERIFIER, &text, &text, NOW);
    let known = |token: &String| [TOKEN, OTHER_TOKEN, "true"].contains(&token.as_str());
    assert!(
        read.token.as_ref().is_none_or(known) && read.ended_tokens.iter().all(known),
        "only signed tokens count"
    );

    let age = Duration::from_secs(u64::from(data.first().copied().unwrap_or(0)));
    let line = Attributes::default().line("name", &text, Some(age));
    let cookie = SetCookie::parse(&line).expect("a cookie");
    assert_eq!((cookie.name, percent_decode(cookie.value).as_ref()), ("name", text.as_str()));
    assert_eq!(cookie.deletes, text.is_empty() || age.is_zero());

    // A cache value is base64url and dots; a long one takes a while.
    if data.len() % 8 != 0 {
        return;
    }
    let value: String =
        text.chars().filter(|char| char.is_ascii_alphanumeric() || ".-_".contains(*char)).collect();
    let value =
        value.repeat(1 + usize::from(data.last().copied().unwrap_or(0) & 15) / (1 + value.len() / 2048));
    let lines = Attributes::default().chunked("data", &value, Some(age));
    assert!(lines.iter().all(|line| line.len() <= 4050));
    let joined: String =
        lines.iter().filter_map(|line| SetCookie::parse(line)).map(|cookie| cookie.value).collect();
    assert_eq!(joined, value);
});
