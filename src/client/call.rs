//! One call of the page, as a state machine: it returns the next action, the page carries it out, awaits it and reports
//! how it ended.

use super::operation::{Content, Next, Phase, Purpose};
use super::response::{Body, Fault, fault_of};
use super::retry;

/// The page's next action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Build the request and run the hooks that precede it. With a phase, set the target first.
    Prepare(Option<Phase>),
    /// Send the request.
    Send,
    /// Run the hooks for the response.
    RunResponseHooks,
    /// Read the response as text, or as a `Blob`.
    Read(Body),
    /// Wait for so many milliseconds.
    Wait(f64),
    /// Run the hooks of a success.
    Succeed,
    /// Run the hooks of a failure that the server described.
    Fail,
    /// Run the hooks of a failure that no server described.
    Fault(Fault),
    /// The call has ended. If the last action failed, a hook threw.
    End,
}

/// How an action ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Report {
    /// The call begins.
    Begun,
    /// The target is not a path.
    InvalidPath,
    /// The request is ready.
    Prepared {
        /// Sending it twice is harmless.
        repeatable: bool,
    },
    /// The request cannot be built: a body that is not JSON, an invalid header.
    CannotBeSent,
    /// The request was sent, and there is a response.
    Sent,
    /// The hooks for the response ran.
    Responded(Response),
    /// The response was read.
    Read {
        /// The response.
        response: Response,
        /// The members of its content that operations depend on.
        content: Content,
        /// It is empty.
        is_empty: bool,
        /// It is JSON.
        is_json: bool,
    },
    /// The time to wait is over.
    Waited,
    /// The last hooks ran.
    Ended,
    /// Sending or reading failed.
    NoResponse {
        /// The caller's signal aborted it.
        caller_aborted: bool,
        /// The caller's signal is a timeout.
        caller_timed_out: bool,
        /// The call's own timeout passed.
        own_timer_fired: bool,
    },
    /// A hook threw.
    HookThrew,
}

/// A response, without its content.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// The status is a success.
    pub ok: bool,
    /// 0 if the page must not see it.
    pub status: u16,
    /// How its body is read if it is a success.
    pub body: Body,
    /// Seconds of `Retry-After`, or NaN.
    pub retry_after: f64,
}

/// A call that is under way. It is a few bits, which the page keeps: the module remembers no call.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The purpose of the call.
    pub purpose: Purpose,
    /// The request that is under way.
    pub phase: Phase,
    /// When a request is sent again.
    pub policy: retry::Policy,
    /// The number of repetitions so far.
    pub attempt: u16,
    /// Sending the request twice is harmless.
    pub repeatable: bool,
}

impl Call {
    /// Returns a call that has not begun.
    pub fn new(purpose: Purpose, policy: retry::Policy) -> Self {
        Self { purpose, phase: purpose.first(), policy, attempt: 0, repeatable: false }
    }

    /// Accepts the report of the last action and returns the next one.
    pub fn on(&mut self, report: Report) -> Action {
        match report {
            Report::Begun => Action::Prepare(Some(self.phase)),
            Report::InvalidPath => self.go(Next::Fault(Fault::InvalidPath)),
            Report::Prepared { repeatable } => {
                self.repeatable = repeatable;
                Action::Send
            }
            Report::CannotBeSent => self.fault(Fault::Aborted),
            Report::Sent => Action::RunResponseHooks,
            Report::Responded(response) => Action::Read(if response.ok { response.body } else { Body::Text }),
            Report::Read { response, content, is_empty, is_json } => {
                self.judge(response, content, is_empty, is_json)
            }
            Report::Waited => Action::Prepare(None),
            Report::NoResponse { caller_aborted, caller_timed_out, own_timer_fired } => {
                self.fault(fault_of(caller_aborted, caller_timed_out, own_timer_fired))
            }
            Report::Ended | Report::HookThrew => Action::End,
        }
    }

    fn judge(&mut self, response: Response, content: Content, is_empty: bool, is_json: bool) -> Action {
        let Response { ok, status, body, retry_after } = response;
        if !ok && status > 0 {
            let next = Purpose::after_failure(self.phase, status == 401);
            return self.failed(next, status, retry_after);
        }
        let is_data = match body {
            Body::Blob | Body::Text => true,
            Body::Page => is_empty,
            Body::Json => is_empty || is_json,
        };
        if ok && is_data {
            let next = self.purpose.after_success(self.phase, content);
            self.go(next)
        } else {
            self.fault(Fault::InvalidResponse)
        }
    }

    fn fault(&mut self, fault: Fault) -> Action {
        // A failure that a further attempt cannot change gets a status that is not retried.
        let status = if matches!(fault, Fault::Network | Fault::Timeout) { 0 } else { 1 };
        let next = match Purpose::after_failure(self.phase, false) {
            Next::Fail => Next::Fault(fault),
            next => next,
        };
        self.failed(next, status, f64::NAN)
    }

    fn failed(&mut self, next: Next, status: u16, retry_after: f64) -> Action {
        match retry::next(self.policy, self.attempt.into(), status, retry_after) {
            Some(delay) if self.repeatable => {
                self.attempt = self.attempt.saturating_add(1);
                Action::Wait(delay)
            }
            _ => self.go(next),
        }
    }

    fn go(&mut self, next: Next) -> Action {
        self.attempt = 0;
        match next {
            Next::Phase(phase) => {
                self.phase = phase;
                Action::Prepare(Some(phase))
            }
            Next::Succeed => Action::Succeed,
            Next::Fail => Action::Fail,
            Next::Fault(fault) => Action::Fault(fault),
        }
    }
}
