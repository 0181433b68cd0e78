//! AES-256 (FIPS 197): RustCrypto's, and in a module with SIMD our own.
//!
//! RustCrypto's portable AES is bit-sliced, once for single blocks and once for groups: 9 kB of WebAssembly, an eighth of
//! the core. With a block in a register there is nothing to slice: 2.5 kB, and a little faster. The tests hold the one
//! against the other.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod tables;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use simd::Aes256;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use rustcrypto::Aes256;

#[cfg(any(test, not(all(target_arch = "wasm32", target_feature = "simd128"))))]
mod rustcrypto {
    use aes::cipher::{BlockCipherDecrypt as _, BlockCipherEncrypt as _, KeyInit as _};

    /// An expanded key. Wiped when dropped.
    pub(crate) struct Aes256(aes::Aes256);

    impl Aes256 {
        pub(crate) fn new(key: &[u8; 32]) -> Self {
            Self(aes::Aes256::new(key.into()))
        }

        pub(crate) fn encrypt(&self, block: [u8; 16]) -> [u8; 16] {
            let mut block = block.into();
            self.0.encrypt_block(&mut block);
            block.into()
        }

        /// Every block by itself.
        pub(crate) fn decrypt(&self, blocks: &mut [[u8; 16]]) {
            self.0.decrypt_blocks(aes::Block::cast_slice_from_core_mut(blocks));
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::Aes256;

    /// FIPS 197 appendix C.3.
    #[test]
    fn example_of_the_standard() {
        let key = std::array::from_fn(|at| at as u8);
        let plain = std::array::from_fn(|at| at as u8 * 0x11);
        let expected = 0x8ea2b7ca516745bfeafc49904b496089_u128.to_be_bytes();
        let aes = Aes256::new(&key);
        assert_eq!(aes.encrypt(plain), expected);
        let mut blocks = [expected];
        aes.decrypt(&mut blocks);
        assert_eq!(blocks, [plain]);
    }

    /// Blocks with every byte in every place, keys of one byte throughout and such as come of answers.
    #[test]
    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))] // elsewhere it is the library's
    fn as_the_library_has_it() {
        use super::rustcrypto;
        for byte in 0..=255 {
            let (ours, theirs) = (Aes256::new(&[byte; 32]), rustcrypto::Aes256::new(&[byte; 32]));
            assert_eq!(ours.encrypt([byte; 16]), theirs.encrypt([byte; 16]), "{byte}");
        }
        let mut key = [0u8; 32];
        let mut block = [0u8; 16];
        for round in 0..=255u8 {
            let (ours, theirs) = (Aes256::new(&key), rustcrypto::Aes256::new(&key));
            let mut blocks: Vec<[u8; 16]> = (0..usize::from(round % 9)).map(|_| next(&mut block)).collect();
            blocks.push([round; 16]);
            let sealed: Vec<[u8; 16]> = blocks.iter().map(|block| ours.encrypt(*block)).collect();
            assert_eq!(sealed, blocks.iter().map(|block| theirs.encrypt(*block)).collect::<Vec<_>>());
            let (mut opened, mut expected) = (blocks.clone(), blocks);
            ours.decrypt(&mut opened);
            theirs.decrypt(&mut expected);
            assert_eq!(opened, expected, "{round}");
            key.rotate_left(1);
            key[0] ^= round;
            key[16] = key[16].wrapping_add(sealed[0][3]);
            block = sealed[0];
        }
    }

    #[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
    fn next(block: &mut [u8; 16]) -> [u8; 16] {
        block.rotate_left(1);
        block[0] = block[0].wrapping_mul(5).wrapping_add(1);
        *block
    }
}
