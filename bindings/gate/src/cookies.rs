//! Bindings of what the gate reads and changes in `Cookie` and `Set-Cookie` headers.

use better_session::Scheme;
use better_session::UnixMillis;
use better_session::cache::KeySetCheck;
use better_session::gate::forward;
use better_session::gate::remint;
use better_session::prelude::*;
use better_session::revocation::ResponseCookies;
use better_session::verdict::Verdict;
use better_session_protocol::{millis, random};
use wasm_bindgen::prelude::wasm_bindgen;

use crate::gate::Gate;
use crate::request::scheme;

#[wasm_bindgen]
impl Gate {
    /// Returns the `Cookie` header without the session cache.
    pub fn without_cache(&self, cookie: &str) -> String {
        forward::without_cache(self.verifier.names(), cookie)
    }

    /// Returns the `Cookie` header of a lookup.
    pub fn for_lookup(&self, cookie: &str) -> String {
        forward::for_lookup(self.verifier.names(), cookie)
    }

    /// Returns the entries of a `Cookie` header that the server's `get-session` reads.
    pub fn session_only(&self, cookie: &str) -> String {
        forward::session_only(self.verifier.names(), cookie)
    }

    /// Returns whether a `Cookie` header has an account cache, which only the server can renew.
    pub fn has_account(&self, cookie: &str) -> bool {
        forward::has_account(self.verifier.names(), cookie)
    }

    /// Returns the `Cookie` header after these `Set-Cookie` lines.
    pub fn renewed(&self, cookie: &str, set_cookies: &str) -> String {
        forward::renewed(self.verifier.names(), cookie, set_cookies)
    }

    /// Returns the `Set-Cookie` lines of a cache minted again; "" unless a renewal is due.
    #[wasm_bindgen(js_name = renew)]
    pub fn remint(&self, cookie: &str, flags: u32, now: f64) -> String {
        let Some(random) = random() else { return String::new() };
        remint::renew(&self.verifier, cookie, scheme(flags), millis(now), random).join("\n")
    }

    /// Returns the session token that `Set-Cookie` lines set, or "".
    pub fn set_token(&self, set_cookies: &str) -> String {
        ResponseCookies::read(&self.verifier, "", set_cookies, 0).token.unwrap_or_default()
    }

    /// Returns whether `Set-Cookie` lines set a session cache.
    pub fn sets_cache(&self, set_cookies: &str) -> bool {
        forward::sets_cache(self.verifier.names(), set_cookies)
    }

    /// Returns `Set-Cookie` lines without those that set a session cache.
    pub fn without_new_cache(&self, set_cookies: &str) -> String {
        forward::without_new_cache(self.verifier.names(), set_cookies)
    }

    /// Returns whether a revocation covers what was known of a session at `known_at`. Without revocation none does.
    pub fn is_revoked(&self, token: &str, user_id: &str, known_at: f64, now: f64) -> bool {
        let Some(revocation) = &self.revocation else { return false };
        revocation.borrow().is_revoked(token, user_id, millis(known_at), millis(now))
    }

    /// Returns whether the session of a verdict may be older than a revocation that arrived after the first
    /// `arrival_count` ones, during the lookup of that session, which began at `started`.
    #[wasm_bindgen(js_name = overtaken)]
    pub fn is_overtaken(&self, verdict: &str, arrival_count: f64, started: f64) -> bool {
        let Ok(verdict) = better_session::json::parse(verdict) else { return true };
        let text = |record, name| verdict.member(record)?.member(name)?.string();
        let Some(token) = text("session", "token") else { return false };
        self.is_session_overtaken(&token, text("user", "id").as_deref(), arrival_count, started)
    }

    /// Returns the same for the sessions whose token or cache `Set-Cookie` lines set, in a response to a request with this
    /// `Cookie` header. Without a configured prefix the names of both schemes are checked, because the reader's is unknown.
    #[wasm_bindgen(js_name = sets_overtaken)]
    pub fn sets_overtaken_session(
        &self,
        cookie: &str,
        set_cookies: &str,
        arrival_count: f64,
        started: f64,
        now: f64,
    ) -> bool {
        let header = self.renewed(cookie, set_cookies);
        let now = UnixMillis::from_millis(millis(now));
        [Scheme::Http, Scheme::Https].into_iter().any(|scheme| {
            match self.verifier.verify_checked(&header, Some(scheme), KeySetCheck::FromServer, now) {
                Verdict::Authenticated(session) => {
                    let (token, user) = (&session.session.token, &session.user.id);
                    self.is_session_overtaken(token, Some(user), arrival_count, started)
                }
                Verdict::Stale { token, .. } => {
                    self.is_session_overtaken(&token, None, arrival_count, started)
                }
                Verdict::Unauthenticated { .. } => false,
            }
        })
    }

    fn is_session_overtaken(
        &self,
        token: &str,
        user_id: Option<&str>,
        arrival_count: f64,
        started: f64,
    ) -> bool {
        let Some(revocation) = &self.revocation else { return false };
        // A negative count does not belong to this index.
        let Ok(arrival_count) = u64::try_from(millis(arrival_count)) else { return true };
        revocation.borrow().is_overtaken(token, user_id, arrival_count, millis(started))
    }
}
