//! The certificates that the platform trusts: hundreds of files, read once for all servers, and beside the first frame
//! instead of before it. Not which server is spoken to by TLS.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;

static READ: OnceLock<Result<Verifier, String>> = OnceLock::new();

/// Verifies by what the platform trusts; whoever is first waits until it is read.
#[derive(Debug)]
pub(super) struct Platform {
    provider: Arc<CryptoProvider>,
}

impl Platform {
    /// `soon`: a connection will need it, so it is read on a thread of its own from now on.
    pub(super) fn new(provider: Arc<CryptoProvider>, soon: bool) -> Self {
        if soon && READ.get().is_none() {
            let provider = Arc::clone(&provider);
            // Without a thread to spare the first connection reads it.
            let _ = std::thread::Builder::new().spawn(move || read(&provider).is_ok());
        }
        Self { provider }
    }
}

fn read(provider: &Arc<CryptoProvider>) -> Result<&'static Verifier, Error> {
    let read = READ.get_or_init(|| {
        Verifier::new(Arc::clone(provider))
            .map_err(|error| format!("no trusted certificates: {error}; name one as the server's `ca_file`"))
    });
    read.as_ref().map_err(|why| Error::General(why.clone()))
}

impl ServerCertVerifier for Platform {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        read(&self.provider)?.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
