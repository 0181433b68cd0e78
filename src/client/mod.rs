//! The browser client's decisions, without I/O: which endpoint a call means, what an answer is, when to
//! try again, and when the session store asks the server. Time is passed in; nothing here is a secret.

pub mod endpoint;
pub mod refetch;
pub mod response;
pub mod retry;
