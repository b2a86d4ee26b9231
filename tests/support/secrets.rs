//! What must never be seen in any output.
//!
//! Every secret of a test, in the environment, in a file or handed out by a stub, has [`MARKER`] in
//! it, and every output of every run is scanned for that. So no test has to think of it.

/// What all secrets of the tests have in common.
pub const MARKER: &str = "MARKER-secret";

/// The id of the access key in the environment. Ids are no secrets.
pub const KEY_ID: &str = "AKIDENVIRONMENT";
pub const SECRET_KEY: &str = "MARKER-secret-access-key";
pub const SESSION_TOKEN: &str = "MARKER-secret-session-token";

/// What only a signed request has.
const SIGNATURE: &[&str] = &["Signature=", "AWS4-HMAC-SHA256", "X-Amz-Signature"];

/// The secrets that `output` gives away.
pub fn leaks(output: &[u8]) -> Vec<&'static str> {
    let text = String::from_utf8_lossy(output);
    let shown = |secret: &&str| text.contains(*secret);
    SIGNATURE.iter().copied().chain([MARKER]).filter(shown).collect()
}
