//! Replaces `std` in client.wasm: an allocator of 0.1 kB, and panics without text.

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const PAGE: usize = 65_536;

/// Hands memory out and never takes it back: all that is allocated is one scheduler a client, which lives as long as the
/// module. A library's allocator is twenty times as large.
struct Arena {
    next: AtomicUsize,
    end: AtomicUsize,
}

// SAFETY: every range is handed out once, aligned and of the size that is asked for. An instance has one thread.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let mut start = self.next.load(Relaxed).next_multiple_of(layout.align());
        if start.saturating_add(layout.size()) > self.end.load(Relaxed) {
            let pages = layout.size().div_ceil(PAGE);
            let grown = core::arch::wasm32::memory_grow::<0>(pages);
            if grown == usize::MAX {
                return core::ptr::null_mut();
            }
            start = grown.saturating_mul(PAGE);
            self.end.store(start.saturating_add(pages.saturating_mul(PAGE)), Relaxed);
        }
        self.next.store(start.saturating_add(layout.size()), Relaxed);
        start as *mut u8
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

#[global_allocator]
static ARENA: Arena = Arena { next: AtomicUsize::new(0), end: AtomicUsize::new(0) };

/// Traps; the page catches it, fails that call and makes a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
