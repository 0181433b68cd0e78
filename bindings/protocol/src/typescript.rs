//! The JSON that crosses the boundary, as types. The modules write it by hand (`action`, `verdict`), because serde costs
//! 24 kB; the tests read everything that they write as these types, from which `pkg/src/protocol/` is generated.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::{Config, TS};

use crate::flags;
use better_session::verdict::{StaleReason, UnauthenticatedReason};

/// The actor that vouches for a session.
#[derive(Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SessionSource {
    /// The cache cookie.
    Cookie,
    /// A lookup at the origin.
    Origin,
    /// An expired cache while the origin is down.
    Grace,
}

/// The encoding of a session cache.
#[derive(Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum CacheStrategy {
    /// Base64url JSON with an HMAC-SHA-256.
    Compact,
    /// A JWS.
    Jwt,
    /// A JWE.
    Jwe,
}

/// The first line of an action, which says what the gate does next.
#[derive(Debug, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
pub enum ActionLine {
    /// Respond to `get-session`. The body follows the line.
    Answer {
        /// The cache can be minted again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        due: Option<bool>,
    },
    /// Forward a call of the auth API to the origin. With `when` the verdict follows the line.
    Forward {
        /// The path to forward to.
        path: String,
        /// Leave the cache cookie out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        bare: Option<bool>,
        /// The positions in `routes.when` of the predicates that must accept the visitor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        when: Option<Vec<usize>>,
        /// With `when`: the source of the session.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        source: Option<SessionSource>,
        /// With `when`: the cache can be minted again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        due: Option<bool>,
    },
    /// Look the session up at the origin. The verdict follows the line, except for the second lookup of a deferred refresh.
    Ask {
        /// Path and query of the lookup.
        path: String,
        /// Send a POST, which carries out a deferred refresh.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        post: Option<bool>,
        /// Only the origin counts: an earlier response must not stand in for its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        required: Option<bool>,
    },
    /// Request the origin's health check.
    Probe {
        /// The path of the health check.
        path: String,
    },
    /// Hand the request to the app. The verdict follows the line, except on a public path, and if a session is optional and
    /// the origin knows none.
    Next {
        /// The path to forward to.
        path: String,
        /// The positions in `routes.when` of the predicates that must accept the visitor.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        when: Option<Vec<usize>>,
        /// A session is optional, and there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        nobody: Option<bool>,
        /// Absent without a session: on a public path, and with `nobody`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        source: Option<SessionSource>,
        /// The cache can be minted again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        due: Option<bool>,
    },
    /// Reject the request. The verdict follows the line, if there is one.
    Deny {
        /// The HTTP status.
        status: u16,
        /// The error code of the response.
        code: String,
        /// The message of the response.
        message: String,
        /// The sign-in page, for a redirect.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        location: Option<String>,
    },
}

/// A verdict before its dates are revived. Instants are milliseconds since the epoch.
#[derive(Debug, Serialize, Deserialize, TS)]
#[serde(tag = "status", rename_all = "lowercase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum SerializedVerdict {
    /// An authenticated session.
    Authenticated {
        /// The session as the server wrote it, dates as ISO 8601 text.
        #[ts(type = "Record<string, unknown>")]
        session: Value,
        /// The user as the server wrote it.
        #[ts(type = "Record<string, unknown>")]
        user: Value,
        /// Absent for a session that the origin returned, like the next three.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        strategy: Option<CacheStrategy>,
        /// The cache's version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        version: Option<String>,
        /// The time of minting.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        cached_at: Option<i64>,
        /// The end of the cache's window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        cache_expires_at: Option<i64>,
        /// The session is fresh.
        fresh: bool,
        /// The sliding expiry is due.
        refresh_due: bool,
        /// False if the signature of the session token was not verified; otherwise absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "false")]
        token_verified: Option<bool>,
        /// `expiresAt`, `createdAt`, `updatedAt` of the session, `createdAt`, `updatedAt` of the user.
        #[ts(type = "[number, number | null, number | null, number | null, number | null]")]
        dates: [Option<i64>; 5],
    },
    /// A valid token without a usable cache.
    Stale {
        /// The reason's code.
        #[ts(type = "StaleReasonCode")]
        reason: String,
        /// The session token.
        token: String,
    },
    /// No valid token.
    Unauthenticated {
        /// The reason's code. `runtime_failure` is written by JavaScript after a trap.
        #[ts(type = "UnauthenticatedReasonCode | \"runtime_failure\"")]
        reason: String,
    },
}

/// The error of an invalid configuration.
#[derive(Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConfigurationFault {
    /// The code of the `BetterSessionError`.
    pub code: String,
    /// The message, which quotes no value.
    pub message: String,
}

/// Returns the contents of `pkg/src/protocol/messages.ts`, unformatted.
#[must_use]
pub fn messages() -> String {
    let reasons = [
        union(
            "StaleReasonCode",
            "Codes of `StaleReason`.",
            StaleReason::ALL.iter().map(|reason| reason.code()),
        ),
        union(
            "UnauthenticatedReasonCode",
            "Codes of `UnauthenticatedReason`.",
            UnauthenticatedReason::ALL.iter().map(|reason| reason.code()),
        ),
    ];
    let config = Config::default();
    let types = [
        declaration::<SessionSource>(&config),
        declaration::<CacheStrategy>(&config),
        declaration::<ActionLine>(&config),
        declaration::<SerializedVerdict>(&config),
        declaration::<ConfigurationFault>(&config),
    ];
    [
        &["/** Messages of the WebAssembly modules. Generated from `bindings/protocol`; do not edit. */"
            .to_owned()],
        &reasons[..],
        &types[..],
    ]
    .concat()
    .join("\n\n")
}

/// Returns the contents of `pkg/src/protocol/flags.ts`, unformatted.
#[must_use]
pub fn flags() -> String {
    let mut out = "/** Bits of the flags of requests and results. Generated from `bindings/protocol/src/flags.rs`; do not edit. */\n".to_owned();
    for (name, value, doc) in flags::ALL {
        out.push_str(&format!("/** {} */\nexport const {name} = {value};\n", doc.trim()));
    }
    out
}

fn declaration<T: TS>(config: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    format!("{docs}export {}", T::decl(config))
}

fn union<'a>(name: &str, doc: &str, codes: impl Iterator<Item = &'a str>) -> String {
    let codes: Vec<String> = codes.map(|code| format!("\"{code}\"")).collect();
    format!("/** {doc} */\nexport type {name} = {};", codes.join(" | "))
}
