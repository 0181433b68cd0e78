use better_session::client::retry::{Policy, next};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const LINEAR: Policy = Policy { attempts: 3, delay: 1000.0, max_delay: 30_000.0, exponential: false };
const DOUBLING: Policy = Policy { attempts: 40, exponential: true, ..LINEAR };
const SILENT: f64 = f64::NAN;

#[test]
fn so_often_and_no_more() {
    let waits: Vec<_> = (0..5).map(|attempt| next(LINEAR, attempt, 503, SILENT)).collect();
    assert_eq!(waits, [Some(1000.0), Some(1000.0), Some(1000.0), None, None]);
    assert_eq!(next(Policy { attempts: 0, ..LINEAR }, 0, 503, SILENT), None);
}

#[test]
fn only_what_may_be_better_next_time() {
    for status in [0, 408, 425, 429, 500, 502, 503, 504, 599] {
        assert!(next(LINEAR, 0, status, SILENT).is_some(), "{status}");
    }
    for status in [1, 200, 302, 400, 401, 403, 404, 409, 422] {
        assert_eq!(next(LINEAR, 0, status, SILENT), None, "{status}");
    }
}

#[test]
fn doubles_up_to_the_bound() {
    let waits: Vec<_> = (0..6).map(|attempt| next(DOUBLING, attempt, 0, SILENT).unwrap()).collect();
    assert_eq!(waits, [1000.0, 2000.0, 4000.0, 8000.0, 16_000.0, 30_000.0]);
    assert_eq!(next(DOUBLING, 39, 0, SILENT), Some(30_000.0));
    // No wait at all stays none, however often it doubles.
    assert_eq!(next(Policy { delay: 0.0, ..DOUBLING }, 39, 0, SILENT), Some(0.0));
}

#[test]
fn the_server_may_ask_for_more_but_not_for_too_much() {
    assert_eq!(next(LINEAR, 0, 429, 7.0), Some(7000.0));
    assert_eq!(next(LINEAR, 0, 429, 0.5), Some(1000.0));
    assert_eq!(next(LINEAR, 0, 429, -5.0), Some(1000.0));
    assert_eq!(next(LINEAR, 0, 429, 30.0), Some(30_000.0));
    assert_eq!(next(LINEAR, 0, 429, 31.0), None);
    assert_eq!(next(LINEAR, 0, 429, f64::INFINITY), None);
}
