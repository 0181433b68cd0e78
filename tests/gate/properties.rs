use better_session::gate::path::normalise;

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
}
