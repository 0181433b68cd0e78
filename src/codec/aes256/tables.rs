//! The tables of the S-box, from the definition of the field: the compiler works them out.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)] // it would say so

/// What a round looks up and computes with, a register each.
pub(super) struct Tables {
    /// Before the inverse: from a byte's two halves to its `i`, times 16, and its `k`.
    pub(super) low: [u8; 16],
    pub(super) high: [u8; 16],
    /// After it: from the two sums to the byte, without the map's constant.
    pub(super) one: [u8; 16],
    pub(super) other: [u8; 16],
    pub(super) constant: [u8; 16],
    /// FIPS 197 §5.1.2 or §5.3.1: which byte comes to each place.
    pub(super) rows: [u8; 16],
    /// 1 and `a` over each element of GF(2⁴).
    pub(super) inverses: [u8; 16],
    pub(super) a_over: [u8; 16],
    /// A byte's lower half; what a carry out of it adds (§4.2); zero.
    pub(super) nibble: [u8; 16],
    pub(super) carry: [u8; 16],
    pub(super) zero: [u8; 16],
}

/// The S-box, row by row: §5.1.1 and §5.1.2.
pub(super) static FORWARD: Tables = {
    let (mut tables, mut n) = (Tables { constant: [0x63; 16], ..EMPTY }, 0u8);
    while n < 16 {
        let at = n as usize;
        tables.low[at] = WRITTEN[at];
        tables.high[at] = WRITTEN[at << 4];
        let [one, other] = parts(n);
        tables.one[at] = affine(one);
        tables.other[at] = affine(other);
        tables.rows[at] = (n * 5) & 15;
        n += 1;
    }
    tables
};

/// The inverse S-box: §5.3.1 and §5.3.2.
pub(super) static INVERSE: Tables = {
    let (mut tables, mut n) = (EMPTY, 0u8);
    while n < 16 {
        let at = n as usize;
        tables.low[at] = WRITTEN[inverse_affine(n ^ 0x63) as usize];
        tables.high[at] = WRITTEN[inverse_affine(n << 4) as usize];
        [tables.one[at], tables.other[at]] = parts(n);
        tables.rows[at] = (n * 13) & 15;
        n += 1;
    }
    tables
};

const EMPTY: Tables = Tables {
    low: [0; 16],
    high: [0; 16],
    one: [0; 16],
    other: [0; 16],
    constant: [0; 16],
    rows: [0; 16],
    inverses: over(1),
    a_over: over(A),
    nibble: [0x0f; 16],
    carry: [0x1b; 16],
    zero: [0; 16],
};

/// Beyond every element.
const INFINITY: u8 = 0x80;

/// The least `a` for which θ² + aθ + a has no root in GF(2⁴) = GF(2)[y]/(y⁴ + y + 1).
const A: u8 = {
    let mut a = 1;
    while has_root(a) {
        a += 1;
    }
    a
};

const fn has_root(a: u8) -> bool {
    let mut t = 0;
    while t < 16 {
        if multiply(t, t, 0x13) ^ multiply(a, t, 0x13) ^ a == 0 {
            return true;
        }
        t += 1;
    }
    false
}

/// The product of two polynomials over GF(2), modulo another.
const fn multiply(one: u8, other: u8, modulus: u16) -> u8 {
    let top = if modulus < 0x100 { 0x10 } else { 0x100 };
    let (mut sum, mut shifted, mut bit) = (0u16, one as u16, 0);
    while bit < 8 {
        if (other >> bit) & 1 == 1 {
            sum ^= shifted;
        }
        shifted <<= 1;
        if shifted & top != 0 {
            shifted ^= modulus;
        }
        bit += 1;
    }
    sum as u8
}

/// `n` over every element of GF(2⁴).
const fn over(n: u8) -> [u8; 16] {
    let mut quotients = [INFINITY; 16];
    let (mut one, mut other) = (1, 0);
    while one < 16 {
        while multiply(one, other, 0x13) != n {
            other += 1;
        }
        quotients[one as usize] = other;
        one += 1;
        other = 0;
    }
    quotients
}

/// A root in AES's field of t⁴ + t + 1: where `y` is. And of t² + at + a: θ.
const Y: u8 = {
    let mut t = 2;
    while power(t, 4) ^ t ^ 1 != 0 {
        t += 1;
    }
    t
};
const THETA: u8 = {
    let (a, mut t) = (embed(A), 2);
    while power(t, 2) ^ multiply(a, t, 0x11b) ^ a != 0 {
        t += 1;
    }
    t
};

const fn power(of: u8, exponent: u8) -> u8 {
    let (mut product, mut times) = (1, 0);
    while times < exponent {
        product = multiply(product, of, 0x11b);
        times += 1;
    }
    product
}

/// An element of GF(2⁴) as a byte of AES's field.
const fn embed(element: u8) -> u8 {
    let (mut sum, mut bit) = (0, 0);
    while bit < 4 {
        if (element >> bit) & 1 == 1 {
            sum ^= power(Y, bit);
        }
        bit += 1;
    }
    sum
}

/// `k + iθ` as a byte of AES's field.
const fn byte(i: u8, k: u8) -> u8 {
    multiply(embed(i), THETA, 0x11b) ^ embed(k)
}

/// `i` times 16 and `k` of every byte.
const WRITTEN: [u8; 256] = {
    let (mut written, mut at) = ([0; 256], 0u8);
    loop {
        written[byte(at >> 4, at & 15) as usize] = at;
        if at == 255 {
            break written;
        }
        at += 1;
    }
};

/// §5.1.1 and §5.3.2 without their constant.
const fn affine(byte: u8) -> u8 {
    byte ^ byte.rotate_left(1) ^ byte.rotate_left(2) ^ byte.rotate_left(3) ^ byte.rotate_left(4)
}

const fn inverse_affine(byte: u8) -> u8 {
    byte.rotate_left(1) ^ byte.rotate_left(3) ^ byte.rotate_left(6)
}

/// What the inverses u = (k + ai)/N and v = (k + aj)/N of the two sums add to (k + ai)/N + (i/N)θ, of which they are
/// u and (u + (u + v)/a)/a. A sum of 0 has no inverse and does not occur: N is 0 for zero alone.
const fn parts(sum: u8) -> [u8; 2] {
    if sum == 0 {
        return [0; 2];
    }
    let inverse = over(1)[sum as usize];
    let over_a = multiply(inverse, over(1)[A as usize], 0x13);
    let over_a_twice = multiply(over_a, over(1)[A as usize], 0x13);
    [byte(over_a ^ over_a_twice, inverse), byte(over_a_twice, 0)]
}
