use better_session::revocation::limits::{MAX_CALL_BODY, MAX_MESSAGE_BYTES, MESSAGE_WINDOW};
use better_session::revocation::message::Message;
use better_session::revocation::{MessageError, RevocationState};

use crate::NOW;
use crate::keys;
use crate::state;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const NONCE: &str = "0123456789abcdef";

fn message<'a>(body: &'a [u8], time: &'a str) -> Message<'a> {
    Message { body, time, nonce: NONCE }
}

#[test]
fn verify_accepts_a_signed_message_within_its_window() {
    let time = NOW.to_string();
    let signed = message(b"marks", &time);
    let signature = state().sign_message(&signed);
    for (at, expected) in [
        (NOW, Ok(())),
        (NOW + MESSAGE_WINDOW, Ok(())),
        (NOW - MESSAGE_WINDOW, Ok(())),
        (NOW + MESSAGE_WINDOW + 1, Err(MessageError::OutOfWindow)),
        (NOW - MESSAGE_WINDOW - 1, Err(MessageError::OutOfWindow)),
    ] {
        assert_eq!(state().verify_message(&signed, &signature, at), expected, "{at}");
    }
}

#[test]
fn verify_accepts_parts_of_the_greatest_length() {
    assert_eq!((MAX_MESSAGE_BYTES, MAX_CALL_BODY), (65_536, 65_536));
    let long = vec![0x10; MAX_MESSAGE_BYTES];
    let padded = format!("{NOW:016}");
    let signed = message(&long, &padded);
    assert_eq!(state().verify_message(&signed, &state().sign_message(&signed), NOW), Ok(()));
    let longer = format!("{NOW:017}");
    let signed = message(&long, &longer);
    let signature = state().sign_message(&signed);
    assert_eq!(state().verify_message(&signed, &signature, NOW), Err(MessageError::Malformed));
}

#[test]
fn verify_rejects_a_message_with_any_part_changed() {
    let time = NOW.to_string();
    let later = (NOW + 1).to_string();
    let signature = state().sign_message(&message(b"marks", &time));
    let other_nonce = Message { nonce: "0123456789abcdeF", ..message(b"marks", &time) };
    for forged in [message(b"markz", &time), message(b"", &time), message(b"marks", &later), other_nonce] {
        assert_eq!(state().verify_message(&forged, &signature, NOW), Err(MessageError::BadSignature));
    }
    let other = RevocationState::new(&keys(&["another secret"]), &Default::default());
    assert_eq!(
        other.verify_message(&message(b"marks", &time), &signature, NOW),
        Err(MessageError::BadSignature)
    );
}

#[test]
fn verify_rejects_malformed_parts() {
    let time = NOW.to_string();
    let good = message(b"marks", &time);
    let signature = state().sign_message(&good);
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
        assert_eq!(state().verify_message(&malformed, signature, NOW), Err(MessageError::Malformed));
    }
    assert_eq!(state().verify_message(&good, "", NOW), Err(MessageError::BadSignature));
    assert_eq!(MessageError::OutOfWindow.code(), "report_out_of_window");
}

#[test]
fn verify_accepts_every_configured_secret() {
    let time = NOW.to_string();
    let signed = message(b"marks", &time);
    let old = RevocationState::new(&keys(&["old"]), &Default::default());
    let both = RevocationState::new(&keys(&["new", "old"]), &Default::default());
    assert_eq!(both.verify_message(&signed, &old.sign_message(&signed), NOW), Ok(()));
    assert_eq!(
        old.verify_message(&signed, &both.sign_message(&signed), NOW),
        Err(MessageError::BadSignature),
        "a gate without the new secret rejects it"
    );
}

#[test]
fn verify_checks_time_and_length_before_the_signature() {
    let (now, old) = (NOW.to_string(), (NOW - MESSAGE_WINDOW - 1).to_string());
    for signature in ["", "not base64url!", "AAAA"] {
        assert_eq!(
            state().verify_message(&message(b"marks", &old), signature, NOW),
            Err(MessageError::OutOfWindow)
        );
        let long = vec![0x10; MAX_MESSAGE_BYTES + 1];
        assert_eq!(state().verify_message(&message(&long, &now), signature, NOW), Err(MessageError::TooLong));
    }
    assert_eq!(state().check_message_header(&old, NONCE, NOW), Err(MessageError::OutOfWindow));
    assert_eq!(state().check_message_header(&now, "short", NOW), Err(MessageError::Malformed));
    assert_eq!(state().check_message_header(&now, NONCE, NOW), Ok(()));
}
