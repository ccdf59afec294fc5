//! The line to Midtrans: what every call carries, how long it may take and how much may come back.
use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use reqwest::{
    Method,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    redirect,
};
use serde_json::Value;

use super::{
    Error,
    retry::{self, Answered},
};

const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(20);
const MAX_REQUEST_BYTES: usize = 16 * 1024;
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// Keeps connections open. Cheap to clone.
#[derive(Clone)]
pub(super) struct Wire(reqwest::Client);

impl Wire {
    /// Calls nobody yet. Each try has 5 s to connect and 20 s in all. `plain` is for a stand-in next door: no proxy, and
    /// no need for the machine to hold any certificates.
    pub fn new(plain: bool) -> Result<Self, Error> {
        // Somebody else in the process may have chosen a provider before us, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            // A redirect would carry the key to wherever it points.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("warong-uep/", env!("CARGO_PKG_VERSION")));
        if plain {
            builder = builder.no_proxy().tls_certs_only([]);
        }
        Ok(Self(builder.build()?))
    }

    /// One logical call under one key. `Error::TooLarge` over 16 KB.
    pub fn call(&self, method: Method, url: String, body: Option<Value>, key: &HeaderValue) -> Result<Call, Error> {
        let body = body.map(|body| Bytes::from(body.to_string()));
        if let Some(body) = body.as_ref().filter(|body| body.len() > MAX_REQUEST_BYTES) {
            return Err(Error::TooLarge { bytes: body.len() });
        }
        let headers = [(ACCEPT, JSON), (CONTENT_TYPE, JSON), (AUTHORIZATION, key.clone())].into_iter().collect();
        Ok(Call { http: self.0.clone(), method, url, headers, body, repeats: true })
    }
}

/// The header that shows a key: the key as the name, no password.
pub(super) fn authorization(key: &str) -> Result<HeaderValue, Error> {
    let token = STANDARD.encode(format!("{key}:"));
    let mut header = HeaderValue::from_str(&format!("Basic {token}")).map_err(|_| Error::Unauthorized)?;
    header.set_sensitive(true);
    Ok(header)
}

/// One logical call, which may be sent more than once but always says the same.
pub(super) struct Call {
    http: reqwest::Client,
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Option<Bytes>,
    repeats: bool,
}

impl Call {
    /// Never sent twice: nothing in it tells a second sending from a second wish.
    pub fn once(mut self) -> Self {
        self.repeats = false;
        self
    }

    /// With one more header, if there is something to say in it.
    pub fn header(mut self, name: &'static str, value: Option<&str>) -> Result<Self, Error> {
        if let Some(value) = value {
            let told = || Error::Validation { messages: vec![format!("{name} holds letters a header cannot carry")] };
            let value = HeaderValue::from_str(value).map_err(|_| told())?;
            self.headers.insert(HeaderName::from_static(name), value);
        }
        Ok(self)
    }

    /// Sends it, again where that may help, and lets `judge` read the answer.
    pub async fn ask<T>(&self, judge: impl Fn(Raw) -> Result<T, Error>) -> Result<T, Error> {
        self.ask_and_tell(judge).await.map(|answered| answered.answer)
    }

    /// The same, with what became of the tries before.
    pub async fn ask_and_tell<T>(&self, judge: impl Fn(Raw) -> Result<T, Error>) -> Result<Answered<T>, Error> {
        let tries = if self.repeats { retry::TRIES } else { 1 };
        retry::again(tries, || async { judge(self.send().await?) }).await
    }

    async fn send(&self) -> Result<Raw, Error> {
        let mut request = self.http.request(self.method.clone(), &self.url).headers(self.headers.clone());
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        let mut response = request.send().await?;
        let http = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_ANSWER_BYTES {
                return Err(Error::Unparsable { http, excerpt: "an endless answer".into() });
            }
        }
        Ok(Raw { http, bytes })
    }
}

/// An answer nobody has read yet.
pub(super) struct Raw {
    pub http: u16,
    pub bytes: Vec<u8>,
}

impl Raw {
    /// Its first words, for an error.
    pub fn excerpt(&self) -> String {
        String::from_utf8_lossy(&self.bytes).chars().take(200).collect()
    }
}
