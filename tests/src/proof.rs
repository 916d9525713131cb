//! What shows that a delivery comes from who knows the secret: every way of every host.

use crate::signature;
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;
use url::form_urlencoded;

/// A way of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    Github,
    GithubForm,
    GithubPlain,
    GitlabToken,
    GitlabSignature,
    /// With a key that is the bytes in its base64.
    GitlabSigningToken,
    GitlabPlain,
    GiteeSign,
    GiteePassword,
    GiteePlain,
    Gitea,
    GiteaForm,
    GiteaAsGithub,
    GiteaPlain,
}

impl Proof {
    pub const ALL: [Self; 14] = [
        Self::Github,
        Self::GithubForm,
        Self::GithubPlain,
        Self::GitlabToken,
        Self::GitlabSignature,
        Self::GitlabSigningToken,
        Self::GitlabPlain,
        Self::GiteeSign,
        Self::GiteePassword,
        Self::GiteePlain,
        Self::Gitea,
        Self::GiteaForm,
        Self::GiteaAsGithub,
        Self::GiteaPlain,
    ];

    /// One way of a host.
    pub fn of(host: &str) -> Self {
        let first = Self::ALL.into_iter().find(|proof| proof.host() == host);
        first.expect("one of the hosts")
    }

    pub fn host(self) -> &'static str {
        match self {
            Self::Github | Self::GithubForm | Self::GithubPlain => "github",
            Self::GitlabToken
            | Self::GitlabSignature
            | Self::GitlabSigningToken
            | Self::GitlabPlain => "gitlab",
            Self::GiteeSign | Self::GiteePassword | Self::GiteePlain => "gitee",
            Self::Gitea | Self::GiteaForm | Self::GiteaAsGithub | Self::GiteaPlain => "gitea",
        }
    }

    /// How the repository is set up for it.
    pub fn config(self) -> Value {
        match self {
            Self::GiteePassword => json!({"signature": "password"}),
            _ => json!({}),
        }
    }

    pub fn secret(self) -> String {
        match self {
            Self::GitlabSigningToken => signing_token("sweep-signing-key-not-real-32-b."),
            _ => format!("sweep-secret-not-real-{self:?}"),
        }
    }

    /// As good a secret, but another one.
    pub fn wrong_secret(self) -> String {
        match self {
            Self::GitlabSigningToken => signing_token("another-signing-key-not-real-32b"),
            _ => format!("another-secret-not-real-{self:?}"),
        }
    }

    /// The content type of what is sent for a payload, and its bytes.
    pub fn written(self, payload: &[u8]) -> (&'static str, Vec<u8>) {
        match self {
            Self::GithubForm | Self::GiteaForm => {
                let payload: String = form_urlencoded::byte_serialize(payload).collect();
                let form = format!("payload={payload}").into_bytes();
                ("application/x-www-form-urlencoded", form)
            }
            _ => ("application/json", payload.to_vec()),
        }
    }

    /// The headers that prove a payload. `id` and `now_ms` are for this delivery alone.
    pub fn headers(
        self,
        secret: &str,
        body: &[u8],
        id: &str,
        now_ms: i64,
    ) -> Vec<(&'static str, String)> {
        match self {
            Self::Github | Self::GithubForm | Self::GiteaAsGithub => {
                // Of a form, GitHub signs all of it.
                let (_, written) = self.written(body);
                let digits = signature(secret, &written);
                vec![("x-hub-signature-256", format!("sha256={digits}"))]
            }
            // Of a form, Gitea signs what is in it.
            Self::Gitea | Self::GiteaForm => {
                vec![("x-gitea-signature", signature(secret, body))]
            }
            Self::GitlabToken => vec![("x-gitlab-token", secret.to_owned())],
            Self::GitlabSignature => standard(secret.as_bytes(), body, id, now_ms),
            Self::GitlabSigningToken => {
                let digits = secret.strip_prefix("whsec_").expect("a signing token");
                let key = BASE64.decode(digits).expect("base64");
                standard(&key, body, id, now_ms)
            }
            Self::GiteeSign => {
                let signed = format!("{now_ms}\n{secret}");
                let sign = BASE64.encode(hmac(secret.as_bytes(), signed.as_bytes()));
                vec![
                    ("x-gitee-token", sign),
                    ("x-gitee-timestamp", now_ms.to_string()),
                ]
            }
            Self::GiteePassword => vec![("x-gitee-token", secret.to_owned())],
            Self::GithubPlain | Self::GitlabPlain | Self::GiteePlain | Self::GiteaPlain => {
                vec![("x-webhook-secret", secret.to_owned())]
            }
        }
    }
}

/// Standard Webhooks.
fn standard(key: &[u8], body: &[u8], id: &str, now_ms: i64) -> Vec<(&'static str, String)> {
    let seconds = (now_ms / 1000).to_string();
    let signature = standard_signature(key, id, &seconds, body);
    vec![
        ("webhook-id", id.to_owned()),
        ("webhook-timestamp", seconds),
        ("webhook-signature", signature),
    ]
}

/// What stands for a key in `webhook-signature`. The time is in seconds.
pub fn standard_signature(key: &[u8], id: &str, seconds: &str, body: &[u8]) -> String {
    let signed = [format!("{id}.{seconds}.").as_bytes(), body].concat();
    format!("v1,{}", BASE64.encode(hmac(key, &signed)))
}

fn signing_token(key: &str) -> String {
    format!("whsec_{}", BASE64.encode(key))
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any key will do");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}
