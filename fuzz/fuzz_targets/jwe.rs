//! The strategy `jwe`: decoding, opening and minting.
#![no_main]

use better_session::Strategy;
use better_session_fuzz::check_codec;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| check_codec(Strategy::Jwe, data));
