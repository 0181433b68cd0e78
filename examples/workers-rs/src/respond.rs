//! Responses.

use better_session::Authenticated;
use better_session::gate::{Rejection, Source};
use serde_json::{Value, json};
use worker::{Headers, Response, Result};

/// Returns the response of the app. Replace it with your own.
pub fn app(
    path: &str,
    visitor: Option<&(Authenticated, Source)>,
    set_cookies: &[String],
) -> Result<Response> {
    let user = visitor.and_then(|(session, _)| session.user.deserialize::<Value>().ok());
    let source = visitor.map(|(_, source)| source.name());
    json_value(200, &json!({ "path": path, "user": user, "source": source }), set_cookies)
}

/// Returns the response to a request that is not let through.
pub fn rejection(rejection: &Rejection, set_cookies: &[String]) -> Result<Response> {
    let body = json!({ "code": rejection.code, "message": rejection.message });
    let response = json_value(rejection.status, &body, set_cookies)?;
    if let Some(location) = &rejection.location {
        response.headers().set("location", location)?;
    }
    if rejection.status == 503 {
        response.headers().set("retry-after", "5")?;
    }
    Ok(response)
}

/// Returns an error.
pub fn error(status: u16, code: &str, message: &str) -> Result<Response> {
    json_value(status, &json!({ "code": code, "message": message }), &[])
}

/// Returns a JSON text, private to the visitor.
pub fn json_text(text: &str, set_cookies: &[String]) -> Result<Response> {
    Ok(Response::ok(text)?.with_headers(private(set_cookies)?))
}

fn json_value(status: u16, body: &Value, set_cookies: &[String]) -> Result<Response> {
    Ok(json_text(&body.to_string(), set_cookies)?.with_status(status))
}

fn private(set_cookies: &[String]) -> Result<Headers> {
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    headers.set("cache-control", "private, no-store")?;
    headers.set("vary", "cookie")?;
    for line in set_cookies {
        headers.append("set-cookie", line)?;
    }
    Ok(headers)
}
