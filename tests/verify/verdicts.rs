//! `vectors/verdicts/*.json`: headers, and exactly what must be said of each. `node harness/verdicts.mjs` makes them.

use better_session::json::{Raw, parse};
use better_session::{Config, Scheme, Verdict, Verifier};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::support::{at, outcome};

/// A file, read with the core's own reader because there are lone surrogates in it, and its verifier.
struct File {
    root: Raw<'static>,
    verifier: Verifier,
    now: i64,
}

fn file(text: &'static str) -> File {
    let root = parse(text).expect("a vector file is JSON");
    let now = root.member("now").expect("now").text().parse().expect("milliseconds");
    File { root, verifier: under(root.member("options").expect("options")), now }
}

fn under(options: Raw<'_>) -> Verifier {
    Verifier::new(Config::from_json(options.text()).expect("good options")).expect("good options")
}

impl File {
    /// Returns a line for each case of `list` that fails.
    fn complaints(&self, list: &str, fewest: usize, check: impl Fn(Raw<'_>, &Verdict) -> String) -> String {
        let cases = self.root.member(list).and_then(Raw::elements).expect("a list");
        assert!(cases.len() >= fewest, "{} cases", cases.len());
        let mut complaints = String::new();
        for case in cases {
            let own = case.member("options").map(under);
            let header = cookie_header(case.member("cookie").expect("a cookie"));
            let scheme =
                case.member("scheme").and_then(|_| Scheme::from_url(&(text(case, "scheme") + "://")));
            let verifier = own.as_ref().unwrap_or(&self.verifier);
            let verdict = verifier.verify_with_scheme(&header, scheme, at(self.now));
            let complaint = check(case, &verdict);
            if !complaint.is_empty() {
                complaints += &format!("\n{}: {complaint}", text(case, "name"));
            }
        }
        complaints
    }

    fn accepted(&self, fewest: usize) -> String {
        self.complaints("accept", fewest, |case, verdict| {
            let Verdict::Authenticated(answer) = verdict else { return outcome(verdict) };
            let strategy = format!("\"{}\"", answer.cache.as_ref().map_or("", |cache| cache.strategy.name()));
            let found =
                [("session", &answer.session.json), ("user", &answer.user.json), ("strategy", &strategy)];
            let differs = |(name, found): &(&str, &String)| {
                case.member(name).is_some_and(|expected| expected.text() != *found)
            };
            found.into_iter().filter(differs).map(|(name, found)| format!("{name} {found}")).collect()
        })
    }

    fn rejected(&self, fewest: usize) -> String {
        self.complaints("reject", fewest, |case, verdict| {
            let expected = format!("{} {}", text(case, "status"), text(case, "reason"));
            let token = case.member("token").is_some_and(
                |token| !matches!(verdict, Verdict::Stale { token: found, .. } if token.is_string(found)),
            );
            match outcome(verdict) {
                found if found != expected => format!("{found}, not {expected}"),
                _ if token => "another token".to_owned(),
                _ => String::new(),
            }
        })
    }
}

fn text(case: Raw<'_>, member: &str) -> String {
    case.member(member).and_then(Raw::string).unwrap_or_else(|| panic!("{member} is text")).into_owned()
}

/// Text, or a list of texts and `{ repeat, times }`.
pub fn cookie_header(cookie: Raw<'_>) -> String {
    let part = |part: Raw<'_>| match part.string() {
        Some(text) => text.into_owned(),
        None => text(part, "repeat")
            .repeat(part.member("times").expect("times").text().parse().expect("a number")),
    };
    cookie.elements().map_or_else(|| part(cookie), |parts| parts.into_iter().map(part).collect())
}

macro_rules! files {
    ($($name:ident: $accepts:literal, $rejects:literal;)*) => {$(
        #[test]
        fn $name() {
            let file = file(include_str!(concat!("../../vectors/verdicts/", stringify!($name), ".json")));
            assert_eq!(file.accepted($accepts) + &file.rejected($rejects), "");
        }
    )*};
}

files! {
    header: 15, 60;
    prefix: 50, 35;
    token: 7, 30;
    compact: 4, 55;
    jwt: 7, 75;
    jwe: 8, 70;
    payload: 45, 120;
}
