//! The Better Auth server.

use worker::wasm_bindgen::JsValue;
use worker::{AbortSignal, Fetch, Headers, Method, Request, RequestInit, RequestRedirect, Response, Result};

/// Time limit of a lookup and of a probe, in milliseconds, until the end of the body.
const TIMEOUT: u32 = 5000;

/// The server's URL, without a trailing slash.
pub struct Origin(String);

/// The response to a lookup. `status` is 0 if there was none.
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub set_cookies: Vec<String>,
}

impl Answer {
    pub const fn lost() -> Self {
        Self { status: 0, body: String::new(), set_cookies: Vec::new() }
    }
}

impl Origin {
    pub fn new(url: &str) -> Self {
        Self(url.trim_end_matches('/').to_owned())
    }

    /// Sends `get-session` with the visitor's credentials: the session cookies and credential headers.
    pub async fn look_up(&self, target: &str, credentials: &[(&str, &str)], post: bool) -> Answer {
        self.send(target, credentials, post).await.unwrap_or_else(|_| Answer::lost())
    }

    /// Returns whether the server responds to a request that has nothing of a visitor's.
    pub async fn is_up(&self, target: &str) -> bool {
        self.send(target, &[], false).await.is_ok_and(|answer| answer.status < 500)
    }

    /// Forwards a call of the auth API. Body, status and every `Set-Cookie` pass unchanged.
    pub async fn forward(&self, request: &Request, path: &str, cookie: &str) -> Result<Response> {
        let headers = Headers::new();
        for (name, value) in request.headers() {
            // Identities and addresses that a visitor claims.
            if name.starts_with("x-better-session-")
                || name.starts_with("x-forwarded-")
                || name == "forwarded"
            {
                continue;
            }
            headers.append(&name, &value)?;
        }
        if cookie.is_empty() {
            headers.delete("cookie")?;
        } else {
            headers.set("cookie", cookie)?;
        }
        let url = request.inner().url();
        let query = url.split_once('?').map(|(_, query)| ["?", query].concat()).unwrap_or_default();
        let mut init = RequestInit::new();
        init.with_method(request.method()).with_headers(headers).with_redirect(RequestRedirect::Manual);
        init.with_body(request.inner().body().map(JsValue::from));
        let target = [self.0.as_str(), path, &query].concat();
        match Fetch::Request(Request::new_with_init(&target, &init)?).send().await {
            Ok(response) => Ok(response),
            Err(_) => {
                crate::respond::error(503, "ORIGIN_UNAVAILABLE", "The server cannot be reached at the moment")
            }
        }
    }

    async fn send(&self, target: &str, credentials: &[(&str, &str)], post: bool) -> Result<Answer> {
        let headers = Headers::new();
        headers.set("accept", "application/json")?;
        for (name, value) in credentials.iter().filter(|(_, value)| !value.is_empty()) {
            headers.set(name, value)?;
        }
        if post {
            headers.set("origin", &self.0)?;
        }
        let mut init = RequestInit::new();
        init.with_method(if post { Method::Post } else { Method::Get });
        init.with_headers(headers).with_redirect(RequestRedirect::Manual);
        let request = Request::new_with_init(&[self.0.as_str(), target].concat(), &init)?;
        let signal = AbortSignal::from(web_sys::AbortSignal::timeout_with_u32(TIMEOUT));
        let mut response = Fetch::Request(request).send_with_signal(&signal).await?;
        Ok(Answer {
            status: response.status_code(),
            set_cookies: response.headers().get_all("set-cookie")?,
            body: response.text().await?,
        })
    }
}
