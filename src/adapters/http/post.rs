//! Handing something over by POST: the same limits and the same guard as for what is fetched.

use super::{FetchError, ReqwestHttp, from_header};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::time::Duration;
use url::Url;

/// Most bytes of an answer that are read: it is only told to people.
const MOST_ANSWER: usize = 4 * 1024;

/// One POST.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Where.
    pub url: Url,
    /// Names and values of headers.
    pub headers: Vec<(&'static str, String)>,
    /// Body.
    pub body: Vec<u8>,
}

/// An answer of any status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostAnswer {
    /// Status code.
    pub status: u16,
    /// `Retry-After`, as it was received.
    pub retry_after: Option<String>,
    /// The beginning of the body.
    pub body: String,
}

impl ReqwestHttp {
    /// Posts once. No redirect is followed: what is handed over goes where its user said, or nowhere.
    ///
    /// # Errors
    /// When no answer was had; a status of 300 and above is an answer. No error shows the path of the address, except
    /// [`FetchError::Refused`].
    pub async fn post(&self, post: Post) -> Result<PostAnswer, FetchError> {
        let total: Duration = self.options.total_timeout;
        tokio::time::timeout(total, self.post_once(post)).await.unwrap_or(Err(FetchError::Timeout(total)))
    }

    async fn post_once(&self, post: Post) -> Result<PostAnswer, FetchError> {
        let Post { url, headers, body } = post;
        self.guard.check_url(&url).map_err(|reason| Self::refuse(&url, reason))?;
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let value = HeaderValue::from_str(&value);
            let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), value) else {
                return Err(FetchError::Broken(format!("the header {name:?} cannot be sent")));
            };
            map.insert(name, value);
        }
        let sent = self.client.post(url.clone()).headers(map).body(body).send().await;
        let mut response = sent.map_err(|e| self.translate(&url, &e))?;
        self.check_peer(&url, &response)?;
        let status = response.status().as_u16();
        let retry_after = response.headers().get("retry-after").map(from_header);
        let mut read = Vec::new();
        // The status has said it all: an answer that breaks off in its body is one.
        while let Ok(Some(chunk)) = response.chunk().await {
            read.extend_from_slice(&chunk);
            if read.len() >= MOST_ANSWER {
                read.truncate(MOST_ANSWER);
                break;
            }
        }
        Ok(PostAnswer { status, retry_after, body: String::from_utf8_lossy(&read).into_owned() })
    }
}
