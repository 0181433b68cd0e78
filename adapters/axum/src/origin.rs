//! The Better Auth server: lookups are bounded in time and size.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri, header};
use better_session::gate::LookupOutcome;
use better_session::gate::origin::MAX_ANSWER_BYTES;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::cause::Cause;
use crate::error::BuildError;
use crate::options::site_of;
use crate::request::set_site;

/// How long every request uses the result of a health check.
const PROBE_LIFETIME: Duration = Duration::from_secs(1);

#[cfg(feature = "tls")]
type Connector = hyper_rustls::HttpsConnector<HttpConnector>;
#[cfg(not(feature = "tls"))]
type Connector = HttpConnector;

/// The response to a lookup.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    /// 0 if there was no readable response.
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) set_cookies: Vec<HeaderValue>,
    /// Why there was none.
    pub(crate) cause: Option<Cause>,
}

impl Answer {
    pub(crate) fn lost(cause: Cause) -> Self {
        Self { cause: Some(cause), ..Self::default() }
    }

    /// Returns the `Set-Cookie` lines, joined by line breaks.
    pub(crate) fn lines(&self) -> String {
        lines(&self.set_cookies)
    }

    /// Returns the outcome for the gate; `lines` are those of [`Self::lines`].
    pub(crate) fn outcome<'a>(&'a self, lines: &'a str) -> LookupOutcome<'a> {
        match self.status {
            0 => LookupOutcome::Lost,
            status => LookupOutcome::Answered { status, body: &self.body, set_cookies: lines },
        }
    }
}

/// Joins `Set-Cookie` lines by line breaks, which none contains.
pub(crate) fn lines(set_cookies: &[HeaderValue]) -> String {
    let texts = set_cookies.iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    texts.collect::<Vec<_>>().join("\n")
}

pub(crate) struct Origin {
    /// Scheme, host and path prefix, without a trailing slash.
    base: String,
    client: Client<Connector, Empty<Bytes>>,
    timeout: Duration,
    /// The configured site, which a health check reports.
    site: String,
    probed: Mutex<Option<(bool, Instant)>>,
}

impl Origin {
    pub(crate) fn new(url: &str, timeout: Duration, site: &str) -> Result<Self, BuildError> {
        const BAD: BuildError = BuildError::invalid("origin must be an http(s) URL without user and query");
        let uri: Uri = url.parse().map_err(|_| BAD)?;
        let scheme = uri.scheme_str().unwrap_or_default();
        let has_user = uri.authority().is_none_or(|authority| authority.as_str().contains('@'));
        if !matches!(scheme, "http" | "https") || has_user || uri.query().is_some() {
            return Err(BAD);
        }
        if scheme == "https" && cfg!(not(feature = "tls")) {
            return Err(BuildError::invalid("an https:// origin needs the feature tls"));
        }
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .build(connector(scheme == "https")?);
        let base = url.trim_end_matches('/').to_owned();
        Ok(Self { base, client, timeout, site: site.to_owned(), probed: Mutex::new(None) })
    }

    /// Returns a site that the server trusts: the configured `baseURL`'s, or the one where it is reached.
    pub(crate) fn own_site(&self) -> &str {
        if self.site.is_empty() { site_of(&self.base) } else { &self.site }
    }

    /// Sends `get-session`. A GET is retried once after a transient failure, within the same time.
    pub(crate) async fn look_up(&self, target: &str, headers: HeaderMap, post: bool) -> Answer {
        let method = if post { Method::POST } else { Method::GET };
        self.fetch(target, &headers, &method, true).await
    }

    /// Returns whether the origin responds, with any status but a 5xx, to a request that has none of a visitor's headers. The
    /// result is shared for a second.
    pub(crate) async fn is_up(&self, target: &str) -> bool {
        let last = *self.probed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((up, at)) = last
            && at.elapsed() < PROBE_LIFETIME
        {
            return up;
        }
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        set_site(&mut headers, &self.site);
        let status = self.fetch(target, &headers, &Method::GET, false).await.status;
        let up = (1..500).contains(&status);
        *self.probed.lock().unwrap_or_else(PoisonError::into_inner) = Some((up, Instant::now()));
        up
    }

    async fn fetch(&self, target: &str, headers: &HeaderMap, method: &Method, reads_body: bool) -> Answer {
        let mut last = Answer::lost(Cause::ORIGIN_TIMEOUT);
        let attempts = async {
            last = self.once(target, headers, method, reads_body).await;
            if *method == Method::GET && matches!(last.status, 0 | 502..=504) {
                last = self.once(target, headers, method, reads_body).await;
            }
        };
        match tokio::time::timeout(self.timeout, attempts).await {
            Ok(()) => last,
            Err(_) if last.status == 0 => Answer::lost(Cause::ORIGIN_TIMEOUT),
            Err(_) => last,
        }
    }

    async fn once(&self, target: &str, headers: &HeaderMap, method: &Method, reads_body: bool) -> Answer {
        let mut request = Request::new(Empty::new());
        *request.method_mut() = method.clone();
        *request.headers_mut() = headers.clone();
        let Ok(uri) = [self.base.as_str(), target].concat().parse() else {
            return Answer::lost(Cause::ORIGIN_NO_RESPONSE);
        };
        *request.uri_mut() = uri;
        let Ok(response) = self.client.request(request).await else {
            return Answer::lost(Cause::ORIGIN_NO_RESPONSE);
        };
        let (head, body) = response.into_parts();
        let set_cookies = head.headers.get_all(header::SET_COOKIE).iter().cloned().collect();
        let text = if reads_body && head.status != StatusCode::NO_CONTENT {
            let collected = Limited::new(body, MAX_ANSWER_BYTES).collect().await;
            collected.ok().and_then(|body| String::from_utf8(body.to_bytes().into()).ok())
        } else {
            Some(String::new())
        };
        match text {
            Some(body) => Answer { status: head.status.as_u16(), body, set_cookies, cause: None },
            None => Answer::lost(Cause::ORIGIN_UNREADABLE),
        }
    }
}

#[cfg(feature = "tls")]
fn connector(is_https: bool) -> Result<Connector, BuildError> {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let builder = hyper_rustls::HttpsConnectorBuilder::new();
    let builder = if is_https {
        builder
            .with_provider_and_native_roots(provider)
            .map_err(|_| BuildError::invalid("the system has no TLS root certificates"))?
    } else {
        // A system without certificates can use an http:// origin.
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| BuildError::invalid("the TLS library supports no version of TLS"))?
            .with_root_certificates(rustls::RootCertStore::empty())
            .with_no_client_auth();
        builder.with_tls_config(tls)
    };
    Ok(builder.https_or_http().enable_http1().build())
}

#[cfg(not(feature = "tls"))]
fn connector(_is_https: bool) -> Result<Connector, BuildError> {
    Ok(HttpConnector::new())
}
