use better_session::Secret;
use better_session::gate::session_handle::{PREFIX, decrypt, encrypt};
use better_session::keyring::Keys;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TOKEN: &str = "VNHvxrsNSJGPIK8MXrEPNwMuuWYTnGR5";

fn keys(secrets: &[&str]) -> Keys {
    let secrets: Vec<_> =
        secrets.iter().zip(1..).map(|(value, version)| Secret::versioned(version, value)).collect();
    Keys::new(&secrets).expect("keys")
}

#[test]
fn encrypt_returns_one_handle_for_a_token_and_a_user() {
    let keys = keys(&["a secret of the server, long enough"]);
    let handle = encrypt(&keys, "ada", TOKEN).expect("handle");
    assert_eq!(handle.len(), 100);
    assert!(handle.starts_with(PREFIX) && !handle.contains(TOKEN));
    assert_eq!(encrypt(&keys, "ada", TOKEN), Some(handle.clone()));
    assert_ne!(encrypt(&keys, "grace", TOKEN), Some(handle.clone()));
    assert_eq!(decrypt(&keys, "ada", &handle).as_deref(), Some(TOKEN));
    assert_eq!(decrypt(&keys, "grace", &handle), None);
}

#[test]
fn encrypt_keeps_user_and_token_apart() {
    let keys = keys(&["a secret of the server, long enough"]);
    let (one, other) =
        (encrypt(&keys, "ab", "c").expect("handle"), encrypt(&keys, "a", "bc").expect("handle"));
    // The nonce is a prefix of 24 bytes, 32 characters.
    assert_ne!(&one[..PREFIX.len() + 32], &other[..PREFIX.len() + 32]);
}

#[test]
fn decrypt_reads_handles_of_older_secrets() {
    let handle = encrypt(&keys(&["older"]), "ada", TOKEN).expect("handle");
    assert_eq!(decrypt(&keys(&["newer", "older"]), "ada", &handle).as_deref(), Some(TOKEN));
    assert_eq!(decrypt(&keys(&["newer"]), "ada", &handle), None);
    assert_ne!(encrypt(&keys(&["newer", "older"]), "ada", TOKEN), Some(handle));
}

#[test]
fn decrypt_rejects_text_that_is_not_a_handle() {
    let keys = keys(&["a secret of the server, long enough"]);
    let handle = encrypt(&keys, "ada", TOKEN).expect("handle");
    let long = encrypt(&keys, "ada", &"x".repeat(4096)).expect("handle");
    let shorter = &handle[..handle.len() - 4];
    let bare = &handle[PREFIX.len()..];
    let padded = format!("{handle}=");
    let upper = handle.replacen("sh1", "SH1", 1);
    for text in ["", PREFIX, TOKEN, "sh1_AAAA", "sh1_é", bare, shorter, &padded, &upper, &long] {
        assert_eq!(decrypt(&keys, "ada", text), None, "{text}");
    }
}
