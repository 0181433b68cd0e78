//! The secret, the session and the cookies that the targets share. They are those of `vectors/verdicts`, whose cookies are seeds.

use std::sync::LazyLock;

use better_session::cookie::header::percent_encode;
use better_session::{Config, MintRequest, Strategy, UnixMillis, Verdict, Verifier};

pub const SECRET: &str = "verdicts: an example secret, 32+ characters";
/// 2027-01-15T08:00:00Z, in milliseconds.
pub const NOW: i64 = 1_800_000_000_000;
pub const TOKEN: &str = "vN4pQ7sT1wY3zB6dF8hK2mP5rU9xA0cE";
pub const OTHER_TOKEN: &str = "aL3nR8tV2xZ4bC7eG9iJ1kM6oQ5sU0wY";
pub const USER: &str = r#"{"id":"u1","name":"Ada","email":"ada@example.com","emailVerified":false,"image":null,"createdAt":"2027-01-15T08:00:00.000Z","updatedAt":"2027-01-15T08:00:00.000Z"}"#;
pub const STRATEGIES: [Strategy; 3] = [Strategy::Compact, Strategy::Jwt, Strategy::Jwe];

/// A verifier of every strategy.
pub static VERIFIER: LazyLock<Verifier> = LazyLock::new(verifier);
/// The same, with a memory small enough that entries are replaced.
pub static REMEMBERING: LazyLock<Verifier> = LazyLock::new(|| verifier().with_cache(8, 64 * 1024));
/// Stands for genuine cookies in the inputs: `PIECES[n]` replaces the byte `n + 1`. No mutation would find a valid MAC.
pub static PIECES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let signed = |text: &str| percent_encode(&VERIFIER.sign(text));
    let [compact, jwt, jwe] = STRATEGIES.map(|strategy| mint(strategy, &session(TOKEN, ""), USER, NOW));
    let middle = jwt.len() / 2;
    vec![
        signed(TOKEN),
        compact,
        jwt.clone(),
        jwe,
        signed(OTHER_TOKEN),
        mint(Strategy::Compact, &session(OTHER_TOKEN, ""), USER, NOW),
        mint(Strategy::Compact, &session(TOKEN, ""), USER, NOW - 400_000),
        jwt[..middle].to_owned(),
        // 9 to 13 are white space in JavaScript or in HTTP, and stay.
        "\t".to_owned(),
        "\n".to_owned(),
        "\u{b}".to_owned(),
        "\u{c}".to_owned(),
        "\r".to_owned(),
        jwt[middle..].to_owned(),
        "better-auth.session_token=".to_owned(),
        "better-auth.session_data".to_owned(),
        "better-auth.dont_remember=".to_owned(),
        "__Secure-".to_owned(),
        signed("true"),
    ]
});

fn verifier() -> Verifier {
    let options = format!(
        r#"{{"secret":"{SECRET}","session":{{"cookieCache":{{"enabled":true,"strategy":["compact","jwt","jwe"]}}}}}}"#
    );
    Verifier::new(Config::from_json(&options).unwrap()).unwrap()
}

#[must_use]
pub const fn at(millis: i64) -> UnixMillis {
    UnixMillis::from_millis(millis)
}

/// Returns the session of `token` with more members, each beginning with a comma.
#[must_use]
pub fn session(token: &str, members: &str) -> String {
    format!(
        r#"{{"id":"s1","token":"{token}","userId":"u1","expiresAt":"2027-01-22T08:00:00.000Z","createdAt":"2027-01-15T08:00:00.000Z","updatedAt":"2027-01-15T08:00:00.000Z"{members}}}"#
    )
}

#[must_use]
pub fn mint(strategy: Strategy, session: &str, user: &str, now: i64) -> String {
    VERIFIER.mint(&MintRequest::new(session, user, at(now), [7; 32]).strategy(strategy).version("1"))
}

/// Returns the input as text with the pieces in their places.
#[must_use]
pub fn with_pieces(data: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(data).ok()?;
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match PIECES.get((character as usize).wrapping_sub(1)) {
            Some(piece) => out.push_str(piece),
            None => out.push(character),
        }
    }
    Some(out)
}

/// Returns a signed time of one of several magnitudes.
#[must_use]
pub const fn offset(byte: u8) -> i64 {
    const STEPS: [i64; 8] = [0, 1, 999, 1000, 60_000, 299_999, 300_000, 604_800_000];
    let step = STEPS[(byte >> 1) as usize % STEPS.len()];
    if byte & 1 == 0 { step } else { -step }
}

/// Returns an HMAC-SHA-256 in base64url under the secret, by way of a signed cookie.
#[must_use]
pub fn hmac(text: &str) -> String {
    let signed = VERIFIER.sign(text);
    signed[text.len() + 1..].trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// Checks what every strategy guarantees. `data` is text: the session, NUL, the user.
///
/// # Panics
/// If a guarantee does not hold.
pub fn check_codec(strategy: Strategy, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // As it comes: only a genuine seed opens, and every reader agrees with the verifier.
    let opened = VERIFIER.open(text, at(NOW));
    let decoded = better_session::cache::decode::decode(text);
    if let Ok(cached) = &opened {
        assert_eq!(decoded.as_ref().map(|decoded| decoded.strategy), Some(cached.cache.strategy));
    }
    // Signed as it comes: the readers see what only the holder of the secret can make.
    let (one, two) = text.split_once('\0').unwrap_or((text, USER));
    let forged = mint(strategy, one, two, NOW);
    if let Ok(cached) = VERIFIER.open(&forged, at(NOW)) {
        assert_eq!(cached.cache.strategy, strategy);
        check_object(&cached.session.json);
        check_object(&cached.user.json);
        assert!(forged_parts(&VERIFIER, &forged), "what opens is authenticated with its token");
    }
    // As the text of one more member: what was minted comes back unchanged.
    let mut members = String::from(",\"more\":");
    better_session::json::push_string(&mut members, text);
    let (session, user) = (session(TOKEN, &members), USER.replace("\"image\":null", &members[1..]));
    let minted = mint(strategy, &session, &user, NOW);
    let cached = VERIFIER.open(&minted, at(NOW)).expect("a minted cache opens");
    assert_eq!((&cached.session.json, &cached.user.json), (&session, &user));
    assert_eq!(minted, mint(strategy, &session, &user, NOW));
    // With one bit changed it is refused.
    let place = data.iter().fold(7usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(usize::from(*byte)));
    let mut bytes = minted.into_bytes();
    let index = place % bytes.len();
    bytes[index] ^= 1 << (place / 7 % 7);
    let changed = String::from_utf8(bytes).expect("ASCII");
    assert!(VERIFIER.open(&changed, at(NOW)).is_err(), "character {index} changed");
}

/// Returns whether the cache of a header with a matching token is authenticated, or refused for a reason of its content.
fn forged_parts(verifier: &Verifier, value: &str) -> bool {
    let header = format!("better-auth.session_token={}; better-auth.session_data={value}", PIECES[0]);
    match verifier.verify(&header, at(NOW)) {
        Verdict::Authenticated(answer) => answer.session.token == TOKEN,
        Verdict::Stale { .. } => true,
        Verdict::Unauthenticated { .. } => false,
    }
}

/// Asserts that `text` is an object of JSON, where `serde_json` can tell.
///
/// # Panics
/// If it is not.
pub fn check_object(text: &str) {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(value) => assert!(value.is_object(), "{text}"),
        Err(error) => assert!(is_beyond_serde(&error), "{text}: {error}"),
    }
}

/// Returns whether `JSON.parse` reads what `serde_json` refuses: lone surrogates, and numbers beyond a double.
#[must_use]
pub fn is_beyond_serde(error: &serde_json::Error) -> bool {
    let error = error.to_string();
    ["surrogate", "hex escape", "out of range"].iter().any(|word| error.contains(word))
}
