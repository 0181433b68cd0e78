//! The browser client's decisions, without I/O: which endpoint a call means, what an answer is, when to
//! try again, and when the session store asks the server. Time is passed in; nothing here is a secret.

pub mod outcome;
pub mod retry;
pub mod route;
pub mod schedule;
