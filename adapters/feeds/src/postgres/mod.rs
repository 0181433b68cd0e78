//! A feed in two tables of Postgres, the same as `better-session/feeds/postgres` of the npm package.

mod connection;
mod cursor;
mod sql;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio_postgres::error::SqlState;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Config, NoTls, Row, Socket};

use crate::error::FeedError;
use crate::feed::{FeedAnswer, FeedFuture, RevocationBatch, RevocationFeed, Wake};
use connection::Connection;
use cursor::{Cursor, answer, is_ahead};
use sql::Statements;

/// Appends of one process between two checks of the number of rows.
const TRIM_EVERY: u64 = 64;

/// Attempts to read an epoch that changes meanwhile.
const EPOCH_TRIES: usize = 3;

/// Options of a [`PostgresFeed`].
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PostgresFeedOptions {
    /// The table, with or without a schema; `_feed` is appended for the second one. Default "better_session_revocations".
    pub table: String,
    /// Creates the tables on first use. False if [`postgres_migration`] was run instead. Default true.
    pub migrate: bool,
    /// Listens for notifications. False behind a pooler in transaction mode. Default true.
    pub listen: bool,
    /// Maximum number of rows. Beyond it the oldest are dropped and caches older than them are looked up. Default 120,000.
    pub max_rows: i64,
    /// Maximum time that a call waits for the server. Default 5 s.
    pub timeout: Duration,
}

impl Default for PostgresFeedOptions {
    fn default() -> Self {
        Self {
            table: "better_session_revocations".to_owned(),
            migrate: true,
            listen: true,
            max_rows: 120_000,
            timeout: Duration::from_secs(5),
        }
    }
}

impl PostgresFeedOptions {
    /// Sets [`Self::table`].
    #[must_use]
    pub fn table(mut self, table: impl Into<String>) -> Self {
        self.table = table.into();
        self
    }

    /// Sets [`Self::migrate`].
    #[must_use]
    pub const fn migrate(mut self, migrate: bool) -> Self {
        self.migrate = migrate;
        self
    }

    /// Sets [`Self::listen`].
    #[must_use]
    pub const fn listen(mut self, listen: bool) -> Self {
        self.listen = listen;
        self
    }

    /// Sets [`Self::max_rows`].
    #[must_use]
    pub const fn max_rows(mut self, max_rows: i64) -> Self {
        self.max_rows = max_rows;
        self
    }
}

/// A feed in Postgres. Use the primary server, not a replica.
#[derive(Debug)]
pub struct PostgresFeed {
    connection: Arc<Connection>,
    options: PostgresFeedOptions,
    /// `None` until the server was asked whether it tells its identity.
    statements: Mutex<Option<Arc<Statements>>>,
    appends: AtomicU64,
}

/// Returns the SQL that creates the tables, as [`PostgresFeed`] does on first use. It can be run again.
///
/// # Errors
/// [`FeedError::InvalidOption`] if `table` is no name of a table.
pub fn postgres_migration(table: &str) -> Result<String, FeedError> {
    Ok([valid_table(table).map(|table| Statements::new(table, true).migration)?.as_str(), ";"].concat())
}

impl PostgresFeed {
    /// Creates a feed without TLS. It connects on first use, and again after the connection is lost. Call it within a Tokio
    /// runtime.
    ///
    /// # Errors
    /// [`FeedError::InvalidOption`] if the table's name is invalid.
    pub fn connect(config: &Config, options: PostgresFeedOptions) -> Result<Self, FeedError> {
        Self::connect_with_tls(config, NoTls, options)
    }

    /// Creates a feed with a TLS connector of `tokio-postgres`.
    ///
    /// # Errors
    /// [`FeedError::InvalidOption`] if the table's name is invalid.
    pub fn connect_with_tls<T>(
        config: &Config,
        tls: T,
        options: PostgresFeedOptions,
    ) -> Result<Self, FeedError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let statements = Statements::new(valid_table(&options.table)?, true);
        let connection = Connection::new(config.clone(), tls, options.timeout, statements.listen);
        Ok(Self {
            connection: Arc::new(connection),
            options,
            statements: Mutex::new(None),
            appends: AtomicU64::new(0),
        })
    }

    /// Declares that no revocation is missing, so that caches older than the feed are accepted again. Call it by hand, once: when a
    /// service without a database begins to use a new feed.
    ///
    /// # Errors
    /// Returns why the server could not be asked.
    pub async fn declare_complete(&self) -> Result<(), FeedError> {
        self.read("").await?;
        self.run(|sql| &sql.complete, &[]).await.map(drop)
    }

    /// Runs a statement. Creates the tables if they are missing.
    async fn run(
        &self,
        statement: impl Fn(&Statements) -> &String + Send,
        values: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, FeedError> {
        let sql = self.statements().await?;
        match self.connection.query(statement(&sql), values).await {
            Err(error) if self.options.migrate && code(&error) == Some(&SqlState::UNDEFINED_TABLE) => {
                self.connection.query(&sql.migration, &[]).await?;
                self.connection.query(statement(&sql), values).await
            }
            result => result,
        }
    }

    /// Returns the statements. Not every service shows the identity of its server.
    async fn statements(&self) -> Result<Arc<Statements>, FeedError> {
        let held = self.statements.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(statements) = held {
            return Ok(statements);
        }
        let hidden =
            [SqlState::UNDEFINED_FUNCTION, SqlState::INSUFFICIENT_PRIVILEGE, SqlState::FEATURE_NOT_SUPPORTED];
        let is_shown = match self.connection.query(&sql::probe(), &[]).await {
            Ok(_) => true,
            Err(error) if code(&error).is_some_and(|code| hidden.contains(code)) => false,
            Err(error) => return Err(error),
        };
        let statements = Arc::new(Statements::new(&self.options.table, is_shown));
        *self.statements.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&statements));
        Ok(statements)
    }

    /// Drops the oldest rows at intervals, or fails if they must be kept.
    async fn trim(&self, kept: bool) -> Result<(), FeedError> {
        if !self.appends.fetch_add(1, Ordering::Relaxed).is_multiple_of(TRIM_EVERY) {
            return Ok(());
        }
        if !kept {
            return self.run(|sql| &sql.trim, &[(&self.options.max_rows, Type::INT8)]).await.map(drop);
        }
        let rows = self.run(|sql| &sql.count, &[]).await?;
        let count: i32 = rows.first().and_then(|row| row.try_get("rows").ok()).unwrap_or_default();
        if i64::from(count) < self.options.max_rows {
            return Ok(());
        }
        // Checked again by the next append.
        self.appends.store(0, Ordering::Relaxed);
        Err(FeedError::Full)
    }

    async fn read(&self, given: &str) -> Result<FeedAnswer, FeedError> {
        let mut cursor = Cursor::parse(given);
        for _ in 0..EPOCH_TRIES {
            let values = cursor.values().map(|value| (value as &(dyn ToSql + Sync), Type::TEXT));
            let rows = self.run(|sql| &sql.since, &values).await?;
            let current = rows.first().filter(|row| row.try_get("current").unwrap_or(false));
            let Some(row) = current else {
                self.run(|sql| &sql.begin, &[]).await?;
                continue;
            };
            let text = |name: &str| row.try_get::<_, String>(name).unwrap_or_default();
            let is_known = cursor.epoch == text("epoch") && !is_ahead(&cursor.seen, &text("snapshot"));
            if cursor.is_empty() || is_known {
                return answer(row, &cursor);
            }
            cursor = Cursor::default();
        }
        Err(FeedError::Unreadable("its epoch changes with every read"))
    }
}

impl RevocationFeed for PostgresFeed {
    fn append(&self, batch: RevocationBatch) -> FeedFuture<'_, ()> {
        Box::pin(async move {
            self.trim(batch.must_be_kept()).await?;
            let data = STANDARD.encode(&batch.data);
            let expires_at = batch.expires_at.as_millis();
            let values: [(&(dyn ToSql + Sync), Type); 3] =
                [(&batch.id, Type::TEXT), (&data, Type::TEXT), (&expires_at, Type::INT8)];
            self.run(|sql| &sql.append, &values).await.map(drop)
        })
    }

    fn since<'a>(&'a self, cursor: &'a str) -> FeedFuture<'a, FeedAnswer> {
        Box::pin(self.read(cursor))
    }

    fn listen(&self, wake: Wake) {
        if self.options.listen {
            self.connection.listen(wake);
        }
    }
}

/// Returns the SQLSTATE of an error.
fn code(error: &FeedError) -> Option<&SqlState> {
    match error {
        FeedError::Store(error) => error.downcast_ref::<tokio_postgres::Error>()?.code(),
        _ => None,
    }
}

/// Returns a name in lower case, with or without a schema.
fn valid_table(table: &str) -> Result<&str, FeedError> {
    let is_name = |name: &str| {
        (1..=41).contains(&name.len())
            && name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    if table.split('.').count() <= 2 && table.split('.').all(is_name) {
        return Ok(table);
    }
    const MUST: &str =
        "the table of the Postgres feed must be a name in lower case, with or without a schema";
    Err(FeedError::InvalidOption(MUST))
}
