//! Native benchmark of the revocation index: one lookup, and applying one batch. `cargo bench --bench revocation`.
#![allow(unsafe_code)] // for the counting allocator
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing, missing_docs)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use better_session::Secret;
use better_session::keyring::Keys;
use better_session::revocation::{Options, RevocationState, RevocationTarget};

/// Bytes allocated and not freed.
static HELD: AtomicUsize = AtomicUsize::new(0);

struct Counting;

// SAFETY: every call is forwarded to the system allocator; only the sum is stored in addition.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the same contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the same contract.
        unsafe { System.dealloc(place, layout) }
    }
}

#[cfg_attr(not(target_family = "wasm"), global_allocator)] // the WebAssembly modules have their own allocator
#[cfg_attr(target_family = "wasm", allow(dead_code))]
static ALLOCATOR: Counting = Counting;

const NOW: i64 = 1_767_225_600_000;

fn main() {
    let keys = Keys::new(&[Secret::new("a secret of the benches, long enough")]).unwrap();
    let make = || RevocationState::new(&keys, &Options::default());
    println!("| live revocations | lookup | applying one batch | memory |\n|---|---|---|---|");
    for count in [0, 1000, 100_000, better_session::revocation::limits::MAX_ENTRIES] {
        let targets: Vec<_> =
            (0..count).map(|number| RevocationTarget::Token(format!("token-{number}"))).collect();
        let batch = make().batch(&targets, NOW);
        let applied = median(5, || {
            let mut state = make();
            let start = Instant::now();
            state.apply(&batch, NOW).unwrap();
            let took = start.elapsed().as_secs_f64();
            assert_eq!(state.index().len(), count);
            took
        });
        let before = HELD.load(Ordering::Relaxed);
        let mut state = make();
        state.apply(&batch, NOW).unwrap();
        #[allow(clippy::cast_precision_loss)]
        let memory = (HELD.load(Ordering::Relaxed) - before) as f64 / 1e6;
        let tokens: Vec<_> =
            (0..1000).map(|number| format!("0123456789abcdef0123456789ab{number}")).collect();
        let looked_up = median(9, || {
            let start = Instant::now();
            for token in tokens.iter().cycle().take(100_000) {
                black_box(state.is_revoked(token, "a-user-of-the-benches-0123456789", NOW - 60_000, NOW));
            }
            start.elapsed().as_secs_f64() / 100_000.0
        });
        println!("| {count} | {:.0} ns | {:.2} ms | {memory:.1} MB |", looked_up * 1e9, applied * 1e3);
    }
}

fn median(times: usize, run: impl FnMut() -> f64) -> f64 {
    let mut samples: Vec<f64> = std::iter::repeat_with(run).take(times).collect();
    samples.sort_by(f64::total_cmp);
    samples[times / 2]
}
