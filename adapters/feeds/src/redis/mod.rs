//! A feed in a stream of Redis or Valkey, the same as `better-session/feeds/redis` of the npm package. The scripts are the `.lua`
//! files; a test of the npm package compares them with its own.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use better_session::UnixMillis;
use redis::Script;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use uuid::Uuid;

use crate::error::FeedError;
use crate::feed::{FeedAnswer, FeedFuture, RevocationBatch, RevocationFeed};
use crate::pending::Pending;

/// Every script begins with this one, which begins a new epoch if revocations may be missing.
const OPEN: &str = include_str!("open.lua");

const URL: &str =
    "the URL of the Redis feed must be redis://, or rediss:// with a TLS feature of the crate redis";

/// Options of a [`RedisFeed`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RedisFeedOptions {
    /// Begins the names of the keys, which are in one slot of a cluster. Default "better-session".
    pub prefix: String,
    /// The server never loses a write that it has confirmed, not even in a crash or a failover. Default false: after every restart
    /// of the server each session is looked up once. A server without a database needs true.
    pub durable: bool,
    /// Maximum size of the stream in bytes. Beyond it the oldest batches are dropped and caches older than them are looked up.
    /// Default 32 MiB.
    pub max_bytes: u64,
    /// Maximum time that a call waits for the server. Default 5 s.
    pub timeout: Duration,
}

impl Default for RedisFeedOptions {
    fn default() -> Self {
        Self {
            prefix: "better-session".to_owned(),
            durable: false,
            max_bytes: 32 * 1024 * 1024,
            timeout: Duration::from_secs(5),
        }
    }
}

impl RedisFeedOptions {
    /// Sets [`Self::prefix`].
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// Sets [`Self::durable`].
    #[must_use]
    pub const fn durable(mut self, durable: bool) -> Self {
        self.durable = durable;
        self
    }

    /// Sets [`Self::max_bytes`].
    #[must_use]
    pub const fn max_bytes(mut self, max_bytes: u64) -> Self {
        self.max_bytes = max_bytes;
        self
    }
}

/// A feed in a Redis stream, which is made on first use. Use the primary server, not a replica.
pub struct RedisFeed {
    connection: ConnectionManager,
    options: RedisFeedOptions,
    pending: Pending,
    append: Script,
    since: Script,
    complete: Script,
}

impl fmt::Debug for RedisFeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisFeed").field("options", &self.options).finish_non_exhaustive()
    }
}

impl RedisFeed {
    /// Creates a feed at a URL such as `redis://localhost:6379`. It connects on first use, and again after the connection is lost.
    /// Call it within a Tokio runtime.
    ///
    /// # Errors
    /// [`FeedError::InvalidOption`] if the URL or the prefix is invalid; the text does not quote it.
    pub fn connect(url: &str, options: RedisFeedOptions) -> Result<Self, FeedError> {
        let client = redis::Client::open(url).map_err(|_| FeedError::InvalidOption(URL))?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(1)
            .set_max_delay(Duration::from_millis(100))
            .set_connection_timeout(Some(options.timeout))
            .set_response_timeout(Some(options.timeout));
        let connection = ConnectionManager::new_lazy_with_config(client, config).map_err(FeedError::store)?;
        Self::new(connection, options)
    }

    /// Creates a feed on a connection that is there already.
    ///
    /// # Errors
    /// [`FeedError::InvalidOption`] if the prefix is invalid.
    pub fn new(connection: ConnectionManager, options: RedisFeedOptions) -> Result<Self, FeedError> {
        let is_invalid = |character: char| matches!(character, '{' | '}') || character.is_whitespace();
        if !(1..=200).contains(&options.prefix.chars().count()) || options.prefix.contains(is_invalid) {
            const MUST: &str =
                "the prefix of the Redis feed must be 1 to 200 characters without braces and spaces";
            return Err(FeedError::InvalidOption(MUST));
        }
        let script = |body: &str| Script::new(&[OPEN, body].concat());
        Ok(Self {
            connection,
            pending: Pending::new(options.timeout),
            options,
            append: script(include_str!("append.lua")),
            since: script(include_str!("since.lua")),
            complete: script(include_str!("complete.lua")),
        })
    }

    /// Declares that no revocation is missing, so that caches older than the feed are accepted again. Call it by hand, once: when a
    /// service without a database begins to use a new feed.
    ///
    /// # Errors
    /// Returns why the server could not be asked.
    pub async fn declare_complete(&self) -> Result<(), FeedError> {
        self.run(&self.complete, None, ["", ""], &[]).await.map(drop)
    }

    /// Runs a script. `third` is its third key, `position` the epoch and the id of a cursor.
    async fn run(
        &self,
        script: &Script,
        third: Option<&str>,
        position: [&str; 2],
        arguments: &[&str],
    ) -> Result<String, FeedError> {
        let key = |name: &str| format!("{{{}}}:{name}", self.options.prefix);
        let mut call = script.key(key("marks"));
        call.key(key("feed"));
        if let Some(name) = third {
            call.key(key(name));
        }
        call.arg(if self.options.durable { "0" } else { "1" }).arg(Uuid::new_v4().to_string());
        for argument in position.iter().chain(arguments) {
            call.arg(*argument);
        }
        let mut connection = self.connection.clone();
        self.pending.run(async { call.invoke_async(&mut connection).await.map_err(FeedError::store) }).await
    }
}

impl RevocationFeed for RedisFeed {
    fn append(&self, batch: RevocationBatch) -> FeedFuture<'_, ()> {
        Box::pin(async move {
            let data = STANDARD.encode(&batch.data);
            let expires_at = batch.expires_at.as_millis().to_string();
            let kept = if batch.must_be_kept() { "1" } else { "0" };
            let max_bytes = self.options.max_bytes.to_string();
            let id = format!("id:{}", batch.id);
            let arguments = [data.as_str(), &expires_at, kept, &max_bytes];
            match self.run(&self.append, Some(&id), ["", ""], &arguments).await?.as_str() {
                "added" | "known" => Ok(()),
                "full" => Err(FeedError::Full),
                _ => Err(FeedError::Unreadable("the result of an append")),
            }
        })
    }

    fn since<'a>(&'a self, cursor: &'a str) -> FeedFuture<'a, FeedAnswer> {
        Box::pin(async move {
            let mut parts = cursor.split('/');
            let position = [parts.next().unwrap_or_default(), parts.next().unwrap_or_default()];
            answer(&self.run(&self.since, None, position, &[]).await?)
        })
    }

    fn may_lose(&self) -> bool {
        !self.options.durable
    }
}

/// Parses the lines of the script `since`: epoch, floor, id of the cursor, "1" if there is more, then each batch in base64.
fn answer(text: &str) -> Result<FeedAnswer, FeedError> {
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (epoch, floor, last, more) = (line(), line(), line(), line());
    if epoch.is_empty() || last.is_empty() {
        return Err(FeedError::Unreadable("the position"));
    }
    let mut data = Vec::new();
    for batch in lines {
        STANDARD.decode_vec(batch, &mut data).map_err(|_| FeedError::Unreadable("a batch"))?;
    }
    let floor = floor.parse().ok().filter(|floor| *floor != 0).map(UnixMillis::from_millis);
    Ok(FeedAnswer {
        data,
        cursor: [epoch, "/", last].concat(),
        age: Duration::ZERO,
        more: more == "1",
        floor,
    })
}
