//! Extractors of the visitor's session.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use better_session::Authenticated;
use better_session::gate::Source;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::gate::Proven;
use crate::layer::Visitor;
use crate::rejection::SessionRejection;

/// The session of a signed-in visitor. Without one the request is rejected: 401, or 503 if the session cannot be checked.
///
/// `U` is the application's type of users, deserialized from the stored user.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Session<U = Value> {
    /// The user.
    pub user: U,
    /// The session. [`Session::deserialize`](better_session::Session::deserialize) reads the members that plugins store.
    pub session: better_session::Session,
    /// The user's id.
    pub user_id: String,
    /// The session began less than `freshAge` ago.
    pub fresh: bool,
    /// Where the session comes from: the cookie, a lookup, or an expired cache while the origin is down.
    pub source: Source,
}

/// The session, or `None` for a visitor who is signed out, or whose session cannot be checked. Never rejects for lack of a session.
#[derive(Debug, Clone)]
pub struct OptionalSession<U = Value>(pub Option<Session<U>>);

/// A session that began less than `freshAge` ago. Another one is rejected: 403, `SESSION_NOT_FRESH`.
#[derive(Debug, Clone)]
pub struct FreshSession<U = Value>(pub Session<U>);

impl<U: DeserializeOwned> Session<U> {
    fn of(proven: &Proven) -> Result<Self, SessionRejection> {
        let Proven { session: Authenticated { session, user, fresh, .. }, source } = proven;
        // The error would quote the user's data.
        let typed = user.deserialize().map_err(|_| SessionRejection::UserShape)?;
        Ok(Self {
            user: typed,
            session: session.clone(),
            user_id: user.id.clone(),
            fresh: *fresh,
            source: *source,
        })
    }
}

/// Returns the session of the request, if it has one.
async fn proven(parts: &Parts) -> Result<Proven, SessionRejection> {
    let visitor = parts.extensions.get::<Visitor>().ok_or(SessionRejection::MissingLayer)?;
    visitor.authenticate().await.session.clone()
}

impl<U: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Session<U> {
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionRejection> {
        Self::of(&proven(parts).await?)
    }
}

impl<U: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for OptionalSession<U> {
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionRejection> {
        match proven(parts).await {
            Ok(proven) => Session::of(&proven).map(|session| Self(Some(session))),
            Err(error @ SessionRejection::MissingLayer) => Err(error),
            Err(_) => Ok(Self(None)),
        }
    }
}

impl<U: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for FreshSession<U> {
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, SessionRejection> {
        let proven = proven(parts).await?;
        if !proven.session.fresh {
            return Err(SessionRejection::NotFresh);
        }
        Session::of(&proven).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{OPTIONS, signed_in};
    use crate::{Cause, SessionGate, SessionLayer};
    use axum::Router;
    use axum::body::Body;
    use axum::http::{Request, StatusCode, header};
    use axum::response::Response;
    use axum::routing::get;
    use better_session::{Config, UnauthenticatedReason, Verifier};
    use serde::Deserialize;
    use tower_service::Service as _;

    #[derive(Debug, Deserialize)]
    struct Person {
        name: String,
    }

    /// A user without the member that every user of the application has.
    #[derive(Debug, Deserialize)]
    struct Customer {
        #[allow(dead_code)] // never deserialized
        number: u64,
    }

    fn app() -> Router {
        Router::new()
            .route("/name", get(|session: Session<Person>| async move { session.user.name }))
            .route("/number", get(|_: Session<Customer>| async {}))
            .route(
                "/anybody",
                get(|session: OptionalSession<Person>| async move { session.0.is_some().to_string() }),
            )
            .route("/fresh", get(|_: FreshSession<Person>| async {}))
    }

    async fn ask(app: Router, path: &str, cookie: &str) -> Response {
        let request =
            Request::builder().uri(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap();
        let mut app = app;
        app.call(request).await.unwrap()
    }

    fn verifier() -> Verifier {
        Verifier::new(Config::from_json(OPTIONS).unwrap()).unwrap()
    }

    /// Returns a layer whose origin has no listener.
    fn layer() -> SessionLayer {
        SessionLayer::new(
            SessionGate::builder(Config::from_json(OPTIONS).unwrap(), "http://127.0.0.1:9").build().unwrap(),
        )
    }

    fn rejection(response: &Response) -> &SessionRejection {
        response.extensions().get().unwrap()
    }

    #[tokio::test]
    async fn a_session_from_the_cookie_needs_no_origin() {
        let cookie = signed_in(&verifier());
        for (path, status) in [("/name", 200), ("/anybody", 200), ("/fresh", 403), ("/number", 500)] {
            assert_eq!(ask(app().layer(layer()), path, &cookie).await.status(), status, "{path}");
        }
    }

    #[tokio::test]
    async fn a_rejection_says_why_in_the_extensions_of_its_response() {
        let response = ask(app().layer(layer()), "/name", "").await;
        let reason = Some(UnauthenticatedReason::NoCookie);
        assert_eq!(rejection(&response), &SessionRejection::Unauthenticated { reason, location: None });
        let cookie = signed_in(&verifier());
        let token = cookie.split("; ").next().unwrap();
        let response = ask(app().layer(layer()), "/name", token).await;
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(rejection(&response), &SessionRejection::Unavailable { cause: Cause::ORIGIN_NO_RESPONSE });
        assert_eq!(ask(app().layer(layer()), "/anybody", token).await.status(), 200);
        assert_eq!(
            rejection(&ask(app().layer(layer()), "/number", &cookie).await),
            &SessionRejection::UserShape
        );
        assert_eq!(rejection(&ask(app(), "/anybody", &cookie).await), &SessionRejection::MissingLayer);
    }
}
