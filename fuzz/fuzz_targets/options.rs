//! The options of the verifier and of the gate.
#![no_main]

use better_session::gate::Rules;
use better_session::json::push_string;
use better_session::{Config, ConfigError, Verifier};
use better_session_fuzz::{NOW, at};
use libfuzzer_sys::fuzz_target;

const CODES: [&str; 8] = [
    "OPTION_INVALID",
    "SIGN_IN_URL",
    "SECRET_MISSING",
    "SECRET_EMPTY",
    "SECRETS_DUPLICATE",
    "SECRETS_MALFORMED",
    "SECRETS_TOO_MANY",
    "STRATEGY_MISSING",
];

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    check(Config::from_json(text).and_then(Verifier::new));
    if let Err(error) = Rules::from_json(text) {
        assert!(CODES.contains(&error.code) && !error.message.is_empty(), "{error:?}");
    }
    // As the value of an option: it is valid, or the error quotes nothing of it.
    let mut value = String::new();
    push_string(&mut value, text);
    let options = |value: &str| match data.len() % 4 {
        0 => format!(r#"{{"secret":{value}}}"#),
        1 => format!(r#"{{"secret":"s","secrets":{value}}}"#),
        2 => format!(r#"{{"secret":"s","baseURL":{value},"advanced":{{"cookiePrefix":{value}}}}}"#),
        _ => format!(
            r#"{{"secret":"s","session":{{"cookieCache":{{"strategy":{value},"version":{value}}}}}}}"#
        ),
    };
    let read = |value: &str| Config::from_json(&options(value)).and_then(Verifier::new);
    let verifier = read(&value);
    if let Err(error) = &verifier
        && text.len() >= 12
        && error.message.contains(text)
    {
        // Only if the text is one of the message's own words, which it has with another value too.
        assert_eq!(read("\"\\u0001\"").err().as_ref(), Some(error), "a message quotes a value");
    }
    check(verifier);
});

/// A verifier accepts what it signs.
fn check(verifier: Result<Verifier, ConfigError>) {
    match verifier {
        Ok(verifier) => {
            let signed = verifier.sign("token");
            if !signed.is_empty() {
                let keys = verifier.server_keys();
                let token = better_session::cookie::signed::verify(keys, &signed).expect("its own signature");
                assert!(token.current && token.value == "token");
            }
            let _ = verifier.verify("better-auth.session_token=x.y", at(NOW));
        }
        Err(error) => assert!(CODES.contains(&error.code) && !error.message.is_empty(), "{}", error.code),
    }
}
