//! The browser client's decisions, without I/O: which endpoint a call means, which requests an operation has, what a
//! response is, when to send it again, and when the session store sends one. Time is passed in; nothing here is a secret.

pub mod call;
pub mod endpoint;
pub mod operation;
pub mod refetch;
pub mod response;
pub mod retry;
pub mod text;
