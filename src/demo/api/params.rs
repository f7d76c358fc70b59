//! What a request asks: the pairs of its query and of its form body, repeated names included. Not what they mean.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};

/// A form body longer than this is refused.
const LONGEST_FORM: usize = 1 << 20;

/// The pairs of the query string, then those of an `application/x-www-form-urlencoded` body.
#[derive(Clone, Debug, Default)]
pub struct Params {
    pairs: Vec<(String, String)>,
    headers: HeaderMap,
}

impl Params {
    /// The first value of that name; an empty one counts as absent, as the real servers take it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).find(|value| !value.is_empty())
    }

    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The first of these names that has a value.
    #[must_use]
    pub fn first_of(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.get(name))
    }

    /// A request header as text; empty when it is absent or is no text.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

impl<S: Send + Sync> FromRequest<S> for Params {
    type Rejection = (StatusCode, &'static str);

    async fn from_request(request: Request, _: &S) -> Result<Self, Self::Rejection> {
        let (parts, body) = request.into_parts();
        let mut pairs = read(parts.uri.query().unwrap_or("").as_bytes());
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        if kind.starts_with("application/x-www-form-urlencoded") {
            let form = to_bytes(body, LONGEST_FORM).await;
            pairs.extend(read(&form.map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, "the form is too long\n"))?));
        }
        Ok(Self { pairs, headers: parts.headers })
    }
}

fn read(text: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
