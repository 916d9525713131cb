use crate::error::HostError;
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use std::sync::Arc;

/// Whom we trust at the other end, the same for http and mail: the built-in roots and the
/// operator's.
#[derive(Clone)]
pub(crate) struct Trust {
    pub(crate) config: Arc<ClientConfig>,
}

/// For the engine's own requests: whom the plugins' requests trust, `pems` among them.
pub fn trusting(pems: &[Vec<u8>]) -> Result<ClientConfig, HostError> {
    Ok((*Trust::new(pems)?.config).clone())
}

impl Trust {
    pub(crate) fn new(pems: &[Vec<u8>]) -> Result<Self, HostError> {
        let setup = |problem: String| HostError::Setup(format!("trusted certificates: {problem}"));
        let mut roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        for pem in pems {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                let certificate = certificate.map_err(|problem| setup(problem.to_string()))?;
                roots
                    .add(certificate)
                    .map_err(|problem| setup(problem.to_string()))?;
            }
            if roots.len() == before {
                return Err(setup("a PEM file without a certificate".to_owned()));
            }
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|problem| setup(problem.to_string()))?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self {
            config: Arc::new(config),
        })
    }
}
