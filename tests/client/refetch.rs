use better_session::client::refetch::{Event, Page, QUIET, Scheduler, Step, WINDOW};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const KNOWN: Page = Page { signed_in: true, online: true };
const NOBODY: Page = Page { signed_in: false, online: true };
const OFFLINE: Page = Page { signed_in: true, online: false };

/// A watched store whose first request went out at 0 and was answered at 100.
fn settled() -> Scheduler {
    let mut scheduler = Scheduler::new(0.0);
    assert_eq!(scheduler.on(Event::Mount, 0.0, NOBODY), Step::Fetch);
    assert_eq!(scheduler.on(Event::Settled, 100.0, KNOWN), Step::Rest);
    scheduler
}

#[test]
fn the_first_mount_asks_and_the_next_ones_do_not() {
    let mut scheduler = settled();
    assert_eq!(scheduler.on(Event::Unmount, 150.0, KNOWN), Step::Rest);
    assert_eq!(scheduler.on(Event::Mount, 200.0, KNOWN), Step::Rest);
    assert_eq!(scheduler.on(Event::Focus, 4999.0, KNOWN), Step::Rest);
    assert_eq!(scheduler.on(Event::Focus, 5000.0, KNOWN), Step::Fetch);
}

#[test]
fn one_request_at_a_time() {
    let mut scheduler = Scheduler::new(0.0);
    assert_eq!(scheduler.on(Event::Mount, 0.0, NOBODY), Step::Fetch);
    for event in [Event::Mount, Event::Focus, Event::Changed, Event::Signal, Event::Refetch, Event::Timer] {
        assert_eq!(scheduler.on(event, 10.0, KNOWN), Step::Rest, "{event:?}");
    }
    // All of it is one more, once the first is over.
    assert_eq!(scheduler.on(Event::Settled, 3000.0, KNOWN), Step::Fetch);
    assert_eq!(scheduler.on(Event::Settled, 3100.0, KNOWN), Step::Rest);
}

#[test]
fn a_third_request_waits_for_quiet_and_the_next_for_the_window() {
    let mut scheduler = settled();
    assert_eq!(scheduler.on(Event::Changed, 200.0, KNOWN), Step::Fetch);
    scheduler.on(Event::Settled, 300.0, KNOWN);
    assert_eq!(scheduler.on(Event::Changed, 400.0, KNOWN), Step::Wait(QUIET));
    assert_eq!(scheduler.on(Event::Changed, 1400.0, KNOWN), Step::Wait(QUIET));
    assert_eq!(scheduler.on(Event::Timer, 2400.0, KNOWN), Step::Wait(1000.0));
    assert_eq!(scheduler.on(Event::Timer, 3400.0, KNOWN), Step::Fetch);
    scheduler.on(Event::Settled, 3500.0, KNOWN);
    assert_eq!(scheduler.on(Event::Signal, 3600.0, KNOWN), Step::Wait(WINDOW - 3600.0));
    assert_eq!(scheduler.on(Event::Timer, WINDOW, KNOWN), Step::Fetch);
}

#[test]
fn wishes_without_end_are_granted_in_the_end() {
    let mut scheduler = settled();
    scheduler.on(Event::Changed, 200.0, KNOWN);
    scheduler.on(Event::Settled, 300.0, KNOWN);
    let mut now = 400.0;
    while scheduler.on(Event::Changed, now, KNOWN) != Step::Fetch {
        now += 500.0;
        assert!(now <= 400.0 + WINDOW);
    }
}

#[test]
fn a_sign_in_and_a_refetch_wait_for_nothing() {
    let mut scheduler = settled();
    for now in [200.0, 300.0, 400.0] {
        assert_eq!(scheduler.on(Event::Refetch, now, KNOWN), Step::Fetch);
        scheduler.on(Event::Settled, now + 1.0, KNOWN);
    }
    assert_eq!(scheduler.on(Event::Changed, 500.0, NOBODY), Step::Fetch);
}

#[test]
fn nobody_watches_nothing_is_asked_but_a_refetch() {
    let mut scheduler = settled();
    scheduler.on(Event::Unmount, 110.0, KNOWN);
    for event in [Event::Focus, Event::Online, Event::Signal] {
        assert_eq!(scheduler.on(event, 20_000.0, KNOWN), Step::Rest, "{event:?}");
    }
    assert_eq!(scheduler.on(Event::Refetch, 20_001.0, KNOWN), Step::Fetch);
    scheduler.on(Event::Settled, 20_002.0, NOBODY);
    // A sign-in meanwhile is seen by the next mount, however soon.
    assert_eq!(scheduler.on(Event::Changed, 20_003.0, NOBODY), Step::Rest);
    assert_eq!(scheduler.on(Event::Mount, 20_004.0, NOBODY), Step::Fetch);
}

#[test]
fn a_wish_that_came_while_nobody_watched_is_granted_to_the_next_mount() {
    let mut scheduler = settled();
    scheduler.on(Event::Unmount, 110.0, KNOWN);
    assert_eq!(scheduler.on(Event::Changed, 120.0, KNOWN), Step::Rest);
    assert_eq!(scheduler.on(Event::Mount, 130.0, KNOWN), Step::Fetch);
}

#[test]
fn without_a_network_only_the_first_look_is_tried() {
    let mut scheduler = Scheduler::new(0.0);
    assert_eq!(scheduler.on(Event::Mount, 0.0, Page { signed_in: false, online: false }), Step::Fetch);
    scheduler.on(Event::Settled, 10.0, OFFLINE);
    assert_eq!(scheduler.on(Event::Changed, 20.0, OFFLINE), Step::Rest);
    assert_eq!(scheduler.on(Event::Online, 6000.0, KNOWN), Step::Fetch);
}

#[test]
fn polls_from_the_last_answer_on_while_somebody_is_signed_in() {
    let mut scheduler = Scheduler::new(60.0);
    scheduler.on(Event::Mount, 0.0, NOBODY);
    assert_eq!(scheduler.on(Event::Settled, 500.0, KNOWN), Step::Wait(60_000.0));
    assert_eq!(scheduler.on(Event::Timer, 60_500.0, KNOWN), Step::Fetch);
    assert_eq!(scheduler.on(Event::Settled, 61_000.0, NOBODY), Step::Rest);
}

#[test]
fn a_wait_fits_a_timer() {
    let mut scheduler = Scheduler::new(f64::MAX);
    scheduler.on(Event::Mount, 0.0, NOBODY);
    assert_eq!(scheduler.on(Event::Settled, 1.0, KNOWN), Step::Rest, "never is not a time");
    let mut scheduler = Scheduler::new(10_000_000.0);
    scheduler.on(Event::Mount, 0.0, NOBODY);
    assert_eq!(scheduler.on(Event::Settled, 1.0, KNOWN), Step::Wait(2_147_483_647.0));
}

#[test]
fn a_hydrated_store_counts_as_just_asked() {
    let mut scheduler = Scheduler::new(0.0);
    assert_eq!(scheduler.on(Event::Hydrated, 0.0, KNOWN), Step::Rest);
    assert_eq!(scheduler.on(Event::Mount, 10.0, KNOWN), Step::Rest);
    assert_eq!(scheduler.on(Event::Focus, 4999.0, KNOWN), Step::Rest);
    assert_eq!(scheduler.on(Event::Changed, 4999.5, KNOWN), Step::Fetch);
    scheduler.on(Event::Settled, 5000.0, KNOWN);
    let mut idle = Scheduler::new(0.0);
    idle.on(Event::Hydrated, 0.0, KNOWN);
    idle.on(Event::Mount, 10.0, KNOWN);
    assert_eq!(idle.on(Event::Focus, 5000.0, KNOWN), Step::Fetch);
}

#[test]
fn polling_begins_when_the_store_is_hydrated() {
    let mut scheduler = Scheduler::new(60.0);
    scheduler.on(Event::Hydrated, 0.0, KNOWN);
    assert_eq!(scheduler.on(Event::Mount, 1000.0, KNOWN), Step::Wait(59_000.0));
}
