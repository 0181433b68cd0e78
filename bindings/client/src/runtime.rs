//! What stands in for `std` in client.wasm: an allocator of a few hundred bytes, and panics without text.

use lol_alloc::{AssumeSingleThreaded, FreeListAllocator};

// SAFETY: a page's instance has one thread.
#[global_allocator]
static ALLOCATOR: AssumeSingleThreaded<FreeListAllocator> =
    unsafe { AssumeSingleThreaded::new(FreeListAllocator::new()) };

/// A trap; the page's driver catches it, answers that call with an error and makes a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
