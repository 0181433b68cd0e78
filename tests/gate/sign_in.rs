use better_session::gate::sign_in::{MAX_CALLBACK_BYTES, same_origin, sign_in_location, wants_page};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn wants_page_of_each_kind_of_request() {
    let html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    for (method, accept, mode, page) in [
        ("GET", html, "navigate", true),
        ("HEAD", html, "", true),
        ("GET", "*/*", "navigate", true),
        ("GET", html, "", true),
        ("GET", "TEXT/HTML", "", true),
        ("GET", "text/html;q=0.1", "", true),
        ("GET", "text/html;q=0.0", "", false),
        ("GET", "text/html; charset=utf-8; Q=0", "", false),
        ("GET", "application/json", "", false),
        ("GET", "*/*", "", false),
        ("GET", "", "", false),
        ("GET", html, "cors", false),
        ("GET", html, "same-origin", false),
        ("POST", html, "navigate", false),
        ("get", html, "navigate", false),
        ("DELETE", html, "", false),
    ] {
        assert_eq!(wants_page(method, accept, mode), page, "{method} {accept} {mode}");
    }
}

#[test]
fn sign_in_location_has_a_relative_callback() {
    assert_eq!(sign_in_location("/in", "", "/a/b", "?c=d&e"), "/in?callbackURL=%2Fa%2Fb%3Fc%3Dd%26e");
    assert_eq!(sign_in_location("/in?x=1", "", "/", ""), "/in?x=1&callbackURL=%2F");
    assert_eq!(sign_in_location("/in#form", "", "/a", ""), "/in?callbackURL=%2Fa#form");
    assert_eq!(
        sign_in_location("https://id.example/in", "https://app.example", "/a", ""),
        "https://id.example/in?callbackURL=https%3A%2F%2Fapp.example%2Fa"
    );
}

#[test]
fn sign_in_location_limits_the_callback() {
    let query = format!("?{}", "q".repeat(MAX_CALLBACK_BYTES));
    assert_eq!(sign_in_location("/in", "", "/a", &query), "/in?callbackURL=%2Fa");
    let path = format!("/{}", "p".repeat(MAX_CALLBACK_BYTES));
    assert_eq!(sign_in_location("/in", "", &path, ""), "/in");
}

#[test]
fn same_origin_compares_scheme_host_and_port() {
    for (one, other, expected) in [
        ("https://app.example/in", "https://APP.example:443/x?y", true),
        ("http://app.example", "http://app.example:80", true),
        ("http://app.example:443", "https://app.example", false),
        ("https://app.example:8443", "https://app.example", false),
        ("https://app.example", "https://app.example.evil", false),
        ("https://user@app.example", "https://user@app.example", false),
        ("https://", "https://", false),
        ("https://:443", "https://:443", false),
        ("ftp://app.example", "ftp://app.example", false),
        ("/in", "/in", false),
    ] {
        assert_eq!(same_origin(one, other), expected, "{one} {other}");
    }
}
