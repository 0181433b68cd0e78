//! Public keys (RFC 7517 §4), and the signatures that they verify (RFC 7518 §3, RFC 8037 §3.1).

use ed25519_dalek as ed25519;
use p256::ecdsa as es256;
use p521::ecdsa as es512;
use rsa::sha2::Sha256;
use rsa::signature::Verifier as _;
use rsa::{BoxedUint, pkcs1v15, pss};

use crate::cache::decode_base64url;
use crate::json::Raw;
use crate::prelude::*;

/// The size of an RSA modulus in bits: at least that of RFC 7518 §3.3 and §3.5, and at most the library's own limit, because a
/// larger one would make each verification slow.
const MODULUS_BITS: core::ops::RangeInclusive<usize> = 2048..=8192;

/// A public key for one algorithm.
pub(super) enum PublicKey {
    EdDsa(Box<ed25519::VerifyingKey>),
    Es256(Box<es256::VerifyingKey>),
    Es512(Box<es512::VerifyingKey>),
    Rs256(Box<pkcs1v15::VerifyingKey<Sha256>>),
    Ps256(Box<pss::VerifyingKey<Sha256>>),
}

impl PublicKey {
    /// Imports the keys of a JWK: one, or two for an RSA key without `alg`. Returns an empty list if it cannot verify caches.
    pub(super) fn import(jwk: Raw<'_>) -> Vec<Self> {
        let [alg, secret, usage, operations] = jwk.members(["alg", "d", "use", "key_ops"]);
        let alg = alg.filter(|alg| !alg.is_literal("null"));
        let verifies = operations
            .is_none_or(|list| list.each().any(|operation| operation.is_string("verify")) && list.is_array());
        if secret.is_some() || usage.is_some_and(|usage| !usage.is_string("sig")) || !verifies {
            return Vec::new();
        }
        let keys = Self::of_type(jwk).unwrap_or_default();
        keys.into_iter().filter(|key| alg.is_none_or(|alg| alg.is_string(key.alg()))).collect()
    }

    /// Returns a key for each algorithm that the type of a JWK allows.
    fn of_type(jwk: Raw<'_>) -> Option<Vec<Self>> {
        let bytes = |name: &str| decode_base64url(jwk.member(name)?.string()?.as_ref());
        let is = |name: &str, value: &str| jwk.member(name).is_some_and(|member| member.is_string(value));
        let point = || Some([&[4][..], &bytes("x")?, &bytes("y")?].concat());
        Some(if is("kty", "OKP") && is("crv", "Ed25519") {
            let point = bytes("x")?.try_into().ok()?;
            vec![Self::EdDsa(Box::new(ed25519::VerifyingKey::from_bytes(&point).ok()?))]
        } else if is("kty", "EC") && is("crv", "P-256") {
            vec![Self::Es256(Box::new(es256::VerifyingKey::from_sec1_bytes(&point()?).ok()?))]
        } else if is("kty", "EC") && is("crv", "P-521") {
            vec![Self::Es512(Box::new(es512::VerifyingKey::from_sec1_bytes(&point()?).ok()?))]
        } else if is("kty", "RSA") {
            let number = |name| Some(BoxedUint::from_be_slice_vartime(&bytes(name)?));
            let key = rsa::PublicKey::new_with_size_limits(number("n")?, number("e")?, MODULUS_BITS).ok()?;
            vec![
                Self::Rs256(Box::new(pkcs1v15::VerifyingKey::new(key.clone()))),
                Self::Ps256(Box::new(pss::VerifyingKey::new(key))),
            ]
        } else {
            return None;
        })
    }

    /// Returns the algorithm's name in `alg`.
    pub(super) const fn alg(&self) -> &'static str {
        match self {
            Self::EdDsa(_) => "EdDSA",
            Self::Es256(_) => "ES256",
            Self::Es512(_) => "ES512",
            Self::Rs256(_) => "RS256",
            Self::Ps256(_) => "PS256",
        }
    }

    /// Returns whether `signature` is this key's over `text`.
    pub(super) fn verifies(&self, text: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::EdDsa(key) => ed25519::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(text, &signature).is_ok()),
            Self::Es256(key) => es256::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(text, &signature).is_ok()),
            Self::Es512(key) => es512::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(text, &signature).is_ok()),
            Self::Rs256(key) => pkcs1v15::Signature::try_from(signature)
                .is_ok_and(|signature| key.verify(text, &signature).is_ok()),
            Self::Ps256(key) => pss::Signature::try_from(signature)
                .is_ok_and(|signature| key.verify(text, &signature).is_ok()),
        }
    }
}

/// Returns whether a key for caches can have this algorithm.
pub(super) fn is_algorithm(alg: &str) -> bool {
    matches!(alg, "EdDSA" | "ES256" | "ES512" | "RS256" | "PS256")
}
