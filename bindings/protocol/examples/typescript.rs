//! Prints the TypeScript of the protocol: `messages` or `flags`. `pkg/scripts/protocol.mjs` calls it.

use better_session_protocol::typescript::{flags, messages};

fn main() {
    let text = match std::env::args().nth(1).as_deref() {
        Some("flags") => flags(),
        _ => messages(),
    };
    println!("{text}");
}
