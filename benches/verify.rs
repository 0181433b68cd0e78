//! Verification in native Rust, the upper limit for the module: `cargo bench --bench verify`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing, missing_docs)]

use std::hint::black_box;
use std::time::Instant;

use better_session::cookie::header::percent_encode;
use better_session::{Config, MintRequest, SessionPolicy, Strategy, UnixMillis, Verdict, Verifier};

/// 2027-01-15T08:00:00Z.
const NOW: UnixMillis = UnixMillis::from_millis(1_800_000_000_000);
const TOKEN: &str = "Zk3s9QxT1mVb7LpR4wYc8HdJ2nGf6AeU";
const AGENT: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

fn main() {
    println!("native Rust, medians of 15 rounds of 20 ms");
    for strategy in [Strategy::Compact, Strategy::Jwt, Strategy::Jwe] {
        let mut line = format!("{:8}", strategy.name());
        for extra in [0, 2000, 6000, 14_000, 29_000] {
            let verifier = verifier(strategy);
            let header = cookies(&verifier, extra);
            assert!(
                matches!(verifier.verify(&header, NOW), Verdict::Authenticated(_)),
                "{}",
                strategy.name()
            );
            let micros = median(|| {
                black_box(verifier.verify(black_box(&header), NOW));
            });
            line += &format!("  {:.1} kB {micros:.1} µs", header.len() as f64 / 1000.0);
        }
        println!("{line}");
    }
}

fn verifier(strategy: Strategy) -> Verifier {
    let mut policy = SessionPolicy::default();
    policy.cache_enabled = true;
    policy.strategies = vec![strategy];
    let secret = "a secret for benches long enough for any rule";
    Verifier::new(Config::builder().secret(secret).session(policy).build()).unwrap()
}

/// The session of `pkg/bench/sample.mjs` with `extra` more characters, chunked as there.
fn cookies(verifier: &Verifier, extra: usize) -> String {
    let dates = "\"createdAt\":\"2027-01-15T08:00:00.000Z\",\"updatedAt\":\"2027-01-15T08:00:00.000Z\"";
    let session = format!(
        "{{\"id\":\"s8Lw3CzM6xRk1VnQ4bTj7PhG2dYf9UaE\",\"token\":\"{TOKEN}\",\"userId\":\"u5Kq2XvN8rTj4ZmB7cWp1LsD9hYg3FaE\",\"expiresAt\":\"2027-01-22T08:00:00.000Z\",\"ipAddress\":\"203.0.113.7\",\"userAgent\":\"{AGENT}\",{dates}}}"
    );
    let bio: String = "abcdefghij klmnop".chars().cycle().take(extra).collect();
    let user = format!(
        "{{\"id\":\"u5Kq2XvN8rTj4ZmB7cWp1LsD9hYg3FaE\",\"name\":\"Ada Lovelace\",\"email\":\"ada@example.com\",\"emailVerified\":true,\"image\":null,\"bio\":\"{bio}\",{dates}}}"
    );
    let value = verifier.mint(&MintRequest::new(&session, &user, NOW, [7; 32]));
    let mut header = format!("better-auth.session_token={}", percent_encode(&verifier.sign(TOKEN)));
    if value.len() <= 3900 {
        return header + "; better-auth.session_data=" + &value;
    }
    for (at, chunk) in value.as_bytes().chunks(3900).enumerate() {
        header += &format!("; better-auth.session_data.{at}={}", std::str::from_utf8(chunk).unwrap());
    }
    header
}

/// Returns microseconds per call.
fn median(mut run: impl FnMut()) -> f64 {
    let mut timed = |count: u32| {
        let start = Instant::now();
        (0..count).for_each(|_| run());
        start.elapsed().as_secs_f64() / f64::from(count)
    };
    let count = (0.02 / timed(1000)).ceil().max(1.0) as u32;
    let mut rounds: Vec<f64> = (0..15).map(|_| timed(count)).collect();
    rounds.sort_by(f64::total_cmp);
    rounds[7] * 1e6
}
