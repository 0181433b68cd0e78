//! The rules of one gate: its options, and the requirement of a path that follows from them.

use crate::error::ConfigError;
use crate::gate::fields::Fields;
use crate::gate::path::{NormalPath, PathFault, normalise};
use crate::gate::readings::RequestPath;
use crate::gate::routes::{RouteRequirement, Routes, is_same_leniently};
use crate::gate::sign_in::{is_sign_in_url, same_origin, site_of};
use crate::prelude::*;
use crate::time::Seconds;

/// The gate's own options.
#[derive(Debug, Clone)]
pub struct Rules {
    routes: Routes,
    base_path: NormalPath,
    sign_in: Option<SignIn>,
    /// Scheme and host of `baseURL`, or "".
    pub(super) site: String,
    /// `get-session` may be answered by the gate. False if a plugin of the server reshapes the response.
    pub(super) answer_get_session: bool,
    /// How long an expired cache is accepted while the origin is down, in seconds; 0 disables it.
    pub(super) grace: Seconds,
    /// Every bearer token is a credential, including a dotted one that no secret signed.
    any_bearer: bool,
    /// The configured visibility of the members of `get-session`.
    fields: Fields,
}

#[derive(Debug, Clone)]
struct SignIn {
    url: String,
    path: NormalPath,
}

/// The path and the query of a request; the query includes its `?`.
pub(super) struct Target<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a str,
}

impl Rules {
    /// Creates the rules. `base_path` is normalised like the path of a request.
    ///
    /// # Errors
    /// Returns an error if `base_path` has no normalised form, or is the whole site.
    pub fn new(routes: Routes, base_path: &str) -> Result<Self, ConfigError> {
        const BAD: ConfigError = ConfigError::new(
            "OPTION_INVALID",
            "basePath must be a path such as /api/auth, and not the whole site; so must the path of baseURL, if it has one",
        );
        if base_path.contains("://") || base_path.contains(['?', '#']) {
            return Err(BAD);
        }
        // Better Auth also accepts a path without its first slash.
        let base_path = ["/", base_path.trim_end_matches(['/', '\\'])].concat();
        let base_path = normalise(&base_path).map_err(|_| BAD)?;
        if base_path.segments().next().is_none() {
            return Err(BAD);
        }
        Ok(Self {
            routes,
            base_path,
            sign_in: None,
            site: String::new(),
            answer_get_session: true,
            grace: 0,
            any_bearer: false,
            fields: Fields::default(),
        })
    }

    /// Sets the sign-in page, to which pages without a session are redirected. Its own path is public if it is on this
    /// site: relative, or of the origin of [`Rules::with_base_url`].
    ///
    /// # Errors
    /// Returns an error if `url` is neither an absolute path nor an http(s) URL.
    pub fn with_sign_in(mut self, url: &str) -> Result<Self, ConfigError> {
        const BAD: ConfigError = ConfigError::new(
            "SIGN_IN_URL",
            "routes.signInURL must be a path such as /sign-in, or an http(s) URL",
        );
        if !is_sign_in_url(url) {
            return Err(BAD);
        }
        let path = normalise(target(url).path).map_err(|_| BAD)?;
        self.sign_in = Some(SignIn { url: url.into(), path });
        Ok(self)
    }

    /// Sets the site of `callbackURL` for a sign-in page on another site: the origin of `base_url`.
    #[must_use]
    pub fn with_base_url(mut self, base_url: &str) -> Self {
        self.site = site_of(base_url).into();
        self
    }

    /// Sets whether the gate may answer `get-session`, and how long it accepts an expired cache while the origin is down.
    #[must_use]
    pub fn with(mut self, answer_get_session: bool, grace: Seconds) -> Self {
        self.answer_get_session = answer_get_session;
        self.grace = grace.max(0);
        self
    }

    /// Sets whether a bearer token that no secret signed is a credential too, and the visibility of the members of
    /// `get-session`.
    #[must_use]
    pub fn with_credentials(mut self, any_bearer: bool, fields: Fields) -> Self {
        self.any_bearer = any_bearer;
        self.fields = fields;
        self
    }

    /// Returns whether a bearer token that no secret signed is a credential too.
    #[must_use]
    pub const fn any_bearer(&self) -> bool {
        self.any_bearer
    }

    /// Returns how long an expired cache is accepted while the origin is down, in seconds.
    #[must_use]
    pub const fn grace(&self) -> Seconds {
        self.grace
    }

    /// Returns the configured visibility of the members of `get-session`.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Returns the requirement of `path`. The sign-in page of this site is public unless a pattern requires otherwise. A
    /// `fresh` pattern that covers the whole auth API, such as `/**`, does not apply there, because it would prevent every
    /// sign-in.
    #[must_use]
    pub fn requirement(&self, path: &NormalPath) -> RouteRequirement {
        let requirement = match self.routes.requirement(path) {
            RouteRequirement::Session { fresh: true, authoritative } if self.below_base(path).is_some() => {
                let fresh = self.routes.names_fresh(path, self.base_path.segments().count());
                RouteRequirement::Session { fresh, authoritative }
            }
            requirement => requirement,
        };
        let is_sign_in_page =
            || self.local_sign_in().is_some_and(|page| page.path.segments().eq(path.segments()));
        if requirement == RouteRequirement::SESSION && is_sign_in_page() {
            return RouteRequirement::Public;
        }
        requirement
    }

    /// Returns the positions of the predicates that `path` requires. Like a `fresh` pattern, one that covers the whole auth
    /// API does not apply there.
    pub(super) fn predicates(&self, path: &NormalPath) -> Vec<usize> {
        self.routes.predicates(path, self.least_segments(path))
    }

    /// Returns the pattern that decides on `path`, `{basePath}/**` for other calls of the auth API, or "".
    pub(super) fn pattern(&self, path: &NormalPath) -> String {
        let least = self.least_segments(path);
        match self.routes.pattern(path, least) {
            Some(pattern) => pattern.to_owned(),
            None if least > 0 => [self.base_path(), "/**"].concat(),
            None => String::new(),
        }
    }

    /// Returns how many segments a pattern must have to make a demand on `path`: those of `basePath` in the auth API.
    fn least_segments(&self, path: &NormalPath) -> usize {
        if self.below_base(path).is_some() { self.base_path.segments().count() } else { 0 }
    }

    /// Returns the requirement of a request's path and the positions of its predicates. An ambiguous path requires what any
    /// of its readings requires, and a session in any case.
    ///
    /// # Errors
    /// Returns the fault of an ambiguous path of which a reading is below `basePath`.
    pub fn judge(&self, path: &RequestPath) -> Result<(RouteRequirement, Vec<usize>), PathFault> {
        let Some(fault) = path.fault() else {
            let path = path.normal();
            return Ok(path.map_or((RouteRequirement::SESSION, Vec::new()), |path| {
                (self.requirement(path), self.predicates(path))
            }));
        };
        let (mut fresh, mut authoritative, mut predicates) = (false, false, Vec::new());
        for reading in path.readings() {
            let mut given = reading.segments();
            let is_same = |base: &str| given.next().is_some_and(|given| is_same_leniently(base, given));
            if self.base_path.segments().all(is_same) {
                return Err(fault);
            }
            let requirement = self.routes.requirement(reading);
            fresh |= requirement.fresh();
            authoritative |= requirement.authoritative();
            predicates.extend(self.routes.predicates(reading, 0));
        }
        predicates.sort_unstable();
        predicates.dedup();
        Ok((RouteRequirement::Session { fresh, authoritative }, predicates))
    }

    /// Returns the segments of a path after `basePath`; `None` outside the auth API, and for an ambiguous path.
    pub(super) fn below<'p>(&self, path: &'p RequestPath) -> Option<impl Iterator<Item = &'p str>> {
        self.below_base(path.normal()?)
    }

    /// Returns the segments after `basePath`, such as `["get-session"]`, or `None` if the path is outside the auth API.
    pub(super) fn below_base<'p>(&self, path: &'p NormalPath) -> Option<impl Iterator<Item = &'p str>> {
        let mut given = path.segments();
        self.base_path.segments().all(|segment| given.next() == Some(segment)).then_some(given)
    }

    /// Returns the normalised `basePath`, without a trailing slash.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.base_path.as_str().trim_end_matches('/')
    }

    /// Returns whether the path of `url`, once normalised, is `below` under `basePath`.
    #[must_use]
    pub fn is_below(&self, url: &str, below: &str) -> bool {
        let path = normalise(target(url).path).ok();
        let below = below.split('/').filter(|segment| !segment.is_empty());
        path.is_some_and(|path| self.below_base(&path).is_some_and(|rest| rest.eq(below)))
    }

    /// Returns the path of the origin's `get-session`.
    #[must_use]
    pub fn get_session(&self) -> String {
        [self.base_path(), "/get-session"].concat()
    }

    /// Returns the path of the origin's health check, which needs no cookies.
    pub(super) fn health_check(&self) -> String {
        [self.base_path(), "/ok"].concat()
    }

    /// Returns the sign-in page if it is on this site. The request's `Host` is ignored, because the visitor chooses it.
    fn local_sign_in(&self) -> Option<&SignIn> {
        let page = self.sign_in.as_ref()?;
        (page.url.starts_with('/') || same_origin(&page.url, &self.site)).then_some(page)
    }

    /// Returns the URL of the sign-in page and the site of `callbackURL`.
    pub(super) fn sign_in(&self) -> Option<(&str, &str)> {
        let page = self.sign_in.as_ref()?;
        Some((&page.url, if page.url.starts_with('/') { "" } else { &self.site }))
    }
}

/// Splits path and query from an absolute URL or a request target. A URL parser would already rewrite the path, which must
/// be checked as received.
pub(super) fn target(url: &str) -> Target<'_> {
    let url = url.split('#').next().unwrap_or_default();
    let rest = match url.split_once("://") {
        Some((_, rest)) if !url.starts_with('/') => {
            let end = rest.find(['/', '?', '\\']).unwrap_or(rest.len());
            rest.get(end..).unwrap_or_default()
        }
        _ => url,
    };
    let end = rest.find('?').unwrap_or(rest.len());
    let (path, query) = rest.split_at_checked(end).unwrap_or((rest, ""));
    Target { path, query: if query == "?" { "" } else { query } }
}
