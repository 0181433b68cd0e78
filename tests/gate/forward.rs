use better_session::CookieNames;
use better_session::gate::forward::{
    MAX_LOOKUP_BYTES, for_lookup, has_account, renewed, session_only, sets_cache, without_cache,
    without_new_cache,
};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn without_cache_removes_the_cache_and_its_chunks_under_each_prefix() {
    let header = "a=\"b\"; better-auth.session_data=x;better-auth.session_data.0=y; __Secure-better-auth.session_data.1=z; \
                  better-auth.session_token=t; better-auth.session_datax=keep; odd";
    let expected = "a=\"b\"; better-auth.session_token=t; better-auth.session_datax=keep; odd";
    assert_eq!(without_cache(&CookieNames::default(), header), expected);
    assert_eq!(without_cache(&CookieNames::default(), ""), "");
}

#[test]
fn renewed_applies_set_cookies() {
    let names = CookieNames::default();
    let header = "theme=dark; better-auth.session_token=old; better-auth.session_data=old";
    let set = "better-auth.session_token=new; Max-Age=604800; Path=/; HttpOnly\n\
               better-auth.session_data.0=one; Path=/\nbetter-auth.session_data.1=two; Path=/\ntheme=; Max-Age=0; Path=/";
    let expected =
        "better-auth.session_token=new; better-auth.session_data.0=one; better-auth.session_data.1=two";
    assert_eq!(renewed(&names, header, set), expected);
}

#[test]
fn renewed_applies_the_last_of_several_lines() {
    let names = CookieNames::default();
    assert_eq!(renewed(&names, "", "a=1; Path=/\na=2; Path=/"), "a=2");
    assert_eq!(renewed(&names, "a=0", "a=1; Path=/\na=; max-age=0"), "");
    assert_eq!(renewed(&names, "a=0; b=1", "a=gone; Max-Age=-1"), "b=1");
}

#[test]
fn renewed_always_removes_the_previous_cache() {
    assert_eq!(renewed(&CookieNames::default(), "better-auth.session_data=old; b=1", ""), "b=1");
}

#[test]
fn session_only_keeps_the_cookies_that_get_session_reads() {
    let names = CookieNames::default();
    let header = "a=1; better-auth.session_token=t;  __Secure-better-auth.session_data.0=c ; better-auth.session_data=d; \
                  better-auth.session_database=x; better-auth.dont_remember=r; better-auth.account_data.1=k; \
                  better-auth.session_token_multi-abc=m; better-auth.session_tokens=x; better-auth.state=x; session_token=x; =y";
    assert_eq!(
        session_only(&names, header),
        "better-auth.session_token=t; __Secure-better-auth.session_data.0=c; better-auth.session_data=d; \
         better-auth.dont_remember=r; better-auth.account_data.1=k; better-auth.session_token_multi-abc=m"
    );
    assert_eq!(session_only(&names, "a=1; better-auth.state=x"), "");
    let mut renamed = names;
    renamed.session_token = "sid".into();
    assert_eq!(
        session_only(&renamed, "sid=1; better-auth.session_token=2; __Host-sid=3"),
        "sid=1; __Host-sid=3"
    );
}

#[test]
fn for_lookup_removes_caches_beyond_the_limit() {
    let names = CookieNames::default();
    let token = "better-auth.session_token=t";
    let with_cache =
        |length: usize| format!("a=1; {token}; better-auth.session_data.0={}", "x".repeat(length));
    assert_eq!(for_lookup(&names, &with_cache(40_000)), with_cache(40_000).replace("a=1; ", ""));
    assert_eq!(for_lookup(&names, &with_cache(MAX_LOOKUP_BYTES)), token);
    let accounts = format!("{token}; better-auth.account_data={}", "x".repeat(MAX_LOOKUP_BYTES));
    assert_eq!(for_lookup(&names, &accounts), token);
}

#[test]
fn sets_cache_and_without_new_cache_agree_on_the_lines_that_set_one() {
    let names = CookieNames::default();
    for (line, sets) in [
        ("better-auth.session_data=x; Path=/", true),
        ("__Secure-better-auth.session_data.3=x", true),
        ("better-auth.session_data=; Max-Age=0", false),
        ("better-auth.session_data.0=x; Max-Age=0", false),
        ("better-auth.session_token=x", false),
        ("", false),
    ] {
        assert_eq!(sets_cache(&names, line), sets, "{line}");
        let lines = format!("a=1; Path=/\n{line}\nb=2");
        assert_eq!(sets_cache(&names, &lines), sets, "{lines}");
        let expected = if sets { "a=1; Path=/\nb=2" } else { &lines };
        assert_eq!(without_new_cache(&names, &lines), expected, "{lines}");
    }
}

#[test]
fn has_account_finds_the_account_cache_and_its_chunks() {
    let names = CookieNames::default();
    for header in [
        "better-auth.account_data=a",
        "a=1; __Secure-better-auth.account_data.0=a",
        "better-auth.account_data.1=a;b=2",
    ] {
        assert!(has_account(&names, header), "{header}");
    }
    for header in [
        "",
        "better-auth.session_data=x; better-auth.account_datax=a",
        "a=better-auth.account_data",
        "account_data=a",
    ] {
        assert!(!has_account(&names, header), "{header}");
    }
}
