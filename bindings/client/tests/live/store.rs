//! The scheduler by handle, as the page has it.

use better_session_client::store::{happened, scheduler};
use wasm_bindgen_test::wasm_bindgen_test;

/// In the order of `Event`.
const MOUNT: u8 = 0;
const FOCUS: u8 = 2;
const ONLINE: u8 = 3;
const CHANGED: u8 = 4;
const SETTLED: u8 = 7;
const TIMER: u8 = 8;

#[wasm_bindgen_test]
fn zero_is_now_more_is_later_less_is_never() {
    let handle = scheduler(0.0);
    // SAFETY: the handle is one.
    let happened = |event, now, signed_in| unsafe { happened(handle, event, now, signed_in, true) };
    assert_eq!(happened(MOUNT, 0.0, false), 0.0);
    assert_eq!(happened(SETTLED, 100.0, true), -1.0);
    assert_eq!(happened(CHANGED, 200.0, true), 0.0);
    assert_eq!(happened(SETTLED, 300.0, true), -1.0);
    assert_eq!(happened(ONLINE, 400.0, true), 2000.0);
    assert_eq!(happened(FOCUS, 500.0, true), 1900.0);
    assert_eq!(happened(TIMER, 2400.0, true), 0.0);
}
