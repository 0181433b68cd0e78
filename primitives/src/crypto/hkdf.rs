//! HKDF (RFC 5869) with SHA-256.

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Derives `N` bytes from the key material `ikm`. Returns `None` if `N` exceeds 255 × 32, HKDF's own limit.
pub fn derive<const N: usize>(salt: &[u8], ikm: &[u8], info: &[u8]) -> Option<Zeroizing<[u8; N]>> {
    let mut okm = Zeroizing::new([0; N]);
    expand(salt, ikm, info, okm.as_mut())?;
    Some(okm)
}

#[inline(never)] // one copy for all lengths
fn expand(salt: &[u8], ikm: &[u8], info: &[u8], okm: &mut [u8]) -> Option<()> {
    Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, okm).ok()
}
