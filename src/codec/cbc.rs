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
