//! Calm, whatever comes: a page plays any events at any time against a server that takes any time.

use better_session::client::endpoint;
use better_session::client::refetch::{Event, Millis, Page, Scheduler, Step, WINDOW};
use better_session::client::response;
use proptest::prelude::*;

/// Any event but `refetch()`; a sign-in has high priority while nobody is known, so somebody is.
fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        Just(Event::Mount),
        Just(Event::Unmount),
        Just(Event::Focus),
        Just(Event::Online),
        Just(Event::Changed),
        Just(Event::Signal),
        Just(Event::Hydrated),
    ]
}

/// Plays `events` (time since the last one, what happens) and then silence; answers when requests began.
fn play(events: &[(u32, Event)], answer_takes: Millis, interval: f64, most: usize) -> Vec<Millis> {
    let page = Page { signed_in: true, online: true };
    let mut scheduler = Scheduler::new(interval);
    let (mut starts, mut now, mut timer, mut answer) = (Vec::new(), 0.0, f64::INFINITY, f64::INFINITY);
    let mut take = |event, now: Millis, timer: &mut Millis, answer: &mut Millis| {
        *timer = f64::INFINITY;
        match scheduler.on(event, now, page) {
            Step::Fetch => {
                assert!(answer.is_infinite(), "one in flight at a time");
                starts.push(now);
                *answer = now + answer_takes;
            }
            Step::Wait(wait) => *timer = now + wait,
            Step::Rest => {}
        }
        starts.len()
    };
    take(Event::Mount, now, &mut timer, &mut answer);
    let mut coming = events.iter();
    let mut next = coming.next().map(|(after, event)| (now + f64::from(*after), *event));
    loop {
        let at = timer.min(answer).min(next.map_or(f64::INFINITY, |(at, _)| at));
        if at.is_infinite() {
            return starts;
        }
        now = at;
        let count = if answer <= now {
            answer = f64::INFINITY;
            take(Event::Settled, now, &mut timer, &mut answer)
        } else if let Some((_, event)) = next.filter(|(at, _)| *at <= now) {
            next = coming.next().map(|(after, event)| (now + f64::from(*after), *event));
            take(event, now, &mut timer, &mut answer)
        } else {
            take(Event::Timer, now, &mut timer, &mut answer)
        };
        if count >= most {
            return starts;
        }
    }
}

/// Asserts that `path` is `/segment/segment`, of small letters and digits with single dashes between them.
fn plain(path: &[u8]) {
    let (first, segments) = path.split_first().unwrap();
    assert_eq!(*first, b'/');
    for word in segments.split(|&byte| byte == b'/').flat_map(|segment| segment.split(|&byte| byte == b'-')) {
        assert!(
            !word.is_empty() && word.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        );
    }
    endpoint::is_post(path, false);
}

proptest! {
    #[test]
    fn never_more_than_three_in_ten_seconds(
        events in proptest::collection::vec((0..1500u32, event()), 0..300), answer_takes in 0..8000u32,
    ) {
        let starts = play(&events, f64::from(answer_takes), 0.0, 1000);
        for four in starts.windows(4) {
            prop_assert!(four[3] - four[0] >= WINDOW, "{four:?}");
        }
    }

    #[test]
    fn the_last_change_is_always_looked_at(
        events in proptest::collection::vec((0..1500u32, event()), 0..100), answer_takes in 0..8000u32,
    ) {
        let mut events = events;
        events.extend([(10, Event::Changed), (0, Event::Mount)]);
        let at: f64 = events.iter().map(|(after, _)| f64::from(*after)).sum();
        let starts = play(&events, f64::from(answer_takes), 0.0, 1000);
        let last = starts.last().copied().unwrap_or_default();
        prop_assert!(last >= at, "changed at {at}, last looked at {last}");
        prop_assert!(last <= at + 2.0 * WINDOW + f64::from(answer_takes), "changed at {at}, looked at {last}");
    }

    #[test]
    fn polling_keeps_its_distance(interval in 1..100u32, answer_takes in 0..8000u32) {
        let starts = play(&[], f64::from(answer_takes), f64::from(interval), 5);
        for two in starts.windows(2) {
            prop_assert_eq!(two[1] - two[0], f64::from(answer_takes) + f64::from(interval) * 1000.0);
        }
    }

    #[test]
    fn any_bytes_are_a_path_of_plain_segments_or_none(chain in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Some(path) = endpoint::path_of(&chain) {
            plain(&path);
        }
    }

    #[test]
    fn any_names_are_a_path_of_plain_segments(chain in "[A-Za-z0-9_-]{0,4}[A-Za-z0-9][A-Za-z0-9_-]{0,9}(/[-_]?[A-Za-z0-9]{1,9}[-_]?){0,3}") {
        plain(&endpoint::path_of(chain.as_bytes()).unwrap());
    }

    #[test]
    fn any_content_type_is_read_somehow(value in proptest::collection::vec(any::<u8>(), 0..60)) {
        response::body_of(&value);
    }
}
