//! `X-Hub-Signature` (WebSub section 7): HMAC-SHA256 (RFC 2104) of the body under the subscriber's secret.

use sha2::{Digest, Sha256};

/// The block of SHA-256, in bytes.
const BLOCK: usize = 64;

/// The header's value: `sha256=` and the signature in hexadecimal.
pub(super) fn header(secret: &str, body: &[u8]) -> String {
    let mut key = [0_u8; BLOCK];
    let hashed;
    let bytes = if secret.len() > BLOCK {
        hashed = Sha256::digest(secret.as_bytes());
        hashed.as_slice()
    } else {
        secret.as_bytes()
    };
    for (to, from) in key.iter_mut().zip(bytes) {
        *to = *from;
    }
    let inner = Sha256::new().chain_update(key.map(|byte| byte ^ 0x36)).chain_update(body).finalize();
    let outer = Sha256::new().chain_update(key.map(|byte| byte ^ 0x5c)).chain_update(inner).finalize();
    format!("sha256={}", hex(&outer))
}

/// The digest of a document, to tell whether a subscriber has it.
pub(super) fn digest(body: &[u8]) -> String {
    hex(&Sha256::digest(body))
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4231_hold() {
        let long = "\u{7f}".repeat(131);
        for (secret, body, expected) in [
            (
                "Jefe",
                "what do ya want for nothing?",
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (
                "key",
                "The quick brown fox jumps over the lazy dog",
                "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8",
            ),
        ] {
            assert_eq!(header(secret, body.as_bytes()), format!("sha256={expected}"));
        }
        // a key longer than a block is hashed first
        let hashed = Sha256::digest(long.as_bytes());
        assert_ne!(header(&long, b"x"), header(&hex(&hashed), b"x"));
    }
}
