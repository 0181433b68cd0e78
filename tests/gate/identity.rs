use better_session::Secret;
use better_session::gate::identity::{IdentityCipher, LIFETIME, SKEW};
use better_session::keyring::Keys;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn cipher(secrets: &[&str]) -> IdentityCipher {
    let secrets: Vec<_> =
        secrets.iter().zip(1..).map(|(value, version)| Secret::versioned(version, value)).collect();
    IdentityCipher::new(&Keys::new(&secrets).expect("keys"))
}

fn encrypted() -> String {
    cipher(&[SECRET]).encrypt(SESSION, USER, "GET", "/account", NOW, [9; 24]).expect("encrypted")
}

#[test]
fn decrypt_returns_the_text_for_the_same_request() {
    let text = cipher(&[SECRET]).decrypt(&encrypted(), "GET", "/account", NOW + 10).expect("opens");
    assert_eq!(text, format!(r#"{{"at":{NOW},"session":{SESSION},"user":{USER}}}"#));
}

#[test]
fn encrypt_hides_the_user() {
    assert!(
        !encrypted().contains("Ada")
            && encrypted().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
}

#[test]
fn decrypt_rejects_another_method_or_path() {
    let own = cipher(&[SECRET]);
    for (method, path) in
        [("POST", "/account"), ("GET", "/account/"), ("GET", "/"), ("GET", "/Account"), ("", "GET /account")]
    {
        assert!(own.decrypt(&encrypted(), method, path, NOW).is_err(), "{method} {path}");
    }
}

#[test]
fn decrypt_rejects_an_identity_outside_its_lifetime() {
    let own = cipher(&[SECRET]);
    for (later, opens) in [
        (0, true),
        (LIFETIME, true),
        (LIFETIME + 1, false),
        (-SKEW, true),
        (-SKEW - 1, false),
        (i64::MAX - NOW, false),
    ] {
        assert_eq!(own.decrypt(&encrypted(), "GET", "/account", NOW + later).is_ok(), opens, "{later}");
    }
}

#[test]
fn decrypt_accepts_every_configured_secret() {
    assert!(cipher(&["new", SECRET]).decrypt(&encrypted(), "GET", "/account", NOW).is_ok());
    assert!(cipher(&["new"]).decrypt(&encrypted(), "GET", "/account", NOW).is_err());
}

#[test]
fn decrypt_rejects_any_change() {
    let own = cipher(&[SECRET]);
    let header = encrypted();
    for at in 0..header.len() {
        let mut bytes = header.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(own.decrypt(&changed, "GET", "/account", NOW).is_err(), "{at}");
    }
    for garbage in ["", "A", "!!!!", &header[..header.len() - 1], &header[..32], &"A".repeat(70_000)] {
        assert!(own.decrypt(garbage, "GET", "/account", NOW).is_err());
    }
}
