use better_session::client::endpoint::{is_post, path_of};
use better_session::client::text::MAX_TEXT;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn path(chain: &str) -> String {
    String::from_utf8(path_of(chain.as_bytes()).unwrap().to_vec()).unwrap()
}

#[test]
fn names_become_words() {
    let cases = [
        ("getSession", "/get-session"),
        ("signIn/email", "/sign-in/email"),
        ("signIn/emailOTP", "/sign-in/email-otp"),
        ("twoFactor/verifyTOTP", "/two-factor/verify-totp"),
        ("SSOLogin", "/sso-login"),
        ("listSSOProviders", "/list-sso-providers"),
        ("signIn/oauth2", "/sign-in/oauth2"),
        ("oAuth2Callback", "/o-auth2-callback"),
        ("v2Users", "/v2-users"),
        ("A1", "/a-1"),
        ("snake_case", "/snake-case"),
        ("get2fa", "/get2fa"),
        ("sign-in/email-otp", "/sign-in/email-otp"),
        ("_private/-x-", "/private/x"),
        ("ok", "/ok"),
    ];
    for (chain, expected) in cases {
        assert_eq!(path(chain), expected, "{chain}");
    }
}

#[test]
fn session_calls_have_a_second_name() {
    for call in ["getSession", "listSessions", "revokeSession", "revokeOtherSessions", "revokeSessions"] {
        assert_eq!(path(&format!("session/{call}")), path(call));
    }
    assert_eq!(path("session/signOut"), "/sign-out");
    assert_eq!(path("session/updateSession"), "/update-session");
    // Every other path stays in its folder.
    assert_eq!(path("session/other"), "/session/other");
    assert_eq!(path("session/getSession/deep"), "/session/get-session/deep");
    assert_eq!(path("session"), "/session");
}

#[test]
fn what_is_no_name_is_no_path() {
    let chains = [
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "session/",
        "..",
        ".",
        "a/../b",
        "../a",
        "-",
        "_",
        "a/-_-/b",
        "https://evil.example",
        "https:",
        "//evil.example",
        "a\\b",
        "a?b=c",
        "a#b",
        "a%2e%2e",
        "%2f",
        "a b",
        "a\tb",
        "a\nb",
        "a\0b",
        "a@b",
        "a:b",
        "a;b",
        ".well-known",
        "a.b",
        "don't",
        "é",
    ];
    for chain in chains {
        assert!(path_of(chain.as_bytes()).is_none(), "{chain:?}");
    }
    for byte in 0..=u8::MAX {
        let sound = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/');
        assert_eq!(path_of(&[b'a', byte, b'b']).is_some(), sound, "{byte}");
    }
}

#[test]
fn a_body_makes_a_post_and_so_do_some_paths() {
    assert!(!is_post(b"/get-session", false));
    assert!(is_post(b"/get-session", true));
    for path in ["/sign-out", "/revoke-sessions", "/revoke-other-sessions", "/delete-user", "/device/code"] {
        assert!(is_post(path.as_bytes(), false), "{path}");
    }
    for path in ["/sign-ou", "/sign-outs", "/sign-out/", "", "/", "/revoke-session", "/device"] {
        assert!(!is_post(path.as_bytes(), false), "{path}");
    }
}

#[test]
fn a_path_that_is_too_long_is_none() {
    assert_eq!(path_of(&[b'a'; MAX_TEXT - 1]).unwrap().len(), MAX_TEXT);
    assert!(path_of(&[b'a'; MAX_TEXT]).is_none());
    // Every capital but the first gets a dash.
    assert!(path_of("aB".repeat(MAX_TEXT / 3).as_bytes()).is_some());
    assert!(path_of("aB".repeat(MAX_TEXT / 2).as_bytes()).is_none());
}
