//! A feed as a process, which the contract suite of the npm package drives: one JSON request a line on standard input, one JSON
//! response a line on standard output. The store is named in the environment.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use better_session_feeds::{
    PostgresFeed, PostgresFeedOptions, RedisFeed, RedisFeedOptions, RevocationBatch, RevocationFeed,
    UnixMillis,
};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::mpsc;

/// Returns a member of an object, or null.
fn member<'a>(object: &'a Value, name: &str) -> &'a Value {
    object.get(name).unwrap_or(&Value::Null)
}

type Lines = mpsc::UnboundedSender<Value>;

enum Feed {
    Redis(RedisFeed),
    Postgres(PostgresFeed),
}

impl Feed {
    fn open() -> Result<Self, Box<dyn std::error::Error>> {
        let variable = |name: &str| std::env::var(name);
        let options: Value = serde_json::from_str(&variable("FEED_OPTIONS")?)?;
        let text = |name: &str, default: &str| member(&options, name).as_str().unwrap_or(default).to_owned();
        let url = variable("FEED_URL")?;
        Ok(match variable("FEED_KIND")?.as_str() {
            "redis" => {
                let defaults = RedisFeedOptions::default();
                let max_bytes = member(&options, "maxBytes").as_u64().unwrap_or(defaults.max_bytes);
                let durable = member(&options, "durable").as_bool().unwrap_or(false);
                let prefix = text("prefix", &defaults.prefix);
                Self::Redis(RedisFeed::connect(
                    &url,
                    defaults.prefix(prefix).durable(durable).max_bytes(max_bytes),
                )?)
            }
            _ => {
                let defaults = PostgresFeedOptions::default();
                let max_rows = member(&options, "maxRows").as_i64().unwrap_or(defaults.max_rows);
                let table = text("table", &defaults.table);
                Self::Postgres(PostgresFeed::connect(
                    &url.parse()?,
                    defaults.table(table).max_rows(max_rows),
                )?)
            }
        })
    }

    fn as_feed(&self) -> &dyn RevocationFeed {
        match self {
            Self::Redis(feed) => feed,
            Self::Postgres(feed) => feed,
        }
    }

    async fn call(&self, request: &Value, lines: &Lines) -> Result<Value, Box<dyn std::error::Error>> {
        let text = |name: &str| member(request, name).as_str().unwrap_or_default();
        match text("call") {
            "append" => {
                let expires_at =
                    UnixMillis::from_millis(member(request, "expiresAt").as_i64().unwrap_or_default());
                let data = STANDARD.decode(text("data")).map_err(|_| "the data is no base64")?;
                self.as_feed()
                    .append(RevocationBatch { data, expires_at, id: text("batch").to_owned() })
                    .await?;
                Ok(Value::Null)
            }
            "since" => {
                let answer = self.as_feed().since(text("cursor")).await?;
                Ok(json!({
                    "marks": STANDARD.encode(&answer.data), "cursor": answer.cursor, "age": answer.age.as_millis(),
                    "more": answer.more, "floor": answer.floor.map(UnixMillis::as_millis),
                }))
            }
            "listen" => {
                let woken = lines.clone();
                self.as_feed().listen(Arc::new(move || drop(woken.send(json!({ "woken": true })))));
                Ok(Value::Null)
            }
            "declareComplete" => {
                match self {
                    Self::Redis(feed) => feed.declare_complete().await?,
                    Self::Postgres(feed) => feed.declare_complete().await?,
                }
                Ok(Value::Null)
            }
            other => Err(format!("unknown call {other}").into()),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let feed = Arc::new(Feed::open()?);
    let (send, mut lines) = mpsc::unbounded_channel::<Value>();
    tokio::spawn(async move {
        let mut out = tokio::io::stdout();
        while let Some(line) = lines.recv().await {
            if out.write_all(format!("{line}\n").as_bytes()).await.is_err() {
                break;
            }
            let _ = out.flush().await;
        }
    });
    let mut requests = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = requests.next_line().await? {
        let (feed, send) = (Arc::clone(&feed), send.clone());
        tokio::spawn(async move {
            let request: Value = serde_json::from_str(&line).unwrap_or_default();
            let response = match feed.call(&request, &send).await {
                Ok(result) => json!({ "id": member(&request, "id"), "result": result }),
                Err(error) => {
                    let error: &dyn std::error::Error = error.as_ref();
                    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
                    json!({ "id": member(&request, "id"), "error": format!("{error}{cause}") })
                }
            };
            let _ = send.send(response);
        });
    }
    tokio::time::sleep(Duration::from_millis(10)).await;
    Ok(())
}
