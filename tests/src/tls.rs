use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};
use tempfile::TempDir;
use tokio_rustls::TlsAcceptor;

/// A certificate authority made for this run, and one server certificate of it, for `localhost` and
/// `127.0.0.1`.
pub struct Authority {
    dir: TempDir,
    config: Arc<ServerConfig>,
}

impl Authority {
    pub fn get() -> &'static Self {
        static AUTHORITY: OnceLock<Authority> = OnceLock::new();
        AUTHORITY.get_or_init(|| Self::make().expect("certificates"))
    }

    fn make() -> anyhow::Result<Self> {
        let mut root = CertificateParams::new(Vec::new())?;
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        root.distinguished_name
            .push(DnType::CommonName, "Push Notify test authority");
        let root_key = KeyPair::generate()?;
        let root_certificate = root.self_signed(&root_key)?;
        let issuer = Issuer::new(root, root_key);
        let server = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])?;
        let key = KeyPair::generate()?;
        let certificate = server.signed_by(&key, &issuer)?;

        let dir = tempfile::tempdir()?;
        std::fs::write(dir.path().join("root.pem"), root_certificate.pem())?;
        std::fs::write(dir.path().join("server.pem"), certificate.pem())?;
        std::fs::write(dir.path().join("server.key"), key.serialize_pem())?;
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )?;
        Ok(Self {
            dir,
            config: Arc::new(config),
        })
    }

    /// For `network.extra_roots`.
    pub fn root(&self) -> PathBuf {
        self.dir.path().join("root.pem")
    }

    /// With `server.pem` and `server.key`.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn acceptor(&self) -> TlsAcceptor {
        self.config.clone().into()
    }
}
