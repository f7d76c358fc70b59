//! Where a server is and who we say we are to it. Not how it is asked: that is `http.rs`.

use std::fmt;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::domain::Symbol;

/// How to prove who we are. Never shown: `Debug` of a secret says only that there is one.
#[derive(Clone, Debug)]
pub enum Credential {
    Basic { user: String, password: SecretString },
    Bearer(SecretString),
}

/// One configured server.
#[derive(Clone)]
pub struct Endpoint {
    /// The `name` of the `[[source]]`; every failure carries it.
    pub name: Symbol,
    /// With the path prefix that stands before `/api/…` or `/loki/…`. A user and password in it count as a credential.
    pub base: Url,
    /// Sent as `X-Scope-OrgID`.
    pub tenant: Option<String>,
    pub credential: Option<Credential>,
    /// A PEM file's bytes: roots that are trusted beside those of the platform.
    pub ca_file: Option<Vec<u8>>,
    /// For a whole question, retries and the reading of the body included.
    pub timeout: Duration,
}

impl Endpoint {
    /// Without tenant, credential or certificate, and with half a minute for an answer.
    #[must_use]
    pub fn new(name: impl Into<Symbol>, base: Url) -> Self {
        let timeout = Duration::from_secs(30);
        Self { name: name.into(), base, tenant: None, credential: None, ca_file: None, timeout }
    }

    /// Takes a user and password out of the URL, so that no message can ever hold them.
    pub(super) fn take_userinfo(&mut self) {
        let user = self.base.username().to_owned();
        if let Some(password) = self.base.password().map(ToOwned::to_owned) {
            self.credential.get_or_insert(Credential::Basic { user, password: SecretString::from(password) });
        }
        // Fails only for URLs that have no host, which are refused elsewhere.
        let _ = self.base.set_username("");
        let _ = self.base.set_password(None);
    }

    /// The headers of every request, marked as secret where they are. The error says which field cannot be a header.
    pub(super) fn headers(&self) -> Result<HeaderMap, &'static str> {
        let mut headers = HeaderMap::new();
        if let Some(tenant) = &self.tenant {
            let value = HeaderValue::from_str(tenant).map_err(|_| "the tenant cannot be sent as a header")?;
            headers.insert(HeaderName::from_static("x-scope-orgid"), value);
        }
        if let Some(credential) = &self.credential {
            let text = match credential {
                Credential::Bearer(token) => format!("Bearer {}", token.expose_secret().trim()),
                Credential::Basic { user, password } => {
                    format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose_secret())))
                }
            };
            let mut value = HeaderValue::from_str(&text).map_err(|_| "the token cannot be sent as a header")?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("name", &self.name)
            .field("host", &self.base.host_str())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_the_url_becomes_a_credential_and_is_never_shown() {
        let base = Url::parse("https://ann:s3cret@loki.example/prefix").expect("a URL");
        let mut endpoint = Endpoint::new("logs", base);
        endpoint.take_userinfo();
        assert_eq!(endpoint.base.as_str(), "https://loki.example/prefix");
        assert!(!format!("{endpoint:?} {:?}", endpoint.credential).contains("s3cret"));
        let headers = endpoint.headers().expect("headers");
        assert_eq!(headers.get(AUTHORIZATION).expect("sent").as_bytes(), b"Basic YW5uOnMzY3JldA==");
        assert!(!format!("{headers:?}").contains("YW5u"));
    }

    #[test]
    fn what_cannot_be_a_header_is_named_and_not_shown() {
        let mut endpoint = Endpoint::new("logs", Url::parse("http://127.0.0.1").expect("a URL"));
        endpoint.tenant = Some("a\nb".into());
        assert_eq!(endpoint.headers().expect_err("refused"), "the tenant cannot be sent as a header");
    }
}
