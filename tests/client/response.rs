use better_session::client::response::{Body, Fault, body_of, fault_of};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn a_content_type_says_how_a_body_is_read() {
    let cases: [(&str, Body); 16] = [
        ("", Body::Json),
        ("application/json", Body::Json),
        ("Application/JSON; charset=utf-8", Body::Json),
        (" application/json ", Body::Json),
        ("application/problem+json", Body::Json),
        ("application/jsonl", Body::Blob),
        ("text/plain", Body::Text),
        ("TEXT/csv; header=present", Body::Text),
        ("application/xml", Body::Text),
        ("application/atom+xml", Body::Text),
        ("text/html", Body::Page),
        ("text/HTML; charset=utf-8", Body::Page),
        ("application/octet-stream", Body::Blob),
        ("image/png", Body::Blob),
        ("tex", Body::Blob),
        (";", Body::Json),
    ];
    for (given, expected) in cases {
        assert_eq!(body_of(given.as_bytes()), expected, "{given}");
    }
}

#[test]
fn a_failure_is_named_by_who_ended_it() {
    let cases = [
        // the caller aborted, its own timeout did, our timer fired
        ((false, false, false), Fault::Network),
        ((true, false, false), Fault::Aborted),
        ((true, false, true), Fault::Aborted),
        ((true, true, false), Fault::Timeout),
        ((true, true, true), Fault::Timeout),
        ((false, false, true), Fault::Timeout),
        // A signal that has a reason and was not aborted did nothing.
        ((false, true, false), Fault::Network),
    ];
    for ((aborted, timed_out, fired), expected) in cases {
        assert_eq!(fault_of(aborted, timed_out, fired), expected, "{aborted} {timed_out} {fired}");
    }
}
