//! When the session store sends a request: a state machine that is told each event with its time, and returns the next
//! action. What the store keeps of the response is decided in `pkg/src/client/store.ts`. One request is in flight at a time, and none is ever aborted for another.
//!
//! Every event has a priority. *Low* (focus, a further mount) is dropped if the last request is recent. *Normal* (something
//! changed) is never dropped: the first requests start at once, later ones wait until no event came for a while, so that a
//! burst ends in one request that sees all of it. *High* (a sign-in while nobody is known) starts as soon as the store has
//! a listener, *immediate* (`refetch()`) without one; both wait only for the request in flight.

/// Milliseconds of a clock that never goes back, such as `performance.now()`.
pub type Millis = f64;

/// An event of low priority this soon after the last request is answered by it.
pub const LOW_PRIORITY_INTERVAL: Millis = 5_000.0;
/// Requests are counted over this time, which is also the longest time that a normal priority waits.
pub const WINDOW: Millis = 10_000.0;
/// A third request within the window waits until no event of normal priority came for this time.
pub const QUIET: Millis = 2_000.0;
/// Longest time `setTimeout` can wait; more would fire at once.
const MAX_TIMER: Millis = 2_147_483_647.0;

/// An event that the store reacts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Event {
    /// The first listener came.
    Mount = 0,
    /// The last listener left.
    Unmount = 1,
    /// The page became visible, or has the focus.
    Focus = 2,
    /// The network is back.
    Online = 3,
    /// A call of this page may have changed or made a session.
    Changed = 4,
    /// A signal of a plugin, of the page, or of another tab.
    Signal = 5,
    /// `refetch()`.
    Refetch = 6,
    /// The request in flight ended, in success or failure.
    Settled = 7,
    /// The time of `Step::Wait` has come.
    Timer = 8,
    /// The page stored the session that the server rendered. It counts as a request that just ended.
    Hydrated = 9,
}

/// The next action. It replaces an earlier `Wait`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Wait for the next event.
    Rest,
    /// Send a request, and report `Settled` afterwards.
    Fetch,
    /// Report `Timer` after so many milliseconds.
    Wait(Millis),
}

/// The state of the page at the time of the event.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The store holds a session.
    pub signed_in: bool,
    /// The browser reports a network, or the page asked to ignore its absence.
    pub online: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Priority {
    None,
    Normal,
    High,
    Immediate,
}

/// The scheduler of a store.
#[derive(Clone, Debug)]
pub struct Scheduler {
    interval: Millis,
    mounted: bool,
    in_flight: bool,
    /// The priority of the next request.
    pending: Priority,
    first_normal: Millis,
    last_normal: Millis,
    /// Starts of the last three requests, newest first.
    starts: (Millis, Millis, Millis),
    settled: Millis,
}

impl Scheduler {
    /// Returns a scheduler that polls every `interval` seconds while somebody is signed in and the store has a listener; 0
    /// is never.
    pub fn new(interval: f64) -> Self {
        const LONG_AGO: Millis = f64::NEG_INFINITY;
        Self {
            interval: if interval > 0.0 { interval * 1000.0 } else { 0.0 },
            mounted: false,
            in_flight: false,
            pending: Priority::None,
            first_normal: LONG_AGO,
            last_normal: LONG_AGO,
            starts: (LONG_AGO, LONG_AGO, LONG_AGO),
            settled: LONG_AGO,
        }
    }

    /// Accepts an event at `now` and returns the next action.
    pub fn on(&mut self, event: Event, now: Millis, page: Page) -> Step {
        match event {
            Event::Mount => {
                self.mounted = true;
                self.request_low(now);
            }
            Event::Unmount => self.mounted = false,
            Event::Focus => self.request_low(now),
            Event::Changed if !page.signed_in && self.pending != Priority::Immediate => {
                self.pending = Priority::High;
            }
            Event::Online | Event::Changed | Event::Signal => self.request_normal(now),
            Event::Refetch => self.pending = Priority::Immediate,
            Event::Settled => {
                self.in_flight = false;
                self.settled = now;
            }
            Event::Timer => {}
            Event::Hydrated => {
                self.starts.0 = now;
                self.settled = now;
            }
        }
        self.next(now, page)
    }

    /// Requests a lookup unless one was sent just now, or is due.
    fn request_low(&mut self, now: Millis) {
        let recent = now - self.starts.0 < LOW_PRIORITY_INTERVAL || now - self.starts.2 < WINDOW;
        if self.pending == Priority::None && !self.in_flight && !recent {
            self.request_normal(now);
        }
    }

    fn request_normal(&mut self, now: Millis) {
        if self.pending == Priority::None {
            self.pending = Priority::Normal;
            self.first_normal = now;
        }
        self.last_normal = now;
    }

    fn next(&mut self, now: Millis, page: Page) -> Step {
        if self.in_flight {
            return Step::Rest;
        }
        if self.pending == Priority::Immediate {
            return self.start(now);
        }
        // Without a network the first request is sent all the same: its failure is shown.
        if !self.mounted || !page.online && self.starts.0.is_finite() {
            return Step::Rest;
        }
        if self.pending == Priority::High {
            return self.start(now);
        }
        let mut due = f64::INFINITY;
        if self.pending == Priority::Normal {
            due = self.normal_due(now);
        }
        if self.interval > 0.0 && page.signed_in {
            due = due.min(self.settled + self.interval);
        }
        if due <= now {
            self.start(now)
        } else if due.is_finite() {
            Step::Wait((due - now).min(MAX_TIMER))
        } else {
            Step::Rest
        }
    }

    /// Returns when a request of normal priority starts, by the number of requests in the window.
    fn normal_due(&self, now: Millis) -> Millis {
        let (_, second, third) = self.starts;
        if now - second >= WINDOW {
            return now;
        }
        let quiet = (self.last_normal + QUIET).min(self.first_normal + WINDOW);
        if now - third >= WINDOW { quiet } else { quiet.max(third + WINDOW) }
    }

    fn start(&mut self, now: Millis) -> Step {
        self.starts = (now, self.starts.0, self.starts.1);
        self.in_flight = true;
        self.pending = Priority::None;
        Step::Fetch
    }
}
