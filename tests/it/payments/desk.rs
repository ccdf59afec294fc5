//! A payment provider in memory, a shop that uses it, and notices signed like real ones.
use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::Duration;
use entity::{
    Rupiah, history,
    order::Method,
    outbox, payment_attempt,
    payment_attempt::{Model, State},
    payment_inbox,
};
use reqwest::Method as Http;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use warong::{
    db,
    gateway::{
        midtrans::{ServerKey, signature},
        qris::{Account, Extra, Merchant},
    },
    payments::{
        attempt::{self, Details},
        midtrans,
        provider::{Charge, Failure, GiveBack, Given, Instructions, Notice, Opened, Provider, Returned, Sen, Verified},
        status::Seen,
    },
};

use crate::support::{Shop, browser::Seen as Answer};

pub const KEY: &str = "SB-Mid-server-TESTKEY00000000000000000";
pub const SUBJECT: &str = "till:1";
pub const BILL: Rupiah = Rupiah(275_000);

/// Says what it is told to say.
#[derive(Default)]
pub struct Memory {
    pub transactions: Mutex<BTreeMap<String, Verified>>,
    /// Failures to answer the next calls of a kind with.
    pub failing: Mutex<BTreeMap<&'static str, VecDeque<Failure>>>,
    pub calls: Mutex<Vec<String>>,
    /// A QRIS code to answer with in place of a sound one.
    pub code: Mutex<Option<String>>,
    /// By which key each order id was charged.
    pub keys: Mutex<BTreeMap<String, String>>,
    /// Nobody answers.
    pub away: AtomicBool,
    /// What was told of transactions, in the order it was told.
    pub answers: Mutex<Vec<Verified>>,
}

impl Memory {
    pub fn fails(&self, call: &'static str, failure: Failure) {
        self.failing.lock().expect("a lock").entry(call).or_default().push_back(failure);
    }

    pub fn called(&self, call: &str) -> usize {
        self.calls.lock().expect("a lock").iter().filter(|made| made.starts_with(call)).count()
    }

    fn note(&self, call: &'static str, what: &str) -> Result<(), Failure> {
        self.calls.lock().expect("a lock").push(format!("{call} {what}"));
        if self.away.load(Ordering::SeqCst) {
            return Err(Failure::Lost("nobody answers".into()));
        }
        match self.failing.lock().expect("a lock").get_mut(call).and_then(VecDeque::pop_front) {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }

    fn find(&self, id: &str) -> Option<Verified> {
        let all = self.transactions.lock().expect("a lock");
        let by_order = || all.values().find(|one| one.order_id.as_deref() == Some(id));
        all.get(id).or_else(by_order).cloned()
    }

    /// Changes what the provider says of a transaction.
    pub fn becomes(&self, transaction_id: &str, change: impl FnOnce(&mut Verified)) {
        change(self.transactions.lock().expect("a lock").get_mut(transaction_id).expect("a known transaction"));
    }

    /// Makes a transaction that nobody asked for through us.
    pub fn has(&self, transaction: Verified) {
        self.transactions.lock().expect("a lock").insert(transaction.transaction_id.clone(), transaction);
    }

    fn end(&self, id: &str, seen: Seen) -> Result<(), Failure> {
        let found = self.find(id).ok_or(Failure::NotFound)?;
        if found.seen != Seen::Pending {
            return Err(Failure::TooLate);
        }
        self.becomes(&found.transaction_id, |one| one.seen = seen);
        Ok(())
    }
}

/// A transaction as the provider would tell of it.
pub fn transaction(transaction_id: &str, order_id: &str, seen: Seen, amount: Rupiah) -> Verified {
    Verified {
        transaction_id: transaction_id.into(),
        order_id: Some(order_id.into()),
        seen,
        word: format!("{seen:?}").to_lowercase(),
        fraud: None,
        amount: Sen::of(amount),
        fee: None,
        currency: Some("IDR".into()),
        merchant_id: None,
        issuer: None,
        acquirer: None,
        settled_at: None,
        refunded: Rupiah::ZERO,
        refunds: Vec::new(),
        show: Instructions::default(),
        raw: json!({ "transaction_id": transaction_id }),
    }
}

#[async_trait::async_trait]
impl Provider for Memory {
    async fn charge(&self, charge: &Charge<'_>, key: &str) -> Result<Opened, Failure> {
        let order = &charge.attempt.provider_order_id;
        let id = transaction_of(order);
        self.note("charge", &format!("{order} {key}"))?;
        let known = self.find(order).is_some();
        let mut keys = self.keys.lock().expect("a lock");
        if known && keys.get(order).is_none_or(|first| first != key) {
            return Err(Failure::Duplicate);
        }
        keys.insert(order.clone(), key.to_owned());
        if !known {
            self.has(transaction(&id, order, Seen::Pending, charge.attempt.amount));
        }
        let told = self.code.lock().expect("a lock").clone();
        let code = told.unwrap_or_else(|| code_of(order, charge.attempt.amount));
        let show = Instructions { qr_string: Some(code), ..Instructions::default() };
        Ok(Opened { transaction_id: Some(id), show })
    }

    async fn status(&self, id: &str) -> Result<Verified, Failure> {
        self.note("status", id)?;
        let found = self.find(id).ok_or(Failure::NotFound)?;
        self.answers.lock().expect("a lock").push(found.clone());
        Ok(found)
    }

    async fn cancel(&self, id: &str) -> Result<(), Failure> {
        self.note("cancel", id)?;
        self.end(id, Seen::Cancelled)
    }

    async fn refund(&self, wish: &GiveBack<'_>) -> Result<Given, Failure> {
        let found = self.find(wish.id).ok_or(Failure::NotFound)?;
        let known = found.refunds.iter().any(|given| given.key.as_deref() == Some(wish.key));
        let is_paid = matches!(found.seen, Seen::Paid | Seen::PartlyRefunded);
        let fits = Sen::of(found.refunded + wish.amount) <= found.amount;
        if !(known || is_paid && fits) {
            self.note("refund", wish.key)?;
            return Ok(Given::Denied("not paid, or more than was paid".into()));
        }
        if !known {
            let whole = found.amount == Sen::of(found.refunded + wish.amount);
            self.becomes(&found.transaction_id, |one| {
                one.refunded += wish.amount;
                one.seen = if whole { Seen::Refunded } else { Seen::PartlyRefunded };
                one.refunds.push(Returned { key: Some(wish.key.into()), amount: wish.amount, confirmed: false });
            });
        }
        // A failure noted here comes after the money is on its way: the answer is lost, not the refund.
        self.note("refund", wish.key)?;
        Ok(if known { Given::Known } else { Given::Accepted })
    }

    async fn expire(&self, id: &str) -> Result<(), Failure> {
        self.note("expire", id)?;
        self.end(id, Seen::Expired)
    }

    fn read(&self, bytes: &[u8]) -> Option<Notice> {
        midtrans::notice(bytes)
    }

    fn is_signed(&self, _headers: &Value, bytes: &[u8]) -> bool {
        midtrans::is_signed(&[ServerKey::new(KEY)], bytes)
    }
}

/// The transaction that the provider in memory makes for an order id.
pub fn transaction_of(order_id: &str) -> String {
    format!("tx-{order_id}")
}

/// The QRIS code of a charge.
pub fn code_of(order_id: &str, amount: Rupiah) -> String {
    let account = Account { tag: 26, guid: "COM.EXAMPLE.WWW".into(), pan: None, merchant_id: None, criteria: None };
    let merchant = Merchant {
        accounts: vec![account],
        category: "5411".into(),
        name: "E-WARONG UEP DEMO".into(),
        city: "JEMBER".into(),
        postcode: None,
    };
    let extra = Extra { reference: Some(order_id.into()), ..Extra::default() };
    merchant.asking(amount, &extra).expect("a code").to_string()
}

/// A shop whose provider is in memory.
pub struct Desk {
    pub shop: Shop,
    pub memory: Arc<Memory>,
}

impl Desk {
    pub async fn open() -> Desk {
        let memory = Arc::new(Memory::default());
        let shop = Shop::open_with(&[("MIDTRANS_SERVER_KEY", KEY)], Some(memory.clone())).await;
        Desk { shop, memory }
    }

    /// An attempt whose charge is asked for but not made yet.
    pub async fn asked(&self) -> Model {
        self.asked_for(SUBJECT, Method::Qris).await
    }

    pub async fn asked_for(&self, subject: &str, method: Method) -> Model {
        let tx = db::begin(&self.shop.app.db).await.expect("a transaction");
        let until = self.shop.clock.now() + Duration::minutes(15);
        let details = Details { name: "Ibu Ratna".into(), phone: "081200000003".into(), ..Details::default() };
        let row = attempt::open(&tx, &self.shop.clock, subject, method, BILL, until, &details).await.expect("it opens");
        tx.commit().await.expect("it commits");
        row
    }

    /// An attempt that waits for its buyer.
    pub async fn waiting(&self) -> Model {
        let row = self.asked().await;
        self.shop.settle().await;
        let row = self.now(row.id).await;
        assert_eq!(row.state, State::Pending);
        row
    }

    /// The provider has the money.
    pub fn is_paid(&self, row: &Model) {
        self.becomes(row, Seen::Paid);
    }

    pub fn becomes(&self, row: &Model, seen: Seen) {
        self.memory.becomes(&transaction_of(&row.provider_order_id), |one| one.seen = seen);
    }

    pub async fn now(&self, id: i64) -> Model {
        payment_attempt::Entity::find_by_id(id).one(&self.shop.app.db).await.expect("a read").expect("the attempt")
    }

    pub async fn state(&self, row: &Model) -> State {
        self.now(row.id).await.state
    }

    /// What was told to the floors above, in order, without the jobs.
    pub async fn told(&self) -> Vec<String> {
        let rows = outbox::Entity::find()
            .filter(outbox::Column::Kind.is_not_in(["payment.charge", "payment.inbox"]))
            .order_by_asc(outbox::Column::Id)
            .all(&self.shop.app.db)
            .await
            .expect("a read");
        rows.into_iter().map(|row| row.kind.trim_start_matches("payment.").to_owned()).collect()
    }

    /// What the record says of an attempt.
    pub async fn record(&self, row: &Model) -> Vec<String> {
        let rows = history::Entity::find()
            .filter(history::Column::Subject.eq("payment_attempt"))
            .filter(history::Column::SubjectId.eq(row.id))
            .order_by_asc(history::Column::Id)
            .all(&self.shop.app.db)
            .await
            .expect("a read");
        rows.into_iter().map(|row| row.verb).collect()
    }

    pub async fn inbox(&self) -> Vec<payment_inbox::Model> {
        payment_inbox::Entity::find().all(&self.shop.app.db).await.expect("a read")
    }

    /// The outcome of the only notice there is.
    pub async fn outcome(&self) -> String {
        let rows = self.inbox().await;
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows[0].outcome.clone().unwrap_or_default()
    }

    pub async fn post(&self, body: impl Into<String>) -> Answer {
        let json = [("Content-Type", "application/json"), ("User-Agent", "Veritrans")];
        let mut midtrans = self.shop.browser();
        midtrans.send(Http::POST, "/midtrans/notifikasi", Some(body.into()), &json).await
    }

    /// A notice about an attempt as Midtrans would send it now, delivered and worked through.
    pub async fn notified(&self, row: &Model, word: &str, code: &str) {
        self.post(notice(row, word, code).to_string()).await.is(200);
        self.shop.settle().await;
    }
}

/// A notice with a good signature.
pub fn notice(row: &Model, word: &str, code: &str) -> Value {
    notice_of(&row.provider_order_id, &transaction_of(&row.provider_order_id), word, code)
}

pub fn notice_of(order_id: &str, transaction_id: &str, word: &str, code: &str) -> Value {
    let gross = format!("{}.00", BILL.0);
    json!({
        "order_id": order_id,
        "transaction_id": transaction_id,
        "status_code": code,
        "gross_amount": gross,
        "currency": "IDR",
        "transaction_status": word,
        "payment_type": "qris",
        "signature_key": signature(order_id, code, &gross, &ServerKey::new(KEY)),
    })
}
