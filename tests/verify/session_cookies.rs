use std::borrow::Cow;

use better_session::cookie::header::percent_encode;
use better_session::cookie::session_cookies::{CookieNames, Lookup, Scheme, SessionCookies, read};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn cookies(header: &str) -> SessionCookies<'_> {
    // The names are dropped here: the cookies borrow from the header only.
    read(&CookieNames::default(), header, None)
}

fn value(text: &str) -> Lookup<'_> {
    Lookup::Valid(Cow::Borrowed(text))
}

fn cache(header: &str) -> Lookup<'_> {
    cookies(header).cache
}

/// Returns a header of `better-auth.session_data` chunks, given as the number in the name and the value.
fn chunks(parts: &[(&str, &str)]) -> String {
    let part = |(index, value): &(&str, &str)| format!("better-auth.session_data.{index}={value}");
    parts.iter().map(part).collect::<Vec<_>>().join("; ")
}

#[test]
fn read_finds_the_three_cookies() {
    let cookies = cookies(
        "x=1; better-auth.session_token=t; better-auth.session_data=d; better-auth.dont_remember=r; y=2",
    );
    assert_eq!((cookies.token, cookies.cache, cookies.dont_remember), (value("t"), value("d"), value("r")));
    assert!(!cookies.secure);
}

#[test]
fn read_ignores_other_names() {
    for header in [
        "",
        "session_token=t",
        "better-auth-session_token=t",
        "BETTER-AUTH.SESSION_TOKEN=t",
        "other.session_token=t",
    ] {
        let cookies = cookies(header);
        assert_eq!(
            (cookies.token, cookies.cache, cookies.dont_remember),
            (Lookup::Absent, Lookup::Absent, Lookup::Absent),
            "{header}"
        );
    }
}

#[test]
fn read_finds_custom_names() {
    let names = CookieNames::with_prefix("app", None);
    assert_eq!(read(&names, "app.session_token=t", None).token, value("t"));
    let mut names = CookieNames::default();
    names.session_data = "sd".to_owned();
    let cookies = read(&names, "sd.0=a; sd.1=b; better-auth.session_token=t", None);
    assert_eq!((cookies.token, cookies.cache), (value("t"), value("ab")));
}

#[test]
fn read_percent_decodes_values() {
    assert_eq!(cookies("better-auth.session_token=a%2Eb%3D").token, value("a.b="));
    assert_eq!(cookies("better-auth.session_token=a%2").token, value("a%2"));
    assert_eq!(cache("better-auth.session_data=%E2%82%AC"), value("€"));
}

const BOTH: &str = "better-auth.session_token=plain; better-auth.session_data=p; __Secure-better-auth.session_token=secure; __Secure-better-auth.session_data=s";

/// With and without a scheme, and under each configuration.
fn under(secure: Option<bool>, scheme: Option<Scheme>, header: &str) -> SessionCookies<'_> {
    read(&CookieNames::with_prefix("better-auth", secure), header, scheme)
}

#[test]
fn read_returns_ambiguous_for_both_prefixes_without_a_scheme() {
    for header in [
        BOTH,
        "better-auth.session_token=same; __Secure-better-auth.session_token=same",
        "better-auth.session_token=; __Secure-better-auth.session_token=secure",
        "better-auth.session_token=plain; __Secure-better-auth.session_token=",
        "better-auth.session_token=plain; __Secure-better-auth.session_token=\\",
    ] {
        let cookies = cookies(header);
        assert_eq!((cookies.token, cookies.cache), (Lookup::Ambiguous, Lookup::Absent), "{header}");
    }
}

#[test]
fn read_uses_the_scheme_if_the_configuration_has_no_prefix() {
    let https = under(None, Some(Scheme::Https), BOTH);
    assert_eq!((https.token, https.cache, https.secure), (value("secure"), value("s"), true));
    let http = under(None, Some(Scheme::Http), BOTH);
    assert_eq!((http.token, http.cache, http.secure), (value("plain"), value("p"), false));
}

#[test]
fn read_ignores_the_other_prefix() {
    let plain = "better-auth.session_token=plain; better-auth.session_data=p";
    let secure = "__Secure-better-auth.session_token=secure; __Secure-better-auth.session_data=s";
    for (configured, scheme, header) in [
        (None, Some(Scheme::Https), plain),
        (None, Some(Scheme::Http), secure),
        (Some(true), None, plain),
        (Some(false), None, secure),
        (Some(true), Some(Scheme::Http), plain),
        (Some(false), Some(Scheme::Https), secure),
    ] {
        let cookies = under(configured, scheme, header);
        assert_eq!(
            (cookies.token, cookies.cache),
            (Lookup::Absent, Lookup::Absent),
            "{configured:?} {scheme:?}"
        );
    }
}

#[test]
fn read_prefers_the_configuration_to_the_scheme() {
    for scheme in [None, Some(Scheme::Http), Some(Scheme::Https)] {
        assert_eq!(under(Some(true), scheme, BOTH).token, value("secure"));
        assert_eq!(under(Some(false), scheme, BOTH).token, value("plain"));
    }
}

/// A token and a cache of the two kinds are never judged together, whatever decides.
#[test]
fn read_never_mixes_prefixes() {
    let secure_token = "__Secure-better-auth.session_token=t; better-auth.session_data=d; better-auth.session_data.0=d; better-auth.dont_remember=r";
    let plain_token = "better-auth.session_token=t; __Secure-better-auth.session_data=d; __Secure-better-auth.dont_remember=r";
    for (header, secure) in [(secure_token, true), (plain_token, false)] {
        let own = if secure { Scheme::Https } else { Scheme::Http };
        for (configured, scheme) in [(None, None), (None, Some(own)), (Some(secure), None)] {
            let cookies = under(configured, scheme, header);
            assert_eq!(
                (cookies.token, cookies.cache, cookies.dont_remember, cookies.secure),
                (value("t"), Lookup::Absent, Lookup::Absent, secure)
            );
        }
        let other = if secure { Scheme::Http } else { Scheme::Https };
        assert_eq!(under(None, Some(other), header).token, Lookup::Absent);
    }
}

#[test]
fn from_url_returns_the_scheme() {
    for (url, scheme) in [
        ("https://example.com/", Some(Scheme::Https)),
        ("HTTPS://example.com", Some(Scheme::Https)),
        ("http://example.com", Some(Scheme::Http)),
        ("ftp://example.com", None),
        ("/path?next=https://example.com", None),
        ("https:example.com", None),
        ("", None),
    ] {
        assert_eq!(Scheme::from_url(url), scheme, "{url}");
    }
}

#[test]
fn read_returns_ambiguous_for_two_different_values() {
    let two = |name: &str| format!("{name}=a; x=1; {name}=b");
    assert_eq!(cookies(&two("better-auth.session_token")).token, Lookup::Ambiguous);
    assert_eq!(cookies(&two("better-auth.session_data")).cache, Lookup::Ambiguous);
    assert_eq!(cookies(&two("better-auth.dont_remember")).dont_remember, Lookup::Ambiguous);
    assert_eq!(cache(&chunks(&[("0", "a"), ("1", "b"), ("1", "c")])), Lookup::Ambiguous);
}

#[test]
fn read_accepts_the_same_value_twice() {
    assert_eq!(cookies("better-auth.session_token=a; better-auth.session_token=a").token, value("a"));
    assert_eq!(cookies("better-auth.session_token=a; better-auth.session_token=%61").token, value("a"));
    assert_eq!(cookies("better-auth.session_token=a; better-auth.session_token=\"a\"").token, value("a"));
}

#[test]
fn read_returns_ambiguous_for_an_empty_value_beside_another() {
    assert_eq!(cookies("better-auth.session_token=; better-auth.session_token=a").token, Lookup::Ambiguous);
    assert_eq!(cookies("better-auth.session_token=a; better-auth.session_token=").token, Lookup::Ambiguous);
}

/// One of the server's two parsers drops the malformed pair and the other keeps it, so that they would disagree.
#[test]
fn read_returns_ambiguous_for_a_malformed_duplicate() {
    for twin in [
        "better-auth.session_token=a\\",
        "better-auth.session_token\u{a0}=a",
        "better-auth.session_token=\u{a0}a",
    ] {
        let header = format!("better-auth.session_token=a; {twin}");
        assert_eq!(cookies(&header).token, Lookup::Ambiguous, "{twin:?}");
        assert_eq!(cookies(twin).token, Lookup::Malformed, "{twin:?}");
    }
}

#[test]
fn read_joins_chunks_in_numeric_order() {
    let numbered: Vec<(String, String)> =
        (0..12).map(|at| (at.to_string(), format!("<{at}>").replace(['<', '>'], "_"))).collect();
    let mut shuffled: Vec<(&str, &str)> =
        numbered.iter().map(|(at, part)| (at.as_str(), part.as_str())).collect();
    let whole: String = shuffled.iter().map(|(_, part)| *part).collect();
    shuffled.sort_by_key(|(at, _)| at.chars().rev().collect::<String>());
    assert_eq!(cache(&chunks(&shuffled)), value(&whole));
}

#[test]
fn read_joins_one_chunk_and_a_hundred() {
    assert_eq!(cache(&chunks(&[("0", "a")])), value("a"));
    let hundred: Vec<(String, &str)> = (0..100).map(|at| (at.to_string(), "x")).collect();
    let hundred: Vec<(&str, &str)> = hundred.iter().map(|(at, part)| (at.as_str(), *part)).collect();
    assert_eq!(cache(&chunks(&hundred)), value(&"x".repeat(100)));
    let beyond = format!("{}; {}", chunks(&hundred), chunks(&[("100", "x")]));
    assert_eq!(cache(&beyond), Lookup::Malformed);
}

#[test]
fn read_rejects_chunks_that_cannot_be_joined() {
    for parts in [
        &[("1", "b")][..],                            // the first is missing
        &[("0", "a"), ("2", "c")],                    // one in between is missing
        &[("0", "a"), ("1", "")],                     // one is empty
        &[("0", "a"), ("0", "a"), ("1", "b")],        // one came twice
        &[("0", "a"), ("x", "b")],                    // not a number
        &[("0", "a"), ("", "b")],                     // nothing after the dot
        &[("0", "a"), ("01", "b")],                   // not its canonical form
        &[("0", "a"), ("0x1", "b")],                  // nor this
        &[("0", "a"), ("+1", "b")],                   // nor this
        &[("0", "a"), ("-1", "b")],                   // nor this
        &[("0", "a"), ("1.0", "b")],                  // nor this
        &[("0", "a"), ("1e0", "b")],                  // nor this
        &[("0", "a"), ("１", "b")],                   // nor this, a full-width digit
        &[("0", "a"), ("18446744073709551616", "b")], // beyond any integer
        &[("99999999999999999999", "a")],
    ] {
        let header = chunks(parts);
        assert_eq!(cache(&header), Lookup::Malformed, "{header}");
    }
}

#[test]
fn read_prefers_the_unnumbered_cookie_to_chunks() {
    let chunks = chunks(&[("0", "a"), ("1", "b")]);
    assert_eq!(cache(&format!("better-auth.session_data=bare; {chunks}")), value("bare"));
    assert_eq!(cache(&format!("better-auth.session_data=; {chunks}")), value("ab"));
}

#[test]
fn read_ignores_longer_names() {
    assert_eq!(cache("better-auth.session_data_2=x; better-auth.session_datax.0=y"), Lookup::Absent);
    assert_eq!(cache("better-auth.session_data=d; better-auth.session_data-0=x"), value("d"));
}

#[test]
fn read_joins_chunked_lines() {
    let value_text = "Ab0_-.~% ".repeat(300);
    for size in [1, 7, 100, 2699, 2700, 9999] {
        let pieces: Vec<String> = value_text
            .as_bytes()
            .chunks(size.max(value_text.len() / 99))
            .enumerate()
            .map(|(at, piece)| {
                format!(
                    "better-auth.session_data.{at}={}",
                    percent_encode(std::str::from_utf8(piece).unwrap())
                )
            })
            .collect();
        assert_eq!(cache(&pieces.join("; ")), value(&value_text));
    }
}
