//! SHA-256 (FIPS 180-4).

use sha2::{Digest as _, Sha256};

/// Returns the digest of the concatenation of `parts`.
#[inline(never)]
pub fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}
