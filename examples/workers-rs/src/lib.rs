//! A Worker in front of a Better Auth server: verifies sessions, looks lapsed ones up at the server, passes its cookies on, and
//! forwards the auth API. All of it is Rust.

mod origin;
mod respond;
mod service;

use worker::{Context, Env, Request, Response, Result, event};

use crate::service::Service;

#[event(fetch)]
async fn fetch(request: Request, env: Env, _context: Context) -> Result<Response> {
    match Service::of(&env) {
        Ok(service) => service.handle(request).await,
        Err(error) => {
            worker::console_error!("better-session: {error}");
            respond::error(500, "CONFIGURATION", "The Worker is not configured")
        }
    }
}
