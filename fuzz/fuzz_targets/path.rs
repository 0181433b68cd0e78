//! Paths, their readings, and the rules of routes. The first line is a pattern, the rest the path.
#![no_main]

use better_session::gate::path::normalise;
use better_session::gate::{RequestPath, RouteRequirement, Routes};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (pattern, raw) = text.split_once('\n').unwrap_or(("/a/:b", text));
    if let Ok(path) = normalise(raw) {
        let normal = path.as_str();
        assert_eq!(normalise(normal).as_ref(), Ok(&path), "a fixed point");
        assert!(normal.starts_with('/') && normal.is_ascii());
        assert!(!normal.contains("//") && !normal.contains([';', '\\', '?', '#']));
        assert!(path.segments().all(|segment| !segment.contains('/') && !matches!(segment, "" | "." | "..")));
        let url = Url::parse(&format!("http://host{normal}")).expect("a URL");
        assert_eq!(
            (url.path(), url.query(), url.fragment()),
            (normal, None, None),
            "a fixed point of the URL parser"
        );
        // A path without wildcards is a pattern of itself, and of nothing else.
        if !normal.contains(['*', ':']) {
            let routes = Routes::new([normal], [], []).expect("a pattern");
            assert_eq!(routes.requirement(&path), RouteRequirement::Public);
            if let Ok(below) = normalise(&format!("{normal}/x")) {
                assert_eq!(routes.requirement(&below), RouteRequirement::SESSION);
            }
        }
        if let Ok(demands) = Routes::new([pattern], [pattern], [pattern]) {
            let public = Routes::new([pattern], [], []).expect("the same pattern").requirement(&path);
            let matched = demands.requirement(&path);
            assert!(
                public != RouteRequirement::Public
                    || matched == RouteRequirement::Session { fresh: true, authoritative: true }
            );
        }
    }
    if let Ok(path) = RequestPath::read(raw) {
        assert!(!path.readings().is_empty() && path.readings().len() <= 32);
        assert!(
            path.local().starts_with('/')
                && !path.local().starts_with("//")
                && !path.local().starts_with("/\\")
        );
        match path.fault() {
            None => assert_eq!(path.normal(), normalise(raw).as_ref().ok()),
            Some(_) => assert!(path.normal().is_none() && path.as_str() == raw),
        }
    }
});
