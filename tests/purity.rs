//! Checks of the sources: `src/` and `primitives/src/` use no bindings, clock, randomness or I/O, and permit no unsafe code. Optimisations for
//! size and speed are confined to `primitives/`.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use std::fs;
use std::path::{Path, PathBuf};

/// Forbidden words, and what each would introduce.
const FORBIDDEN: [(&str, &str); 21] = [
    ("wasm_bindgen", "bindings"),
    ("js_sys", "bindings"),
    ("web_sys", "bindings"),
    ("extern \"C\"", "bindings"),
    ("SystemTime::now", "a clock"),
    ("Instant", "a clock"),
    ("getrandom", "randomness"),
    ("OsRng", "randomness"),
    ("rand::", "randomness"),
    ("RandomState", "randomness"),
    ("HashMap::new", "randomness: its seed"),
    ("HashSet::new", "randomness: its seed"),
    ("std::fs", "I/O"),
    ("std::io", "I/O"),
    ("std::net", "I/O"),
    ("std::env", "I/O"),
    ("println!", "I/O"),
    ("dbg!", "I/O"),
    ("std::thread", "threads"),
    ("static mut", "state"),
    ("allow(unsafe_code)", "unsafe code"),
];

/// Words that only the primitives may contain, and why.
const TRICKS: [(&str, &str); 4] = [
    ("wrapping_", "arithmetic that is wrong without an error"),
    ("inline(", "advice to the compiler"),
    ("target_feature", "code for one processor"),
    ("core::arch", "code for one processor"),
];

#[test]
fn src_contains_no_platform_dependency() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [sources(&root.join("src")), sources(&root.join("primitives/src"))].concat();
    assert!(files.len() > 40, "{} files", files.len());
    assert_eq!(occurrences(&files, &FORBIDDEN), Vec::<String>::new());
}

#[test]
fn optimisations_are_confined_to_the_primitives() {
    let files = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert_eq!(occurrences(&files, &TRICKS), Vec::<String>::new());
}

fn occurrences(files: &[PathBuf], words: &[(&str, &str)]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        for (number, line) in fs::read_to_string(file).unwrap().lines().map(code).enumerate() {
            let words = words.iter().filter(|(word, _)| line.contains(word));
            found.extend(
                words.map(|(word, what)| format!("{}:{}: {word} is {what}", file.display(), number + 1)),
            );
        }
    }
    found
}

/// Returns a line without its comment, which may name what the code must not.
fn code(line: &str) -> &str {
    line.split("//").next().unwrap_or_default()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(sources(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            files.push(entry);
        }
    }
    files
}
