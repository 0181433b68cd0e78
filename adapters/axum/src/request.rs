//! The parts of a visitor's request on which a decision depends, and those that a lookup sends on.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, OriginalUri};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use better_session::gate::GateRequest;
use better_session::{CookieNames, Scheme};

use crate::options::Options;

/// Other headers that the server's `get-session` and its plugins read, with the maximum length that is sent.
const CLIENT_HEADERS: [(HeaderName, usize); 2] = [(header::USER_AGENT, 1024), (header::ACCEPT_LANGUAGE, 256)];

/// Maximum length of a proxy's address header in a lookup.
const MAX_ADDRESS: usize = 1024;

/// Maximum length of a credential header in a lookup. A server in Node accepts 16 KiB of headers in total.
const MAX_CREDENTIAL: usize = 8 * 1024;

/// Maximum length of the `Cookie` header in a lookup.
const MAX_COOKIE: usize = 64 * 1024;

pub(crate) const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// A visitor's request.
#[derive(Debug, Clone)]
pub(crate) struct VisitorRequest {
    pub(crate) method: String,
    /// Path and query as they were received.
    pub(crate) url: String,
    pub(crate) cookie: String,
    pub(crate) scheme: Option<Scheme>,
    accept: String,
    fetch_mode: String,
    authorization: String,
    other_credential: bool,
    /// A CORS preflight.
    preflight: bool,
    /// The headers are those of a preflight.
    names_preflight: bool,
    /// The headers of a lookup, without the cookies and the credentials.
    client: HeaderMap,
    credentials: Vec<(HeaderName, HeaderValue)>,
    /// `scheme://host` as the visitor called it.
    site: String,
}

/// The state beside a request at the time of a decision.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Context {
    pub(crate) identify: bool,
    pub(crate) index_stale: bool,
    pub(crate) origin_up: Option<bool>,
}

impl VisitorRequest {
    pub(crate) fn new(parts: &Parts, options: &Options) -> Self {
        let Parts { method, uri, headers, extensions, .. } = parts;
        let url = extensions.get::<OriginalUri>().map_or(uri, |OriginalUri(uri)| uri);
        let credentials = options
            .credential_headers
            .iter()
            .flat_map(|name| headers.get_all(name).iter().map(|value| (name.clone(), value.clone())))
            .collect::<Vec<_>>();
        let is_authorization = |name: &HeaderName| *name == header::AUTHORIZATION;
        let reads_authorization = options.credential_headers.iter().any(is_authorization);
        let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip().to_string());
        let forwarded = |name: &HeaderName| options.trust_proxy.then(|| first_of(headers, name)).flatten();
        let proto = forwarded(&FORWARDED_PROTO).and_then(|proto| scheme_of(&proto));
        let names_preflight = headers.contains_key(header::ORIGIN)
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        Self {
            method: method.as_str().to_owned(),
            url: url.to_string(),
            cookie: joined(headers, &header::COOKIE, "; "),
            scheme: proto,
            accept: joined(headers, &header::ACCEPT, ", "),
            fetch_mode: joined(headers, &HeaderName::from_static("sec-fetch-mode"), ", "),
            authorization: if reads_authorization {
                joined(headers, &header::AUTHORIZATION, ", ")
            } else {
                String::new()
            },
            other_credential: credentials.iter().any(|(name, _)| !is_authorization(name)),
            preflight: *method == Method::OPTIONS && names_preflight,
            names_preflight,
            client: client_headers(headers, options, peer),
            credentials,
            site: if options.site.is_empty() {
                // HTTP/2 has the host in the URL.
                let authority = || url.authority().map(ToString::to_string);
                let host = forwarded(&FORWARDED_HOST)
                    .or_else(|| first_of(headers, &header::HOST))
                    .or_else(authority);
                let host = host.filter(|host| is_host(host)).unwrap_or_default();
                let scheme = if proto == Some(Scheme::Https) { "https" } else { "http" };
                if host.is_empty() { host } else { [scheme, "://", &host].concat() }
            } else {
                options.site.clone()
            },
        }
    }

    /// Returns the request that a proxy asks about, with these headers. `redirect`: the proxy can pass a redirect on.
    pub(crate) fn of_original(mut self, method: &str, url: &str, redirect: bool) -> Self {
        method.clone_into(&mut self.method);
        url.clone_into(&mut self.url);
        self.preflight = method == "OPTIONS" && self.names_preflight;
        if self.preflight {
            self.cookie.clear();
        }
        if !redirect {
            "cors".clone_into(&mut self.fetch_mode);
        }
        self
    }

    /// Returns the request as the decision reads it.
    pub(crate) fn gate_request(
        &self,
        context: Context,
        strip_untrusted_cache: bool,
        now: i64,
    ) -> GateRequest<'_> {
        GateRequest {
            method: &self.method,
            url: &self.url,
            scheme: self.scheme,
            cookie: &self.cookie,
            accept: &self.accept,
            fetch_mode: &self.fetch_mode,
            authorization: &self.authorization,
            other_credential: self.other_credential,
            index_stale: context.index_stale,
            strip_untrusted_cache,
            identify: context.identify,
            preflight: self.preflight && !context.identify,
            origin_up: context.origin_up,
            now,
            ..GateRequest::default()
        }
    }

    /// Returns the headers of a lookup with these cookies. `from` is the `Origin` of a POST. `acts`: the server acts on the credential
    /// headers. Returns `None` if a credential or the cookies are longer than any valid ones: without them the response would be
    /// another visitor's.
    pub(crate) fn lookup_headers(
        &self,
        names: &CookieNames,
        cookie: &str,
        from: Option<&str>,
        acts: bool,
    ) -> Option<HeaderMap> {
        let mut headers = self.client.clone();
        for (name, value) in &self.credentials {
            match (value.len() > MAX_CREDENTIAL, acts) {
                (true, true) => return None,
                (true, false) => {}
                (false, _) => drop(headers.append(name, value.clone())),
            }
        }
        let cookie = better_session::gate::forward::for_lookup(names, cookie);
        if cookie.len() > MAX_COOKIE {
            return None;
        }
        if !cookie.is_empty() {
            headers.insert(header::COOKIE, HeaderValue::from_str(&cookie).ok()?);
        }
        set_site(&mut headers, &self.site);
        if let Some(Ok(from)) = from.map(HeaderValue::from_str) {
            headers.insert(header::ORIGIN, from);
        }
        Some(headers)
    }
}

/// Reports a site to the origin as proxies do.
pub(crate) fn set_site(headers: &mut HeaderMap, site: &str) {
    let Some((scheme, host)) = site.split_once("://") else { return };
    for (name, value) in [(FORWARDED_PROTO, scheme), (FORWARDED_HOST, host)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
}

fn client_headers(headers: &HeaderMap, options: &Options, peer: Option<String>) -> HeaderMap {
    let mut sent = HeaderMap::new();
    sent.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    for (name, longest) in CLIENT_HEADERS {
        let value = headers.get(&name).map(HeaderValue::as_bytes).unwrap_or_default();
        let bounded = value.get(..longest).unwrap_or(value);
        if !bounded.is_empty()
            && let Ok(value) = HeaderValue::from_bytes(bounded)
        {
            sent.insert(name, value);
        }
    }
    let reported =
        headers.get(FORWARDED_FOR).filter(|value| options.trust_proxy && value.len() <= MAX_ADDRESS);
    let address = reported.cloned().or_else(|| HeaderValue::try_from(peer?).ok());
    if let Some(address) = address {
        sent.insert(FORWARDED_FOR, address);
    }
    sent
}

/// Joins the fields of one name. Bytes that are not UTF-8 are replaced by U+FFFD, which no cookie and no credential contains.
fn joined(headers: &HeaderMap, name: &HeaderName, separator: &str) -> String {
    let texts = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    texts.collect::<Vec<_>>().join(separator)
}

/// Returns the first entry of a list header, which is the visitor's side of the proxies.
fn first_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let first = headers.get(name)?.to_str().ok()?.split(',').next()?.trim();
    Some(first.to_owned()).filter(|first| !first.is_empty())
}

const fn scheme_of(proto: &str) -> Option<Scheme> {
    if proto.eq_ignore_ascii_case("https") {
        Some(Scheme::Https)
    } else if proto.eq_ignore_ascii_case("http") {
        Some(Scheme::Http)
    } else {
        None
    }
}

/// Returns whether a text is `host` or `host:port`.
fn is_host(text: &str) -> bool {
    text.parse::<axum::http::uri::Authority>().is_ok_and(|authority| !authority.as_str().contains('@'))
}
