//! The header `webhook-signature`.

use push_notify_sdk::{
    Failure, Secret,
    crypto::{self, Signing},
};

/// All that are given sign, so that a receiver can change from one to the next at any time.
#[derive(Default, serde::Deserialize)]
pub(crate) struct Keys {
    /// `whsec_` and base64.
    #[serde(default)]
    secret: Option<Secret>,
    #[serde(default)]
    former_secret: Option<Secret>,
    /// `whsk_` and base64.
    #[serde(default)]
    signing_key: Option<Secret>,
    #[serde(default)]
    former_signing_key: Option<Secret>,
}

impl Keys {
    /// The value of the header: signatures of `{id}.{timestamp}.{body}` with blanks between them,
    /// none without a key. Misconfigured: one is not written as it has to be.
    pub(crate) fn sign(
        &self,
        id: &str,
        timestamp: u64,
        body: &[u8],
    ) -> Result<Option<String>, Failure> {
        let content = [format!("{id}.{timestamp}.").as_bytes(), body].concat();
        let mut signatures = Vec::new();
        for (field, secret) in [
            ("secret", &self.secret),
            ("former_secret", &self.former_secret),
        ] {
            let Some(secret) = given(secret) else {
                continue;
            };
            let signature = crypto::hmac_sha256_by_base64(secret, &content);
            if signature.is_empty() {
                return Err(Failure::misconfigured(format!(
                    "{field} is not whsec_ and a key in base64"
                )));
            }
            signatures.push(format!("v1,{}", crypto::base64(signature)));
        }
        for (field, key) in [
            ("signing_key", &self.signing_key),
            ("former_signing_key", &self.former_signing_key),
        ] {
            let Some(key) = given(key) else {
                continue;
            };
            let signature = crypto::sign(Signing::Ed25519, key, &content)
                .map_err(|problem| Failure::misconfigured(format!("{field}: {problem}")))?;
            signatures.push(format!("v1a,{}", crypto::base64(signature)));
        }
        Ok((!signatures.is_empty()).then(|| signatures.join(" ")))
    }
}

fn given(secret: &Option<Secret>) -> Option<&Secret> {
    secret.as_ref().filter(|secret| !secret.is_empty())
}
