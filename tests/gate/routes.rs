use better_session::gate::path::normalise;
use better_session::gate::routes::{Pattern, RouteRequirement, Routes};
use better_session::gate::rules::Rules;

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn list<'v>(rules: &'v serde_json::Value, name: &str) -> impl Iterator<Item = &'v str> {
    rules[name].as_array().unwrap().iter().map(|pattern| pattern.as_str().unwrap())
}

#[test]
fn requirement_of_each_vector() {
    let file = routes();
    let rules = &file["rules"];
    let routes =
        Routes::new(list(rules, "public"), list(rules, "fresh"), list(rules, "authoritative")).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let path = case["path"].as_str().unwrap();
        let requirement = routes.requirement(&normalise(path).unwrap());
        let needs = [
            (requirement == RouteRequirement::Public, "public"),
            (requirement.fresh(), "fresh"),
            (requirement.authoritative(), "authoritative"),
        ];
        let needs: Vec<_> = needs.iter().filter(|(is, _)| *is).map(|(_, name)| *name).collect();
        assert_eq!(serde_json::json!(needs), case["needs"], "{path}");
    }
}

#[test]
fn parse_rejects_invalid_patterns() {
    for pattern in routes()["bad"].as_array().unwrap() {
        let pattern = pattern.as_str().unwrap();
        assert_eq!(Pattern::parse(pattern).unwrap_err().0, pattern);
    }
}

#[test]
fn requirement_without_patterns_is_a_session() {
    let requirement = Routes::default().requirement(&normalise("/").unwrap());
    assert_eq!(requirement, RouteRequirement::SESSION);
}

#[test]
fn requirement_of_an_optional_path_and_of_one_with_a_predicate() {
    let routes = Routes::new(["/", "/p/**", "/o/public"], ["/o/fresh"], ["/o/billing"])
        .and_then(|routes| routes.with(["/o/**"], ["/p/admin", "/o/admin"]))
        .unwrap();
    let requirement = |path: &str| routes.requirement(&normalise(path).unwrap());
    for (path, expected) in [
        ("/", RouteRequirement::Public),
        ("/p/x", RouteRequirement::Public),
        ("/p/admin", RouteRequirement::SESSION),
        ("/p/ADMIN/", RouteRequirement::SESSION),
        ("/o", RouteRequirement::Optional),
        ("/o/admin", RouteRequirement::Optional),
        ("/o/public", RouteRequirement::Optional),
        ("/O", RouteRequirement::SESSION),
        ("/o/fresh", RouteRequirement::Session { fresh: true, authoritative: false }),
        ("/o/Billing.", RouteRequirement::Session { fresh: false, authoritative: true }),
    ] {
        assert_eq!(requirement(path), expected, "{path}");
    }
    assert!(Routes::default().with([], ["x"]).is_err() && Routes::default().with(["/a/**/b"], []).is_err());
}

#[test]
fn requirement_of_the_sign_in_page_is_public_unless_a_pattern_matches() {
    let open = |json: &str, path: &str| {
        rules(json).requirement(&normalise(path).unwrap()) == RouteRequirement::Public
    };
    assert!(open(r#"{"routes":{"signInURL":"/sign-in?a=b#c"}}"#, "/sign-in"));
    assert!(!open(r#"{"routes":{"signInURL":"/sign-in"}}"#, "/sign-in/x"));
    for (base, sign_in, expected) in [
        ("", "https://id.example/in", false),
        ("https://app.example", "https://id.example/in", false),
        ("https://app.example", "https://app.example/in", true),
        ("https://app.example/api/auth", "https://APP.example:443/in?a=b", true),
        ("http://app.example:80", "http://app.example/in", true),
        ("https://app.example", "http://app.example/in", false),
        ("https://app.example:8443", "https://app.example/in", false),
        ("https://app.example", "https://app.example@id.example/in", false),
        ("https://app.example", "https://app.example.evil/in", false),
        ("app.example", "https://app.example/in", false),
        ("https://app.example", "/in", true),
    ] {
        let json = format!(r#"{{"baseURL":"{base}","routes":{{"signInURL":"{sign_in}"}}}}"#);
        assert_eq!(open(&json, "/in"), expected, "{base} {sign_in}");
    }
    assert!(!open(r#"{"routes":{"signInURL":"/sign-in","fresh":["/sign-in"]}}"#, "/sign-in"));
}

#[test]
fn from_json_names_the_invalid_option() {
    use better_session::gate::rules::Rules;
    for (json, word) in [
        (r#"{"routes":{"public":["login"]}}"#, "login"),
        (r#"{"routes":{"fresh":"/x"}}"#, "routes.fresh"),
        (r#"{"routes":{"public":[1]}}"#, "routes.public"),
        (r#"{"routes":{"optional":["login"]}}"#, "login"),
        (r#"{"routes":{"when":{}}}"#, "routes.when"),
        (r#"{"routes":{"signInURL":"//evil.example/"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"javascript:alert(1)"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"https://"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"https:///sign-in"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"http://?next"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"https://:80/in"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"https://@/in"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"https://user:pw@/in"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"/a\nb"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"/a b"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"/é"}}"#, "signInURL"),
        (r#"{"routes":{"signInURL":"/a\u007f"}}"#, "signInURL"),
        (r#"{"basePath":"https://app.example/api/auth"}"#, "basePath"),
        (r#"{"basePath":"/api/auth?a=b"}"#, "basePath"),
        (r#"{"basePath":"/api;v=1/auth"}"#, "basePath"),
        (r#"{"basePath":"/api%2fauth"}"#, "basePath"),
        (r#"{"basePath":"/api/../"}"#, "basePath"),
        (r#"{"basePath":""}"#, "basePath"),
        (r#"{"basePath":"/"}"#, "basePath"),
        (r#"{"basePath":7}"#, "basePath"),
        (r#"{"graceWhenOriginIsDown":-1}"#, "graceWhenOriginIsDown"),
        (r#"{"graceWhenOriginIsDown":"1"}"#, "graceWhenOriginIsDown"),
        ("", "options"),
    ] {
        let error = Rules::from_json(json).unwrap_err();
        assert!(error.message.contains(word), "{json}: {error}");
    }
}

#[test]
fn the_path_of_base_url_is_used_instead_of_base_path() {
    use better_session::gate::rules::Rules;
    for (json, expected) in [
        (r#"{"baseURL":"https://app.example/v1/auth"}"#, "/v1/auth"),
        (r#"{"baseURL":"https://app.example/v1/auth/","basePath":"/other"}"#, "/v1/auth"),
        (r#"{"baseURL":"https://app.example/v1/auth?a=b#c"}"#, "/v1/auth"),
        (r#"{"baseURL":"https://app.example//","basePath":"/other"}"#, "/other"),
        (r#"{"baseURL":"https://app.example"}"#, "/api/auth"),
        (r#"{"baseURL":{"allowedHosts":["app.example"]},"basePath":"/other"}"#, "/other"),
    ] {
        assert_eq!(Rules::from_json(json).unwrap().base_path(), expected, "{json}");
    }
    let error = Rules::from_json(r#"{"baseURL":"https://app.example/v1;x/auth"}"#).unwrap_err();
    assert!(error.message.contains("baseURL") && !error.message.contains("app.example"), "{error}");
}

#[test]
fn base_path_is_normalised() {
    for base_path in [
        "/api/auth",
        "/api//auth",
        "/api/./auth",
        "/api/auth/",
        "api/auth",
        "//api/auth//",
        "/api/x/../%61uth",
    ] {
        let rules = Rules::new(Routes::default(), base_path).unwrap();
        assert_eq!(
            (rules.base_path(), rules.get_session().as_str()),
            ("/api/auth", "/api/auth/get-session"),
            "{base_path}"
        );
        for url in [
            "https://a.example/api/auth/one/two",
            "/api//auth/./one/two/?q",
            "https://a.example/api/%61uth/one/two",
        ] {
            assert!(rules.is_below(url, "/one/two"), "{url}");
        }
        assert!(
            !rules.is_below("/api/auth/one", "/one/two")
                && !rules.is_below("/api/auth/one%2ftwo", "/one/two")
        );
    }
}
