//! From a job of the page to its outcome.

use alloc::rc::Rc;

use js_sys::Object;
use wasm_bindgen::prelude::*;

use super::js::{self, Hook, Job, Scene};
use super::send::Wire;
use super::sessions;
use super::task::{Exchange, Task};
use crate::client::route;

/// Begins a job: `kind` 0 is a call, 1 the store's look at the session, 2 an honest revoke. `step` runs it;
/// its outcome has `data`, `error` and `changed`, whether the store has to look again.
#[wasm_bindgen]
pub fn begin(kind: u8, job: Job) -> *mut Task {
    Task::new(move |exchange| run(kind, job, exchange))
}

async fn run(kind: u8, job: Job, exchange: Rc<Exchange>) -> JsValue {
    let wire = Wire { job, exchange, scene: Object::new().unchecked_into() };
    let mut changed = kind == 2;
    let ended = match kind {
        1 => sessions::current(&wire).await,
        2 => sessions::revoke(&wire).await,
        _ => {
            let path = route::path_of(&js::text(&wire.job.chain()));
            changed = route::changes_session(&path);
            let post = route::is_post(&path, wire.job.has_body());
            wire.send(&path, post, &wire.job.body()).await
        }
    };
    let scene: Scene = wire.scene.clone();
    let outcome: Scene = Object::new().unchecked_into();
    let hook = match &ended {
        Ok(data) => {
            scene.set_data(data);
            outcome.set_changed(changed);
            Hook::Success
        }
        Err(error) => {
            scene.set_error(error);
            Hook::Error
        }
    };
    let (data, error) = match ended {
        Ok(data) => (data, JsValue::NULL),
        Err(error) => (JsValue::NULL, error),
    };
    outcome.set_data(&data);
    outcome.set_error(&error);
    let _ = wire.hook(hook, &scene).await;
    outcome.into()
}
