//! Makes the calls.
use std::fmt;

use chrono::NaiveDate;
use reqwest::{Method, header::HeaderValue};
use serde_json::{Value, json};

use super::super::reference::{Reference, escaped};
use super::super::wire::{Wire, authorization};
use super::super::{Error, Sen, lenient};
use super::answer::{judge, list, pong, unreadable};
use super::{
    Account, AccountHolder, Alias, Beneficiary, NewBeneficiary, NewPayout, Otp, Payout, PayoutBank, PayoutKey,
    PayoutReference, PayoutsConfig, QueuedPayout, StatementLine,
};

/// How a bank says that it knows no such account; a bank that does not exist is told in other words.
const NO_ACCOUNT: &str = "Account does not exist";

/// A connection to Payouts, with a key for each of the two who must agree. Cheap to clone. Give it to code that acts for
/// a person only after that person has been checked: the client cannot tell who is asking.
#[derive(Clone)]
pub struct Payouts {
    wire: Wire,
    config: PayoutsConfig,
    creator: HeaderValue,
    approver: HeaderValue,
}

impl fmt::Debug for Payouts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payouts").field("config", &self.config).finish_non_exhaustive()
    }
}

impl Payouts {
    /// Prepares the connection; calls nobody yet. Each try has 5 s to connect and 20 s in all.
    pub fn new(config: PayoutsConfig) -> Result<Self, Error> {
        Ok(Self {
            wire: Wire::new(config.is_plain())?,
            creator: authorization(config.keys.creator.expose())?,
            approver: authorization(config.keys.approver.expose())?,
            config,
        })
    }

    /// The settings it was made with.
    pub fn config(&self) -> &PayoutsConfig {
        &self.config
    }

    /// Whether anybody is there.
    pub async fn ping(&self) -> Result<(), Error> {
        let call = self.wire.call(Method::GET, self.url("/ping"), None, &self.creator)?;
        call.ask(|raw| pong(&raw)).await
    }

    /// What can still be paid out.
    pub async fn balance(&self) -> Result<Sen, Error> {
        let body = self.get("/balance").await?;
        lenient::text(&body, "balance").as_deref().and_then(Sen::parse).ok_or_else(|| unreadable(&body))
    }

    /// Banks and wallets that take payouts.
    pub async fn banks(&self) -> Result<Vec<PayoutBank>, Error> {
        let body = self.get("/beneficiary_banks").await?;
        Ok(list(&body, "beneficiary_banks")?.iter().filter_map(PayoutBank::read).collect())
    }

    /// Whose account this is; `None` when the bank knows no such account. `Error::Validation` for an unknown bank.
    pub async fn validate_account(&self, account: &Account) -> Result<Option<AccountHolder>, Error> {
        let (bank, number) = (escaped(account.bank().as_str()), escaped(account.number()));
        match self.get(&format!("/account_validation?bank={bank}&account={number}")).await {
            Ok(body) => AccountHolder::read(&body).map(Some),
            Err(Error::Validation { messages }) if messages.iter().any(|m| m.contains(NO_ACCOUNT)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Everybody who is saved.
    pub async fn beneficiaries(&self) -> Result<Vec<Beneficiary>, Error> {
        let body = self.get("/beneficiaries").await?;
        Ok(list(&body, "beneficiaries")?.iter().map(Beneficiary::read).collect())
    }

    /// Saves somebody. `Error::Duplicate` when the alias or the account is saved already.
    pub async fn create_beneficiary(&self, new: &NewBeneficiary, key: &PayoutKey) -> Result<(), Error> {
        self.act(Method::POST, "/beneficiaries", new.body(), &self.creator, key).await.map(drop)
    }

    /// Changes somebody who is saved as `alias`; their alias may change, too. `Error::NotFound` for an unknown one.
    pub async fn update_beneficiary(&self, alias: &Alias, new: &NewBeneficiary, key: &PayoutKey) -> Result<(), Error> {
        let path = format!("/beneficiaries/{}", alias.segment());
        self.act(Method::PATCH, &path, new.body(), &self.creator, key).await.map(drop)
    }

    /// Asks for payouts, as the creator; nothing moves before they are approved. They come back in the order they were
    /// asked for; if fewer come back, find out which before anything else is asked for. One payout a call is the easiest
    /// to keep books of. After a lost answer (`Error::is_uncertain`): the same list with the same key, within a day.
    pub async fn create(&self, payouts: &[NewPayout], key: &PayoutKey) -> Result<Vec<QueuedPayout>, Error> {
        let bodies: Vec<Value> = payouts.iter().map(NewPayout::body).collect();
        if bodies.is_empty() {
            return Err(Error::Validation { messages: vec!["there is no payout to ask for".into()] });
        }
        let body = self.act(Method::POST, "/payouts", json!({"payouts": bodies}), &self.creator, key).await?;
        let queued: Option<Vec<QueuedPayout>> = list(&body, "payouts")?.iter().map(QueuedPayout::read).collect();
        queued.filter(|queued| !queued.is_empty()).ok_or_else(|| unreadable(&body))
    }

    /// Releases payouts, as the approver; `otp` where the account asks for one. After a lost answer: the same with the
    /// same key, then `status`.
    pub async fn approve(
        &self,
        references: &[PayoutReference],
        otp: Option<&Otp>,
        key: &PayoutKey,
    ) -> Result<(), Error> {
        let mut body = json!({"reference_nos": some(references)?});
        if let Some(otp) = otp {
            body["otp"] = otp.expose().into();
        }
        self.act(Method::POST, "/payouts/approve", body, &self.approver, key).await.map(drop)
    }

    /// Refuses payouts, as the approver. One reason for all of them, which the creator sees.
    pub async fn reject(&self, references: &[PayoutReference], reason: &str, key: &PayoutKey) -> Result<(), Error> {
        let body = json!({"reference_nos": some(references)?, "reject_reason": reason});
        self.act(Method::POST, "/payouts/reject", body, &self.approver, key).await.map(drop)
    }

    /// Where a payout stands.
    pub async fn status(&self, reference: &PayoutReference) -> Result<Payout, Error> {
        Payout::read(self.get(&format!("/payouts/{}", reference.segment())).await?)
    }

    /// What went in and out, both days included. Midtrans tells at most one month, and nothing older than six.
    pub async fn statements(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<StatementLine>, Error> {
        // A GET with a body, as the Node client sends it.
        let body = json!({"from_date": from.to_string(), "to_date": to.to_string()});
        let call = self.wire.call(Method::GET, self.url("/statements"), Some(body), &self.creator)?;
        let body = call.ask(|raw| judge(&raw)).await?;
        Ok(list(&body, "statements")?.iter().map(StatementLine::read).collect())
    }

    async fn get(&self, path: &str) -> Result<Value, Error> {
        let call = self.wire.call(Method::GET, self.url(path), None, &self.creator)?;
        call.ask(|raw| judge(&raw)).await
    }

    async fn act(
        &self,
        method: Method,
        path: &str,
        body: Value,
        who: &HeaderValue,
        key: &PayoutKey,
    ) -> Result<Value, Error> {
        let call = self.wire.call(method, self.url(path), Some(body), who)?;
        call.header("x-idempotency-key", Some(key.as_str()))?.ask(|raw| judge(&raw)).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.base)
    }
}

fn some(references: &[PayoutReference]) -> Result<&[PayoutReference], Error> {
    match references {
        [] => Err(Error::Validation { messages: vec!["there is no payout to decide on".into()] }),
        references => Ok(references),
    }
}
