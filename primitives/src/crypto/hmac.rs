//! HMAC (RFC 2104) with SHA-256 and SHA-512.

use hmac::{Hmac, KeyInit as _, Mac};
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq as _;

/// A key of HMAC-SHA-256, kept as the hash states that it starts from and wiped when dropped.
#[derive(Clone)]
pub struct HmacSha256(Hmac<Sha256>);

impl HmacSha256 {
    /// Takes a key of any length. The library's signature can fail, so this one can.
    pub fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(Self)
    }

    /// Returns the MAC of the concatenation of `parts`.
    #[inline(never)] // the hash is compiled into every caller of the library
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        finalize(&self.0, parts).into()
    }

    /// Returns whether `tag` is the whole MAC of the concatenation of `parts`, in constant time.
    pub fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        equal(&self.sign(parts), tag)
    }
}

/// A key of HMAC-SHA-512 truncated to its first 32 bytes, as A256CBC-HS512 uses it.
#[derive(Clone)]
pub struct HmacSha512Half(Hmac<Sha512>);

impl HmacSha512Half {
    /// Takes a key of any length; see [`HmacSha256::new`].
    pub fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(Self)
    }

    /// Returns the first half of the MAC of the concatenation of `parts`.
    #[inline(never)]
    pub fn sign(&self, parts: &[&[u8]]) -> [u8; 32] {
        let full: [u8; 64] = finalize(&self.0, parts).into();
        let mut halves = [[0; 32]; 2];
        halves.as_flattened_mut().copy_from_slice(&full);
        let [first, _] = halves;
        first
    }

    /// Returns whether `tag` is the whole first half of that MAC, in constant time.
    pub fn verify(&self, parts: &[&[u8]], tag: &[u8]) -> bool {
        equal(&self.sign(parts), tag)
    }
}

/// Compares in constant time, eight bytes at a time: the library's comparison costs the same for a word as for a byte.
fn equal(mac: &[u8; 32], tag: &[u8]) -> bool {
    let tag = <&[u8; 32]>::try_from(tag).ok().and_then(words);
    words(mac).zip(tag).is_some_and(|(mac, tag)| mac.ct_eq(&tag).into())
}

fn words(bytes: &[u8; 32]) -> Option<[u64; 4]> {
    let ([a, b, c, d], []) = bytes.as_chunks::<8>() else { return None };
    Some([a, b, c, d].map(|word| u64::from_ne_bytes(*word)))
}

fn finalize<M: Mac + Clone>(key: &M, parts: &[&[u8]]) -> hmac::digest::Output<M> {
    let mut mac = key.clone();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes()
}
