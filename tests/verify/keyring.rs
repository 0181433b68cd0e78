use better_session::keyring::Keys;
use better_session::limits::MAX_SECRETS;
use better_session::{Config, Secret, SessionPolicy, Verifier};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn code(secrets: &[Secret]) -> &'static str {
    Keys::new(secrets).expect_err("refused").code
}

#[test]
fn invalid_secrets_have_an_error_code_each() {
    assert_eq!(code(&[]), "SECRET_MISSING");
    assert_eq!(code(&[Secret::new("")]), "SECRET_EMPTY");
    for published in ["better-auth-secret-12345678901234567890", "better-auth-secret-123456789"] {
        assert_eq!(code(&[Secret::new(published)]), "SECRET_DEFAULT");
        assert_eq!(code(&[Secret::new(SECRET), Secret::versioned(1, published)]), "SECRET_DEFAULT");
    }
    assert_eq!(code(&[Secret::new(SECRET), Secret::versioned(1, "")]), "SECRET_EMPTY");
    assert_eq!(
        code(&[Secret::versioned(1, SECRET), Secret::versioned(1, OTHER_SECRET)]),
        "SECRETS_DUPLICATE"
    );
    let many: Vec<Secret> = (0..=MAX_SECRETS).map(|n| Secret::new(&format!("secret {n}"))).collect();
    assert_eq!(code(&many), "SECRETS_TOO_MANY");
    assert!(Keys::new(&many[..MAX_SECRETS]).is_ok());
    for list in ["", "new", "2:new,", "2:new,old", "x:new", "-1:new", "4294967296:new", ":new"] {
        assert_eq!(Secret::parse_list(list).expect_err(list).code, "SECRETS_MALFORMED", "{list}");
    }
    let mut policy = SessionPolicy::default();
    policy.strategies.clear();
    let no_strategy = Config::builder().secret(SECRET).session(policy).build();
    assert_eq!(Verifier::new(no_strategy).expect_err("refused").code, "STRATEGY_MISSING");
}

#[test]
fn parse_list_reads_better_auth_secrets() {
    let secrets = Secret::parse_list(" 2:new, 1 : old:with:colons ").expect("a list");
    assert_eq!(secrets.iter().map(Secret::version).collect::<Vec<_>>(), [Some(2), Some(1)]);
    assert!(same_keys(secrets, vec![Secret::versioned(2, "new"), Secret::versioned(1, "old:with:colons")]));
    // JavaScript's `trim` removes U+FEFF and keeps U+0085.
    for space in
        ["\t\n\u{b}\u{c}\r ", "\u{a0}\u{1680}\u{2000}\u{200a}\u{2028}", "\u{202f}\u{205f}\u{3000}\u{feff}"]
    {
        let list = format!("{space}4294967295{space}:{space}a{space}b\u{85}{space}");
        let secrets = Secret::parse_list(&list).expect("a list");
        assert_eq!(secrets[0].version(), Some(u32::MAX), "{list:?}");
        let expected = Secret::versioned(u32::MAX, &format!("a{space}b\u{85}"));
        assert!(same_keys(secrets, vec![expected]), "{list:?}");
    }
}

#[test]
fn debug_output_contains_no_secret() {
    let secret = Secret::versioned(7, SECRET);
    let keys = Keys::new(std::slice::from_ref(&secret)).expect("keys");
    let verifier = plain();
    let opened = verifier.open(&mint(better_session::Strategy::Jwe), at(NOW)).expect("opens");
    let verdict = verifier.verify(&cookies(&mint(better_session::Strategy::Compact)), at(NOW));
    let shown = format!("{secret:?} {keys:?} {verifier:?} {opened:?} {verdict:?}");
    assert!(shown.contains("version: Some(7)"), "{shown}");
    for hidden in [SECRET, TOKEN, "ada@example.com"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
    let bytes = format!("{:?}", &SECRET.as_bytes()[..4]);
    assert!(!shown.contains(bytes.trim_matches(['[', ']'])), "{shown}");
}

#[test]
fn keys_accept_secrets_of_any_length_and_script() {
    for secret in ["x".to_owned(), "é😀".to_owned(), "s".repeat(10_000), " padded ".to_owned()] {
        let verifier = Verifier::new(Config::new(secret)).expect("keys");
        let value = verifier.mint(&minting());
        assert_eq!(opening(&verifier, &value, NOW), "ok");
        assert_eq!(opening(&plain(), &value, NOW), "cache_bad_signature");
    }
}
