//! The SQL of the Postgres feed, as templates in the `.sql` files; a test of the npm package compares them with its own.
//!
//! A sequence does not order commits: a row can become visible after a later one. A cursor is therefore the snapshot of a read, and
//! the next read returns the rows whose transaction that snapshot did not see.

/// Milliseconds since the epoch by the server's clock.
const NOW: &str = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

/// The cluster and its timeline, which changes with a failover and a recovery to a point in time.
const SERVER: &str = "(SELECT system_identifier FROM pg_control_system()) || ':' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)";

/// Rows and bytes of one page.
pub(super) const PAGE_ROWS: i32 = 4096;
pub(super) const PAGE_BYTES: i32 = 1024 * 1024;

/// The statements for one table.
#[derive(Debug, Clone)]
pub(super) struct Statements {
    pub(super) migration: String,
    /// $1 id, $2 data in base64, $3 expiry (ms).
    pub(super) append: String,
    /// $1 snapshot of the cursor, $2 snapshot of a paged read, $3 and $4 its position.
    pub(super) since: String,
    /// Begins a new epoch if there is none or the server has changed.
    pub(super) begin: String,
    /// Drops the oldest of more than $1 rows and raises the floor.
    pub(super) trim: String,
    pub(super) count: String,
    pub(super) complete: String,
    /// Begins to receive notifications.
    pub(super) listen: String,
}

impl Statements {
    /// Returns the statements for a table. `incarnation` is false where the server does not tell its identity: a failover that lost
    /// commits is then not noticed.
    pub(super) fn new(table: &str, incarnation: bool) -> Self {
        let feed = format!("{table}_feed");
        let channel = table.replacen('.', "_", 1);
        let server = if incarnation { format!("{SERVER} || ':' || ") } else { String::new() };
        let identity = format!("({server}'{table}'::regclass::oid || ':' || '{feed}'::regclass::oid)");
        let fill = |template: &str| {
            template
                .trim_end()
                .replace("{identity}", &identity)
                .replace("{now}", NOW)
                .replace("{table}", table)
                .replace("{feed}", &feed)
                .replace("{channel}", &channel)
        };
        Self {
            migration: fill(include_str!("migration.sql")),
            append: fill(include_str!("append.sql")),
            since: fill(include_str!("since.sql")),
            begin: fill(include_str!("begin.sql")),
            trim: fill(include_str!("trim.sql")),
            count: fill("SELECT count(*)::int AS rows FROM {table}"),
            complete: fill("UPDATE {feed} SET floor = 0"),
            listen: fill("LISTEN {channel}"),
        }
    }
}

/// Returns a statement that fails where the server does not tell its identity.
pub(super) fn probe() -> String {
    format!("SELECT {SERVER}")
}
