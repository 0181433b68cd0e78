use better_session::CookieNames;
use better_session::gate::forward::{MAX_LOOKUP_BYTES, for_lookup, renewed, session_only, without_cache};

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn drops_the_cache_and_its_chunks_under_either_prefix() {
    let header = "a=\"b\"; better-auth.session_data=x;better-auth.session_data.0=y; __Secure-better-auth.session_data.1=z; \
                  better-auth.session_token=t; better-auth.session_datax=keep; odd";
    let expected = "a=\"b\"; better-auth.session_token=t; better-auth.session_datax=keep; odd";
    assert_eq!(without_cache(&CookieNames::default(), header), expected);
    assert_eq!(without_cache(&CookieNames::default(), ""), "");
}

#[test]
fn takes_over_what_was_set() {
    let names = CookieNames::default();
    let header = "theme=dark; better-auth.session_token=old; better-auth.session_data=old";
    let set = "better-auth.session_token=new; Max-Age=604800; Path=/; HttpOnly\n\
               better-auth.session_data.0=one; Path=/\nbetter-auth.session_data.1=two; Path=/\ntheme=; Max-Age=0; Path=/";
    let expected =
        "better-auth.session_token=new; better-auth.session_data.0=one; better-auth.session_data.1=two";
    assert_eq!(renewed(&names, header, set), expected);
}

#[test]
fn the_last_of_several_lines_counts() {
    let names = CookieNames::default();
    assert_eq!(renewed(&names, "", "a=1; Path=/\na=2; Path=/"), "a=2");
    assert_eq!(renewed(&names, "a=0", "a=1; Path=/\na=; max-age=0"), "");
    assert_eq!(renewed(&names, "a=0; b=1", "a=gone; Max-Age=-1"), "b=1");
}

#[test]
fn the_old_cache_never_survives_an_answer() {
    assert_eq!(renewed(&CookieNames::default(), "better-auth.session_data=old; b=1", ""), "b=1");
}

#[test]
fn keeps_only_what_get_session_reads() {
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
fn leaves_caches_of_absurd_length_out_of_a_lookup() {
    let names = CookieNames::default();
    let token = "better-auth.session_token=t";
    let with_cache =
        |length: usize| format!("a=1; {token}; better-auth.session_data.0={}", "x".repeat(length));
    assert_eq!(for_lookup(&names, &with_cache(40_000)), with_cache(40_000).replace("a=1; ", ""));
    assert_eq!(for_lookup(&names, &with_cache(MAX_LOOKUP_BYTES)), token);
    let accounts = format!("{token}; better-auth.account_data={}", "x".repeat(MAX_LOOKUP_BYTES));
    assert_eq!(for_lookup(&names, &accounts), token);
}
