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
    former_secrets: Vec<Secret>,
    /// `whsk_` and base64.
    #[serde(default)]
    signing_key: Option<Secret>,
    #[serde(default)]
    former_signing_keys: Vec<Secret>,
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
        for (field, secret) in each(
            ("secret", &self.secret),
            ("former_secrets", &self.former_secrets),
        ) {
            let signature = crypto::hmac_sha256_by_base64(secret, &content);
            if signature.is_empty() {
                return Err(Failure::misconfigured(format!(
                    "{field}: not whsec_ and a key in base64"
                )));
            }
            signatures.push(format!("v1,{}", crypto::base64(signature)));
        }
        for (field, key) in each(
            ("signing_key", &self.signing_key),
            ("former_signing_keys", &self.former_signing_keys),
        ) {
            let signature = crypto::sign(Signing::Ed25519, key, &content)
                .map_err(|problem| Failure::misconfigured(format!("{field}: {problem}")))?;
            signatures.push(format!("v1a,{}", crypto::base64(signature)));
        }
        Ok((!signatures.is_empty()).then(|| signatures.join(" ")))
    }
}

/// Those that are given, with the name of their field: the current one first.
fn each<'a>(
    (field, current): (&'static str, &'a Option<Secret>),
    (former_field, former): (&'static str, &'a [Secret]),
) -> impl Iterator<Item = (&'static str, &'a Secret)> {
    let current = current.iter().filter(|secret| !secret.is_empty());
    let former = former.iter().map(move |secret| (former_field, secret));
    current.map(move |secret| (field, secret)).chain(former)
}
