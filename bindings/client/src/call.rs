//! One call of the page, as a state machine that JavaScript's own `await` drives: `step` runs it until it
//! waits for a promise and hands that promise out; the driver awaits it and says how it ended with the
//! next `step`. So there is no executor and no closure in here, and a call that is over leaves no trace.

use alloc::boxed::Box;

use wasm_bindgen::prelude::*;

use super::errand::{Errand, Next};
use super::js::{self, Context, Guard, Hook, Job, Scene};
use better_session::client::response::{Body, Fault, body_of, fault_of};
use better_session::client::retry;

/// How a promise ended: its value, or what it was rejected with.
pub type Ended = Result<JsValue, JsValue>;

/// The event that a call waits for.
#[derive(Clone, Copy)]
enum Stage {
    Begun,
    RequestHook,
    Answer,
    ResponseHook,
    Content(Body),
    Patience,
    LastHook,
}

/// A call that is under way.
pub struct Call {
    job: Job,
    errand: Errand,
    policy: retry::Policy,
    stage: Stage,
    attempt: u32,
    request: Context,
    guard: Guard,
    /// The context that hooks see, and the outcome in the end.
    scene: Scene,
}

/// Begins a job: `kind` 0 is a call, 1 a call with a body, 2 the store's look at the session, 3 an honest revoke, 4 one
/// that looks afterwards as well. The rest is `fetchOptions.retry`, milliseconds. `step` runs it.
#[wasm_bindgen]
pub fn begin(kind: u8, job: Job, attempts: u32, delay: f64, max_delay: f64, exponential: bool) -> *mut Call {
    let nothing = JsValue::UNDEFINED;
    Box::into_raw(Box::new(Call {
        job,
        errand: Errand::new(kind),
        policy: retry::Policy { attempts, delay, max_delay, exponential },
        stage: Stage::Begun,
        attempt: 0,
        request: nothing.clone().unchecked_into(),
        guard: nothing.unchecked_into(),
        scene: js::object().unchecked_into(),
    }))
}

/// Runs a call on: the next promise to wait for, or its outcome when there is none left: `data`, `error` and
/// `changed`. After the outcome the handle is void.
///
/// # Safety
/// The driver owns `call`: it passes what `begin` gave it, and nothing after the outcome.
#[wasm_bindgen]
pub unsafe fn step(call: *mut Call, failed: bool, value: JsValue) -> JsValue {
    // SAFETY: `call` came from `begin` and is dropped only below, after which the driver forgets it. Hooks
    // that run inside may begin and step other calls, never this one: its driver is inside this function.
    let running = unsafe { &mut *call };
    if let Stage::LastHook = running.stage {
        // SAFETY: as above; the reference is not used any more.
        return unsafe { Box::from_raw(call) }.scene.clone().into();
    }
    running.on(if failed { Err(value) } else { Ok(value) })
}

impl Call {
    fn on(&mut self, ended: Ended) -> JsValue {
        match (self.stage, ended) {
            (Stage::Begun, _) => {
                let next = self.errand.begin(&self.job);
                if let Next::Fault(_) = next {
                    // Hooks are told of it, and expect a request.
                    js::requests(&self.scene, &js::context(&self.job));
                }
                self.go(next)
            }
            (Stage::RequestHook, Ok(_)) => {
                self.guard = js::guard(&self.request);
                self.wait(Stage::Answer, js::request(&self.request))
            }
            (Stage::RequestHook, Err(thrown)) => self.fail(Fault::Aborted, &thrown),
            (Stage::Answer, Ok(response)) => {
                js::responds(&self.scene, &response);
                self.wait(Stage::ResponseHook, js::hook(&self.job, Hook::Response as u8, &self.scene))
            }
            (Stage::ResponseHook, _) => {
                let response = js::response(&self.scene);
                let body =
                    if response.ok() { body_of(&js::text(&js::header(&response))) } else { Body::Text };
                self.wait(Stage::Content(body), js::content(&response, u8::from(body == Body::Blob)))
            }
            (Stage::Content(body), Ok(content)) => {
                js::release(&self.guard);
                self.judge(body, content)
            }
            (Stage::Answer | Stage::Content(_), Err(thrown)) => {
                let became = js::release(&self.guard);
                let was = |bit| became & bit != 0;
                let fault = fault_of(was(js::CALLER_ABORTED), was(js::CALLER_TIMED_OUT), was(js::ABORTED));
                self.fail(fault, &thrown)
            }
            _ => self.ask(),
        }
    }

    fn wait(&mut self, stage: Stage, promise: js_sys::Promise) -> JsValue {
        self.stage = stage;
        promise.into()
    }

    /// Sends what the job aims at, once more or for the first time.
    fn ask(&mut self) -> JsValue {
        self.request = js::context(&self.job);
        js::requests(&self.scene, &self.request);
        self.wait(Stage::RequestHook, js::hook(&self.job, Hook::Request as u8, &self.request))
    }

    fn judge(&mut self, body: Body, content: JsValue) -> JsValue {
        let response = js::response(&self.scene);
        if !response.ok() {
            let status = response.status();
            if status > 0 {
                return self.failed(js::refusal(&response, &content), status, js::patience(&response));
            }
        } else if content.is_falsy() {
            return self.done(Ok(JsValue::NULL));
        } else if body == Body::Blob {
            return self.done(Ok(content));
        } else if body != Body::Page {
            let data = js::parse(&content);
            if !data.is_undefined() {
                return self.done(Ok(data));
            } else if body == Body::Text {
                return self.done(Ok(content));
            }
        }
        self.fail(Fault::InvalidResponse, &JsValue::UNDEFINED)
    }

    fn fail(&mut self, fault: Fault, cause: &JsValue) -> JsValue {
        // A failure that a retry cannot mend gets a status that is not retried.
        let status = if matches!(fault, Fault::Network | Fault::Timeout) { 0 } else { 1 };
        self.failed(js::fault(&self.job, fault as u8, cause), status, f64::NAN)
    }

    fn failed(&mut self, error: JsValue, status: u16, patience: f64) -> JsValue {
        match retry::next(self.policy, self.attempt, status, patience) {
            Some(delay) if js::repeatable(&self.request) => {
                self.attempt = self.attempt.saturating_add(1);
                self.wait(Stage::Patience, js::sleep(delay, &self.request))
            }
            _ => self.done(Err(error)),
        }
    }

    /// One request is over; the errand may need another.
    fn done(&mut self, ended: Ended) -> JsValue {
        self.attempt = 0;
        let next = self.errand.after(&self.job, ended);
        self.go(next)
    }

    fn go(&mut self, next: Next) -> JsValue {
        let ended = match next {
            Next::Ask => return self.ask(),
            Next::Done(ended) => ended,
            Next::Fault(fault) => Err(js::fault(&self.job, fault as u8, &JsValue::UNDEFINED)),
        };
        let hook = if ended.is_ok() { Hook::Success } else { Hook::Error };
        let effect = if ended.is_ok() { self.errand.effect() as u8 } else { 0 };
        let (data, error) = match ended {
            Ok(data) => (data, JsValue::NULL),
            Err(error) => (JsValue::NULL, error),
        };
        js::ends(&self.scene, effect, &data, &error);
        self.wait(Stage::LastHook, js::hook(&self.job, hook as u8, &self.scene))
    }
}
