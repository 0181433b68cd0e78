//! When a failed request is sent again, and after how long.

/// The option `fetchOptions.retry`. Times are milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The number of further attempts after the first.
    pub attempts: u32,
    /// Wait before the first repetition; doubles each time when `exponential`.
    pub delay: f64,
    /// Longest wait when `exponential`, and longest `Retry-After` that is waited for.
    pub max_delay: f64,
    /// Doubles the wait each time.
    pub exponential: bool,
}

/// Returns the milliseconds until the next attempt, or `None` if there is none.
///
/// `status` is 0 if there was no response; `retry_after` is the server's `Retry-After` in seconds, or NaN. A server that
/// asks for more than `max_delay` gets no further attempt.
pub fn next(policy: Policy, attempt: u32, status: u16, retry_after: f64) -> Option<f64> {
    let may_succeed = matches!(status, 0 | 408 | 425 | 429 | 500..);
    if attempt >= policy.attempts || !may_succeed {
        return None;
    }
    let mut delay = policy.delay;
    if policy.exponential {
        let mut doublings = attempt;
        while doublings > 0 && delay < policy.max_delay {
            delay *= 2.0;
            doublings = doublings.saturating_sub(1);
        }
        delay = delay.min(policy.max_delay);
    }
    let retry_after = retry_after.max(0.0) * 1000.0;
    (retry_after <= policy.max_delay).then(|| delay.max(retry_after))
}
