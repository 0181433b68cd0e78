use better_session::Secret;
use better_session::gate::identity::{BoundRequest, DecryptError, IdentityCipher, LIFETIME, SKEW};
use better_session::keyring::Keys;
use better_session::{CookieNames, Scheme};

use crate::support::*;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn keys(secrets: &[&str]) -> Keys {
    let secrets: Vec<_> =
        secrets.iter().zip(1..).map(|(value, version)| Secret::versioned(version, value)).collect();
    Keys::new(&secrets).expect("keys")
}

const ACCOUNT: BoundRequest<'_> = BoundRequest { method: "GET", path: "/account", cookie: "" };

fn encrypted() -> String {
    let cipher = IdentityCipher::new(&keys(&[SECRET]));
    cipher.encrypt(SESSION, USER, &ACCOUNT, None, NOW, [9; 24]).expect("encrypted")
}

#[test]
fn debug_shows_no_key() {
    assert_eq!(format!("{:?}", IdentityCipher::new(&keys(&[SECRET]))), "IdentityCipher { .. }");
}

/// Encrypts an identity for a request with this `Cookie` header.
fn encrypted_for(cookie: &str) -> String {
    let (keys, names) = (keys(&[SECRET]), CookieNames::default());
    let request = BoundRequest { cookie, ..ACCOUNT };
    let cookies = Some((&keys, &names, Some(Scheme::Http)));
    IdentityCipher::new(&keys).encrypt(SESSION, USER, &request, cookies, NOW, [9; 24]).expect("encrypted")
}

fn decrypt(
    secrets: &[&str],
    header: &str,
    request: &BoundRequest<'_>,
    now: i64,
) -> Result<String, DecryptError> {
    let keys = keys(secrets);
    IdentityCipher::new(&keys).decrypt(header, request, &keys, now)
}

fn opened() -> String {
    format!(r#"{{"at":{NOW},"session":{SESSION},"user":{USER}}}"#)
}

#[test]
fn decrypt_returns_the_text_for_the_same_request() {
    assert_eq!(decrypt(&[SECRET], &encrypted(), &ACCOUNT, NOW + 10), Ok(opened()));
}

#[test]
fn encrypt_refers_to_the_cache_of_the_same_session_in_the_request() {
    for strategy in ["compact", "jwt", "jwe"] {
        let verifier = verifier(&format!(r#"{{"cookieCache":{{"enabled":true,"strategy":"{strategy}"}}}}"#));
        // The gate has checked the window: an expired cache counts during grace.
        let cookie = cookie(&verifier, NOW - 400_000);
        let header = encrypted_for(&cookie);
        assert!(header.len() < 400, "{strategy}: {}", header.len());
        let request = BoundRequest { cookie: &cookie, ..ACCOUNT };
        assert_eq!(decrypt(&[SECRET], &header, &request, NOW), Ok(opened()), "{strategy}");
        assert_eq!(decrypt(&["new", SECRET], &header, &request, NOW), Ok(opened()), "{strategy}");
        let with_others = format!("a=b; {cookie}; c=d");
        assert!(decrypt(&[SECRET], &header, &BoundRequest { cookie: &with_others, ..ACCOUNT }, NOW).is_ok());
        let renewed = self::cookie(&verifier, NOW);
        let token_alone = token_cookie(&verifier);
        let secure = cookie.replace("better-auth", "__Secure-better-auth");
        for other in [renewed.as_str(), &token_alone, &secure, ""] {
            let request = BoundRequest { cookie: other, ..ACCOUNT };
            assert!(decrypt(&[SECRET], &header, &request, NOW).is_err(), "{strategy}: {other}");
        }
    }
}

#[test]
fn encrypt_contains_a_user_that_is_newer_than_the_cache() {
    let verifier = verifier(CACHED);
    let cookie = cookie(&verifier, NOW - 400_000);
    let (keys, names) = (keys(&[SECRET]), CookieNames::default());
    let request = BoundRequest { cookie: &cookie, ..ACCOUNT };
    let newer = USER.replace("Ada", "Grace");
    let cookies = Some((&keys, &names, Some(Scheme::Http)));
    let cipher = IdentityCipher::new(&keys);
    let header = cipher.encrypt(SESSION, &newer, &request, cookies, NOW, [9; 24]).expect("encrypted");
    let expected = format!(r#"{{"at":{NOW},"session":{SESSION},"user":{newer}}}"#);
    assert_eq!(decrypt(&[SECRET], &header, &request, NOW), Ok(expected));
}

#[test]
fn encrypt_contains_the_session_if_the_request_has_no_cache_of_it() {
    let verifier = verifier(CACHED);
    let own = cookie(&verifier, NOW);
    let forged = own.replacen("session_data=", "session_data=A", 1);
    let secure = own.replace("better-auth", "__Secure-better-auth");
    for cookie in ["", &token_cookie(&verifier), &forged, &secure] {
        let header = encrypted_for(cookie);
        assert_eq!(decrypt(&[SECRET], &header, &ACCOUNT, NOW), Ok(opened()), "{cookie}");
    }
    let request = BoundRequest { cookie: &own, ..ACCOUNT };
    let (keys, names) = (keys(&[SECRET]), CookieNames::default());
    for (session, user) in
        [(SESSION.replace(TOKEN, "another"), USER.to_owned()), (SESSION.to_owned(), USER.replace("u1", "u2"))]
    {
        let cookies = Some((&keys, &names, None));
        let header =
            IdentityCipher::new(&keys).encrypt(&session, &user, &request, cookies, NOW, [9; 24]).unwrap();
        let text = decrypt(&[SECRET], &header, &ACCOUNT, NOW).unwrap();
        assert!(text.contains(&session) && text.contains(&user));
    }
}

#[test]
fn encrypt_hides_the_user() {
    assert!(
        !encrypted().contains("Ada")
            && encrypted().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
}

#[test]
fn decrypt_rejects_another_method_or_path() {
    for (method, path) in
        [("POST", "/account"), ("GET", "/account/"), ("GET", "/"), ("GET", "/Account"), ("", "GET /account")]
    {
        assert!(
            decrypt(&[SECRET], &encrypted(), &BoundRequest { method, path, cookie: "" }, NOW).is_err(),
            "{method} {path}"
        );
    }
}

#[test]
fn decrypt_rejects_an_identity_outside_its_lifetime() {
    for (later, opens) in [
        (0, true),
        (LIFETIME, true),
        (LIFETIME + 1, false),
        (-SKEW, true),
        (-SKEW - 1, false),
        (i64::MAX - NOW, false),
    ] {
        assert_eq!(decrypt(&[SECRET], &encrypted(), &ACCOUNT, NOW + later).is_ok(), opens, "{later}");
    }
}

#[test]
fn decrypt_accepts_every_configured_secret() {
    assert!(decrypt(&["new", SECRET], &encrypted(), &ACCOUNT, NOW).is_ok());
    assert!(decrypt(&["new"], &encrypted(), &ACCOUNT, NOW).is_err());
}

#[test]
fn decrypt_rejects_any_change() {
    let keys = keys(&[SECRET]);
    let own = IdentityCipher::new(&keys);
    let header = encrypted();
    for at in 0..header.len() {
        let mut bytes = header.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        assert!(own.decrypt(&changed, &ACCOUNT, &keys, NOW).is_err(), "{at}");
    }
    for garbage in ["", "A", "!!!!", &header[..header.len() - 1], &header[..32], &"A".repeat(70_000)] {
        assert!(own.decrypt(garbage, &ACCOUNT, &keys, NOW).is_err());
    }
}

#[test]
fn decrypt_resolves_a_reference_to_a_cookie_with_the_host_prefix() {
    let keys = keys(&[SECRET]);
    let mut names = CookieNames::default();
    (names.host, names.secure) = (true, Some(true));
    let cookie = cookie(&verifier(CACHED), NOW).replace("better-auth", "__Host-better-auth");
    let request = BoundRequest { cookie: &cookie, ..ACCOUNT };
    let cookies = Some((&keys, &names, Some(Scheme::Https)));
    let cipher = IdentityCipher::new(&keys);
    let header = cipher.encrypt(SESSION, USER, &request, cookies, NOW, [9; 24]).expect("encrypted");
    assert!(header.len() < 500, "a reference: {} bytes", header.len());
    assert_eq!(cipher.decrypt(&header, &request, &keys, NOW), Ok(opened()));
}

#[test]
fn decrypt_resolves_a_reference_to_a_cookie_with_a_name_of_its_own() {
    let (keys, verifier) = (keys(&[SECRET]), verifier(CACHED));
    let cookie = cookie(&verifier, NOW).replace("better-auth.session_data", "app.cache");
    let mut names = CookieNames::default();
    names.session_data = "app.cache".to_owned();
    let request = BoundRequest { cookie: &cookie, ..ACCOUNT };
    let cookies = Some((&keys, &names, Some(Scheme::Http)));
    let header = IdentityCipher::new(&keys)
        .encrypt(SESSION, USER, &request, cookies, NOW, [9; 24])
        .expect("encrypted");
    assert!(header.len() < 400, "a reference: {}", header.len());
    assert_eq!(decrypt(&[SECRET], &header, &request, NOW), Ok(opened()));
}

#[test]
fn encrypt_leaves_long_members_out_of_a_large_session_without_a_cookie() {
    let keys = keys(&[SECRET]);
    let cipher = IdentityCipher::new(&keys);
    let image = "x".repeat(13_000);
    let user = format!(r#"{{"id":"u1","image":"data:{image}","name":"Ada"}}"#);
    let header = cipher.encrypt(SESSION, &user, &ACCOUNT, None, NOW, [9; 24]).expect("encrypted");
    assert!(header.len() < 8 * 1024, "{} bytes", header.len());
    let expected = format!(r#"{{"at":{NOW},"session":{SESSION},"user":{{"id":"u1","name":"Ada"}}}}"#);
    assert_eq!(cipher.decrypt(&header, &ACCOUNT, &keys, NOW), Ok(expected));
    let short = format!(r#"{{"id":"u1","image":"data:{}"}}"#, "x".repeat(1000));
    let header = cipher.encrypt(SESSION, &short, &ACCOUNT, None, NOW, [9; 24]).expect("encrypted");
    assert!(cipher.decrypt(&header, &ACCOUNT, &keys, NOW).expect("opened").contains("image"));
}
