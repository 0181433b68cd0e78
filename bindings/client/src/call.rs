//! A call as a number: `step` converts it, the report of the last action and the next action.

use better_session::client::call::{self, Action, Call, Report};
use better_session::client::endpoint;
use better_session::client::operation::{Content, Phase, Purpose};
use better_session::client::response::{Body, body_of};
use better_session::client::retry;
use wasm_bindgen::prelude::*;
use web_sys::Response;

use crate::js::Job;

/// Kinds of a job; 0 is a request to property names. One more is a request with a body, or a revocation that is verified.
const LOOK_UP_SESSION: u32 = 2;
const REVOKE: u32 = 3;
/// A request whose target is a path of the page's own instead of property names.
const PATH: u32 = 5;

const BEGIN: u32 = 0;
const PREPARE: u32 = 1;
const SEND: u32 = 2;
const RUN_RESPONSE_HOOKS: u32 = 3;
const READ_TEXT: u32 = 4;
const READ_BLOB: u32 = 5;
const WAIT: u32 = 6;
const SUCCEED: u32 = 7;
const FAIL: u32 = 8;
const END: u32 = 9;
/// The first of the faults.
const FAULT: u32 = 10;

/// Accepts how the last action ended and returns the next state: the action in its lowest five bits, then three bits of the
/// phase, one for a request that is repeatable, and the attempt. 0 is a call that has not begun. `value` depends on the
/// action: see `report_of`.
#[wasm_bindgen]
pub fn step(state: u32, kind: u32, job: &Job, response: &Response, failed: bool, value: f64) -> u32 {
    let purpose = match kind {
        LOOK_UP_SESSION => Purpose::LookUpSession,
        REVOKE..PATH => Purpose::Revoke { verify: kind > REVOKE },
        _ => Purpose::Request,
    };
    let mut call = Call::new(purpose, job.policy());
    let report = if state == BEGIN {
        begin(kind, job)
    } else {
        call.phase = Phase::from_number((state >> 5) as u8 & 7);
        call.repeatable = state >> 8 & 1 != 0;
        call.attempt = (state >> 16) as u16;
        report_of(state & 31, job, response, failed, value)
    };
    let action = code_of(call.on(report), job);
    action | (call.phase as u32) << 5 | u32::from(call.repeatable) << 8 | u32::from(call.attempt) << 16
}

/// Sets the target if it is the page's own.
fn begin(kind: u32, job: &Job) -> Report {
    let text = job.text();
    let path = match kind {
        LOOK_UP_SESSION..PATH => return Report::Begun,
        PATH.. => Some(text).filter(|path| !path.is_empty()),
        _ => endpoint::path_of(&text),
    };
    let Some(path) = path else { return Report::InvalidPath };
    let has_body = matches!(kind, 1 | 6);
    job.set_target(if kind < PATH { &path } else { &[] }, endpoint::is_post(&path, has_body));
    Report::Begun
}

fn report_of(action: u32, job: &Job, response: &Response, failed: bool, value: f64) -> Report {
    let bits = value as u8;
    let is = |bit: u8| bits & bit != 0;
    let response = || call::Response {
        ok: response.ok(),
        status: response.status(),
        body: body_of(&job.text()),
        retry_after: job.number(4),
    };
    match action {
        SEND | READ_TEXT | READ_BLOB if failed => {
            Report::NoResponse { own_timer_fired: is(1), caller_aborted: is(2), caller_timed_out: is(4) }
        }
        _ if failed => Report::HookThrew,
        PREPARE if is(1) => Report::CannotBeSent,
        PREPARE => Report::Prepared { repeatable: is(2) },
        SEND => Report::Sent,
        RUN_RESPONSE_HOOKS => Report::Responded(response()),
        READ_TEXT | READ_BLOB => Report::Read {
            response: response(),
            is_empty: is(1),
            is_json: is(2),
            content: Content { needs_refresh: is(4), is_list: is(8), is_listed: is(16) },
        },
        WAIT => Report::Waited,
        _ => Report::Ended,
    }
}

fn code_of(action: Action, job: &Job) -> u32 {
    match action {
        Action::Prepare(phase) => {
            if let Some((path, post)) = phase.map(Phase::target).filter(|(path, _)| !path.is_empty()) {
                job.set_target(path.as_bytes(), post);
            }
            PREPARE
        }
        Action::Send => SEND,
        Action::RunResponseHooks => RUN_RESPONSE_HOOKS,
        Action::Read(Body::Blob) => READ_BLOB,
        Action::Read(_) => READ_TEXT,
        Action::Wait(milliseconds) => {
            job.delay(milliseconds);
            WAIT
        }
        Action::Succeed => SUCCEED,
        Action::Fail => FAIL,
        Action::Fault(fault) => FAULT.saturating_add(fault as u32),
        Action::End => END,
    }
}

impl Job {
    /// Returns `fetchOptions.retry`.
    fn policy(&self) -> retry::Policy {
        retry::Policy {
            attempts: self.number(0) as u32,
            delay: self.number(1),
            max_delay: self.number(2),
            exponential: self.number(3) > 0.0,
        }
    }
}
