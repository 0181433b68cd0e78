//! The responses to requests without a session.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use better_session::gate::Rejection;
use better_session::{UnauthenticatedReason, Verdict};
use serde_json::json;
use std::error::Error;
use std::fmt;

use crate::cause::Cause;

/// Seconds after which a visitor may try again if the origin is down.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// The reason why a request has no usable session. As a response it is the gate's: JSON `{ code, message }`, or a redirect to
/// the sign-in page. The extensions of the response contain it too.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionRejection {
    /// There is no session: 401, or 302 for a page if a sign-in page is configured.
    Unauthenticated {
        /// Why the cookies prove none; `None` if the origin knows no such session.
        reason: Option<UnauthenticatedReason>,
        /// The sign-in page.
        location: Option<String>,
    },
    /// The session is not fresh: 403.
    NotFresh,
    /// The route's rules do not let the visitor through: 403.
    Forbidden,
    /// The session could not be checked: 503.
    Unavailable {
        /// Why.
        cause: Cause,
    },
    /// The path cannot be forwarded safely: 400.
    InvalidPath {
        /// The stable code.
        code: &'static str,
    },
    /// The stored user does not have the type that the extractor names: 500.
    UserShape,
    /// [`SessionLayer`](crate::SessionLayer) is missing: 500.
    MissingLayer,
}

impl SessionRejection {
    pub(crate) fn of(rejection: Rejection, cause: Option<Cause>) -> Self {
        let Rejection { status, code, location, verdict, .. } = rejection;
        match status {
            400 => Self::InvalidPath { code },
            403 => Self::NotFresh,
            503 => Self::Unavailable { cause: cause.unwrap_or(Cause::FEED_UNAVAILABLE) },
            _ => {
                let reason = match verdict.as_deref() {
                    Some(Verdict::Unauthenticated { reason }) => Some(*reason),
                    _ => None,
                };
                Self::Unauthenticated { reason, location }
            }
        }
    }

    /// Returns the status of the response.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated { location: Some(_), .. } => StatusCode::FOUND,
            Self::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
            Self::NotFresh | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::InvalidPath { .. } => StatusCode::BAD_REQUEST,
            Self::UserShape | Self::MissingLayer => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Returns the stable code of the JSON body.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unauthenticated { .. } => "UNAUTHORIZED",
            Self::NotFresh => "SESSION_NOT_FRESH",
            Self::Forbidden => "FORBIDDEN",
            Self::Unavailable { .. } => "ORIGIN_UNAVAILABLE",
            Self::InvalidPath { code } => code,
            Self::UserShape => "USER_SHAPE",
            Self::MissingLayer => "SESSION_LAYER_MISSING",
        }
    }

    /// Returns a 401 in place of a redirect.
    pub(crate) fn without_redirect(self) -> Self {
        match self {
            Self::Unauthenticated { reason, .. } => Self::Unauthenticated { reason, location: None },
            other => other,
        }
    }
}

impl fmt::Display for SessionRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unauthenticated { .. } => "Unauthorized",
            Self::NotFresh => "Session is not fresh",
            Self::Forbidden => "Forbidden",
            Self::Unavailable { .. } => "The session cannot be checked at the moment",
            Self::InvalidPath { .. } => "The path cannot be forwarded safely",
            Self::UserShape => "The stored user does not have the expected type",
            Self::MissingLayer => "The route has no session layer",
        })
    }
}

impl Error for SessionRejection {}

impl IntoResponse for SessionRejection {
    fn into_response(self) -> Response {
        let body = json!({ "code": self.code(), "message": self.to_string() });
        let mut response = (self.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        if let Self::Unauthenticated { location: Some(location), .. } = &self
            && let Ok(location) = HeaderValue::try_from(location)
        {
            headers.insert(header::LOCATION, location);
        }
        if matches!(self, Self::Unavailable { .. }) {
            headers.insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        crate::response::make_private(headers);
        response.extensions_mut().insert(self);
        response
    }
}
