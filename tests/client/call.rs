use better_session::client::call::{Action, Call, Report, Response};
use better_session::client::operation::{Content, Phase, Purpose};
use better_session::client::response::{Body, Fault};
use better_session::client::retry::Policy;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const ONCE: Policy = Policy { attempts: 0, delay: 10.0, max_delay: 30_000.0, exponential: false };
const OK: Response = Response { ok: true, status: 200, body: Body::Json, retry_after: f64::NAN };
const NO_CONTENT: Content = Content { needs_refresh: false, is_list: false, is_listed: false };
const LISTED: Content = Content { is_list: true, is_listed: true, ..NO_CONTENT };
const NOT_LISTED: Content = Content { is_list: true, ..NO_CONTENT };
const UNSENT: Report =
    Report::NoResponse { caller_aborted: false, caller_timed_out: false, own_timer_fired: false };

fn refused(status: u16) -> Response {
    Response { ok: false, status, ..OK }
}

/// Plays a request from its preparation to the content of its response.
fn request(call: &mut Call, repeatable: bool, response: Response, content: Content, is_json: bool) -> Action {
    assert_eq!(call.on(Report::Prepared { repeatable }), Action::Send);
    assert_eq!(call.on(Report::Sent), Action::RunResponseHooks);
    let body = if response.ok { response.body } else { Body::Text };
    assert_eq!(call.on(Report::Responded(response)), Action::Read(body));
    call.on(Report::Read { response, content, is_empty: false, is_json })
}

fn begun(purpose: Purpose, policy: Policy) -> Call {
    let mut call = Call::new(purpose, policy);
    assert_eq!(call.on(Report::Begun), Action::Prepare(Some(purpose.first())));
    call
}

#[test]
fn a_call_that_succeeds() {
    let mut call = begun(Purpose::Request, ONCE);
    assert_eq!(request(&mut call, true, OK, NO_CONTENT, true), Action::Succeed);
    assert_eq!(call.on(Report::Ended), Action::End);
}

#[test]
fn a_refusal_and_a_fault() {
    let mut call = begun(Purpose::Request, ONCE);
    assert_eq!(request(&mut call, true, refused(403), NO_CONTENT, true), Action::Fail);
    let mut call = begun(Purpose::Request, ONCE);
    assert_eq!(request(&mut call, true, refused(0), NO_CONTENT, true), Action::Fault(Fault::InvalidResponse));
    for (body, is_json, expected) in [
        (Body::Json, false, Action::Fault(Fault::InvalidResponse)),
        (Body::Page, true, Action::Fault(Fault::InvalidResponse)),
        (Body::Text, false, Action::Succeed),
        (Body::Blob, false, Action::Succeed),
    ] {
        let mut call = begun(Purpose::Request, ONCE);
        assert_eq!(
            request(&mut call, true, Response { body, ..OK }, NO_CONTENT, is_json),
            expected,
            "{body:?}"
        );
    }
}

#[test]
fn nothing_is_sent_to_an_invalid_path_and_without_a_request() {
    assert_eq!(Call::new(Purpose::Request, ONCE).on(Report::InvalidPath), Action::Fault(Fault::InvalidPath));
    assert_eq!(begun(Purpose::Request, ONCE).on(Report::CannotBeSent), Action::Fault(Fault::Aborted));
}

#[test]
fn a_hook_that_throws_ends_the_call() {
    assert_eq!(begun(Purpose::Request, ONCE).on(Report::HookThrew), Action::End);
}

#[test]
fn only_a_repeatable_request_is_sent_again() {
    let policy = Policy { attempts: 2, ..ONCE };
    let mut call = begun(Purpose::Request, policy);
    for _ in 0..2 {
        assert_eq!(request(&mut call, true, refused(503), NO_CONTENT, true), Action::Wait(10.0));
        assert_eq!(call.on(Report::Waited), Action::Prepare(None));
    }
    assert_eq!(request(&mut call, true, refused(503), NO_CONTENT, true), Action::Fail);
    let mut call = begun(Purpose::Request, policy);
    assert_eq!(request(&mut call, false, refused(503), NO_CONTENT, true), Action::Fail);
    let mut call = begun(Purpose::Request, policy);
    call.on(Report::Prepared { repeatable: true });
    assert_eq!(call.on(UNSENT), Action::Wait(10.0));
}

#[test]
fn a_session_that_needs_a_refresh() {
    let needs_refresh = Content { needs_refresh: true, ..NO_CONTENT };
    let refresh = || {
        let mut call = begun(Purpose::LookUpSession, ONCE);
        let next = request(&mut call, true, OK, needs_refresh, true);
        assert_eq!(next, Action::Prepare(Some(Phase::Refresh)));
        call
    };
    assert_eq!(request(&mut refresh(), false, OK, needs_refresh, true), Action::Succeed);
    // The first response counts if the refresh fails, unless nobody is signed in any more.
    assert_eq!(request(&mut refresh(), false, refused(500), NO_CONTENT, true), Action::Succeed);
    assert_eq!(refresh().on(UNSENT), Action::Succeed);
    assert_eq!(request(&mut refresh(), false, refused(401), NO_CONTENT, true), Action::Fail);
}

#[test]
fn a_revocation_reads_the_list_first() {
    let purpose = Purpose::Revoke { verify: true };
    let list = |content| request(&mut begun(purpose, ONCE), true, OK, content, true);
    assert_eq!(list(NO_CONTENT), Action::Fault(Fault::InvalidResponse));
    assert_eq!(list(NOT_LISTED), Action::Fault(Fault::SessionNotFound));
    assert_eq!(list(LISTED), Action::Prepare(Some(Phase::Revoke)));
    let after = |response, content| {
        let mut call = begun(purpose, ONCE);
        request(&mut call, true, OK, LISTED, true);
        assert_eq!(request(&mut call, false, OK, NO_CONTENT, true), Action::Prepare(Some(Phase::ListAfter)));
        request(&mut call, true, response, content, true)
    };
    assert_eq!(after(OK, NOT_LISTED), Action::Succeed);
    assert_eq!(after(OK, LISTED), Action::Fault(Fault::SessionStillActive));
    assert_eq!(after(refused(401), NO_CONTENT), Action::Succeed);
    assert_eq!(after(refused(403), NO_CONTENT), Action::Fail);
    let mut unverified = begun(Purpose::Revoke { verify: false }, ONCE);
    request(&mut unverified, true, OK, LISTED, true);
    assert_eq!(request(&mut unverified, false, OK, NO_CONTENT, true), Action::Succeed);
}

#[test]
fn every_phase_has_a_number() {
    for phase in
        [Phase::Only, Phase::Session, Phase::Refresh, Phase::ListBefore, Phase::Revoke, Phase::ListAfter]
    {
        assert_eq!(Phase::from_number(phase as u8), phase);
    }
}
