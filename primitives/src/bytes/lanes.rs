//! Comparisons of 16 bytes at a time with WebAssembly's SIMD, and of eight in an integer elsewhere.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use integer::{LANES, Lanes};
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use simd::{LANES, Lanes};

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod simd {
    use core::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128, v128_or};

    pub const LANES: usize = 16;

    /// Bytes, or a result for each byte in its highest bit.
    #[derive(Clone, Copy)]
    pub struct Lanes(v128);

    impl Lanes {
        #[inline(always)]
        #[allow(clippy::cast_possible_truncation)] // its two halves
        pub fn of(bytes: &[u8; LANES]) -> Self {
            let number = u128::from_le_bytes(*bytes);
            Self(u64x2(number as u64, (number >> 64) as u64))
        }

        /// Compares each byte with `byte`.
        #[inline(always)]
        pub fn is(self, byte: u8) -> Self {
            Self(u8x16_eq(self.0, u8x16_splat(byte)))
        }

        /// Compares each byte with `least`, at most 0x80: set if it is lower.
        #[inline(always)]
        pub fn below(self, least: u8) -> Self {
            Self(u8x16_lt(self.0, u8x16_splat(least)))
        }

        /// Sets the result of bytes that are not ASCII, whose highest bit is set already.
        #[inline(always)]
        pub fn beyond_ascii(self) -> Self {
            self
        }

        #[inline(always)]
        pub fn or(self, other: Self) -> Self {
            Self(v128_or(self.0, other.0))
        }

        #[inline(always)]
        pub fn any(self) -> bool {
            u8x16_bitmask(self.0) != 0
        }

        /// Returns the index of the first set result.
        #[inline(always)]
        pub fn first(self) -> usize {
            u8x16_bitmask(self.0).trailing_zeros() as usize
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod integer {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;

    pub const LANES: usize = 8;

    /// Bytes, or a result for each byte in its highest bit.
    #[derive(Clone, Copy)]
    pub struct Lanes(u64);

    impl Lanes {
        pub const fn of(bytes: &[u8; LANES]) -> Self {
            Self(u64::from_le_bytes(*bytes))
        }

        pub const fn is(self, byte: u8) -> Self {
            let rest = self.0 ^ ONES.wrapping_mul(byte as u64);
            Self(!((rest & !HIGH).wrapping_add(!HIGH) | rest))
        }

        pub const fn below(self, least: u8) -> Self {
            let reach = HIGH.wrapping_sub(ONES.wrapping_mul(least as u64));
            Self(!((self.0 & !HIGH).wrapping_add(reach) | self.0))
        }

        pub const fn beyond_ascii(self) -> Self {
            self
        }

        pub const fn or(self, other: Self) -> Self {
            Self(self.0 | other.0)
        }

        pub const fn any(self) -> bool {
            self.0 & HIGH != 0
        }

        pub const fn first(self) -> usize {
            ((self.0 & HIGH).trailing_zeros() / 8) as usize
        }
    }
}
