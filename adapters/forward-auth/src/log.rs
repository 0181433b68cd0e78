//! Log lines about sessions that could not be checked.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::response::Response;
use better_session_axum::SessionRejection;

/// How often one cause is logged.
const INTERVAL: Duration = Duration::from_secs(60);

/// The causes that were logged, and when.
#[derive(Default)]
pub(crate) struct Log(Mutex<HashMap<&'static str, Instant>>);

impl Log {
    /// Logs why a response is a 503, each cause at most once a minute.
    pub(crate) fn observe(&self, response: &Response) {
        if let Some(SessionRejection::Unavailable { cause }) = response.extensions().get()
            && self.is_due(cause.code())
        {
            eprintln!("better-session-forward-auth: a session could not be checked: {cause}");
        }
    }

    fn is_due(&self, cause: &'static str) -> bool {
        let mut logged = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = logged.get(cause).is_none_or(|at| at.elapsed() >= INTERVAL);
        if is_due {
            logged.insert(cause, Instant::now());
        }
        is_due
    }
}
