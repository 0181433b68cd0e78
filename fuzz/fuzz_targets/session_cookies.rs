//! The whole verification of a header, with and without the memory. The first byte selects time and scheme.
#![no_main]

use better_session::cache::KeySetCheck;
use better_session::cookie::session_cookies::Scheme;
use better_session::json::parse;
use better_session::{UnixMillis, Verdict};
use better_session_fuzz::{NOW, REMEMBERING, VERIFIER, at, check_object, offset, with_pieces};
use better_session_protocol::verdict;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let Some(header) = with_pieces(rest) else { return };
    let scheme = [None, None, Some(Scheme::Http), Some(Scheme::Https)][usize::from(first & 3)];
    let now = NOW + offset(first >> 2);

    let check = KeySetCheck::UNCHECKED;
    let (plain, around) = VERIFIER.verify_around(&header, scheme, check, at(now));
    let first = REMEMBERING.verify_with_scheme(&header, scheme, at(now));
    let again = REMEMBERING.verify_with_scheme(&header, scheme, at(now));
    assert_eq!(plain, first, "the memory makes no difference");
    assert_eq!(plain, again, "what is remembered makes no difference");

    let written = verdict::verdict(&plain);
    check_object(&written);
    if let Verdict::Authenticated(answer) = &plain {
        let signed = VERIFIER.sign(&answer.session.token);
        let decoded = percent_encoding::percent_decode_str(&header).decode_utf8_lossy();
        assert!(decoded.contains(&signed), "only a signed token is accepted");
        let token =
            parse(&written).ok().and_then(|verdict| verdict.member("session")?.member("token")?.string());
        assert_eq!(token.as_deref(), Some(answer.session.token.as_str()));
        let [from, to] = around.map(UnixMillis::as_millis);
        assert!(from <= now && now < to);
        for other in [from, to - 1] {
            assert_eq!(VERIFIER.verify_with_scheme(&header, scheme, at(other)), plain, "the same at {other}");
        }
    }
});
