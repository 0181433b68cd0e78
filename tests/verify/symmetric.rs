use better_session::Secret;
use better_session::cache::symmetric::{DecryptError, decrypt, encrypt};
use better_session::keyring::Keys;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn keys(secrets: &[Secret]) -> Keys {
    Keys::new(secrets).expect("keys")
}

fn bare() -> Keys {
    keys(&[Secret::new(SECRET)])
}

fn rotated() -> Keys {
    keys(&[
        Secret::versioned(2, OTHER_SECRET),
        Secret::versioned(1, SECRET),
        Secret::new("a-legacy-secret-without-a-version"),
    ])
}

/// `symmetricEncrypt` of Better Auth encrypted the vectors.
#[test]
fn decrypt_accepts_text_that_the_server_encrypted() {
    let file = vectors(include_str!("../../vectors/javascript/envelopes.json"));
    for case in cases(&file, "cases") {
        let secrets: Vec<Secret> = cases(case, "secrets")
            .iter()
            .map(|secret| match secret["version"].as_u64() {
                Some(version) => Secret::versioned(u32::try_from(version).unwrap(), text(secret, "value")),
                None => Secret::new(text(secret, "value")),
            })
            .collect();
        let opened = decrypt(&keys(&secrets), text(case, "sealed"));
        assert_eq!(opened.as_deref().ok(), case["text"].as_str(), "{case}");
    }
}

#[test]
fn decrypt_accepts_encrypted_text() {
    for text in ["", "a", "é😀\u{2028}", &"long ".repeat(1000)] {
        for keys in [bare(), rotated()] {
            let encrypted = encrypt(&keys, text, [9; 24]).expect("encrypted");
            assert_eq!(decrypt(&keys, &encrypted).as_deref(), Ok(text));
        }
    }
}

#[test]
fn encrypt_returns_the_servers_forms() {
    assert!(
        encrypt(&rotated(), "x", [0xab; 24])
            .expect("encrypted")
            .starts_with(&format!("$ba$2${}", "ab".repeat(24)))
    );
    assert!(encrypt(&bare(), "x", [0xab; 24]).expect("encrypted").starts_with(&"ab".repeat(24)));
}

#[test]
fn decrypt_uses_the_secret_of_the_version() {
    let encrypted = encrypt(&keys(&[Secret::versioned(1, SECRET)]), "x", [1; 24]).expect("encrypted");
    assert_eq!(decrypt(&rotated(), &encrypted).as_deref(), Ok("x"));
    assert_eq!(decrypt(&rotated(), &encrypted.replace("$ba$1$", "$ba$2$")), Err(DecryptError));
    assert_eq!(decrypt(&rotated(), &encrypted.replace("$ba$1$", "$ba$3$")), Err(DecryptError));
    assert_eq!(decrypt(&bare(), &encrypted), Err(DecryptError));
}

/// Text without a version belongs to the secret without a version, or to the only secret.
#[test]
fn decrypt_without_a_version_uses_the_secret_without_one() {
    let encrypted = encrypt(&bare(), "x", [1; 24]).expect("encrypted");
    assert_eq!(decrypt(&bare(), &encrypted).as_deref(), Ok("x"));
    assert_eq!(decrypt(&keys(&[Secret::versioned(1, SECRET)]), &encrypted).as_deref(), Ok("x"));
    assert_eq!(
        decrypt(&keys(&[Secret::versioned(2, OTHER_SECRET), Secret::new(SECRET)]), &encrypted).as_deref(),
        Ok("x")
    );
    assert_eq!(
        decrypt(&keys(&[Secret::versioned(2, OTHER_SECRET), Secret::versioned(1, SECRET)]), &encrypted),
        Err(DecryptError)
    );
}

#[test]
fn decrypt_rejects_malformed_text() {
    let encrypted = encrypt(&rotated(), "text", [1; 24]).expect("encrypted");
    for other in [
        "",
        "$ba$",
        "$ba$2",
        "$ba$2$",
        "$ba$x$00",
        "$ba$-1$00",
        "$ba$2$0",
        "$ba$2$zz",
        "zz",
        "é",
        "00",
        &"00".repeat(23),
        &"00".repeat(24),
        &"00".repeat(40),
    ] {
        assert_eq!(decrypt(&rotated(), other), Err(DecryptError), "{other}");
        assert_eq!(decrypt(&bare(), other), Err(DecryptError), "{other}");
    }
    for length in 0..encrypted.len() {
        assert_eq!(decrypt(&rotated(), &encrypted[..length]), Err(DecryptError), "{length}");
    }
}

#[test]
fn decrypt_rejects_every_flipped_bit() {
    let encrypted = encrypt(&bare(), "text", [1; 24]).expect("encrypted");
    for at in 0..encrypted.len() {
        let digit = char::from(encrypted.as_bytes()[at]).to_digit(16).unwrap();
        for bit in [1, 2, 4, 8] {
            let flipped = char::from_digit(digit ^ bit, 16).unwrap();
            let changed = format!("{}{flipped}{}", &encrypted[..at], &encrypted[at + 1..]);
            assert_eq!(decrypt(&bare(), &changed), Err(DecryptError), "digit {at}");
        }
    }
}

#[test]
fn decrypt_error_is_a_sentence_without_the_text() {
    assert_eq!(DecryptError.to_string(), "the text cannot be decrypted");
}
