use better_session::revocation::limits::{MAX_REPORT_BYTES, REPORT_WINDOW};
use better_session::revocation::message::Message;
use better_session::revocation::{MessageError, RevocationState};

use crate::NOW;
use crate::keys;
use crate::marks;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NONCE: &str = "0123456789abcdef";

fn report<'a>(body: &'a [u8], time: &'a str) -> Message<'a> {
    Message { body, time, nonce: NONCE }
}

#[test]
fn a_signed_report_is_taken_within_its_window() {
    let time = NOW.to_string();
    let signed = report(b"marks", &time);
    let signature = marks().sign_report(&signed);
    for (at, expected) in [
        (NOW, Ok(())),
        (NOW + REPORT_WINDOW, Ok(())),
        (NOW - REPORT_WINDOW, Ok(())),
        (NOW + REPORT_WINDOW + 1, Err(MessageError::OutOfWindow)),
        (NOW - REPORT_WINDOW - 1, Err(MessageError::OutOfWindow)),
    ] {
        assert_eq!(marks().verify_report(&signed, &signature, at), expected, "{at}");
    }
}

#[test]
fn nothing_of_it_can_be_exchanged() {
    let time = NOW.to_string();
    let later = (NOW + 1).to_string();
    let signature = marks().sign_report(&report(b"marks", &time));
    let other_nonce = Message { nonce: "0123456789abcdeF", ..report(b"marks", &time) };
    for forged in [report(b"markz", &time), report(b"", &time), report(b"marks", &later), other_nonce] {
        assert_eq!(marks().verify_report(&forged, &signature, NOW), Err(MessageError::BadSignature));
    }
    let stranger = RevocationState::new(&keys(&["another secret"]), &Default::default());
    assert_eq!(
        stranger.verify_report(&report(b"marks", &time), &signature, NOW),
        Err(MessageError::BadSignature)
    );
}

#[test]
fn what_has_not_the_shape_of_a_report_is_malformed() {
    let time = NOW.to_string();
    let good = report(b"marks", &time);
    let signature = marks().sign_report(&good);
    let faults = [
        (Message { nonce: "short", ..good }, signature.as_str()),
        (Message { nonce: "0123456789abcde\n", ..good }, &signature),
        (Message { nonce: &"n".repeat(65), ..good }, &signature),
        (Message { time: "", ..good }, &signature),
        (Message { time: "soon", ..good }, &signature),
        (Message { time: "99999999999999999", ..good }, &signature),
        (good, "not base64url!"),
    ];
    for (malformed, signature) in faults {
        assert_eq!(marks().verify_report(&malformed, signature, NOW), Err(MessageError::Malformed));
    }
    assert_eq!(marks().verify_report(&good, "", NOW), Err(MessageError::BadSignature));
    assert_eq!(MessageError::OutOfWindow.code(), "report_out_of_window");
}

#[test]
fn while_secrets_rotate_either_signs() {
    let time = NOW.to_string();
    let signed = report(b"marks", &time);
    let old = RevocationState::new(&keys(&["old"]), &Default::default());
    let both = RevocationState::new(&keys(&["new", "old"]), &Default::default());
    assert_eq!(both.verify_report(&signed, &old.sign_report(&signed), NOW), Ok(()));
    assert_eq!(
        old.verify_report(&signed, &both.sign_report(&signed), NOW),
        Err(MessageError::BadSignature),
        "a gate that does not know the new secret cannot"
    );
}

#[test]
fn an_old_or_too_long_report_is_refused_before_its_signature() {
    let (now, old) = (NOW.to_string(), (NOW - REPORT_WINDOW - 1).to_string());
    for signature in ["", "not base64url!", "AAAA"] {
        assert_eq!(
            marks().verify_report(&report(b"marks", &old), signature, NOW),
            Err(MessageError::OutOfWindow)
        );
        let long = vec![0x10; MAX_REPORT_BYTES + 1];
        assert_eq!(marks().verify_report(&report(&long, &now), signature, NOW), Err(MessageError::TooLong));
    }
    assert_eq!(marks().admit_report(&old, NONCE, NOW), Err(MessageError::OutOfWindow));
    assert_eq!(marks().admit_report(&now, "short", NOW), Err(MessageError::Malformed));
    assert_eq!(marks().admit_report(&now, NONCE, NOW), Ok(()));
}
