//! AES-256 with a block in one 128-bit register, in constant time: no memory is read at a place that depends on the
//! key or the data. What would be a table in memory is a swizzle, a look-up within a register (Mike Hamburg,
//! "Accelerating AES with Vector Permute Instructions", CHES 2009).
//!
//! **The S-box** is an inverse in GF(2⁸) and an affine map. A byte is written as `k + iθ` with `i` and `k` in GF(2⁴)
//! and θ² = aθ + a. Its norm is N = k² + aik + ai², its inverse (k + ai)/N + (i/N)θ. With j = i + k,
//!
//! ```text
//! 1 / (1/i + a/k) + j = N / (k + ai)      1 / (1/j + a/k) + i = N / (k + aj)
//! ```
//!
//! so inverses of four bits, each one swizzle, and sums are all it takes; what is left is linear in the inverses of
//! those two and stands in tables of its own. 1/0 is infinity, a byte beyond 15: a swizzle with it gives 0, which is
//! 1/∞. A sum with it stays beyond 15; for the byte 0 two of them add to 0, whose inverse is infinity again.

use core::arch::wasm32::{
    i8x16_lt, u8x16_add, u8x16_shuffle, u8x16_swizzle, u16x8_shr, u32x4, u32x4_extract_lane, u32x4_shl,
    u32x4_shr, u32x4_splat, u64x2_extract_lane, v128, v128_and, v128_or, v128_xor,
};
use std::hint::black_box;

use zeroize::Zeroize as _;

use super::tables::{FORWARD, INVERSE, Tables};
use crate::lanes::load;

/// FIPS 197 §5: rounds with a 256-bit key, and one key more than rounds.
const ROUNDS: usize = 14;
const ROUND_KEYS: usize = ROUNDS.saturating_add(1);

/// An expanded key: 15 round keys, in order, and what the last step of the expansion had left over. They stay in one
/// place, so that no copy is left where a value was moved from; wiped when dropped.
pub(crate) struct Aes256(Box<[[u32; 8]; 8]>);

impl Aes256 {
    /// §5.2, eight words at a time.
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let forward = Registers::of(&FORWARD);
        let mut window = [0u32; 8];
        for (word, bytes) in window.iter_mut().zip(key.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        let mut schedule = Box::new([[0; 8]; 8]);
        let mut constant = 1u32;
        for rows in schedule.iter_mut() {
            *rows = window;
            let [.., last] = window;
            let mut word = forward.substitute_word(last).rotate_right(8) ^ constant;
            constant <<= 1;
            for (at, next) in window.iter_mut().enumerate() {
                if at == 4 {
                    word = forward.substitute_word(word);
                }
                *next ^= word;
                word = *next;
            }
        }
        window.zeroize();
        Self(schedule)
    }

    fn round_keys(&self) -> impl DoubleEndedIterator<Item = (usize, v128)> {
        let (keys, _) = self.0.as_flattened().as_chunks::<4>();
        keys.iter().map(|[a, b, c, d]| u32x4(*a, *b, *c, *d)).take(ROUND_KEYS).enumerate()
    }

    /// §5.1.
    pub(crate) fn encrypt(&self, block: [u8; 16]) -> [u8; 16] {
        let forward = Registers::of(&FORWARD);
        let mut state = load(block);
        for (round, key) in self.round_keys() {
            if round > 0 {
                state = forward.substitute(forward.shift_rows(state));
            }
            if (1..ROUNDS).contains(&round) {
                state = forward.mix_columns(state);
            }
            state = v128_xor(state, key);
        }
        store(state)
    }

    /// §5.3, a round of every block before the next round of any: blocks do not wait for one another.
    pub(crate) fn decrypt(&self, blocks: &mut [[u8; 16]]) {
        let inverse = Registers::of(&INVERSE);
        for (round, key) in self.round_keys().rev() {
            for block in &mut *blocks {
                let mut state = v128_xor(load(*block), key);
                if (1..ROUNDS).contains(&round) {
                    state = inverse.unmix_columns(state);
                }
                if round > 0 {
                    state = inverse.substitute(inverse.shift_rows(state));
                }
                *block = store(state);
            }
        }
    }
}

impl Drop for Aes256 {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[inline(always)]
fn store(state: v128) -> [u8; 16] {
    let halves = [u64x2_extract_lane::<0>(state), u64x2_extract_lane::<1>(state)];
    (u128::from(halves[0]) | (u128::from(halves[1]) << 64)).to_le_bytes()
}

/// [`Tables`] for a loop. As plain constants they would be put together anew, in several instructions, at every use.
#[derive(Clone, Copy)]
struct Registers {
    low: v128,
    high: v128,
    one: v128,
    other: v128,
    constant: v128,
    rows: v128,
    inverses: v128,
    a_over: v128,
    nibble: v128,
    carry: v128,
    zero: v128,
}

impl Registers {
    #[inline(always)]
    fn of(tables: &'static Tables) -> Self {
        let tables = black_box(tables);
        Self {
            low: load(tables.low),
            high: load(tables.high),
            one: load(tables.one),
            other: load(tables.other),
            constant: load(tables.constant),
            rows: load(tables.rows),
            inverses: load(tables.inverses),
            a_over: load(tables.a_over),
            nibble: load(tables.nibble),
            carry: load(tables.carry),
            zero: load(tables.zero),
        }
    }

    /// §5.1.1 or §5.3.2.
    #[inline(always)]
    fn substitute(&self, state: v128) -> v128 {
        let (high, low) = self.halves(state);
        let written = v128_xor(u8x16_swizzle(self.low, low), u8x16_swizzle(self.high, high));
        let (i, k) = self.halves(written);
        let j = v128_xor(i, k);
        let inverse = |of| u8x16_swizzle(self.inverses, of);
        let a_over_k = u8x16_swizzle(self.a_over, k);
        let one = v128_xor(inverse(v128_xor(inverse(i), a_over_k)), j);
        let other = v128_xor(inverse(v128_xor(inverse(j), a_over_k)), i);
        let linear = v128_xor(u8x16_swizzle(self.one, one), u8x16_swizzle(self.other, other));
        v128_xor(linear, self.constant)
    }

    /// Each byte's upper and lower four bits.
    #[inline(always)]
    fn halves(&self, state: v128) -> (v128, v128) {
        (v128_and(u16x8_shr(state, 4), self.nibble), v128_and(state, self.nibble))
    }

    /// §5.2, `SubWord`.
    fn substitute_word(&self, word: u32) -> u32 {
        u32x4_extract_lane::<0>(self.substitute(u32x4_splat(word)))
    }

    /// §5.1.2 or §5.3.1.
    #[inline(always)]
    fn shift_rows(&self, state: v128) -> v128 {
        u8x16_swizzle(state, self.rows)
    }

    /// §4.2: every byte times x.
    #[inline(always)]
    fn double(&self, state: v128) -> v128 {
        let carried = v128_and(i8x16_lt(state, self.zero), self.carry);
        // A byte and itself, but not for the optimiser: it would make a shift of it, which costs engines more.
        let same = v128_or(state, self.zero);
        v128_xor(u8x16_add(state, same), carried)
    }

    /// §5.1.3: {02} {03} {01} {01}.
    #[inline(always)]
    fn mix_columns(&self, state: v128) -> v128 {
        let turned = turn(state);
        let sums = v128_xor(state, turned);
        v128_xor(v128_xor(self.double(sums), turned), turn_twice(sums))
    }

    /// §5.3.3: {0e} {0b} {0d} {09} is the matrix above after {05} {00} {04} {00}.
    #[inline(always)]
    fn unmix_columns(&self, state: v128) -> v128 {
        let fourfold = self.double(self.double(v128_xor(state, turn_twice(state))));
        self.mix_columns(v128_xor(state, fourfold))
    }
}

/// Each column turned by one row.
#[inline(always)]
fn turn(state: v128) -> v128 {
    v128_or(u32x4_shr(state, 8), u32x4_shl(state, 24))
}

/// Each column turned by two rows.
#[inline(always)]
fn turn_twice(state: v128) -> v128 {
    u8x16_shuffle::<2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13>(state, state)
}
