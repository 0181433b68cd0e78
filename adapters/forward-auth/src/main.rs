//! A service that a proxy asks before it forwards a visitor's request.
//!
//! The configuration is in the environment and in a file, never in arguments, which other users of a machine can read: see
//! [`settings`].
#![forbid(unsafe_code)]

mod log;
mod settings;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use better_session_axum::ForwardAuth;

use crate::log::Log;
use crate::settings::Settings;

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("better-session-forward-auth: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), String> {
    if std::env::args_os().len() > 1 {
        return Err("takes no arguments: the configuration is in the environment and in the file BETTER_SESSION_CONFIG".to_owned());
    }
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    let service = Arc::new(settings.service()?);
    let address = (settings.host.clone(), settings.port);
    drop(settings);
    let listener =
        tokio::net::TcpListener::bind(address).await.map_err(|error| format!("cannot listen: {error}"))?;
    let at = listener.local_addr().map_err(|error| error.to_string())?;
    println!("http://{at}");
    let app = router(service).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, app).with_graceful_shutdown(stopped()).await.map_err(|error| error.to_string())
}

/// Answers every path: the proxy names the visitor's request in headers.
fn router(service: Arc<ForwardAuth>) -> Router {
    let log = Arc::new(Log::default());
    Router::new().fallback(move |request: Request| {
        let (service, log) = (Arc::clone(&service), Arc::clone(&log));
        async move {
            let response = service.respond(&request.into_parts().0).await;
            log.observe(&response);
            response
        }
    })
}

/// Waits for SIGINT or SIGTERM.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
