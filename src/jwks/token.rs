//! The header and the registered claims of a cache that a key set verifies. `pkg/src/jwks/token.ts` has the same rules.

use crate::cache::jose_header::{header_text, object};
use crate::cache::{KEY_SET_TYPE, decode_base64url, decode_text};
use crate::json::Raw;
use crate::jwks::key::is_algorithm;
use crate::prelude::*;
use crate::primitives::bytes::split_once;
use crate::verdict::StaleReason;

/// A parsed cache whose signature has not been verified yet.
pub(super) struct SignedCache<'a> {
    pub(super) kid: String,
    pub(super) alg: String,
    pub(super) signed: &'a str,
    pub(super) claims: &'a str,
    pub(super) signature: Vec<u8>,
}

/// Parses a cache and checks its header.
pub(super) fn parse(value: &str) -> Result<SignedCache<'_>, StaleReason> {
    use StaleReason::{CacheMalformed, StrategyMismatch, WrongType};
    let (head, rest) = split_once(value, b'.').ok_or(CacheMalformed)?;
    let (claims, signature) = split_once(rest, b'.').ok_or(CacheMalformed)?;
    let signed =
        value.strip_suffix(signature).and_then(|rest| rest.strip_suffix('.')).ok_or(CacheMalformed)?;
    if claims.is_empty() || signature.is_empty() {
        return Err(CacheMalformed);
    }
    let header = header_text(head).ok_or(CacheMalformed)?;
    let [typ, kid, alg, crit] = object(&header).ok_or(CacheMalformed)?.members(["typ", "kid", "alg", "crit"]);
    if alg.is_some_and(|alg| alg.is_string("HS256")) && typ.is_none() && kid.is_none() {
        return Err(StrategyMismatch);
    }
    if !typ.is_some_and(|typ| typ.is_string(KEY_SET_TYPE)) {
        return Err(WrongType);
    }
    let kid = kid.and_then(Raw::owned).filter(|kid| !kid.is_empty()).ok_or(CacheMalformed)?;
    let alg = alg.and_then(Raw::owned).filter(|alg| is_algorithm(alg)).ok_or(CacheMalformed)?;
    if crit.is_some() {
        return Err(CacheMalformed);
    }
    let signature = decode_base64url(signature).ok_or(CacheMalformed)?;
    Ok(SignedCache { kid, alg, signed, claims, signature })
}

/// Checks issuer, audience, and that `sub` and `sid` are the user and session in the cache. `claims` is the authenticated
/// segment.
pub(super) fn check_claims(claims: &str, issuers: &[String], audience: &str) -> Result<(), StaleReason> {
    use StaleReason::{CacheMalformed, WrongType};
    let text = decode_text(claims).ok_or(CacheMalformed)?;
    let claims = object(&text).ok_or(CacheMalformed)?;
    let [iss, aud, sub, sid] = claims.members(["iss", "aud", "sub", "sid"]);
    let aud = aud.ok_or(WrongType)?;
    let listed = aud.is_array() && aud.each().any(|aud| aud.is_string(audience));
    if !listed && !aud.is_string(audience) {
        return Err(WrongType);
    }
    if !iss.is_some_and(|iss| issuers.iter().any(|issuer| iss.is_string(issuer))) {
        return Err(CacheMalformed);
    }
    let is = |claim: Option<Raw<'_>>, record, member| {
        let stored =
            claims.member(record).and_then(|record: Raw<'_>| record.member(member)).and_then(Raw::owned);
        stored.is_some_and(|stored| claim.is_some_and(|claim| claim.is_string(&stored)))
    };
    if is(sub, "user", "id") && is(sid, "session", "token") { Ok(()) } else { Err(CacheMalformed) }
}
