//! Snap and Core: makes the calls.
use std::fmt;

use reqwest::{Method, header::HeaderValue};
use serde_json::{Value, json};

use super::answer::Answer;
use super::wire::{Call, Wire, authorization};
use super::{
    BalanceMutation, BalancePeriod, CallOptions, CaptureRequest, ChargeRequest, Config, Error, IdempotencyKey,
    NotificationUrls, Reference, RefundOutcome, RefundRequest, SnapCanceled, SnapRequest, SnapSession, SnapToken,
    Status,
};

/// A connection to Midtrans. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    wire: Wire,
    config: Config,
    key: HeaderValue,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Client {
    /// Prepares the connection; calls nobody yet. Each try has 5 s to connect and 20 s in all.
    pub fn new(config: Config) -> Result<Self, Error> {
        let wire = Wire::new(config.is_plain())?;
        let key = authorization(config.server_key.expose())?;
        Ok(Self { wire, config, key })
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
        let answer = call.ask(|raw| Answer::parse(&raw)?.snap()).await?;
        SnapSession::read(&answer.body, answer.http)
    }

    /// Closes a page. One that was closed before counts as closed; one on which a method is picked is
    /// `Error::Forbidden`: cancel or expire its transaction instead.
    pub async fn snap_cancel(&self, token: &SnapToken) -> Result<SnapCanceled, Error> {
        let url = format!("{}/transactions/{}/cancel", self.config.snap_base, token.segment());
        let call = self.call(Method::POST, url, Some(json!({})), &CallOptions::default())?;
        let answer = call
            .ask(|raw| match Answer::parse(&raw)? {
                closed if closed.messages().iter().any(|m| m.contains("already canceled")) => Ok(closed),
                answer => answer.snap(),
            })
            .await?;
        Ok(SnapCanceled::read(&answer.body))
    }

    /// Makes a transaction. Store the idempotency key of `options` first; if the answer is lost all the same
    /// (`Error::is_uncertain`), ask for the status of the order. Without a key, and for Permata, which keeps none, it is
    /// sent once.
    pub async fn charge(&self, request: &ChargeRequest, options: &CallOptions) -> Result<Status, Error> {
        let call = self.post("/v2/charge", request.body(), options)?;
        let call = if request.keeps_keys() { call } else { call.once() };
        answered(&call).await
    }

    /// Where a transaction stands. `Error::NotFound` before the buyer has picked a method on a Snap page.
    pub async fn status(&self, id: &impl Reference) -> Result<Status, Error> {
        let url = format!("{}/v2/{}/status", self.config.core_base, id.segment());
        answered(&self.call(Method::GET, url, None, &CallOptions::default())?).await
    }

    /// Calls off what is not paid. `Error::Forbidden`: ask for the status, it may just have been paid.
    pub async fn cancel(&self, id: &impl Reference) -> Result<Status, Error> {
        self.act(id, "cancel").await
    }

    /// Ends what is not paid in time. The code 407 that comes back is a success.
    pub async fn expire(&self, id: &impl Reference) -> Result<Status, Error> {
        self.act(id, "expire").await
    }

    /// Lets a card payment through that the fraud check has challenged (`FraudStatus::Challenge`).
    pub async fn approve(&self, id: &impl Reference) -> Result<Status, Error> {
        self.act(id, "approve").await
    }

    /// Refuses a card payment that the fraud check has challenged.
    pub async fn deny(&self, id: &impl Reference) -> Result<Status, Error> {
        self.act(id, "deny").await
    }

    /// Takes what a card or GoPay holds for us (`TransactionStatus::Authorize`). `Error::Forbidden`: it is not held, or
    /// was taken by an earlier call whose answer was lost: ask for the status. Without a key it is sent once.
    pub async fn capture(&self, request: &CaptureRequest, options: &CallOptions) -> Result<Status, Error> {
        answered(&self.post("/v2/capture", request.body(), options)?).await
    }

    /// Gives money back; one address for every method that can. The refund key alone names the call, so a lost answer
    /// (`Error::is_uncertain`) is asked for again with the same request and never with a new key.
    pub async fn refund(&self, id: &impl Reference, request: &RefundRequest) -> Result<RefundOutcome, Error> {
        self.give_back(format!("/v2/{}/refund", id.segment()), request).await
    }

    /// The older way, straight to the bank or wallet; for merchants whose account still needs it. HTTP notifications
    /// come only for refunds that succeed.
    pub async fn refund_direct(&self, id: &impl Reference, request: &RefundRequest) -> Result<RefundOutcome, Error> {
        self.give_back(format!("/v2/{}/refund/online/direct", id.segment()), request).await
    }

    /// What our wallets at Midtrans held at the beginning and at the end of a period.
    pub async fn balance_mutation(&self, period: &BalancePeriod) -> Result<BalanceMutation, Error> {
        let url = format!("{}/v1/balance/mutation?{}", self.config.core_base, period.query());
        let call = self.call(Method::GET, url, None, &CallOptions::default())?;
        BalanceMutation::read(call.ask(|raw| Answer::parse(&raw)?.balance()).await?)
    }

    async fn give_back(&self, path: String, request: &RefundRequest) -> Result<RefundOutcome, Error> {
        let url = format!("{}{path}", self.config.core_base);
        let call = self.call(Method::POST, url, Some(request.body()), &CallOptions::default())?;
        call.ask_and_tell(|raw| RefundOutcome::read(Answer::parse(&raw)?)).await?.settled()
    }

    async fn act(&self, id: &impl Reference, act: &str) -> Result<Status, Error> {
        // A second one changes nothing more: it is told that the transaction is over.
        let url = format!("{}/v2/{}/{act}", self.config.core_base, id.segment());
        answered(&self.call(Method::POST, url, Some(json!({})), &CallOptions::default())?).await
    }

    /// Something that must not happen twice: without a key it is sent once.
    fn post(&self, path: &str, body: Value, own: &CallOptions) -> Result<Call, Error> {
        let call = self.call(Method::POST, format!("{}{path}", self.config.core_base), Some(body), own)?;
        Ok(if own.idempotency_key.is_some() { call } else { call.once() })
    }

    fn call(&self, method: Method, url: String, body: Option<Value>, own: &CallOptions) -> Result<Call, Error> {
        let urls = |urls: &Option<NotificationUrls>| urls.as_ref().map(ToString::to_string);
        self.wire
            .call(method, url, body, &self.key)?
            .header("idempotency-key", own.idempotency_key.as_ref().map(IdempotencyKey::as_str))?
            .header("x-append-notification", urls(&own.append_notification).as_deref())?
            .header("x-override-notification", urls(&own.override_notification).as_deref())
    }
}

async fn answered(call: &Call) -> Result<Status, Error> {
    let answer = call.ask(|raw| Answer::parse(&raw)?.core()).await?;
    let status = Status::read(answer.body);
    // 202 is a refusal that names its transaction, or a call that is still running and names none.
    match status.status_code.as_str() {
        "202" if status.transaction_status.as_str().is_empty() => Err(Error::InProgress),
        _ => Ok(status),
    }
}
