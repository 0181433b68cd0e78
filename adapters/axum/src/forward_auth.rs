//! Forward authentication: a proxy asks before it forwards a visitor's request.

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use better_session::gate::identity::HEADER;

use crate::error::BuildError;
use crate::gate::{Proven, Ruling, SessionGate};
use crate::layer::{finish, is_prefetch};
use crate::rejection::SessionRejection;

/// The header with the encrypted identity.
const IDENTITY: HeaderName = HeaderName::from_static(HEADER);

/// The headers in which the proxy names the request that it would forward.
#[derive(Debug, Clone)]
pub struct ForwardAuthHeaders {
    /// The header with the method.
    pub method: HeaderName,
    /// The header with path and query, or with a URL.
    pub uri: HeaderName,
    /// The proxy passes redirects on. False for nginx, which accepts 2xx, 401 and 403 alone: then no other status is used. Default
    /// true.
    pub redirect: bool,
}

impl Default for ForwardAuthHeaders {
    /// Returns the headers that Traefik and Caddy set.
    fn default() -> Self {
        let name = HeaderName::from_static;
        Self { method: name("x-forwarded-method"), uri: name("x-forwarded-uri"), redirect: true }
    }
}

/// Answers a proxy that asks whether it may forward a request.
#[derive(Debug, Clone)]
pub struct ForwardAuth {
    gate: SessionGate,
    headers: ForwardAuthHeaders,
}

impl ForwardAuth {
    /// Creates the service. The rules of routes are those of the gate; without any every path needs a session.
    ///
    /// # Errors
    /// Returns an error unless the gate trusts its proxy: otherwise a visitor could name the path that is judged.
    pub fn new(gate: SessionGate, headers: ForwardAuthHeaders) -> Result<Self, BuildError> {
        if !gate.trusts_proxy() || headers.method == headers.uri {
            return Err(BuildError::invalid(
                "forward authentication needs trust_proxy, and the names of two headers",
            ));
        }
        Ok(Self { gate, headers })
    }

    /// Answers the request of a proxy: 200 with the visitor's identity in `x-better-session-identity` (empty if the visitor is signed
    /// out, so that the proxy replaces a forged one), or the refusal. A missing, repeated or invalid header is a 401. Calls of the
    /// auth API are let through.
    pub async fn respond(&self, parts: &Parts) -> Response {
        let Some((method, url)) = self.original(&parts.headers) else {
            return SessionRejection::Unauthenticated { reason: None, location: None }.into_response();
        };
        if is_rewritten(url) {
            return self.acceptable(SessionRejection::InvalidPath { code: "BAD_REQUEST" }.into_response());
        }
        let request = self.gate.read(parts).of_original(method, url, self.headers.redirect);
        match self.gate.rule(&request).await {
            Ruling::AuthCall { set_cookies, .. } => {
                let mut response = StatusCode::OK.into_response();
                finish(&mut response, &set_cookies);
                response
            }
            Ruling::Refuse(rejection, set_cookies) => {
                let is_prefetch = is_prefetch(&parts.headers);
                let rejection = if is_prefetch { rejection.without_redirect() } else { rejection };
                let mut response = self.acceptable(rejection.into_response());
                finish(&mut response, &set_cookies);
                response
            }
            Ruling::Pass { path, visitor } => {
                let (proven, set_cookies) = match visitor {
                    Some(visitor) => (visitor.session.ok(), visitor.set_cookies),
                    None => (self.gate.proven_by_cookies(&request).await, Vec::new()),
                };
                let seal = |proven: &Proven| self.gate.seal(proven, &request, &path);
                let identity = proven.as_ref().and_then(seal).unwrap_or(HeaderValue::from_static(""));
                let mut response = StatusCode::OK.into_response();
                response.headers_mut().insert(IDENTITY, identity);
                finish(&mut response, &set_cookies);
                response
            }
        }
    }

    /// Returns method and target of the visitor's request.
    fn original<'a>(&self, headers: &'a HeaderMap) -> Option<(&'a str, &'a str)> {
        let method = only(headers, &self.headers.method)?;
        let is_method = !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_method || matches!(method, "CONNECT" | "TRACE" | "TRACK") {
            return None;
        }
        path_of(only(headers, &self.headers.uri)?).map(|path| (method, path))
    }

    /// Returns a refusal with the status 403 if the proxy accepts no other than 401 and 403.
    fn acceptable(&self, mut response: Response) -> Response {
        let status = response.status();
        let is_accepted = !status.is_client_error() || matches!(status.as_u16(), 401 | 403);
        if !self.headers.redirect && !is_accepted {
            *response.status_mut() = StatusCode::FORBIDDEN;
        }
        response
    }
}

/// Returns whether a path has segments that normalisation removes, or backslashes, which some servers read as slashes. The proxy
/// forwards the path as it came, so another one than was judged would be served.
fn is_rewritten(target: &str) -> bool {
    let path = target.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    path.contains('\\') || path.split('/').any(|segment| matches!(segment, "." | ".."))
}

/// Returns the value of a header that occurs once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

/// Returns the path and the query of a target or an http(s) URL; `None` for any other text. Two headers that a proxy has joined
/// contain a space.
fn path_of(text: &str) -> Option<&str> {
    let path = if text.starts_with('/') {
        text
    } else {
        let (scheme, rest) = text.split_once("://")?;
        let is_http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        let start = rest.find(['/', '?'])?;
        let path = rest.get(start..)?;
        if !is_http || start == 0 || !path.starts_with('/') {
            return None;
        }
        path
    };
    (!text.contains('#') && !text.contains(char::is_whitespace)).then_some(path)
}

#[cfg(test)]
mod tests;
