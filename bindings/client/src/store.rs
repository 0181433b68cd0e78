//! The session store's scheduler, by handle.

use wasm_bindgen::prelude::*;

use better_session::client::refetch::{Event, Page, Scheduler, Step};

#[cfg(all(target_family = "wasm", not(feature = "std")))]
use crate::runtime::leak;

/// Returns a scheduler that polls every `interval` seconds; it lives as long as its module.
#[wasm_bindgen]
pub fn scheduler(interval: f64) -> *mut Scheduler {
    leak(Scheduler::new(interval))
}

#[cfg(any(not(target_family = "wasm"), feature = "std"))]
fn leak<T>(value: T) -> *mut T {
    alloc::boxed::Box::into_raw(alloc::boxed::Box::new(value))
}

/// Reports `event` at `now` (milliseconds of a monotonic clock) to the scheduler. Returns 0 if a request is to be sent, the
/// milliseconds until `Timer` if it is positive, and a negative number if there is nothing to do.
///
/// # Safety
/// `scheduler` is what the function of that name gave.
#[wasm_bindgen]
pub unsafe fn happened(scheduler: *mut Scheduler, event: u8, now: f64, signed_in: bool, online: bool) -> f64 {
    // SAFETY: the pointer is what `scheduler` gave the page, and is never freed. Nothing in here calls out.
    let scheduler = unsafe { &mut *scheduler };
    match scheduler.on(event_of(event), now, Page { signed_in, online }) {
        Step::Fetch => 0.0,
        Step::Wait(milliseconds) => milliseconds,
        Step::Rest => -1.0,
    }
}

fn event_of(code: u8) -> Event {
    use Event::{Changed, Focus, Hydrated, Mount, Online, Refetch, Settled, Signal, Timer, Unmount};
    const EVENTS: [Event; 10] =
        [Mount, Unmount, Focus, Online, Changed, Signal, Refetch, Settled, Timer, Hydrated];
    EVENTS.get(usize::from(code)).copied().unwrap_or(Timer)
}
