//! What the shop relies on in any payment provider: the same story told to each of them.
use chrono::Duration;
use entity::{Rupiah, order::Method, payment_attempt::Model, payment_attempt::State};
use reqwest::Method as Http;
use serde_json::{Value, json};
use warong::payments::{
    attempt::{Details, Line},
    provider::{Charge, Failure, GiveBack, Given, Provider, Sen, Verified},
    status::Seen,
};

use super::desk::{BILL, Memory, transaction_of};
use crate::support::Shop;

/// The buyers of a provider.
trait World {
    /// The buyer pays what an order id asks for.
    async fn pays(&self, order_id: &str);
}

impl World for &Memory {
    async fn pays(&self, order_id: &str) {
        self.becomes(&transaction_of(order_id), |one| one.seen = Seen::Paid);
    }
}

impl World for &Shop {
    async fn pays(&self, order_id: &str) {
        let path = format!("/sandbox/midtrans/bayar/{order_id}");
        self.browser().post_raw(&path, &[("act", "bayar")]).await.is(303);
    }
}

fn attempt(number: i64) -> Model {
    let created_at = crate::support::morning();
    Model {
        id: number,
        subject: format!("till:{number}"),
        provider_order_id: format!("UEP-20261121-{number:04}-1"),
        method: Method::Qris,
        amount: BILL,
        details: Value::Null,
        state: State::Created,
        fetch_seq: 0,
        applied_seq: 0,
        checks: 0,
        doubts: 0,
        reversals: 0,
        next_check_at: None,
        expires_at: created_at + Duration::minutes(15),
        token: None,
        redirect_url: None,
        qr_string: None,
        va_number: None,
        bill_key: None,
        biller_code: None,
        paid_by: None,
        created_at,
        paid_at: None,
        settled: false,
    }
}

fn details() -> Details {
    let line = |id: &str, price| Line { id: id.into(), name: id.into(), price, quantity: 1, maker: None };
    Details {
        lines: vec![line("BESEK-10", Rupiah(250_000)), line("ONGKIR", Rupiah(25_000))],
        name: "Ibu Ratna".into(),
        phone: "081200000003".into(),
        email: None,
        return_url: "/pesanan/x".into(),
    }
}

/// One provider and what was made there.
struct Told<'a, W: World> {
    provider: &'a dyn Provider,
    world: W,
    details: Details,
    made: i64,
}

impl<W: World> Told<'_, W> {
    /// A transaction that waits for its buyer: our order id, and the provider's own.
    async fn waiting(&mut self) -> (Model, String) {
        self.made += 1;
        let row = attempt(self.made);
        let key = format!("key-{}", self.made);
        let opened = self.charge(&row, &key).await.expect("it opens");
        assert!(!opened.show.is_empty(), "the buyer can do something with it");
        let id = self.status(&row.provider_order_id).await.transaction_id;
        assert!(opened.transaction_id.is_none_or(|told| told == id));
        (row, id)
    }

    async fn paid(&mut self) -> (Model, String) {
        let (row, id) = self.waiting().await;
        self.world.pays(&row.provider_order_id).await;
        assert_eq!(self.status(&id).await.seen, Seen::Paid);
        (row, id)
    }

    async fn charge(&self, row: &Model, key: &str) -> Result<warong::payments::provider::Opened, Failure> {
        self.provider.charge(&Charge { attempt: row, details: &self.details }, key).await
    }

    async fn status(&self, id: &str) -> Verified {
        self.provider.status(id).await.expect("an answer")
    }

    async fn gives_back(&self, id: &str, key: &str, amount: i64) -> Given {
        let wish = GiveBack { id, key, amount: Rupiah(amount), reason: "Bambu habis" };
        self.provider.refund(&wish).await.expect("an answer")
    }
}

/// Every promise of [`Provider`], on any of them.
async fn keeps_the_contract(provider: &dyn Provider, world: impl World) {
    let mut told = Told { provider, world, details: details(), made: 0 };
    charges_once(&mut told).await;
    tells_amounts_and_ids_as_given(&mut told).await;
    ends_only_what_waits(&mut told).await;
    gives_back_once_a_key(&mut told).await;
    gives_back_no_more_than_came(&mut told).await;
    reads_no_nonsense(provider);
}

async fn charges_once(told: &mut Told<'_, impl World>) {
    assert_eq!(told.provider.status("UEP-20261121-9999-1").await.err(), Some(Failure::NotFound));
    let (row, id) = told.waiting().await;
    let key = format!("key-{}", told.made);
    let again = told.charge(&row, &key).await.expect("the same answer");
    assert!(again.transaction_id.is_none_or(|told| told == id), "the same key makes nothing new");
    match told.charge(&row, "another-key").await {
        Err(Failure::Duplicate) => {}
        Ok(same) => assert!(same.transaction_id.is_none_or(|told| told == id)),
        Err(other) => panic!("{other}"),
    }
    assert_eq!(told.status(&row.provider_order_id).await.transaction_id, id);
}

async fn tells_amounts_and_ids_as_given(told: &mut Told<'_, impl World>) {
    let (row, id) = told.waiting().await;
    for asked_by in [&row.provider_order_id, &id] {
        let now = told.status(asked_by).await;
        assert_eq!((now.seen, now.transaction_id.as_str()), (Seen::Pending, id.as_str()));
        assert_eq!(now.amount, Sen::of(BILL));
        assert!(now.order_id.is_some_and(|known| known == row.provider_order_id || known == id));
        assert!(now.currency.is_none_or(|currency| currency == "IDR"));
        assert_eq!((now.refunded, now.refunds.len()), (Rupiah::ZERO, 0));
    }
}

async fn ends_only_what_waits(told: &mut Told<'_, impl World>) {
    let (_, id) = told.waiting().await;
    told.provider.expire(&id).await.expect("it ends");
    assert_eq!(told.status(&id).await.seen, Seen::Expired);
    let (row, id) = told.waiting().await;
    told.provider.cancel(&row.provider_order_id).await.expect("it is called off");
    assert_eq!(told.status(&id).await.seen, Seen::Cancelled);
    let (_, id) = told.paid().await;
    assert_eq!(told.provider.expire(&id).await, Err(Failure::TooLate));
    assert_eq!(told.provider.cancel(&id).await, Err(Failure::TooLate));
    assert_eq!(told.status(&id).await.seen, Seen::Paid);
    for ended in [told.provider.expire("nobody").await, told.provider.cancel("nobody").await] {
        assert_eq!(ended, Err(Failure::NotFound));
    }
}

async fn gives_back_once_a_key(told: &mut Told<'_, impl World>) {
    let (_, id) = told.paid().await;
    assert_eq!(told.gives_back(&id, "R-all", BILL.0).await, Given::Accepted);
    assert_eq!(told.gives_back(&id, "R-all", BILL.0).await, Given::Known);
    let now = told.status(&id).await;
    assert_eq!((now.seen, now.refunded), (Seen::Refunded, BILL));
    let keys: Vec<_> = now.refunds.iter().map(|given| (given.key.as_deref(), given.amount)).collect();
    assert_eq!(keys, [(Some("R-all"), BILL)]);
}

async fn gives_back_no_more_than_came(told: &mut Told<'_, impl World>) {
    let (_, waiting) = told.waiting().await;
    assert!(matches!(told.gives_back(&waiting, "R-unpaid", 1_000).await, Given::Denied(_)), "nothing came yet");
    let (_, id) = told.paid().await;
    assert!(matches!(told.gives_back(&id, "R-much", BILL.0 + 1).await, Given::Denied(_)));
    assert_eq!(told.gives_back(&id, "R-1", 100_000).await, Given::Accepted);
    let now = told.status(&id).await;
    assert_eq!((now.seen, now.refunded), (Seen::PartlyRefunded, Rupiah(100_000)));
    assert!(matches!(told.gives_back(&id, "R-2", 175_001).await, Given::Denied(_)), "more than is left");
    assert_eq!(told.gives_back(&id, "R-3", 175_000).await, Given::Accepted);
    let now = told.status(&id).await;
    assert_eq!((now.seen, now.refunded, now.refunds.len()), (Seen::Refunded, BILL, 2));
    assert_eq!(told.gives_back(&id, "R-1", 100_000).await, Given::Known);
    assert_eq!(told.status(&id).await.refunded, BILL);
}

fn reads_no_nonsense(provider: &dyn Provider) {
    for bytes in [&b""[..], b"{}", b"[]", b"null", b"\xff\xfe", b"{\"order_id\":1}"] {
        assert_eq!(provider.read(bytes), None);
        assert!(!provider.is_signed(&json!({}), bytes));
    }
}

#[actix_web::test]
async fn the_provider_in_memory_keeps_it() {
    let memory = Memory::default();
    keeps_the_contract(&memory, &memory).await;
}

#[actix_web::test]
async fn midtrans_keeps_it_however_the_codes_travel() {
    for layer in ["strict-doc", "http-mirrors-body"] {
        let shop = Shop::empty().await;
        let headers = [("content-type", "application/json")];
        let order = json!({ "http": layer }).to_string();
        let set = shop.browser().send(Http::POST, "/sandbox/midtrans/control", Some(order), &headers).await;
        set.is(200);
        keeps_the_contract(shop.app.payments.provider.as_ref(), &shop).await;
        shop.close().await;
    }
}
