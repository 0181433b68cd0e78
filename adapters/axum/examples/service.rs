//! A service behind a Better Auth server. In the environment: `BETTER_AUTH_SECRET`, `AUTH_ORIGIN` (the server's URL), `PORT`, and for
//! revocation `REDIS_URL` or `DATABASE_URL`, the store of the other gates' feed.
//!
//! `cargo run --package better-session-axum --example service`

use std::env;
use std::error::Error;
use std::net::SocketAddr;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Json, Router};
use better_session::Config;
use better_session::gate::Rules;
use better_session::revocation::RevocationTarget;
use better_session_axum::feeds::{PostgresFeed, PostgresFeedOptions, RedisFeed, RedisFeedOptions};
use better_session_axum::{
    FreshSession, OptionalSession, RevocationOptions, Session, SessionGate, SessionLayer,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The application's view of a user.
#[derive(Debug, Serialize, Deserialize)]
struct User {
    id: String,
    name: String,
    email: String,
}

/// The options that the server has in `betterAuth({ … })`, if `BETTER_AUTH_OPTIONS` has none.
const OPTIONS: &str = r#"{ "session": { "cookieCache": { "enabled": true } } }"#;

async fn home(OptionalSession(session): OptionalSession<User>) -> String {
    format!("Hello {}", session.map_or("stranger".to_owned(), |session| session.user.name))
}

async fn me(session: Session<User>) -> Json<Value> {
    Json(json!({ "user": session.user, "source": session.source.name() }))
}

async fn order(Path(id): Path<u32>, session: Session<User>) -> Result<String, StatusCode> {
    if id == 1 { Ok(format!("An order of {}", session.user.name)) } else { Err(StatusCode::NOT_FOUND) }
}

async fn account(_: Session) -> Redirect {
    Redirect::to("/api/me")
}

async fn delete(FreshSession(session): FreshSession<User>) -> String {
    format!("{} could be deleted now", session.user.email)
}

/// For a change that the service makes itself: every gate and service looks this user's sessions up once.
async fn recheck(State(gate): State<SessionGate>, session: Session) -> Result<&'static str, StatusCode> {
    let target = RevocationTarget::User { id: session.user_id, except: None };
    gate.revoke(&[target]).await.map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    Ok("done")
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut options: Value =
        serde_json::from_str(&env::var("BETTER_AUTH_OPTIONS").unwrap_or_else(|_| OPTIONS.to_owned()))?;
    let members = options.as_object_mut().ok_or("BETTER_AUTH_OPTIONS must be an object")?;
    members.insert("secret".to_owned(), env::var("BETTER_AUTH_SECRET")?.into());
    let origin = env::var("AUTH_ORIGIN").unwrap_or_else(|_| "http://localhost:3000".to_owned());
    let json = options.to_string();
    let mut gate = SessionGate::builder(Config::from_json(&json)?, &origin);
    if let Some(url) = options.get("baseURL").and_then(Value::as_str) {
        gate = gate.base_url(url);
    }
    if options.get("routes").is_some() {
        // Every path then needs a session that `routes` do not name, and pages lead to `routes.signInURL`.
        gate = gate.rules(Rules::from_json(&json)?);
    }
    let revocation = RevocationOptions::default();
    if let Ok(url) = env::var("REDIS_URL") {
        gate = gate.revocation(RedisFeed::connect(&url, RedisFeedOptions::default())?, revocation);
    } else if let Ok(url) = env::var("DATABASE_URL") {
        let feed = PostgresFeed::connect(&url.parse()?, PostgresFeedOptions::default())?;
        gate = gate.revocation(feed, revocation);
    }
    let gate = gate.build()?;
    let app = Router::new()
        .route("/", get(home))
        .route("/api/me", get(me))
        .route("/api/orders/{id}", get(order))
        .route("/account", get(account))
        .route("/account/delete", post(delete))
        .route("/account/recheck", post(recheck))
        .layer(SessionLayer::new(gate.clone()))
        .with_state(gate);

    let port = env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(4000);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?;
    Ok(())
}
