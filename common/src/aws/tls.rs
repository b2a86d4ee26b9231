//! Whom to trust: the CA bundle that was configured, else the system's; or nobody is asked.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::Settings;
use super::environment::{Found, variable};
use super::profile::Profiles;
use crate::status::Failure;

/// The settings of TLS; the roots are read when the first https connection needs them, and once.
#[derive(Debug)]
pub(super) struct Tls {
    bundle: Option<Found>,
    verify: bool,
    config: OnceLock<Result<Arc<ClientConfig>, Failure>>,
}

impl Tls {
    /// `--ca-bundle`, AWS_CA_BUNDLE, the profile's `ca_bundle`, REQUESTS_CA_BUNDLE (botocore's
    /// order), else SSL_CERT_FILE and SSL_CERT_DIR, else the system's store.
    pub(super) fn new(settings: &Settings, profiles: &Profiles) -> Tls {
        let flag = settings.ca_bundle.as_ref().map(|path| path.to_string_lossy().into_owned());
        let bundle = Found::flag(flag.as_ref(), "--ca-bundle")
            .or_else(|| variable("AWS_CA_BUNDLE"))
            .or_else(|| profiles.get("ca_bundle"))
            .or_else(|| variable("REQUESTS_CA_BUNDLE"));
        if let Some(bundle) = &bundle {
            settings.debug.setting("CA bundle", bundle);
        }
        Tls { bundle, verify: !settings.no_verify_ssl, config: OnceLock::new() }
    }

    /// # Errors
    /// 253 for a bundle that cannot be read or holds no valid certificate.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, Failure> {
        self.config.get_or_init(|| self.build()).clone()
    }

    fn build(&self) -> Result<Arc<ClientConfig>, Failure> {
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(|error| Failure::other(error.to_string()))?;
        let mut config = if self.verify {
            let roots = match &self.bundle {
                Some(bundle) => bundle_roots(bundle)?,
                None => system_roots(),
            };
            builder.with_root_certificates(roots).with_no_client_auth()
        } else {
            let anyone = Arc::new(Anyone(provider));
            builder.dangerous().with_custom_certificate_verifier(anyone).with_no_client_auth()
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

/// The certificates of a bundle; it replaces the system's roots, as for aws-cli.
fn bundle_roots(bundle: &Found) -> Result<RootCertStore, Failure> {
    let Found { value: path, source } = bundle;
    let problem =
        |why: String| Failure::configuration(format!("CA bundle {path} ({source}): {why}"));
    let pem = std::fs::read(path).map_err(|error| problem(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(&pem).enumerate() {
        certificate
            .map_err(|_| "broken PEM".to_owned())
            .and_then(|der| roots.add(der).map_err(|error| error.to_string()))
            .map_err(|why| problem(format!("certificate {} is invalid: {why}", index + 1)))?;
    }
    if roots.is_empty() { Err(problem("it holds no certificate".into())) } else { Ok(roots) }
}

/// The usual places of the system's bundle: Debian, Red Hat and Amazon Linux, SUSE, Alpine.
const SYSTEM_BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The system's roots. One bundle is read where there is one: to probe every file of a certificate
/// directory besides costs some 900 system calls.
fn system_roots() -> RootCertStore {
    let named = |name| variable(name).map(|found| PathBuf::from(found.value));
    let (file, directory) = (named("SSL_CERT_FILE"), named("SSL_CERT_DIR"));
    let known = || SYSTEM_BUNDLES.iter().map(Path::new).find(|path| path.exists());
    let certificates = match (file, directory) {
        (None, None) => match known() {
            Some(bundle) => rustls_native_certs::load_certs_from_paths(Some(bundle), None),
            None => rustls_native_certs::load_native_certs(),
        },
        (file, directory) => {
            rustls_native_certs::load_certs_from_paths(file.as_deref(), directory.as_deref())
        }
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates.certs);
    roots
}

/// `--no-verify-ssl`: any certificate will do; signatures are still checked, so that the connection
/// is at least with whoever showed it.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
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
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
