//! When the session store asks the server: a state machine that is told what happened and at what time,
//! and answers what to do now. One request is in flight at a time, and none is ever aborted for another.
//!
//! Calm comes from three rules. A *glance* (focus, another mount) is dropped when the last request is
//! recent. A *wish* (something changed) is never dropped: the first ones are granted at once, later ones
//! wait for quiet, so that a burst ends in one request that sees all of it. What is *urgent* (a sign-in while
//! nobody is known) waits for a watcher, a *demand* (`refetch()`) not even for that; both wait for the request
//! in flight.

/// Milliseconds of a clock that never goes back, such as `performance.now()`.
pub type Millis = f64;

/// A glance this soon after the last request is answered by it.
pub const GLANCE_EVERY: Millis = 5_000.0;
/// Wishes are counted over this long, and granted after this long at the latest.
pub const WINDOW: Millis = 10_000.0;
/// A third request within the window waits until no wish came for this long.
pub const QUIET: Millis = 2_000.0;
/// Longest time `setTimeout` can wait; more would fire at once.
const MAX_TIMER: Millis = 2_147_483_647.0;

/// An event that the store reacts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Event {
    /// The first listener came.
    Mount = 0,
    /// The last listener went.
    Unmount = 1,
    /// The page can be seen again, or has the focus.
    Focus = 2,
    /// The network is back.
    Online = 3,
    /// A call of this page changed a session, or made one.
    Changed = 4,
    /// Another tab says that it did.
    OtherTab = 5,
    /// The page asked in so many words.
    Refetch = 6,
    /// The request in flight came to an end, good or bad.
    Settled = 7,
    /// The time named by `Step::Wait` has come.
    Timer = 8,
}

/// The next action. It replaces an earlier `Wait`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Nothing until the next event.
    Rest,
    /// Ask the server, and say `Settled` afterwards.
    Fetch,
    /// Say `Timer` in so many milliseconds.
    Wait(Millis),
}

/// The state of the page at the time of the event.
#[derive(Clone, Copy, Debug)]
pub struct Page {
    /// The store holds a session.
    pub signed_in: bool,
    /// The browser says that there is a network, or the page asked not to look.
    pub online: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Want {
    Nothing,
    Wish,
    Urgent,
    Demand,
}

/// The store's one scheduler.
#[derive(Clone, Debug)]
pub struct Scheduler {
    interval: Millis,
    watched: bool,
    in_flight: bool,
    want: Want,
    first_wish: Millis,
    last_wish: Millis,
    /// Starts of the last three requests, newest first.
    starts: (Millis, Millis, Millis),
    settled: Millis,
}

impl Scheduler {
    /// `interval`: seconds between polls while somebody is signed in and the store is watched; 0 is never.
    pub fn new(interval: f64) -> Self {
        const LONG_AGO: Millis = f64::NEG_INFINITY;
        Self {
            interval: if interval > 0.0 { interval * 1000.0 } else { 0.0 },
            watched: false,
            in_flight: false,
            want: Want::Nothing,
            first_wish: LONG_AGO,
            last_wish: LONG_AGO,
            starts: (LONG_AGO, LONG_AGO, LONG_AGO),
            settled: LONG_AGO,
        }
    }

    /// Takes in what happened at `now`.
    pub fn on(&mut self, event: Event, now: Millis, page: Page) -> Step {
        match event {
            Event::Mount => {
                self.watched = true;
                self.glance(now);
            }
            Event::Unmount => self.watched = false,
            Event::Focus => self.glance(now),
            Event::Changed if !page.signed_in && self.want != Want::Demand => self.want = Want::Urgent,
            Event::Online | Event::Changed | Event::OtherTab => self.wish(now),
            Event::Refetch => self.want = Want::Demand,
            Event::Settled => {
                self.in_flight = false;
                self.settled = now;
            }
            Event::Timer => {}
        }
        self.next(now, page)
    }

    /// Something may have changed: worth a look unless there was one just now, or one is coming.
    fn glance(&mut self, now: Millis) {
        let recent = now - self.starts.0 < GLANCE_EVERY || now - self.starts.2 < WINDOW;
        if self.want == Want::Nothing && !self.in_flight && !recent {
            self.wish(now);
        }
    }

    fn wish(&mut self, now: Millis) {
        if self.want == Want::Nothing {
            self.want = Want::Wish;
            self.first_wish = now;
        }
        self.last_wish = now;
    }

    fn next(&mut self, now: Millis, page: Page) -> Step {
        if self.in_flight {
            return Step::Rest;
        }
        if self.want == Want::Demand {
            return self.start(now);
        }
        // Without a network the first look is tried all the same: its failure is something to show.
        if !self.watched || !page.online && self.starts.0.is_finite() {
            return Step::Rest;
        }
        if self.want == Want::Urgent {
            return self.start(now);
        }
        let mut due = f64::INFINITY;
        if self.want == Want::Wish {
            due = self.wish_due(now);
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

    /// When the wish is granted, by how many requests the window has seen.
    fn wish_due(&self, now: Millis) -> Millis {
        let (_, second, third) = self.starts;
        if now - second >= WINDOW {
            return now;
        }
        let quiet = (self.last_wish + QUIET).min(self.first_wish + WINDOW);
        if now - third >= WINDOW { quiet } else { quiet.max(third + WINDOW) }
    }

    fn start(&mut self, now: Millis) -> Step {
        self.starts = (now, self.starts.0, self.starts.1);
        self.in_flight = true;
        self.want = Want::Nothing;
        Step::Fetch
    }
}
