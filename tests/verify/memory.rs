//! The memory of authenticated cookies: with and without it every header has the same verdict at every instant.

use better_session::cache::KeySetCheck;
use better_session::json::{Raw, parse};
use better_session::{Config, Scheme, Verdict, Verifier};
use serde_json::{Value, json};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{
    NOW, OTHER_SECRET, SECRET, SESSION_EXPIRES, STRATEGIES, TOKEN, at, cookies, mint, signed, verifier,
};
use crate::verdicts::cookie_header;

/// The vectors of `vectors/verdicts/`.
const FILES: [&str; 7] = [
    include_str!("../../vectors/verdicts/compact.json"),
    include_str!("../../vectors/verdicts/header.json"),
    include_str!("../../vectors/verdicts/jwe.json"),
    include_str!("../../vectors/verdicts/jwt.json"),
    include_str!("../../vectors/verdicts/payload.json"),
    include_str!("../../vectors/verdicts/prefix.json"),
    include_str!("../../vectors/verdicts/token.json"),
];

/// Bounds that nothing in a test reaches.
const ROOMY: (usize, usize) = (100_000, 1 << 30);

/// Instants around every one at which the verdict on a cache minted at [`NOW`] changes, in milliseconds.
fn instants() -> Vec<i64> {
    let ends = [0, 15_000, 285_000, 299_000, 300_000, 301_000, 315_000, 316_000, 86_400_000];
    let edges =
        ends.map(|after| NOW + after).into_iter().chain([SESSION_EXPIRES, SESSION_EXPIRES - 518_400_000]);
    edges
        .flat_map(|edge| [-1000, -1, 0, 1, 999, 1000].map(|step| edge + step))
        .chain([0, NOW - 86_400_000])
        .collect()
}

/// Policies that differ in what changes with time.
fn policies() -> Vec<Value> {
    vec![
        json!({}),
        json!({ "session": { "freshAge": 100, "updateAge": 50 } }),
        json!({ "session": { "freshAge": 0, "cookieCache": { "version": "2" } } }),
        json!({ "session": { "cookieCache": { "refreshCache": { "updateAge": 60 } } } }),
        json!({ "secrets": [{ "version": 2, "value": OTHER_SECRET }, { "version": 1, "value": SECRET }] }),
        json!({ "acceptOldSecrets": true,
                "secrets": [{ "version": 2, "value": OTHER_SECRET }, { "version": 1, "value": SECRET }] }),
    ]
}

fn remembering(options: &Value, (entries, bytes): (usize, usize)) -> Verifier {
    verifier(options).with_cache(entries, bytes)
}

/// The headers of `STRATEGIES`, alone, beside other cookies and with a flag.
fn headers() -> Vec<String> {
    let each = |strategy| {
        let header = cookies(&mint(strategy));
        let flagged = format!("{header}; better-auth.dont_remember={}", signed("true"));
        [format!("a=b; {header}; theme=dark"), flagged, header]
    };
    STRATEGIES.into_iter().flat_map(each).collect()
}

#[test]
fn verify_with_cache_has_the_same_verdict_at_every_instant() {
    for policy in policies() {
        let (plain, memory) = (verifier(&policy), remembering(&policy, ROOMY));
        for header in headers() {
            for now in instants().into_iter().chain(instants().into_iter().rev()) {
                assert_eq!(
                    memory.verify(&header, at(now)),
                    plain.verify(&header, at(now)),
                    "{policy} {now} {header}"
                );
            }
        }
    }
}

#[test]
fn verify_with_cache_rejects_every_mutation_of_a_remembered_header() {
    let (plain, memory) = (verifier(&json!({})), remembering(&json!({}), ROOMY));
    for header in headers() {
        assert!(matches!(memory.verify(&header, at(NOW)), Verdict::Authenticated(_)));
        for position in 0..header.len() {
            let mut bytes = header.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            let mutated = String::from_utf8(bytes).unwrap();
            assert_eq!(
                memory.verify(&mutated, at(NOW)),
                plain.verify(&mutated, at(NOW)),
                "{position} of {header}"
            );
        }
        for cut in [1, 10, 44, 45, 100] {
            let short = &header[..header.len() - cut];
            assert_eq!(memory.verify(short, at(NOW)), plain.verify(short, at(NOW)), "{short}");
        }
    }
}

#[test]
fn verify_with_cache_keeps_token_and_cache_bound() {
    let memory = remembering(&json!({}), ROOMY);
    let other = format!("better-auth.session_token={}", signed("another-token"));
    for strategy in STRATEGIES {
        let value = mint(strategy);
        for _ in 0..2 {
            assert!(matches!(memory.verify(&cookies(&value), at(NOW)), Verdict::Authenticated(_)));
            let foreign = format!("{other}; better-auth.session_data={value}");
            let verdict = memory.verify(&foreign, at(NOW));
            assert!(
                matches!(&verdict, Verdict::Stale { reason, token }
                if reason.code() == "token_mismatch" && token == "another-token"),
                "{verdict:?}"
            );
        }
    }
}

#[test]
fn verify_with_cache_has_the_same_verdict_on_every_vector() {
    let mut count = 0;
    for text in FILES {
        let root = parse(text).unwrap();
        let now: i64 = root.member("now").unwrap().text().parse().unwrap();
        let under = |options: Raw<'_>| Verifier::new(Config::from_json(options.text()).unwrap()).unwrap();
        let shared = under(root.member("options").unwrap()).with_cache(ROOMY.0, ROOMY.1);
        for case in
            ["accept", "reject"].into_iter().flat_map(|list| root.member(list).unwrap().elements().unwrap())
        {
            let header = cookie_header(case.member("cookie").unwrap());
            let options = case.member("options").or(root.member("options")).unwrap();
            let own = case.member("options").map(|options| under(options).with_cache(ROOMY.0, ROOMY.1));
            let (plain, memory) = (under(options), own.as_ref().unwrap_or(&shared));
            for scheme in [None, Some(Scheme::Http), Some(Scheme::Https)] {
                for after in [0, 1, -1000, 400_000, 0, 700_000_000] {
                    let (found, expected) = (
                        memory.verify_with_scheme(&header, scheme, at(now + after)),
                        plain.verify_with_scheme(&header, scheme, at(now + after)),
                    );
                    assert_eq!(found, expected, "{header}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn verify_with_cache_within_small_bounds_has_the_same_verdict() {
    let plain = verifier(&json!({}));
    for bounds in
        [(0, 1 << 20), (1, 1 << 20), (2, 1 << 20), (3, 1 << 20), (100, 0), (100, 1), (100, 3000), (100, 7000)]
    {
        let memory = remembering(&json!({}), bounds);
        for round in 0..60usize {
            let token = format!("{TOKEN}{}", round * 7 % 5);
            let session = crate::support::SESSION.replace(TOKEN, &token);
            let request = crate::support::minting_of(&session).strategy(STRATEGIES[round % 3]);
            let value = plain.mint(&request);
            let header =
                format!("better-auth.session_token={}; better-auth.session_data={value}", signed(&token));
            assert_eq!(memory.verify(&header, at(NOW)), plain.verify(&header, at(NOW)), "{bounds:?} {round}");
        }
    }
}

#[test]
fn verify_around_returns_a_time_in_which_the_verdict_is_the_same() {
    for policy in policies() {
        let plain = verifier(&policy);
        for header in headers() {
            for now in instants() {
                let (verdict, [first, end]) =
                    plain.verify_around(&header, None, KeySetCheck::UNCHECKED, at(now));
                if !matches!(verdict, Verdict::Authenticated(_)) {
                    continue;
                }
                assert!(first <= at(now) && at(now) < end);
                let inside = instants().into_iter().map(at).filter(|instant| (first..end).contains(instant));
                for instant in inside.chain([first, at(end.as_millis() - 1)]) {
                    assert_eq!(plain.verify(&header, instant), verdict, "{policy} {now} {instant}");
                }
            }
        }
    }
}
