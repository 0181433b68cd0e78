//! Cookies that real Better Auth servers of five versions set: `vectors/better-auth/*.json`, from `make vectors`.

use better_session::cookie::session_cookies::Lookup;
use better_session::json::{Raw, parse};
use better_session::{Config, Verdict, Verifier};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{OTHER_SECRET, at, opening, outcome};

const FILES: [&str; 5] = [
    include_str!("../../vectors/better-auth/1.4.0.json"),
    include_str!("../../vectors/better-auth/1.4.22.json"),
    include_str!("../../vectors/better-auth/1.5.6.json"),
    include_str!("../../vectors/better-auth/1.6.34.json"),
    include_str!("../../vectors/better-auth/1.7.25.json"),
];

/// One vector. It is read with the core's own reader, because lone surrogates are in it and its text is compared.
struct Vector<'a>(Raw<'a>);

impl<'a> Vector<'a> {
    fn at(&self, path: &str) -> Option<Raw<'a>> {
        path.split('/').try_fold(self.0, |value, name| value.member(name))
    }

    fn text(&self, path: &str) -> String {
        self.at(path)
            .and_then(|value| value.string())
            .unwrap_or_else(|| panic!("{path} is text"))
            .into_owned()
    }

    fn raw(&self, path: &str) -> &'a str {
        self.at(path).unwrap_or_else(|| panic!("{path}")).text()
    }

    fn millis(&self, path: &str) -> i64 {
        self.raw(path).parse().unwrap_or_else(|_| panic!("{path} is a number"))
    }

    fn id(&self) -> String {
        format!("{} {}", self.text("betterAuth"), self.text("name"))
    }

    fn header(&self) -> String {
        self.text("cookieHeader")
    }

    /// The verifier that the vector's options make, with more of them.
    fn verifier(&self, more: &str) -> Verifier {
        let secret =
            ["secret", "secrets"].iter().find_map(|key| Some((key, self.at(key)?.text()))).expect("a secret");
        self.under(&format!("\"{}\":{}{more}", secret.0, secret.1))
    }

    fn under(&self, members: &str) -> Verifier {
        let options = self.raw("options").strip_prefix('{').expect("an object");
        let config = Config::from_json(&format!("{{{members},{options}")).expect("good options");
        Verifier::new(config).expect("good options")
    }

    /// The cache's value, its chunks joined.
    fn value(&self) -> String {
        match self.verifier("").session_cookies(&self.header(), None).cache {
            Lookup::Valid(value) => value.into_owned(),
            other => panic!("{}: {other:?}", self.id()),
        }
    }

    /// Where we differ on purpose: a numeric version counts here, and an older secret does not.
    fn expected(&self) -> &'static str {
        let version = self.at("options/session/cookieCache/version");
        if version.is_some_and(|version| version.number().is_some()) {
            "stale version_mismatch"
        } else if self.at("mintedWith").is_some() {
            "stale stale_secret"
        } else {
            "authenticated"
        }
    }
}

fn each(mut test: impl FnMut(&Vector<'_>)) {
    for file in FILES {
        let vectors =
            parse(file).expect("JSON").member("vectors").and_then(|list| list.elements()).expect("a list");
        assert!(vectors.len() > 30, "a file of few vectors proves little");
        vectors.into_iter().map(Vector).for_each(|vector| test(&vector));
    }
}

fn believed(test: impl Fn(&Vector<'_>)) {
    each(|vector| {
        if vector.expected() == "authenticated" {
            test(vector);
        }
    });
}

#[test]
fn verify_returns_the_servers_verdict_for_every_cookie() {
    each(|vector| {
        let verdict = vector.verifier("").verify(&vector.header(), at(vector.millis("mintedAt")));
        assert_eq!(outcome(&verdict), vector.expected(), "{}", vector.id());
    });
}

#[test]
fn verify_returns_what_the_server_signed() {
    each(|vector| {
        let verifier = vector.verifier(",\"acceptOldSecrets\":true");
        let Verdict::Authenticated(answer) = verifier.verify(&vector.header(), at(vector.millis("mintedAt")))
        else {
            assert_eq!(vector.expected(), "stale version_mismatch", "{}", vector.id());
            return;
        };
        let (cache, id) = (answer.cache.expect("a cache"), vector.id());
        assert_eq!(answer.session.json, vector.raw("expect/session"), "{id}");
        assert_eq!(answer.user.json, vector.raw("expect/user"), "{id}");
        assert_eq!(answer.session.token, vector.text("expect/session/token"), "{id}");
        assert_eq!(answer.user.id, vector.text("expect/user/id"), "{id}");
        assert_eq!(cache.version, vector.text("expect/version"), "{id}");
        assert_eq!(cache.cached_at, at(vector.millis("expect/updatedAt")), "{id}");
        assert_eq!(cache.expires_at, at(vector.millis("expect/cacheExpiresAt")), "{id}");
        assert_eq!(cache.strategy.name(), vector.text("strategy"), "{id}");
        assert!(answer.fresh, "{id}");
    });
}

#[test]
fn verify_rejects_every_cookie_after_its_window() {
    believed(|vector| {
        let verifier = vector.verifier("");
        let at_time = |now| outcome(&verifier.verify(&vector.header(), at(now)));
        let cache_ends = vector.millis("expect/cacheExpiresAt");
        let session_ends =
            better_session::time::parse_iso(&vector.text("expect/session/expiresAt")).expect("a date");
        let (ends, reason) = if cache_ends <= session_ends {
            (cache_ends, "stale cache_expired")
        } else {
            (session_ends, "stale session_expired") // without a database the cache lasts as long as the session
        };
        assert_eq!(at_time(ends - 1), "authenticated", "{}", vector.id());
        assert_eq!(at_time(ends + 1), reason, "{}", vector.id());
        assert_eq!(
            at_time(cache_ends.max(session_ends) + 15_001).split(' ').next(),
            Some("stale"),
            "{}",
            vector.id()
        );
    });
}

#[test]
fn verify_rejects_every_cookie_with_another_secret() {
    each(|vector| {
        let (other, now) =
            (vector.under(&format!("\"secret\":\"{OTHER_SECRET}\"")), vector.millis("mintedAt"));
        let verdict = outcome(&other.verify(&vector.header(), at(now)));
        assert_eq!(verdict, "unauthenticated token_bad_signature", "{}", vector.id());
        let opened = opening(&other, &vector.value(), now);
        let expected = if vector.text("strategy") == "jwe" { "unknown_key" } else { "cache_bad_signature" };
        assert_eq!(opened, expected, "{}", vector.id());
    });
}

/// A prime stride visits every bit position of a character and every part of a value. (`properties` flips any bit.)
#[test]
fn verify_rejects_every_flipped_bit() {
    believed(|vector| {
        let stride = if vector.text("name").starts_with("plain") { 31 } else { 1009 };
        let (verifier, now) = (vector.verifier(""), vector.millis("mintedAt"));
        let value = vector.value();
        for changed in flipped(&value, stride) {
            let reason = verifier.open(&changed, at(now)).expect_err(&vector.id()).code();
            let typed = ["cache_malformed", "cache_bad_signature", "strategy_mismatch", "unknown_key"];
            assert!(typed.contains(&reason), "{}: {reason}", vector.id());
        }
        let header = vector.header();
        let Lookup::Valid(token) = verifier.session_cookies(&header, None).token else {
            panic!("{}", vector.id())
        };
        for changed in flipped(&token, stride.min(37)) {
            let name = &verifier.names().session_token;
            let secure = if verifier.names().secure == Some(true) { "__Secure-" } else { "" };
            let header =
                format!("{secure}{name}={}", better_session::cookie::header::percent_encode(&changed));
            assert!(
                outcome(&verifier.verify(&header, at(now))).starts_with("unauthenticated token_"),
                "{}",
                vector.id()
            );
        }
    });
}

/// Every `stride`th bit of an ASCII text, flipped.
fn flipped(text: &str, stride: usize) -> impl Iterator<Item = String> + '_ {
    (0..text.len() * 7).step_by(stride).map(|bit| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[bit / 7] ^= 1 << (bit % 7);
        String::from_utf8(bytes).expect("ASCII stays ASCII")
    })
}
