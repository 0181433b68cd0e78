use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use better_session::Secret;
use better_session::gate::path::normalise;
use better_session::gate::session_handle::{PREFIX, decrypt, encrypt};
use better_session::keyring::Keys;

proptest::proptest! {
    /// No input panics, and an accepted path is stable and has no unsafe part.
    #[test]
    fn normalise_of_any_path_is_a_fixed_point_or_an_error(raw in r"[/\\.;%2f2e5c0a-cA-C é+@~\x00?#]{0,40}") {
        if let Ok(path) = normalise(&raw) {
            proptest::prop_assert_eq!(&normalise(path.as_str()).unwrap(), &path);
            proptest::prop_assert!(path.as_str().starts_with('/') && path.as_str().is_ascii());
            proptest::prop_assert!(!path.as_str().contains("//") && !path.as_str().contains([';', '\\', '?', '#']));
            proptest::prop_assert!(path.segments().all(|segment| !segment.contains('/') && segment != ".." && segment != "."));
        }
    }

    /// The same token and user have one handle, which opens for that user only.
    #[test]
    fn decrypt_inverts_encrypt_for_the_same_user(secret in ".{1,64}", user in ".{0,40}", other in ".{0,40}", token in ".{0,80}") {
        let keys = Keys::new(&[Secret::versioned(1, &secret)]).unwrap();
        let handle = encrypt(&keys, &user, &token).unwrap();
        proptest::prop_assert_eq!(&encrypt(&keys, &user, &token).unwrap(), &handle);
        proptest::prop_assert_eq!(decrypt(&keys, &other, &handle).is_some(), other == user);
        proptest::prop_assert_eq!(decrypt(&keys, &user, &handle), Some(token));
    }

    /// A handle with one bit flipped, in its text or in its bytes, is rejected.
    #[test]
    fn decrypt_rejects_a_handle_with_any_bit_flipped(token in "[a-zA-Z0-9]{0,40}", at in proptest::prelude::any::<proptest::sample::Index>(), bit in 0..8u32) {
        let keys = Keys::new(&[Secret::versioned(1, "a secret of the server, long enough")]).unwrap();
        let handle = encrypt(&keys, "ada", &token).unwrap();
        let mut text = handle.clone().into_bytes();
        text[at.index(handle.len())] ^= 1 << bit;
        if let Ok(text) = String::from_utf8(text) {
            proptest::prop_assert_eq!(decrypt(&keys, "ada", &text), None);
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(&handle[PREFIX.len()..]).unwrap();
        let index = at.index(bytes.len());
        bytes[index] ^= 1 << bit;
        proptest::prop_assert_eq!(decrypt(&keys, "ada", &[PREFIX, &URL_SAFE_NO_PAD.encode(&bytes)].concat()), None);
    }
}
