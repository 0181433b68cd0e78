//! The headers of responses that depend on a visitor.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// Headers that shared caches obey instead of `cache-control`.
const SHARED: [&str; 4] =
    ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control", "vercel-cdn-cache-control"];

/// Forbids caches to store a response.
pub(crate) fn make_private(headers: &mut HeaderMap) {
    if !forbids_storing(headers) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    }
    for name in SHARED {
        headers.remove(name);
    }
    let varies = headers.get_all(header::VARY).iter().filter_map(|value| value.to_str().ok()).any(|names| {
        names.split(',').any(|name| matches!(name.trim(), "*") || name.trim().eq_ignore_ascii_case("cookie"))
    });
    if !varies {
        headers.append(header::VARY, HeaderValue::from_static("cookie"));
    }
}

/// Returns whether `no-store` is set. Under `must-understand` a cache may ignore it (RFC 9111 §5.2.2.3).
fn forbids_storing(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::CACHE_CONTROL);
    let has = |wanted: &str| {
        let texts = values.iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| text.split(',')).any(|directive| directive.trim().eq_ignore_ascii_case(wanted))
    };
    has("no-store") && !has("must-understand")
}

/// Adds the cookies of the origin before those that the response sets itself, so that a cookie that the application sets (a
/// sign-out, for example) wins.
pub(crate) fn add_cookies(headers: &mut HeaderMap, lines: &[HeaderValue]) {
    if lines.is_empty() {
        return;
    }
    let own: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    let is_set = |line: &HeaderValue| own.iter().any(|own| name_of(own) == name_of(line));
    for line in lines.iter().filter(|line| !is_set(line)).chain(&own) {
        headers.append(header::SET_COOKIE, line.clone());
    }
}

fn name_of(line: &HeaderValue) -> &[u8] {
    let name = line.as_bytes().split(|byte| *byte == b'=').next().unwrap_or_default();
    name.trim_ascii()
}

/// Removes the headers that only a gate may set, and those by which some servers replace the path. CGI-like servers read `_`
/// as `-`.
pub(crate) fn remove_forged(headers: &mut HeaderMap) {
    let is_forged = |name: &HeaderName| {
        let name = name.as_str().replace('_', "-");
        name.starts_with("x-better-session-")
            || name.starts_with("x-middleware-")
            || matches!(name.as_str(), "x-original-url" | "x-rewrite-url" | "x-original-uri")
    };
    let forged: Vec<HeaderName> = headers.keys().filter(|name| is_forged(name)).cloned().collect();
    for name in forged {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(headers: &HeaderMap) -> Vec<&str> {
        headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect()
    }

    #[test]
    fn the_applications_cookies_win_over_the_origins_of_the_same_name() {
        let mut headers = HeaderMap::new();
        headers.append(header::SET_COOKIE, HeaderValue::from_static("session=; Max-Age=0"));
        headers.append(header::SET_COOKIE, HeaderValue::from_static("theme=dark"));
        let origin = [HeaderValue::from_static("session=new; Path=/"), HeaderValue::from_static("data=x")];
        add_cookies(&mut headers, &origin);
        assert_eq!(lines(&headers), ["data=x", "session=; Max-Age=0", "theme=dark"]);
    }

    #[test]
    fn a_private_response_keeps_its_own_no_store_and_vary() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, Cookie"));
        headers.insert("cdn-cache-control", HeaderValue::from_static("max-age=60"));
        make_private(&mut headers);
        assert_eq!(headers.len(), 2);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
        headers.remove(header::VARY);
        make_private(&mut headers);
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-store");
        assert_eq!(headers[header::VARY], "cookie");
    }

    #[test]
    fn forged_headers_are_removed_however_they_are_spelt() {
        let mut headers = HeaderMap::new();
        for name in [
            "x-better-session-identity",
            "x_better_session_identity",
            "x-original-url",
            "x-middleware-next",
            "accept",
        ] {
            headers.insert(name, HeaderValue::from_static("1"));
        }
        remove_forged(&mut headers);
        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["accept"]);
    }
}
