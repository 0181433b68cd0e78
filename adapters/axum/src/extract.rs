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
