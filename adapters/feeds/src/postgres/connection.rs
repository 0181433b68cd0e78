//! One connection to Postgres, which is opened again when it is lost.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{AsyncMessage, Client, Config, Row, Socket};

use crate::error::FeedError;
use crate::feed::Wake;
use crate::pending::Pending;

/// Delay before another attempt to listen, in which reads are polled.
const RELISTEN: Duration = Duration::from_secs(1);

type Opening = Pin<Box<dyn Future<Output = Result<Client, tokio_postgres::Error>> + Send>>;

/// A connection. Statements are pipelined on it.
pub(super) struct Connection {
    open: Box<dyn Fn(Wakes) -> Opening + Send + Sync>,
    client: AsyncMutex<Option<Arc<Client>>>,
    pending: Pending,
    wakes: Wakes,
    listen: String,
}

/// The functions to call on a notification.
type Wakes = Arc<Mutex<Vec<Wake>>>;

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").finish_non_exhaustive()
    }
}

impl Connection {
    /// Creates a connection, which is opened on first use. `listen` is the statement that begins to receive notifications.
    pub(super) fn new<T>(config: Config, tls: T, timeout: Duration, listen: String) -> Self
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + 'static,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let open = move |wakes: Wakes| -> Opening {
            let (config, tls) = (config.clone(), tls.clone());
            Box::pin(async move {
                let (client, connection) = config.connect(tls).await?;
                tokio::spawn(drive(connection, wakes));
                Ok(client)
            })
        };
        let (client, wakes) = (AsyncMutex::new(None), Wakes::default());
        Self { open: Box::new(open), client, pending: Pending::new(timeout), wakes, listen }
    }

    /// Runs one statement and returns its rows. It is not prepared, so that poolers in transaction mode can carry it.
    pub(super) async fn query(
        &self,
        statement: &str,
        values: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<Vec<Row>, FeedError> {
        let result = self
            .pending
            .run(async {
                let client = self.client().await?;
                client.query_typed(statement, values).await.map_err(FeedError::store)
            })
            .await;
        if matches!(result, Err(FeedError::TimedOut)) {
            // A connection that was cut off does not close by itself.
            *self.client.lock().await = None;
        }
        result
    }

    /// Calls `wake` on every notification, and after the connection was opened anew.
    pub(super) fn listen(self: &Arc<Self>, wake: Wake) {
        let is_first = {
            let mut wakes = self.wakes.lock().unwrap_or_else(PoisonError::into_inner);
            wakes.push(wake);
            wakes.len() == 1
        };
        if is_first {
            // Reads open the connection again; this task does so where there are none, until the feed is dropped.
            let connection = Arc::downgrade(self);
            tokio::spawn(async move {
                // A connection from before does not listen.
                if let Some(connection) = connection.upgrade() {
                    *connection.client.lock().await = None;
                }
                while let Some(connection) = connection.upgrade() {
                    let _ = connection.pending.run(connection.client()).await;
                    drop(connection);
                    tokio::time::sleep(RELISTEN).await;
                }
            });
        }
    }

    /// Returns the client, opening a connection if there is none.
    async fn client(&self) -> Result<Arc<Client>, FeedError> {
        let mut held = self.client.lock().await;
        if let Some(client) = held.as_ref().filter(|client| !client.is_closed()) {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new((self.open)(Arc::clone(&self.wakes)).await.map_err(FeedError::store)?);
        let listens = !self.wakes.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
        if listens {
            client.batch_execute(&self.listen).await.map_err(FeedError::store)?;
            wake_all(&self.wakes);
        }
        *held = Some(Arc::clone(&client));
        Ok(client)
    }
}

/// Drives a connection until it ends.
async fn drive<S, T>(mut connection: tokio_postgres::Connection<S, T>, wakes: Wakes)
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
    T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = std::future::poll_fn(|context| connection.poll_message(context)).await {
        if matches!(message, AsyncMessage::Notification(_)) {
            wake_all(&wakes);
        }
    }
}

fn wake_all(wakes: &Wakes) {
    let wakes = wakes.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for wake in wakes {
        wake();
    }
}
