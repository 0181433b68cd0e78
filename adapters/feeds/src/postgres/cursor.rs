//! Cursors of the Postgres feed: `epoch/snapshot`, and in the middle of a paged read `epoch/snapshot/target/xid/seq`.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use better_session::UnixMillis;
use tokio_postgres::Row;

use super::sql::{PAGE_BYTES, PAGE_ROWS};
use crate::error::FeedError;
use crate::feed::FeedAnswer;

/// A cursor, taken apart. A part that is invalid is empty: a cursor can come from another feed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) epoch: String,
    /// The snapshot of the last complete read.
    pub(super) seen: String,
    /// The snapshot of the first page of a paged read.
    target: String,
    xid: String,
    seq: String,
    given: bool,
}

impl Cursor {
    pub(super) fn parse(text: &str) -> Self {
        let mut parts = text.split('/').map(valid);
        let mut part = || parts.next().unwrap_or_default().to_owned();
        let (epoch, seen, target, xid, seq) = (part(), part(), part(), part(), part());
        Self { epoch, seen, target, xid, seq, given: !text.is_empty() }
    }

    pub(super) const fn is_empty(&self) -> bool {
        !self.given
    }

    /// Returns the values of the statement `since`.
    pub(super) const fn values(&self) -> [&String; 4] {
        [&self.seen, &self.target, &self.xid, &self.seq]
    }
}

/// Returns a part of a cursor, or "" if it is not one.
fn valid(part: &str) -> &str {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_epoch =
        part.len() == 36 && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
    let is_number = part.len() <= 20 && digits(part);
    let mut snapshot = part.splitn(3, ':');
    let mut next = || snapshot.next().unwrap_or_default();
    let is_snapshot = digits(next())
        && digits(next())
        && part.matches(':').count() == 2
        && next().bytes().all(|byte| byte.is_ascii_digit() || byte == b',');
    if is_epoch || is_number || is_snapshot { part } else { "" }
}

/// Returns whether a snapshot is later than the server's, which was restored then.
pub(super) fn is_ahead(snapshot: &str, current: &str) -> bool {
    let next_xid =
        |text: &str| text.split(':').nth(1).and_then(|xid| xid.parse::<u64>().ok()).unwrap_or_default();
    next_xid(snapshot) > next_xid(current)
}

/// Reads the row of the statement `since`.
pub(super) fn answer(row: &Row, cursor: &Cursor) -> Result<FeedAnswer, FeedError> {
    let text = |name: &str| row.try_get::<_, Option<String>>(name).ok().flatten().unwrap_or_default();
    let number = |name: &str| row.try_get::<_, Option<i32>>(name).ok().flatten().unwrap_or_default();
    let (epoch, snapshot) = (text("epoch"), text("snapshot"));
    if epoch.is_empty() || snapshot.is_empty() {
        return Err(FeedError::Unreadable("the position"));
    }
    let mut data = Vec::new();
    // Postgres breaks the lines of base64.
    for batch in text("data").replace('\n', "").split(',') {
        STANDARD.decode_vec(batch, &mut data).map_err(|_| FeedError::Unreadable("a batch"))?;
    }
    let reached = if cursor.target.is_empty() { snapshot } else { cursor.target.clone() };
    let more = number("rows") >= PAGE_ROWS || number("bytes") >= PAGE_BYTES;
    let position = if more {
        [cursor.seen.as_str(), &reached, &text("last_xid"), &text("last_seq")].join("/")
    } else {
        reached
    };
    let floor = text("floor").parse().ok().filter(|floor| *floor != 0).map(UnixMillis::from_millis);
    Ok(FeedAnswer { data, cursor: [epoch, position].join("/"), age: Duration::ZERO, more, floor })
}
