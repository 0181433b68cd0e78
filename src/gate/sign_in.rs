//! The sign-in redirect: which requests get it instead of a JSON response, and its `Location`.

use crate::cookie::header::percent_encode;
use crate::prelude::*;

/// Longest path and query of a `callbackURL`, in bytes before encoding. A longer one loses its query, then is omitted.
pub const MAX_CALLBACK_BYTES: usize = 2048;

/// Returns whether a request is for a page: a GET or HEAD that the browser marks as a navigation (Fetch Metadata), or,
/// without that header, that accepts HTML.
#[must_use]
pub fn wants_page(method: &str, accept: &str, fetch_mode: &str) -> bool {
    matches!(method, "GET" | "HEAD")
        && match fetch_mode {
            "" => accepts_html(accept),
            mode => mode == "navigate",
        }
}

/// Returns the `Location` of the sign-in page with a `callbackURL`: the path and query of the request, relative, so that
/// they cannot lead to another site. If the sign-in page is on another site, `site` (scheme and host, from the
/// configuration and never from the request) precedes them.
#[must_use]
pub fn sign_in_location(sign_in: &str, site: &str, path: &str, query: &str) -> String {
    let (page, fragment) = sign_in.split_once('#').map_or((sign_in, ""), |(page, fragment)| (page, fragment));
    let mut location = String::from(page);
    if path.len().saturating_add(query.len()) <= MAX_CALLBACK_BYTES {
        add_callback(&mut location, site, path, query);
    } else if path.len() <= MAX_CALLBACK_BYTES {
        add_callback(&mut location, site, path, "");
    }
    if !fragment.is_empty() {
        location.push('#');
        location.push_str(fragment);
    }
    location
}

/// Returns whether `url` is a valid sign-in page: an absolute path, or an http(s) URL with a host.
#[must_use]
pub fn is_sign_in_url(url: &str) -> bool {
    let relative = url.starts_with('/') && !url.starts_with("//") && !url.starts_with("/\\");
    let absolute = ["https://", "http://"]
        .iter()
        .filter_map(|scheme| url.strip_prefix(scheme))
        .filter_map(|rest| rest.split(['/', '?', '#', '\\']).next())
        .filter_map(|authority| authority.rsplit('@').next())
        .any(|host| !host.is_empty() && !host.starts_with(':'));
    (relative || absolute) && !url.bytes().any(|byte| byte <= b' ' || byte >= 0x7f)
}

/// Returns scheme and host of an absolute URL (`https://app.example:8443`), or "".
#[must_use]
pub fn site_of(url: &str) -> &str {
    let Some((scheme, rest)) = url.split_once("://") else { return "" };
    let host = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let end = scheme.len().saturating_add("://".len()).saturating_add(host);
    url.get(..end).unwrap_or_default()
}

/// Returns whether two absolute URLs have the same scheme, host and port (RFC 6454 §5); false if either has user
/// information.
#[must_use]
pub fn same_origin(url: &str, other: &str) -> bool {
    let (Some(one), Some(two)) = (origin_parts(url), origin_parts(other)) else { return false };
    one == two
}

fn origin_parts(url: &str) -> Option<(String, String)> {
    let site = site_of(url).to_ascii_lowercase();
    let (scheme, authority) = site.split_once("://")?;
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => return None,
    };
    let host = authority.strip_suffix(default_port).unwrap_or(authority);
    (!host.is_empty() && !host.contains('@')).then(|| (scheme.into(), host.into()))
}

fn add_callback(location: &mut String, site: &str, path: &str, query: &str) {
    location.push(if location.contains('?') { '&' } else { '?' });
    location.push_str("callbackURL=");
    for part in [site, path, query] {
        location.push_str(&percent_encode(part));
    }
}

/// Returns whether `Accept` has HTML without `q=0` (RFC 9110 §12.5.1).
fn accepts_html(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let html = parts.next().is_some_and(|media| {
            media.eq_ignore_ascii_case("text/html") || media.eq_ignore_ascii_case("application/xhtml+xml")
        });
        html && !parts
            .any(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")).is_some_and(is_zero))
    })
}

fn is_zero(weight: &str) -> bool {
    !weight.is_empty() && weight.bytes().all(|byte| matches!(byte, b'0' | b'.'))
}
