//! Properties of any input. `make fuzz` runs them for longer.

use std::time::Duration;

use better_session::cache::decode::decode;
use better_session::cache::symmetric;
use better_session::cookie::header::{percent_decode, percent_encode};
use better_session::json::{Raw, parse, push_string};
use better_session::{MintRequest, Strategy as Encoding, Verdict, Verifier};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::support::*;

fn strategies() -> impl Strategy<Value = Encoding> {
    prop::sample::select(&STRATEGIES[..])
}

/// Any JSON that a plugin may store, three levels deep.
fn stored() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// `text`'s record with `more` before its own members, which therefore count.
fn extended(text: &str, more: &Map<String, Value>) -> String {
    let Value::Object(own) = serde_json::from_str(text).expect("JSON") else { panic!("an object") };
    let mut all = more.clone();
    all.extend(own);
    Value::Object(all).to_string()
}

fn members() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map(any::<String>(), stored(), 0..5).prop_map(|map| map.into_iter().collect())
}

/// Text of the pieces that cookies are made of, and of anything else.
fn pieces() -> impl Strategy<Value = String> {
    let genuine = STRATEGIES.map(mint);
    let piece = prop_oneof![
        prop::sample::select(vec![
            "better-auth.session_token",
            "better-auth.session_data",
            "better-auth.dont_remember",
            "__Secure-",
            ".0",
            ".1",
            ".99",
            ".100",
            "=",
            ";",
            "; ",
            "\"",
            "%",
            "%2",
            "%00",
            "%ff",
            ".",
            "..",
            "eyJ",
            "{",
            "[",
            "\\u",
            "null",
            "-",
            "1e999",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(genuine.to_vec()),
        Just(signed(TOKEN)),
        any::<String>(),
        "[A-Za-z0-9_-]{0,40}",
        (0usize..2000).prop_map(|length| "[{\":".repeat(length)),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

/// Calls every reader, which must not panic, and checks that only a signed token is authenticated.
fn harmless(verifier: &Verifier, header: &str, value: &str) -> Result<(), TestCaseError> {
    let _ = (
        decode(value),
        verifier.open(value, at(NOW)),
        symmetric::decrypt(verifier.keys().expect("keys"), value),
        parse(value),
    );
    if let Verdict::Authenticated(answer) = verifier.verify(header, at(NOW)) {
        prop_assert_eq!(answer.session.token, TOKEN);
    }
    Ok(())
}

fn deep(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(deep).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(deep).max().unwrap_or(0),
        _ => 0,
    }
}

proptest! {
    #[test]
    fn no_function_panics_on_text(text in any::<String>(), now in any::<i64>()) {
        harmless(&plain(), &text, &text)?;
        harmless(&plain(), &cookies(&text), &text)?;
        let _ = plain().verify(&cookies(&mint(Encoding::Jwe)), at(now));
    }

    #[test]
    fn no_function_panics_on_text_like_cookies(text in pieces()) {
        harmless(&plain(), &text, &text)?;
        harmless(&plain(), &cookies(&text), &text)?;
    }

    #[test]
    fn no_function_panics_on_signed_junk(text in pieces(), ends in any::<i64>(), now in any::<i64>()) {
        for value in [
            base64url(text.as_bytes()),
            forge_compact(&format!("{text}}}"), &ends.to_string()),
            forge_jwt("{\"alg\":\"HS256\"}", &text),
            forge_jwt(&text, &payload("")),
            forge_compact(&payload(&format!(",\"more\":{text}")), "9999999999999"),
        ] {
            let _ = (plain().open(&value, at(now)), plain().verify(&cookies(&value), at(now)), decode(&value));
        }
    }

    #[test]
    fn open_returns_what_was_minted(
        strategy in strategies(), session in members(), user in members(), version in any::<String>(),
        now in 0i64..4_000_000_000_000, max_age in 1u64..100_000_000, random in any::<[u8; 32]>(),
    ) {
        let ends = better_session::time::parse_iso("2400-01-01T08:00:00.000Z").unwrap();
        let session = extended(&SESSION.replace("2027-01-22", "2400-01-01"), &session);
        let user = extended(USER, &user);
        let minting = MintRequest::new(&session, &user, at(now), random).strategy(strategy).version(&version);
        let minting = minting.max_age(Duration::from_secs(max_age));
        let any_version = json!({ "session": { "cookieCache": { "version": { "versionFunction": true } } } });
        let opened = verifier(&any_version).open(&plain().mint(&minting), at(now)).expect("opens");
        prop_assert_eq!((&opened.session.json, &opened.user.json), (&session, &user));
        prop_assert_eq!(opened.cache.version, if version.is_empty() { "1" } else { &version });
        prop_assert_eq!((opened.cache.cached_at, opened.session.expires_at), (at(now), at(ends)));
        let whole = if strategy == Encoding::Compact { now } else { now / 1000 * 1000 };
        prop_assert_eq!(opened.cache.expires_at, at(whole).saturating_add(Duration::from_secs(max_age)));
    }

    #[test]
    fn open_rejects_any_flipped_bit_of_the_text(strategy in strategies(), place in any::<prop::sample::Index>(), bit in 0u8..7) {
        let value = mint(strategy);
        let mut bytes = value.clone().into_bytes();
        let index = place.index(bytes.len());
        bytes[index] ^= 1 << bit;
        let flipped = String::from_utf8(bytes).expect("ASCII");
        prop_assert_ne!(opening(&plain(), &flipped, NOW), "ok", "{} bit {}", index, bit);
        prop_assert!(outcome(&plain().verify(&cookies(&flipped), at(NOW))).starts_with("stale "));
    }

    /// Flips bits of the decoded bytes, since a character of base64 has six bits.
    #[test]
    fn open_rejects_any_flipped_bit_of_the_bytes(strategy in strategies(), place in any::<prop::sample::Index>(), bit in 0u8..8) {
        let value = mint(strategy);
        let mut segments: Vec<Vec<u8>> = value.split('.').map(from_base64url).collect();
        let bytes = segments.iter_mut().flatten().collect::<Vec<_>>();
        let index = place.index(bytes.len());
        *bytes.into_iter().nth(index).unwrap() ^= 1 << bit;
        let flipped = segments.iter().map(|bytes| base64url(bytes)).collect::<Vec<_>>().join(".");
        prop_assert_ne!(opening(&plain(), &flipped, NOW), "ok", "{} bit {}", index, bit);
    }

    #[test]
    fn verify_rejects_any_flipped_bit_of_a_token(token in "[A-Za-z0-9]{1,64}", place in any::<prop::sample::Index>(), bit in 0u8..7) {
        let mut bytes = plain().sign(&token).into_bytes();
        let index = place.index(bytes.len());
        bytes[index] ^= 1 << bit;
        let header = format!("better-auth.session_token={}", percent_encode(&String::from_utf8(bytes).unwrap()));
        prop_assert!(outcome(&plain().verify(&header, at(NOW))).starts_with("unauthenticated token_"));
    }

    #[test]
    fn decrypt_rejects_any_flipped_bit(text in any::<String>(), nonce in any::<[u8; 24]>(), place in any::<prop::sample::Index>(), bit in 0u8..4) {
        let sealed = symmetric::encrypt(plain().keys().expect("keys"), &text, nonce).expect("seals");
        let opened = symmetric::decrypt(plain().keys().expect("keys"), &sealed);
        prop_assert_eq!(opened.as_deref(), Ok(text.as_str()));
        let index = place.index(sealed.len());
        let digit = char::from(sealed.as_bytes()[index]).to_digit(16).unwrap() ^ (1 << bit);
        let flipped = format!("{}{}{}", &sealed[..index], char::from_digit(digit, 16).unwrap(), &sealed[index + 1..]);
        prop_assert!(symmetric::decrypt(plain().keys().expect("keys"), &flipped).is_err());
    }

    #[test]
    fn verify_joins_chunks_of_any_size(strategy in strategies(), size in 10usize..4000) {
        let value = mint(strategy);
        let chunks = value.as_bytes().chunks(size.max(value.len().div_ceil(100))).enumerate();
        let mut header = format!("better-auth.session_token={}", signed(TOKEN));
        for (at, chunk) in chunks {
            header += &format!("; better-auth.session_data.{at}={}", std::str::from_utf8(chunk).unwrap());
        }
        prop_assert_eq!(outcome(&plain().verify(&header, at(NOW))), "authenticated");
    }

    #[test]
    fn percent_decode_inverts_percent_encode(text in any::<String>()) {
        let encoded = percent_encode(&text);
        prop_assert_eq!(percent_decode(&encoded), text);
    }

    /// Against `serde_json`, which nests deeper, and refuses lone surrogates and numbers beyond a double.
    #[test]
    fn parse_agrees_with_serde_json(text in prop_oneof![pieces(), stored().prop_map(|value| value.to_string())]) {
        match (parse(&text), serde_json::from_str::<Value>(&text)) {
            (Ok(ours), Ok(theirs)) => {
                let ours = ours.string();
                prop_assert_eq!(ours.as_deref(), theirs.as_str());
            }
            (Err(_), Ok(theirs)) => prop_assert!(deep(&theirs) > better_session::limits::MAX_JSON_DEPTH),
            (Ok(ours), Err(theirs)) => {
                let (ours, theirs) = (ours.text(), theirs.to_string());
                let beyond = ["surrogate", "hex escape", "out of range"].iter().any(|word| theirs.contains(word));
                prop_assert!(beyond, "{}: {}", ours, theirs);
            }
            (Err(_), Err(_)) => {}
        }
    }

    #[test]
    fn push_string_output_reads_back_in_both_readers(text in any::<String>()) {
        let mut out = String::new();
        push_string(&mut out, &text);
        let (ours, theirs) = (parse(&out).ok().and_then(Raw::string), serde_json::from_str::<String>(&out));
        prop_assert_eq!(ours.as_deref(), Some(text.as_str()));
        prop_assert_eq!(theirs.ok(), Some(text));
    }
}
