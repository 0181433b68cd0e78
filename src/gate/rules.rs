//! What one gate is configured with, and what that makes of a request's target.

use crate::error::ConfigError;
use crate::gate::fields::Fields;
use crate::gate::path::{NormalPath, normalise};
use crate::gate::routes::{RouteRequirement, Routes};
use crate::gate::sign_in::{is_sign_in_url, same_origin, site_of};
use crate::time::Seconds;

/// The gate's own options.
#[derive(Debug, Clone)]
pub struct Rules {
    routes: Routes,
    base_path: NormalPath,
    sign_in: Option<SignIn>,
    /// Scheme and host of `baseURL`, or nothing.
    pub(super) site: String,
    /// Whether `get-session` may be answered here: off when a plugin of the server reshapes its answer.
    pub(super) answer_get_session: bool,
    /// How long past its window a genuine cache still counts while the origin is down. 0: not at all.
    pub(super) grace: Seconds,
    /// Every bearer token is a credential, also a dotted one that no secret signed.
    any_bearer: bool,
    /// Members that `get-session` shows, as far as known before the origin has answered.
    fields: Fields,
}

#[derive(Debug, Clone)]
struct SignIn {
    url: String,
    path: NormalPath,
}

/// A request's path and query, the query with its `?`.
pub(super) struct Target<'a> {
    pub(super) path: &'a str,
    pub(super) query: &'a str,
}

impl Rules {
    /// Checks and keeps the options. `base_path` is normalised as the paths of requests are.
    ///
    /// # Errors
    /// `base_path` has no form that every server reads alike, or is the whole site.
    pub fn new(routes: Routes, base_path: &str) -> Result<Self, ConfigError> {
        const BAD: ConfigError = ConfigError::new(
            "OPTION_INVALID",
            "basePath must be a path such as /api/auth, and not the whole site",
        );
        if base_path.contains("://") || base_path.contains(['?', '#']) {
            return Err(BAD);
        }
        // Better Auth as well takes a path without its first slash.
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

    /// Where pages without a session are sent. Its own path needs none if it is on this site: relative, or of the
    /// origin of [`Rules::with_base_url`].
    ///
    /// # Errors
    /// It is neither an absolute path nor an http(s) URL.
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

    /// The site that `callbackURL` names when the sign-in page is elsewhere: the origin of `base_url`.
    #[must_use]
    pub fn with_base_url(mut self, base_url: &str) -> Self {
        self.site = site_of(base_url).into();
        self
    }

    /// See the fields.
    #[must_use]
    pub fn with(mut self, answer_get_session: bool, grace: Seconds) -> Self {
        self.answer_get_session = answer_get_session;
        self.grace = grace.max(0);
        self
    }

    /// `any_bearer`: a bearer token that no secret signed is a credential too. `fields`: the members that `get-session`
    /// shows, as configured.
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

    /// Returns the members that `get-session` shows, as configured.
    #[must_use]
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// What `path` asks for. The sign-in page of this site is public, or nobody would reach it. A pattern that spans the whole auth API,
    /// such as `/**`, asks for no fresh session there, or nobody could sign in.
    #[must_use]
    pub fn requirement(&self, path: &NormalPath) -> RouteRequirement {
        let mut requirement = self.routes.requirement(path);
        if requirement.fresh && self.below_base(path).is_some() {
            requirement.fresh = self.routes.names_fresh(path, self.base_path.segments().count());
        }
        let door = self.local_sign_in().is_some_and(|page| page.path.segments().eq(path.segments()));
        RouteRequirement {
            public: requirement.public || (door && !requirement.fresh && !requirement.authoritative),
            ..requirement
        }
    }

    /// The part of an auth API path below `basePath`, when it is one: `["get-session"]`.
    pub(super) fn below_base<'p>(&self, path: &'p NormalPath) -> Option<impl Iterator<Item = &'p str>> {
        let mut given = path.segments();
        self.base_path.segments().all(|segment| given.next() == Some(segment)).then_some(given)
    }

    /// The normalised `basePath`, without a slash at the end.
    #[must_use]
    pub fn base_path(&self) -> &str {
        self.base_path.as_str().trim_end_matches('/')
    }

    /// Whether the path of `url`, however it is spelt, is `below` under `basePath`.
    #[must_use]
    pub fn is_below(&self, url: &str, below: &str) -> bool {
        let path = normalise(target(url).path).ok();
        let below = below.split('/').filter(|segment| !segment.is_empty());
        path.is_some_and(|path| self.below_base(&path).is_some_and(|rest| rest.eq(below)))
    }

    /// The origin's `get-session`.
    #[must_use]
    pub fn get_session(&self) -> String {
        [self.base_path(), "/get-session"].concat()
    }

    /// The origin's health check: it answers everybody and looks at nothing.
    pub(super) fn health_check(&self) -> String {
        [self.base_path.as_str().trim_end_matches('/'), "/ok"].concat()
    }

    /// The sign-in page, if it is on this site. The request's `Host` has no say: a visitor chooses it.
    fn local_sign_in(&self) -> Option<&SignIn> {
        let page = self.sign_in.as_ref()?;
        (page.url.starts_with('/') || same_origin(&page.url, &self.site)).then_some(page)
    }

    /// Where this visitor can sign in, as configured, and the site to name in `callbackURL`.
    pub(super) fn sign_in(&self) -> Option<(&str, &str)> {
        let page = self.sign_in.as_ref()?;
        Some((&page.url, if page.url.starts_with('/') { "" } else { &self.site }))
    }
}

/// Takes path and query out of an absolute URL or a request target, as bytes: a URL parser would already
/// rewrite what has to be judged as it came.
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
