//! Replaces `std` in client.wasm: an allocator of 0.1 kB, and panics without text.

use core::alloc::{GlobalAlloc, Layout};
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const PAGE: usize = 65_536;

/// Hands memory out and never takes it back: all that is allocated is one scheduler a client, which lives as long as the
/// module. A library's allocator is twenty times as large.
///
/// It is sound because:
/// - `memory.grow` returns the first byte after everything that the linker placed (stack, statics), which nothing else uses: this
///   is the only caller of `memory.grow` in the module, and its pages are disjoint.
/// - `next` only moves forward, up to `end`, the end of the pages that were grown last. Both begin at 0, so the first allocation grows.
/// - A range starts at a multiple of the alignment: `next` is rounded up, and a page's start is a multiple of 64 KiB, the largest
///   alignment that `memory.grow` has to serve. The memory of one instance is at most 4 GiB, so a sum that saturates exceeds `end`.
/// - An instance has one thread and no interrupts, so the two loads and stores are not interleaved. They are atomics because a static
///   must be `Sync`; on this target they compile to plain loads and stores.
/// - A new instance has a new memory, in which both are 0 again.
struct Arena {
    next: AtomicUsize,
    end: AtomicUsize,
}

// SAFETY: every range is handed out once, aligned and of the size that is asked for, for the reasons above.
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

/// Moves a value into memory that is never freed. `Box` would add the text of a failed allocation, 0.15 kB.
pub fn leak<T>(value: T) -> *mut T {
    // SAFETY: the memory has the layout of `T`, nothing else refers to it, and it is written before anybody reads it.
    unsafe {
        let place = ARENA.alloc(Layout::new::<T>()).cast::<T>();
        if place.is_null() {
            core::arch::wasm32::unreachable();
        }
        place.write(value);
        place
    }
}

/// Traps; the page catches it, fails that call and makes a new instance.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
