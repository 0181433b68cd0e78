use super::*;
use crate::testing::{OPTIONS, signed_in};
use axum::http::{Request, header};
use better_session::gate::{BoundRequest, IdentityCipher, Rules};
use better_session::{Config, Verifier};
use better_session_feeds::{FeedAnswer, FeedError, FeedFuture, RevocationBatch, RevocationFeed};

use crate::RevocationOptions;

fn service(redirect: bool) -> ForwardAuth {
    // No server listens there: these requests need no lookup.
    let gate = SessionGate::builder(Config::from_json(OPTIONS).unwrap(), "http://127.0.0.1:9")
        .rules(Rules::from_json(OPTIONS).unwrap())
        .trust_proxy(true)
        .build()
        .unwrap();
    ForwardAuth::new(gate, ForwardAuthHeaders { redirect, ..ForwardAuthHeaders::default() }).unwrap()
}

async fn ask(service: &ForwardAuth, headers: &[(&str, &str)]) -> Response {
    let mut request = Request::builder().uri("/");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    service.respond(&request.body(()).unwrap().into_parts().0).await
}

fn about<'a>(method: &'a str, uri: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("x-forwarded-method", method), ("x-forwarded-uri", uri)]
}

#[tokio::test]
async fn a_missing_repeated_or_invalid_header_is_a_401_also_with_a_session() {
    let (service, verifier) = (service(true), Verifier::new(Config::from_json(OPTIONS).unwrap()).unwrap());
    let cookie = signed_in(&verifier);
    let uris = [
        "",
        "account",
        "/account, /",
        "/a b",
        "/account#x",
        "ftp://app.example/",
        "https:///x",
        "https://app.example",
    ];
    let methods = ["", "GET, POST", "get", "CONNECT", "TRACE", "TRACK"];
    let invalid =
        uris.map(|uri| about("GET", uri)).into_iter().chain(methods.map(|method| about(method, "/account")));
    let missing = [vec![], vec![("x-forwarded-method", "GET")], vec![("x-forwarded-uri", "/")]];
    let mut twice = about("GET", "/");
    twice.push(("x-forwarded-uri", "/account"));
    for mut headers in invalid.chain(missing).chain([twice]) {
        headers.push(("cookie", &cookie));
        assert_eq!(ask(&service, &headers).await.status(), 401, "{headers:?}");
    }
}

#[tokio::test]
async fn a_visitor_with_a_session_passes_with_an_identity_for_this_method_and_path() {
    let (service, verifier) = (service(true), Verifier::new(Config::from_json(OPTIONS).unwrap()).unwrap());
    let (cookie, keys) = (signed_in(&verifier), verifier.keys().unwrap());
    for uri in ["/account?x=1", "https://app.example/account?x=1", "/%61ccount"] {
        let mut headers = about("POST", uri);
        headers.push(("cookie", &cookie));
        let response = ask(&service, &headers).await;
        assert_eq!(response.status(), 200, "{uri}");
        let identity = response.headers()[IDENTITY].to_str().unwrap();
        let open = |method, path| {
            let request = BoundRequest { method, path, cookie: &cookie };
            IdentityCipher::new(keys).decrypt(identity, &request, keys, crate::clock::now())
        };
        assert!(open("POST", "/account").unwrap().contains(r#""name":"Ada""#));
        assert!(open("GET", "/account").is_err() && open("POST", "/").is_err());
    }
}

#[tokio::test]
async fn refusals_redirects_public_paths_and_the_auth_api() {
    let page =
        |uri| [about("GET", uri), vec![("sec-fetch-mode", "navigate"), ("accept", "text/html")]].concat();
    let response = ask(&service(true), &page("/account?tab=2")).await;
    assert_eq!(response.status(), 302);
    assert_eq!(response.headers()[header::LOCATION], "/sign-in?callbackURL=%2Faccount%3Ftab%3D2");
    assert_eq!(ask(&service(true), &about("GET", "/account")).await.status(), 401);
    assert_eq!(ask(&service(true), &about("GET", "/api/auth//x")).await.status(), 400);
    assert_eq!(ask(&service(false), &page("/account")).await.status(), 401);
    assert_eq!(ask(&service(false), &about("GET", "/api/auth//x")).await.status(), 403);
    let open = ask(&service(true), &about("GET", "/")).await;
    assert_eq!((open.status().as_u16(), open.headers()[IDENTITY].len()), (200, 0));
    assert_eq!(ask(&service(true), &about("POST", "/api/auth/sign-in/email")).await.status(), 200);
    let prefetch = [page("/account"), vec![("sec-purpose", "prefetch")]].concat();
    assert_eq!(ask(&service(true), &prefetch).await.status(), 401);
}

#[tokio::test]
async fn a_path_that_normalisation_changes_is_refused_because_the_proxy_forwards_it_as_it_came() {
    for path in [
        "/account/../sign-in",
        "/account/%2e%2E/sign-in",
        "/account/.%2e/",
        "/account/x/../../api/auth/y",
        "/account/./",
        "/account\\..\\sign-in",
    ] {
        assert_eq!(ask(&service(true), &about("GET", path)).await.status(), 400, "{path}");
        assert_eq!(ask(&service(false), &about("GET", path)).await.status(), 403, "{path}");
    }
    assert_eq!(ask(&service(true), &about("GET", "/sign-in?next=/../x")).await.status(), 200);
}

/// A feed that cannot be read.
struct Down;

impl RevocationFeed for Down {
    fn append(&self, _: RevocationBatch) -> FeedFuture<'_, ()> {
        Box::pin(async { Err(FeedError::InvalidOption("down")) })
    }

    fn since<'a>(&'a self, _: &'a str) -> FeedFuture<'a, FeedAnswer> {
        Box::pin(async { Err(FeedError::InvalidOption("down")) })
    }
}

#[tokio::test]
async fn a_public_path_gets_no_identity_while_the_feed_cannot_be_read() {
    let cookie = signed_in(&Verifier::new(Config::from_json(OPTIONS).unwrap()).unwrap());
    let builder = || {
        SessionGate::builder(Config::from_json(OPTIONS).unwrap(), "http://127.0.0.1:9")
            .rules(Rules::from_json(OPTIONS).unwrap())
            .trust_proxy(true)
    };
    for (gate, has_identity) in [
        (builder().build().unwrap(), true),
        (builder().revocation(Down, RevocationOptions::default()).build().unwrap(), false),
    ] {
        let service = ForwardAuth::new(gate, ForwardAuthHeaders::default()).unwrap();
        let mut headers = about("GET", "/");
        headers.push(("cookie", &cookie));
        let response = ask(&service, &headers).await;
        assert_eq!(
            (response.status().as_u16(), !response.headers()[IDENTITY].is_empty()),
            (200, has_identity)
        );
    }
}

#[test]
fn it_needs_a_trusted_proxy_and_two_headers() {
    let gate = |trust| {
        SessionGate::builder(Config::from_json(OPTIONS).unwrap(), "http://127.0.0.1:9")
            .trust_proxy(trust)
            .build()
            .unwrap()
    };
    let one = HeaderName::from_static("x-original-url");
    let same = ForwardAuthHeaders { method: one.clone(), uri: one, redirect: true };
    assert!(ForwardAuth::new(gate(false), ForwardAuthHeaders::default()).is_err());
    assert!(ForwardAuth::new(gate(true), same).is_err());
    assert!(ForwardAuth::new(gate(true), ForwardAuthHeaders::default()).is_ok());
}
