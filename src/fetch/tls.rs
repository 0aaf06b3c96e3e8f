//! What TLS connections are held to.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};

/// The two ways in which certificates are looked at; the authorities are read once.
#[derive(Debug, Clone)]
pub(super) struct Tls {
    strict: ClientConfig,
    lax: ClientConfig,
}

impl Tls {
    /// Reads the authorities: those that come with tidings, and the machine's own.
    pub(super) fn new() -> Result<Self, String> {
        let mut roots = rustls::RootCertStore::empty();
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        // the machine's own authorities too: a machine without any is no fault
        for certificate in rustls_native_certs::load_native_certs().certs {
            if let Err(error) = roots.add(certificate) {
                tracing::debug!(error = %error, "a certificate authority of this machine is passed over");
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = || {
            ClientConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()
                .map_err(|error| error.to_string())
        };
        let mut strict = builder()?.with_root_certificates(roots).with_no_client_auth();
        let unchecked = Arc::new(Unchecked(Arc::clone(&provider)));
        let mut lax =
            builder()?.dangerous().with_custom_certificate_verifier(unchecked).with_no_client_auth();
        for config in [&mut strict, &mut lax] {
            // a configuration handed in is taken as it is: the protocols are named here or nowhere
            config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        }
        Ok(Self { strict, lax })
    }

    /// The configuration of a client.
    pub(super) fn config(&self, is_lax: bool) -> ClientConfig {
        if is_lax { self.lax.clone() } else { self.strict.clone() }
    }
}

/// Takes any certificate; that the server has the key to it is still proved.
#[derive(Debug)]
struct Unchecked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &self.0.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
