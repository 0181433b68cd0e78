//! One request to one endpoint: hooks, deadline, retries, and what the answer means.

use alloc::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::Response;

use super::js::{self, Context, Hook, Job, Scene};
use super::task::{Ended, Exchange};
use crate::client::outcome::{Body, Fault, body_of, fault_of};
use crate::client::retry;

/// A job on its way.
pub struct Wire {
    pub job: Job,
    pub exchange: Rc<Exchange>,
    /// What the hooks see of it.
    pub scene: Scene,
}

/// Why an attempt failed, and whether another may do better.
struct Failure {
    error: JsValue,
    status: u16,
    patience: f64,
}

impl Wire {
    /// Sends until there is an answer, or no more attempt is worth it.
    pub async fn send(&self, path: &str, post: bool, body: &JsValue) -> Ended {
        let mut attempt = 0_u32;
        loop {
            let request = self.job.context(path, post, body);
            let failure = match self.attempt(&request).await {
                Ok(data) => return Ok(data),
                Err(failure) => failure,
            };
            let Some(delay) = next_delay(&request, attempt, &failure) else { return Err(failure.error) };
            attempt = attempt.saturating_add(1);
            let _ = self.exchange.wait(js::sleep(delay, request.signal().as_ref())).await;
        }
    }

    /// A failure that no server described.
    pub fn fault(&self, fault: Fault, cause: &JsValue) -> JsValue {
        self.job.fault(fault as u8, cause)
    }

    /// Runs a hook; one that throws is told of, and changes nothing.
    pub async fn hook(&self, which: Hook, scene: &JsValue) -> Ended {
        self.exchange.wait(self.job.hook(which as u8, scene)).await
    }

    async fn attempt(&self, request: &Context) -> Result<JsValue, Failure> {
        self.scene.set_request(request);
        if let Err(thrown) = self.hook(Hook::Request, request).await {
            return Err(self.failed(Fault::Aborted, &thrown));
        }
        let caller = request.signal();
        let guard = js::guard(caller.as_ref(), request.timeout());
        let own = guard.signal();
        request.set_signal(&own);
        let answer = self.exchange(request).await;
        guard.release();
        answer.map_err(|failure| {
            failure.unwrap_or_else(|thrown| {
                let aborted = caller.as_ref().is_some_and(|signal| signal.aborted());
                let timed_out = aborted && caller.as_ref().is_some_and(js::timed_out);
                self.failed(fault_of(aborted, timed_out, own.aborted()), &thrown)
            })
        })
    }

    /// The answer's data; else a failure that it describes, or what was thrown on the way.
    async fn exchange(&self, request: &Context) -> Result<JsValue, Result<Failure, JsValue>> {
        let answer = self.exchange.wait(js::request(request)).await.map_err(Err)?;
        self.scene.set_response(&answer);
        let _ = self.hook(Hook::Response, &self.scene).await;
        let response = self.scene.response();
        if response.ok() {
            self.read(&response).await
        } else {
            Err(Ok(self.refused(&response).await?))
        }
    }

    async fn read(&self, response: &Response) -> Result<JsValue, Result<Failure, JsValue>> {
        let kind = body_of(&js::text(&js::header(response, "content-type")));
        let blob = kind == Body::Blob;
        let text = self.exchange.wait(js::content(response, blob)).await.map_err(Err)?;
        if blob {
            return Ok(text);
        }
        if text.is_falsy() {
            return Ok(JsValue::NULL);
        }
        let data = if kind == Body::Page { JsValue::UNDEFINED } else { js::parse(&text) };
        match kind {
            Body::Text if data.is_undefined() => Ok(text),
            _ if data.is_undefined() => Err(Ok(self.failed(Fault::InvalidResponse, &data))),
            _ => Ok(data),
        }
    }

    async fn refused(&self, response: &Response) -> Result<Failure, Result<Failure, JsValue>> {
        let text = self.exchange.wait(js::content(response, false)).await.map_err(Err)?;
        let status = response.status();
        if status == 0 {
            return Ok(self.failed(Fault::InvalidResponse, &JsValue::UNDEFINED));
        }
        Ok(Failure { error: js::refusal(response, &text), status, patience: js::patience(response) })
    }

    fn failed(&self, fault: Fault, cause: &JsValue) -> Failure {
        // What will not be better next time has a status that is not worth a retry.
        let status = if matches!(fault, Fault::Network | Fault::Timeout) { 0 } else { 1 };
        Failure { error: self.fault(fault, cause), status, patience: f64::NAN }
    }
}

fn next_delay(request: &Context, attempt: u32, failure: &Failure) -> Option<f64> {
    let asked = request.retry()?;
    let policy = retry::Policy {
        attempts: asked.attempts(),
        delay: asked.delay(),
        max_delay: asked.max_delay(),
        exponential: asked.exponential(),
        any_method: asked.any_method(),
    };
    let idempotent = request.method() == JsValue::from_str("GET");
    let patience = (failure.patience >= 0.0).then_some(failure.patience);
    retry::next(policy, attempt, idempotent, failure.status, patience)
}
