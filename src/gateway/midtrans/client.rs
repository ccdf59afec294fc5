//! Makes the calls.
use std::{fmt, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use reqwest::{
    Method, RequestBuilder,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue},
    redirect,
};
use serde_json::{Value, json};

use super::answer::Answer;
use super::{
    CallOptions, ChargeRequest, Config, Error, Reference, SnapCanceled, SnapRequest, SnapSession, SnapToken, Status,
    retry,
};

const CONNECT: Duration = Duration::from_secs(5);
const TOTAL: Duration = Duration::from_secs(20);
const MAX_REQUEST_BYTES: usize = 16 * 1024;
const MAX_ANSWER_BYTES: usize = 1024 * 1024;

/// A connection to Midtrans. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    config: Config,
    authorization: HeaderValue,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Client {
    /// Prepares the connection; calls nobody yet. Each try has 5 s to connect and 20 s in all.
    pub fn new(config: Config) -> Result<Self, Error> {
        // Somebody else in the process may have chosen a provider before us, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .timeout(TOTAL)
            // A redirect would carry the key to wherever it points.
            .redirect(redirect::Policy::none())
            .user_agent(concat!("warong-uep/", env!("CARGO_PKG_VERSION")));
        if config.is_plain() {
            // The stand-in is next door: no proxy, and no need for the machine to hold any certificates.
            builder = builder.no_proxy().tls_certs_only([]);
        }
        let token = STANDARD.encode(format!("{}:", config.server_key.expose()));
        let mut authorization = HeaderValue::from_str(&format!("Basic {token}")).map_err(|_| Error::Unauthorized)?;
        authorization.set_sensitive(true);
        Ok(Self { http: builder.build()?, config, authorization })
    }

    /// The settings it was made with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Asks for a page on which the buyer picks a method. Asking again for the same order before a method is picked
    /// gives a new page and closes the old one.
    pub async fn snap_create(&self, request: &SnapRequest, options: &CallOptions) -> Result<SnapSession, Error> {
        let url = format!("{}/transactions", self.config.snap_base);
        let call = self.call(Method::POST, url, Some(request.body()), options)?;
        let answer = again(|| call.send(Answer::snap)).await?;
        SnapSession::read(&answer.body, answer.http)
    }

    /// Closes a page. One that was closed before counts as closed; one on which a method is picked is
    /// `Error::Forbidden`: cancel or expire its transaction instead.
    pub async fn snap_cancel(&self, token: &SnapToken) -> Result<SnapCanceled, Error> {
        let url = format!("{}/transactions/{}/cancel", self.config.snap_base, token.segment());
        let options = CallOptions::default();
        let call = self.call(Method::POST, url, Some(json!({})), &options)?;
        let answer = again(|| {
            call.send(|answer| match answer.messages() {
                told if told.iter().any(|m| m.contains("already canceled")) => Ok(answer),
                _ => answer.snap(),
            })
        })
        .await?;
        Ok(SnapCanceled::read(&answer.body))
    }

    /// Makes a transaction. Store the idempotency key of `options` first; if the answer is lost all the same
    /// (`Error::is_uncertain`), ask for the status of the order.
    pub async fn charge(&self, request: &ChargeRequest, options: &CallOptions) -> Result<Status, Error> {
        self.core(Method::POST, "/v2/charge".into(), Some(request.body()), options).await
    }

    /// Where a transaction stands. `Error::NotFound` before the buyer has picked a method on a Snap page.
    pub async fn status(&self, id: &impl Reference) -> Result<Status, Error> {
        let path = format!("/v2/{}/status", id.segment());
        self.core(Method::GET, path, None, &CallOptions::default()).await
    }

    /// Calls off what is not paid. `Error::Forbidden`: ask for the status, it may just have been paid.
    pub async fn cancel(&self, id: &impl Reference) -> Result<Status, Error> {
        self.act(id, "cancel").await
    }

    /// Ends what is not paid in time. The code 407 that comes back is a success.
    pub async fn expire(&self, id: &impl Reference) -> Result<Status, Error> {
        self.act(id, "expire").await
    }

    async fn act(&self, id: &impl Reference, act: &str) -> Result<Status, Error> {
        let path = format!("/v2/{}/{act}", id.segment());
        self.core(Method::POST, path, Some(json!({})), &CallOptions::default()).await
    }

    async fn core(
        &self,
        method: Method,
        path: String,
        body: Option<Value>,
        options: &CallOptions,
    ) -> Result<Status, Error> {
        let call = self.call(method, format!("{}{path}", self.config.core_base), body, options)?;
        Ok(Status::read(again(|| call.send(Answer::core)).await?.body))
    }

    fn call<'a>(
        &'a self,
        method: Method,
        url: String,
        body: Option<Value>,
        options: &'a CallOptions,
    ) -> Result<Call<'a>, Error> {
        let body = body.map(|body| Bytes::from(body.to_string()));
        match &body {
            Some(body) if body.len() > MAX_REQUEST_BYTES => Err(Error::TooLarge { bytes: body.len() }),
            _ => Ok(Call { client: self, method, url, body, options }),
        }
    }
}

/// One logical call, which may be sent more than once but always says the same.
struct Call<'a> {
    client: &'a Client,
    method: Method,
    url: String,
    body: Option<Bytes>,
    options: &'a CallOptions,
}

impl Call<'_> {
    async fn send(&self, judge: impl FnOnce(Answer) -> Result<Answer, Error>) -> Result<Answer, Error> {
        let mut response = self.request().send().await?;
        let http = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MAX_ANSWER_BYTES {
                return Err(Error::Unparsable { http, excerpt: "an endless answer".into() });
            }
        }
        judge(Answer::parse(http, &bytes)?)
    }

    fn request(&self) -> RequestBuilder {
        let mut request = self
            .client
            .http
            .request(self.method.clone(), &self.url)
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, self.client.authorization.clone());
        if let Some(key) = &self.options.idempotency_key {
            request = request.header("Idempotency-Key", key.as_str());
        }
        if let Some(url) = &self.options.override_notification {
            request = request.header("X-Override-Notification", url);
        }
        match &self.body {
            Some(body) => request.body(body.clone()),
            None => request,
        }
    }
}

/// Sends a call until it is answered, refused for good, or tried often enough.
async fn again<T, F: Future<Output = Result<T, Error>>>(send: impl Fn() -> F) -> Result<T, Error> {
    let mut tried = 1;
    loop {
        match send().await {
            Err(error) if error.may_retry() && tried < retry::TRIES => {
                tokio::time::sleep(retry::wait(tried)).await;
                tried += 1;
            }
            answer => return answer,
        }
    }
}
