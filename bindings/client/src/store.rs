//! The session store's scheduler, by handle.

use alloc::boxed::Box;

use wasm_bindgen::prelude::*;

use better_session::client::refetch::{Event, Page, Scheduler, Step};

/// A scheduler that polls every `interval` seconds; it lives as long as its module.
#[wasm_bindgen]
pub fn scheduler(interval: f64) -> *mut Scheduler {
    Box::into_raw(Box::new(Scheduler::new(interval)))
}

/// Tells the scheduler that `event` happened at `now` (a monotonic clock's milliseconds): 0 is to ask the server now, a
/// positive answer is to come back after so many milliseconds, a negative one is to rest.
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
    use Event::{Changed, Focus, Mount, Online, OtherTab, Refetch, Settled, Timer, Unmount};
    const EVENTS: [Event; 8] = [Mount, Unmount, Focus, Online, Changed, OtherTab, Refetch, Settled];
    EVENTS.get(usize::from(code)).copied().unwrap_or(Timer)
}
