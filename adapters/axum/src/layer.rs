//! The layer: gives each request its visitor, and each response the cookies of a renewal.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::sync::OnceCell;
use tower_layer::Layer;
use tower_service::Service;

use crate::gate::{Authentication, Ruling, SessionGate};
use crate::rejection::SessionRejection;
use crate::request::VisitorRequest;
use crate::response::{add_cookies, make_private, remove_forged};

/// Adds the visitor's session to requests: the extractors [`Session`](crate::Session),
/// [`OptionalSession`](crate::OptionalSession) and [`FreshSession`](crate::FreshSession) need it. With rules of routes it also
/// refuses requests that they do not let through.
#[derive(Debug, Clone)]
pub struct SessionLayer {
    gate: SessionGate,
}

impl SessionLayer {
    /// Creates a layer.
    #[must_use]
    pub const fn new(gate: SessionGate) -> Self {
        Self { gate }
    }
}

impl<S> Layer<S> for SessionLayer {
    type Service = SessionService<S>;

    fn layer(&self, inner: S) -> SessionService<S> {
        SessionService { inner, gate: self.gate.clone() }
    }
}

/// The service of a [`SessionLayer`].
#[derive(Debug, Clone)]
pub struct SessionService<S> {
    inner: S,
    gate: SessionGate,
}

/// The visitor of one request, authenticated when an extractor first asks.
#[derive(Clone)]
pub(crate) struct Visitor(Arc<VisitorState>);

struct VisitorState {
    gate: SessionGate,
    request: VisitorRequest,
    result: OnceCell<Authentication>,
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor").finish_non_exhaustive()
    }
}

impl Visitor {
    fn new(gate: SessionGate, request: VisitorRequest, known: Option<Authentication>) -> Self {
        Self(Arc::new(VisitorState { gate, request, result: OnceCell::new_with(known) }))
    }

    /// Authenticates the request, once.
    pub(crate) async fn authenticate(&self) -> &Authentication {
        self.0.result.get_or_init(|| self.0.gate.authenticate_request(&self.0.request)).await
    }

    /// Adds the cookies of the authentication to a response, and makes it private if the visitor was read.
    fn finish(&self, response: &mut Response) {
        if let Some(result) = self.0.result.get() {
            finish(response, &result.set_cookies);
        }
    }
}

pub(crate) fn finish(response: &mut Response, set_cookies: &[HeaderValue]) {
    if !response.status().is_informational() {
        make_private(response.headers_mut());
    }
    add_cookies(response.headers_mut(), set_cookies);
}

impl<S> Service<Request<Body>> for SessionService<S>
where
    S: Service<Request<Body>> + Clone + Send + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        // The service that was polled to readiness is called, and its clone is polled next.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        let gate = self.gate.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let visitor_request = gate.read(&parts);
            let mut known = None;
            let mut renewed = Vec::new();
            if gate.enforces() {
                match gate.rule(&visitor_request).await {
                    Ruling::Pass { path, visitor } if path != path_of(&visitor_request.url) => {
                        let mut response = moved(&path, &visitor_request.url);
                        finish(
                            &mut response,
                            visitor.map(|visitor| visitor.set_cookies).as_deref().unwrap_or_default(),
                        );
                        return Ok(response);
                    }
                    Ruling::Pass { visitor, .. } => known = visitor.map(|visitor| *visitor),
                    Ruling::AuthCall { path: Some(path), set_cookies }
                        if path != path_of(&visitor_request.url) =>
                    {
                        let mut response = moved(&path, &visitor_request.url);
                        finish(&mut response, &set_cookies);
                        return Ok(response);
                    }
                    Ruling::AuthCall { set_cookies, .. } => renewed = set_cookies,
                    Ruling::Refuse(rejection, set_cookies) => {
                        let is_prefetch = is_prefetch(&parts.headers);
                        let rejection = if is_prefetch { rejection.without_redirect() } else { rejection };
                        let mut response = rejection.into_response();
                        finish(&mut response, &set_cookies);
                        return Ok(response);
                    }
                }
            }
            remove_forged(&mut parts.headers);
            let visitor = Visitor::new(gate, visitor_request, known);
            parts.extensions.insert(visitor.clone());
            let mut response = inner.call(Request::from_parts(parts, body)).await?.into_response();
            visitor.finish(&mut response);
            add_cookies(response.headers_mut(), &renewed);
            Ok(response)
        })
    }
}

/// Returns the path of a URL or a target, without the query.
fn path_of(url: &str) -> &str {
    let path = match url.split_once("://") {
        Some((_, rest)) if !url.starts_with('/') => {
            rest.get(rest.find('/').unwrap_or(rest.len())..).unwrap_or_default()
        }
        _ => url,
    };
    path.split('?').next().unwrap_or_default()
}

/// Redirects to the normalised path: the router chooses a handler by the path as it came, so it must not serve another one than
/// was checked.
fn moved(path: &str, url: &str) -> Response {
    let query = url.split_once('?').map(|(_, query)| ["?", query].concat()).unwrap_or_default();
    let body = json!({ "code": "PATH_MOVED", "message": "The path has a simpler form" });
    let mut response = (StatusCode::PERMANENT_REDIRECT, Json(body)).into_response();
    make_private(response.headers_mut());
    match HeaderValue::try_from([path, &query].concat()) {
        Ok(location) => drop(response.headers_mut().insert(header::LOCATION, location)),
        Err(_) => return SessionRejection::InvalidPath { code: "BAD_REQUEST" }.into_response(),
    }
    response
}

/// Returns whether a browser loads a page in advance. A redirect would be followed later, when the visitor may have signed in.
pub(crate) fn is_prefetch(headers: &axum::http::HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-moz"].into_iter().any(|name| {
        let value = headers.get(HeaderName::from_static(name));
        value.is_some_and(|value| value.as_bytes().starts_with(b"prefetch"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{OPTIONS, signed_in};
    use axum::Router;
    use axum::routing::get;
    use better_session::gate::Rules;
    use better_session::{Config, Verifier};

    const GUARDED: &str = r#"{ "routes": { "public": ["/"], "when": ["/api/auth/admin/**"] } }"#;

    async fn send(rules: &str, path: &str, cookie: &str) -> Response {
        let gate = SessionGate::builder(Config::from_json(OPTIONS).unwrap(), "http://127.0.0.1:9")
            .rules(Rules::from_json(rules).unwrap())
            .build()
            .unwrap();
        let app = Router::new()
            .route("/account/{*rest}", get(|| async { "the account" }))
            .route("/api/auth/{*rest}", get(|| async { "the auth API" }));
        let mut service = SessionLayer::new(gate).layer(app);
        let request = Request::builder().uri(path).header("cookie", cookie).body(Body::empty()).unwrap();
        service.call(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_path_that_normalises_into_the_auth_api_is_redirected_and_reaches_no_handler() {
        for path in ["/account/../api/auth/x", "/account/%2e%2e/api/auth/x", "/account/x/../../api/auth/x"] {
            let response = send(OPTIONS, path, "").await;
            assert_eq!(response.status(), 308, "{path}");
            assert_eq!(response.headers()[header::LOCATION], "/api/auth/x");
        }
        assert_eq!(send(OPTIONS, "/api/auth/x", "").await.status(), 200);
        assert_eq!(send(OPTIONS, "/account/x", "").await.status(), 401);
    }

    #[tokio::test]
    async fn a_predicate_on_the_auth_api_refuses_because_its_function_is_not_here() {
        let cookie = signed_in(&Verifier::new(Config::from_json(OPTIONS).unwrap()).unwrap());
        assert_eq!(send(GUARDED, "/api/auth/admin/x", &cookie).await.status(), 403);
        assert_eq!(send(GUARDED, "/api/auth/other", &cookie).await.status(), 200);
    }

    #[tokio::test]
    async fn debug_prints_no_cookie_and_no_token() {
        let verifier = Verifier::new(Config::from_json(OPTIONS).unwrap()).unwrap();
        let cookie = signed_in(&verifier);
        let (token, _) = cookie.split_once("; ").unwrap();
        let gate =
            SessionGate::builder(Config::from_json(OPTIONS).unwrap(), "http://127.0.0.1:9").build().unwrap();
        let request = Request::builder().header("cookie", token).body(()).unwrap();
        let mut authentication = gate.authenticate(&request.into_parts().0).await;
        authentication.set_cookies.push(HeaderValue::from_static("better-auth.session_token=secret"));
        let text = format!("{authentication:?}");
        assert!(text.contains("Stale") || text.contains("Unavailable"), "{text}");
        assert!(!text.contains("\"t1\"") && !text.contains("secret"), "{text}");
    }
}
