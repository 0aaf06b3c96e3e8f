//! `X-Hub-Signature` (WebSub section 7): an HMAC (RFC 2104) of the body under the subscriber's secret.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// The header's value: `sha256=` and the signature in hexadecimal.
pub(super) fn header(secret: &str, body: &[u8]) -> String {
    // a key of any length will do
    let signed = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map(|mac| mac.chain_update(body));
    format!("sha256={}", signed.map_or(String::new(), |mac| hex(&mac.finalize().into_bytes())))
}

/// Whether the header of a delivery fits its body, by one of the methods that WebSub names (section 7.1). Compared in
/// constant time.
#[must_use]
pub fn is_signed(header: &str, secret: &str, body: &[u8]) -> bool {
    let Some((method, digits)) = header.trim().split_once('=') else { return false };
    let Some(given) = bytes(digits) else { return false };
    match method.to_ascii_lowercase().as_str() {
        "sha1" => fits::<Hmac<Sha1>>(secret, body, &given),
        "sha256" => fits::<Hmac<Sha256>>(secret, body, &given),
        "sha384" => fits::<Hmac<Sha384>>(secret, body, &given),
        "sha512" => fits::<Hmac<Sha512>>(secret, body, &given),
        _ => false,
    }
}

fn fits<M: Mac + KeyInit>(secret: &str, body: &[u8], given: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(secret.as_bytes())
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(given).is_ok())
}

/// Bytes from hexadecimal digits.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| Some((digit(*pair.first()?)? << 4) | digit(*pair.get(1)?)?)).collect()
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

    #[test]
    fn only_the_signature_of_a_body_under_its_secret_holds() {
        let body = b"what do ya want for nothing?";
        // RFC 2202 and RFC 4231, test case 2
        for header in [
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
            "SHA256=5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843",
            "sha384=af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
        ] {
            assert!(is_signed(header, "Jefe", body), "{header}");
            assert!(!is_signed(header, "jefe", body) && !is_signed(header, "Jefe", b"?"), "{header}");
        }
        for header in
            ["", "sha256=", "sha256", "sha256=5bdc", "sha256=zz", "sha256=é", "md5=00", "=", "sha1=ef"]
        {
            assert!(!is_signed(header, "Jefe", body), "{header}");
        }
    }
}
