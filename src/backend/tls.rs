//! One TLS configuration for a server, shared by its requests and its websocket.

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

use roots::Platform;

mod roots;

/// Trusts what the platform trusts, and the certificates of `ca` (PEM) beside that. `needed` is whether the server is
/// asked by TLS at all: a machine without any roots can still talk to `http://`, and what the platform trusts is read when
/// it is needed. The error is words for a responder.
pub(super) fn client_config(ca: Option<&[u8]>, needed: bool) -> Result<ClientConfig, String> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be set up: {error}"))?;
    let verifier: Arc<dyn ServerCertVerifier> = match ca.map(certificates).transpose()? {
        None => Arc::new(Platform::new(provider, needed)),
        Some(extra) => match Verifier::new_with_extra_roots(extra, provider) {
            Ok(verifier) => Arc::new(verifier),
            Err(error) => return Err(format!("the ca_file cannot be trusted: {error}")),
        },
    };
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err("the ca_file holds no PEM certificate".into()),
        Ok(found) => Ok(found),
        Err(error) => Err(format!("the ca_file is not PEM: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_told_before_any_connection() {
        assert!(client_config(Some(b"hello"), true).expect_err("refused").contains("no PEM certificate"));
        assert!(client_config(Some(b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n"), true).is_err());
        assert!(client_config(None, false).is_ok());
    }
}
