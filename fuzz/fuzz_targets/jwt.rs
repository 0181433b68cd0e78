//! The strategy `jwt`: decoding, opening and minting, and tokens with any header and claims under a valid signature.
#![no_main]

use better_session::Strategy;
use better_session_fuzz::{NOW, VERIFIER, at, check_codec, check_object, hmac};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    check_codec(Strategy::Jwt, data);
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (header, claims) = text.split_once('\0').unwrap_or((r#"{"alg":"HS256"}"#, text));
    let input = format!("{}.{}", base64url(header), base64url(claims));
    let token = format!("{input}.{}", hmac(&input));
    if let Ok(cached) = VERIFIER.open(&token, at(NOW)) {
        check_object(header);
        check_object(claims);
        check_object(&cached.session.json);
        check_object(&cached.user.json);
    }
});

fn base64url(text: &str) -> String {
    base64_simd::URL_SAFE_NO_PAD.encode_to_string(text)
}
