//! base64: the `base64` crate, `base64-simd` and the primitives agree on any bytes.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use better_session::primitives::encoding;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // Decoding: the same bytes or no bytes, and one spelling each.
    let url = URL_SAFE_NO_PAD.decode(data).ok();
    assert_eq!(url, base64_simd::URL_SAFE_NO_PAD.decode_to_vec(data).ok());
    assert_eq!(url, encoding::decode_base64url(data));
    let standard = STANDARD.decode(data).ok();
    assert_eq!(standard, base64_simd::STANDARD.decode_to_vec(data).ok());
    if let Ok(text) = std::str::from_utf8(data) {
        assert_eq!(standard, encoding::decode_base64(text));
    }
    if let Some(bytes) = url {
        assert_eq!(encoding::encode_base64url(&bytes).as_bytes(), data);
    }
    if let Some(bytes) = standard {
        let mut text = String::new();
        encoding::push_base64(&mut text, &bytes);
        assert_eq!(text.as_bytes(), data);
    }
    // Encoding.
    let text = encoding::encode_base64url(data);
    assert_eq!(text, URL_SAFE_NO_PAD.encode(data));
    assert_eq!(text, base64_simd::URL_SAFE_NO_PAD.encode_to_string(data));
    assert_eq!(encoding::decode_base64url(&text).as_deref(), Some(data));
    let text = STANDARD.encode(data);
    assert_eq!(text, base64_simd::STANDARD.encode_to_string(data));
    assert_eq!(encoding::decode_base64(&text).as_deref(), Some(data));
});
