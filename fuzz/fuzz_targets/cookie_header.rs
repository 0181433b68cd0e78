//! The parser of the `Cookie` header, and percent-encoding.
#![no_main]

use better_session::cookie::header::{pairs, percent_decode, percent_encode};
use better_session::cookie::session_cookies::{CookieNames, Scheme, read};
use better_session_fuzz::with_pieces;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static NAMES: LazyLock<CookieNames> = LazyLock::new(CookieNames::default);

fuzz_target!(|data: &[u8]| {
    let Some(header) = with_pieces(data) else { return };
    let mut count = 0;
    for pair in pairs(&header) {
        count += 1;
        assert!(!pair.name.contains(['=', ';']) && !pair.value.contains(';'));
        let decoded = percent_decode(pair.value);
        assert!(decoded == pair.value || is_decoded(pair.value, &decoded));
        if pair.is_well_formed() {
            let written = format!("{}=\"{}\"", pair.name, pair.value);
            assert!(pairs(&written).eq([pair]), "a well-formed pair is read back");
        }
    }
    assert!(count <= header.split(';').count());

    let encoded = percent_encode(&header);
    assert!(encoded.is_ascii() && percent_decode(&encoded) == header);
    let decoded = percent_decode(&header);
    assert!(decoded == header || is_decoded(&header, &decoded));

    // Other cookies make no difference.
    let among = format!("a=1; {header}; b=2");
    let scheme = [None, Some(Scheme::Http), Some(Scheme::Https)][data.len() % 3];
    let (one, two) = (read(&NAMES, &header, scheme), read(&NAMES, &among, scheme));
    assert_eq!(
        (one.token, one.cache, one.dont_remember, one.secure),
        (two.token, two.cache, two.dont_remember, two.secure)
    );
});

/// Returns whether another library decodes `text` to `decoded`.
fn is_decoded(text: &str, decoded: &str) -> bool {
    percent_encoding::percent_decode_str(text).decode_utf8().is_ok_and(|other| other == decoded)
}
