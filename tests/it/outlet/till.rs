//! A counter to tell stories at whose payment provider is in memory.
use std::sync::Arc;

use entity::{bill, payment_attempt};
use sea_orm::EntityTrait;
use warong::{
    ledger::Book,
    payments::{attempt, status::Seen},
};

use crate::{
    counter::stand::Stand,
    payments::desk::{KEY, Memory, notice, transaction_of},
    support::{Shop, browser::Seen as Answer},
};

/// A counter whose provider is in memory.
pub struct Till {
    pub stand: Stand,
    pub memory: Arc<Memory>,
}

impl Till {
    pub async fn open() -> Till {
        let memory = Arc::new(Memory::default());
        let shop = Shop::open_with(&[("MIDTRANS_SERVER_KEY", KEY)], Some(memory.clone())).await;
        Till { stand: Stand::at(shop).await, memory }
    }

    /// Bu Siti asks for Rp275.000; says where the bill is.
    pub async fn asks(&mut self) -> String {
        let made = self.stand.tap("/kelola/qris", "/kelola/qris", &[("amount", "275.000"), ("purpose", "Telur")]).await;
        let here = made.is(303).location.clone().expect("the bill");
        self.stand.shop.settle().await;
        here
    }

    pub async fn bill(&self, here: &str) -> bill::Model {
        let id: i64 = here.rsplit('/').next().and_then(|id| id.parse().ok()).expect("a number");
        bill::Entity::find_by_id(id).one(&self.stand.shop.app.db).await.expect("a read").expect("the bill")
    }

    pub async fn attempts(&self, subject: &str) -> Vec<payment_attempt::Model> {
        attempt::of_subject(&self.stand.shop.app.db, subject).await.expect("a read")
    }

    /// The provider has the money of the latest code, and says so when it is asked.
    pub async fn is_paid(&self, subject: &str) -> payment_attempt::Model {
        let row = self.attempts(subject).await.pop().expect("an attempt");
        self.becomes(&row, Seen::Paid);
        row
    }

    pub fn becomes(&self, row: &payment_attempt::Model, seen: Seen) {
        self.memory.becomes(&transaction_of(&row.provider_order_id), |one| one.seen = seen);
    }

    /// A notice arrives and is worked through.
    pub async fn noticed(&self, row: &payment_attempt::Model, word: &str, code: &str) {
        self.posts(notice(row, word, code).to_string()).await.is(200);
        self.stand.shop.settle().await;
    }

    pub async fn posts(&self, body: String) -> Answer {
        let json = [("Content-Type", "application/json")];
        self.stand.shop.browser().send(reqwest::Method::POST, "/midtrans/notifikasi", Some(body), &json).await
    }

    /// What the script is told.
    pub async fn sign(&mut self, here: &str) -> String {
        let seen = self.stand.siti.get(&format!("{here}/keadaan")).await;
        let told: serde_json::Value = serde_json::from_str(&seen.is(200).body).expect("JSON");
        told["sign"].as_str().expect("a sign").to_owned()
    }

    pub async fn taps(&mut self, here: &str, act: &str) -> Answer {
        self.stand.tap(here, &format!("{here}/{act}"), &[]).await
    }

    /// Stands on sales, owed back, at the provider.
    pub async fn books(&self) -> [i64; 3] {
        let outlet = self.stand.outlet.id;
        let sales = self.stand.balance(Book::OwnSales(outlet)).await;
        [sales, self.stand.balance(Book::RefundsDue(outlet)).await, self.stand.balance(Book::Midtrans).await]
    }

    pub async fn close(self) {
        self.stand.adds_up().await;
        self.stand.shop.close().await;
    }
}
