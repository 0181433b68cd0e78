//! base64url, sixteen characters at a time.

use core::arch::wasm32::{
    i32x4_dot_i16x8, u8x16_add, u8x16_eq, u8x16_shuffle, u8x16_swizzle, u16x8_shl, u16x8_shr,
    u32x4_extract_lane, u64x2_extract_lane, v128_and, v128_any_true, v128_or,
};
use std::hint::black_box;

use crate::lanes::load;

/// What is looked up or computed with, a register each: as plain constants they would be put together at every use.
struct Tables {
    nibble: [u8; 16],
    /// Upper halves of a character fall into classes, a bit each.
    classes: [u8; 16],
    /// The classes in which a lower half is out of the alphabet.
    refused: [u8; 16],
    /// What turns a character into its value, by its upper half.
    offsets: [u8; 16],
    /// `_`, whose upper half is that of `P` to `Z`, and what it needs besides.
    underscore: [u8; 16],
    correction: [u8; 16],
    /// The first of two values in a word, six bits up; and what puts two words together.
    first: [u8; 16],
    weights: [u8; 16],
}

const NEVER: u8 = 0x80;
const HYPHEN: u8 = 1;
const DIGIT: u8 = 2;
const A_TO_O: u8 = 4;
const P_TO_Z: u8 = 8;
const P_TO_Z_LOWER: u8 = 16;

static TABLES: Tables = Tables {
    nibble: [0x0f; 16],
    classes: by_upper_half(NEVER, [HYPHEN, DIGIT, A_TO_O, P_TO_Z, A_TO_O, P_TO_Z_LOWER]),
    refused: refused(),
    offsets: by_upper_half(
        0,
        [
            offset(b'-', 62),
            offset(b'0', 52),
            offset(b'A', 0),
            offset(b'A', 0),
            offset(b'a', 26),
            offset(b'a', 26),
        ],
    ),
    underscore: [b'_'; 16],
    correction: [offset(b'_', 63).wrapping_sub(offset(b'A', 0)); 16],
    first: repeated([0xc0, 0x0f, 0xc0, 0x0f]),
    weights: repeated([0, 0x10, 1, 0]),
};

/// What is to be added to a character for its value.
const fn offset(character: u8, value: u8) -> u8 {
    value.wrapping_sub(character)
}

/// `known` for the upper halves 2 to 7, `other` for what is no base64url at all.
const fn by_upper_half(other: u8, known: [u8; 6]) -> [u8; 16] {
    let [a, b, c, d, e, f] = known;
    [other, other, a, b, c, d, e, f, other, other, other, other, other, other, other, other]
}

const fn repeated([a, b, c, d]: [u8; 4]) -> [u8; 16] {
    [a, b, c, d, a, b, c, d, a, b, c, d, a, b, c, d]
}

#[allow(clippy::indexing_slicing, clippy::arithmetic_side_effects)] // run by the compiler, which would say so
const fn refused() -> [u8; 16] {
    let (mut refused, mut low) = ([NEVER; 16], 0u8);
    while low < 16 {
        let classes = &mut refused[low as usize];
        *classes |= if low == b'-' & 15 { 0 } else { HYPHEN };
        *classes |= if low < 10 { 0 } else { DIGIT };
        *classes |= if low > 0 { 0 } else { A_TO_O };
        *classes |= if low <= b'Z' & 15 || low == b'_' & 15 { 0 } else { P_TO_Z };
        *classes |= if low <= b'z' & 15 { 0 } else { P_TO_Z_LOWER };
        low += 1;
    }
    refused
}

/// Decodes blocks of sixteen characters into `out`; what is left of both, or nothing when a character is not in the
/// alphabet.
pub(super) fn decode<'a, 'b>(text: &'a [u8], out: &'b mut [u8]) -> Option<(&'a [u8], &'b mut [u8])> {
    let (blocks, text) = text.as_chunks::<16>();
    let (decoded, out) = out.split_at_mut(blocks.len().saturating_mul(12));
    let tables = black_box(&TABLES);
    let nibble = load(tables.nibble);
    let mut wrong = load([0; 16]);
    for (block, to) in blocks.iter().zip(decoded.as_chunks_mut::<12>().0) {
        let block = load(*block);
        let high = v128_and(u16x8_shr(block, 4), nibble);
        let low = v128_and(block, nibble);
        let class = u8x16_swizzle(load(tables.classes), high);
        wrong = v128_or(wrong, v128_and(class, u8x16_swizzle(load(tables.refused), low)));
        let is_underscore = u8x16_eq(block, load(tables.underscore));
        let offset = u8x16_add(
            u8x16_swizzle(load(tables.offsets), high),
            v128_and(is_underscore, load(tables.correction)),
        );
        let values = u8x16_add(block, offset);
        // Four values of six bits: two words of twelve, then 24 bits, whose bytes stand the wrong way round.
        let words = v128_or(v128_and(u16x8_shl(values, 6), load(tables.first)), u16x8_shr(values, 8));
        let groups = i32x4_dot_i16x8(words, load(tables.weights));
        let bytes = u8x16_shuffle::<2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 3, 3, 3, 3>(groups, groups);
        let (first, rest) = to.split_at_mut(8);
        first.copy_from_slice(&u64x2_extract_lane::<0>(bytes).to_le_bytes());
        rest.copy_from_slice(&u32x4_extract_lane::<2>(bytes).to_le_bytes());
    }
    (!v128_any_true(wrong)).then_some((text, out))
}
