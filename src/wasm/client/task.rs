//! A future that JavaScript drives: `step` runs it until it waits for a promise and hands that promise
//! out; the driver awaits it and says how it ended with the next `step`. So nothing here needs an
//! executor, a waker or a closure on the other side, and a call that is over has left no trace.

use alloc::boxed::Box;
use alloc::rc::Rc;
use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use js_sys::Promise;
use wasm_bindgen::prelude::*;

/// How a promise ended: its value, or what it was rejected with.
pub type Ended = Result<JsValue, JsValue>;

/// Where a future puts the promise it waits for and finds how it ended.
#[derive(Default)]
pub struct Exchange {
    wanted: Cell<Option<Promise>>,
    ended: Cell<Option<Ended>>,
}

impl Exchange {
    /// Waits for `promise`.
    pub async fn wait(&self, promise: Promise) -> Ended {
        self.wanted.set(Some(promise));
        poll_fn(|_| self.ended.take().map_or(Poll::Pending, Poll::Ready)).await
    }
}

/// A running call.
pub struct Task {
    exchange: Rc<Exchange>,
    future: Pin<Box<dyn Future<Output = JsValue>>>,
}

impl Task {
    /// Prepares `work`; the first `step` starts it.
    pub fn new<F: Future<Output = JsValue> + 'static>(work: impl FnOnce(Rc<Exchange>) -> F) -> *mut Task {
        let exchange = Rc::<Exchange>::default();
        let future = Box::pin(work(exchange.clone()));
        Box::into_raw(Box::new(Task { exchange, future }))
    }
}

/// Runs a call on: the next promise to wait for, or its outcome when there is none left. After the
/// outcome the handle is void.
///
/// The driver owns `task`: it passes what `begin` gave it, and nothing after the outcome.
#[wasm_bindgen]
pub fn step(task: *mut Task, failed: bool, value: JsValue) -> JsValue {
    // SAFETY: `task` came from `Task::new` and is dropped only below, after which the driver forgets it.
    // Hooks that run inside a poll may begin and step other tasks, never this one: its driver is inside
    // this call.
    let running = unsafe { &mut *task };
    running.exchange.ended.set(Some(if failed { Err(value) } else { Ok(value) }));
    let mut context = Context::from_waker(Waker::noop());
    match running.future.as_mut().poll(&mut context) {
        Poll::Ready(outcome) => {
            // SAFETY: as above; nobody holds a reference any more.
            drop(unsafe { Box::from_raw(task) });
            outcome
        }
        Poll::Pending => running.exchange.wanted.take().map_or(JsValue::UNDEFINED, JsValue::from),
    }
}
