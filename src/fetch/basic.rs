//! Basic log-in (RFC 7617): user and password in one word.

use super::base64;

/// The value of `Authorization` for a user and a password.
pub(super) fn authorization(user: &str, password: &str) -> String {
    format!("Basic {}", base64::written(format!("{user}:{password}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard() {
        assert_eq!(authorization("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }
}
