//! Money over the counter by QRIS: green only when the provider itself says so, and nothing twice.
use std::sync::Arc;

use chrono::Duration;
use entity::{
    bill::{self, State},
    history,
    payment_attempt::{self, State as Attempt},
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use warong::{
    ledger::Book,
    payments::{attempt, provider::Failure, status::Seen},
};

use crate::{
    counter::stand::Stand,
    payments::desk::{BILL, KEY, Memory, notice, transaction_of},
    support::{
        Shop,
        browser::Seen as Answer,
        people::{Cast, SATI},
    },
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

#[actix_web::test]
async fn the_sign_is_green_only_after_the_provider_itself_says_settlement() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let page = till.stand.siti.get(&here).await;
    page.says("Rp275.000").says("Telur").says("Menunggu pembayaran").says("Foto bukti dari pembeli bukan uang");
    page.says("<path stroke=\"#000\"");
    let row = till.attempts("bill:1").await.pop().expect("an attempt");

    // Forged: the signature is somebody else's. Then truly signed, while the provider still says pending.
    let mut forged = notice(&row, "settlement", "200");
    forged["signature_key"] = "0".repeat(128).into();
    till.posts(forged.to_string()).await.is(403);
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "waiting");
    till.noticed(&row, "settlement", "200").await;
    assert_eq!(till.sign(&here).await, "waiting");
    assert!(!till.stand.siti.get(&here).await.says("id=\"lunas\" role=\"alert\" hidden").body.contains("Diterima"));
    assert_eq!((till.bill(&here).await.state, till.books().await), (State::Open, [0, 0, 0]));

    till.becomes(&row, Seen::Paid);
    for _ in 0..2 {
        let mut body = notice(&row, "settlement", "200");
        body["custom_field1"] = warong::secret::short_token().into();
        till.posts(body.to_string()).await.is(200);
        till.stand.shop.settle().await;
    }
    assert_eq!(till.sign(&here).await, "paid");
    let page = till.stand.siti.get(&here).await;
    page.says("LUNAS").says("Diterima Sabtu, 21 November 2026, 10.00 WIB");
    assert!(!page.body.contains("id=\"lunas\" role=\"alert\" hidden") && !page.body.contains("/cek"));
    assert_eq!(till.bill(&here).await.sold, BILL);
    assert_eq!(till.books().await, [-275_000, 0, 275_000]);
    let list = till.stand.siti.get("/kelola/qris").await;
    list.says("Lunas hari ini").says("Rp275.000").says("Telur");
    till.stand.siti.get("/kelola").await.says("Rp275.000");
    let verbs: Vec<String> = history::Entity::find()
        .filter(history::Column::Subject.eq("bill"))
        .order_by_asc(history::Column::Id)
        .all(&till.stand.shop.app.db)
        .await
        .expect("a read")
        .into_iter()
        .map(|row| row.verb)
        .collect();
    assert_eq!(verbs, ["made", "paid"]);
    till.close().await;
}

#[actix_web::test]
async fn without_script_the_button_asks_and_says_what_was_answered() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.taps(&here, "cek").await.is(303);
    till.stand.siti.get(&here).await.says("belum ada uang masuk").says("Menunggu pembayaran");
    // No answer is no payment, whatever the buyer shows.
    till.is_paid("bill:1").await;
    till.memory.fails("status", Failure::Lost("timeout".into()));
    till.taps(&here, "cek").await.is(303);
    let page = till.stand.siti.get(&here).await;
    page.says("Belum pasti: penyedia belum menjawab");
    assert_eq!((till.sign(&here).await, till.bill(&here).await.state), ("waiting".into(), State::Open));
    till.taps(&here, "cek").await.is(303);
    till.stand.shop.settle().await;
    till.stand.siti.get(&here).await.says("LUNAS");
    till.close().await;
}

#[actix_web::test]
async fn money_that_is_not_booked_yet_is_said_so_and_is_not_green() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.is_paid("bill:1").await;
    till.taps(&here, "cek").await.is(303);
    // The worker has not come round.
    assert_eq!(till.sign(&here).await, "booking");
    till.stand.siti.get(&here).await.says("sedang dicatat");
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "paid");
    till.close().await;
}

#[actix_web::test]
async fn an_ended_code_is_followed_by_a_new_one_and_late_money_for_the_old_one_is_owed_back() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let first = till.attempts("bill:1").await.pop().expect("an attempt");
    till.stand.shop.clock.advance(Duration::minutes(16));
    assert_eq!(till.sign(&here).await, "unsure");
    let page = till.stand.siti.get(&here).await;
    assert!(!page.says("Belum pasti").body.contains("stroke=\"#000\""), "an old code is not shown");
    till.becomes(&first, Seen::Expired);
    till.noticed(&first, "expire", "202").await;
    assert_eq!(till.sign(&here).await, "ended");

    let page = till.stand.siti.get(&here).await;
    let action = format!("{here}/kode");
    for _ in 0..2 {
        till.stand.siti.fill(&page, &action, &[]).await.is(303);
        till.stand.shop.settle().await;
    }
    let attempts = till.attempts("bill:1").await;
    assert_eq!(attempts.iter().map(|row| row.state).collect::<Vec<_>>(), [Attempt::Closed, Attempt::Pending]);
    // The first code was paid after all: that money pays nothing, and the second code goes on.
    till.becomes(&first, Seen::Paid);
    till.noticed(&first, "settlement", "200").await;
    assert_eq!(till.sign(&here).await, "waiting");
    assert_eq!(till.books().await, [0, -275_000, 275_000]);
    till.stand.siti.get(&here).await.says("harus dikembalikan");
    till.stand.adds_up().await;
    let second = till.is_paid("bill:1").await;
    till.noticed(&second, "settlement", "200").await;
    assert_eq!((till.sign(&here).await, till.books().await), ("paid".into(), [-275_000, -275_000, 550_000]));
    till.stand.siti.get("/kelola/qris").await.says("Uang yang harus dikembalikan");

    // It goes back the way it came, once.
    let page = till.stand.siti.get(&here).await;
    let action = format!("{here}/pengembalian");
    for _ in 0..2 {
        till.stand.siti.fill(&page, &action, &[]).await.is(303);
    }
    till.stand.siti.get(&here).await.says("sedang dikembalikan lewat QRIS");
    till.stand.shop.settle().await;
    assert_eq!((till.bill(&here).await.refund_due.0, till.books().await), (0, [-275_000, 0, 275_000]));
    assert_eq!((till.bill(&here).await.state, till.memory.called("refund")), (State::Paid, 1));
    till.close().await;
}

#[actix_web::test]
async fn money_that_comes_too_late_for_the_only_code_ends_the_bill_and_is_owed_back() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let row = till.attempts("bill:1").await.pop().expect("an attempt");
    till.becomes(&row, Seen::Expired);
    till.noticed(&row, "expire", "202").await;
    till.becomes(&row, Seen::Paid);
    till.noticed(&row, "settlement", "200").await;
    assert_eq!((till.bill(&here).await.state, till.sign(&here).await), (State::Cancelled, "over".into()));
    assert_eq!(till.books().await, [0, -275_000, 275_000]);

    // Sent by hand: with a reference, and no reference twice.
    let back = format!("{here}/kembali");
    till.stand.tap(&here, &back, &[("reference", " ")]).await.is(422).says("Harap diisi");
    till.stand.tap(&here, &back, &[("reference", "BRI 77")]).await.is(303);
    assert_eq!(till.books().await, [0, 0, 275_000]);
    assert_eq!(till.stand.balance(Book::Bank(till.stand.outlet.id)).await, -275_000);
    assert!(!till.stand.siti.get(&here).await.body.contains("harus dikembalikan"));
    till.close().await;
}

#[actix_web::test]
async fn a_bill_that_is_called_off_in_the_moment_it_is_paid_is_paid() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.is_paid("bill:1").await;
    till.taps(&here, "batal").await.is(303);
    till.stand.siti.get(&here).await.says("baru saja dibayar");
    till.stand.shop.settle().await;
    assert_eq!((till.bill(&here).await.state, till.sign(&here).await), (State::Paid, "paid".into()));
    assert_eq!(till.books().await, [-275_000, 0, 275_000]);
    till.close().await;
}

#[actix_web::test]
async fn a_bill_is_called_off_only_when_its_code_is_closed_for_sure() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    till.memory.fails("status", Failure::Lost("timeout".into()));
    till.taps(&here, "batal").await.is(303);
    till.stand.siti.get(&here).await.says("Belum pasti apakah kode ini dibayar");
    assert_eq!(till.bill(&here).await.state, State::Open);
    let page = till.stand.siti.get(&here).await;
    let action = format!("{here}/batal");
    for _ in 0..2 {
        till.stand.siti.fill(&page, &action, &[]).await.is(303);
        till.stand.shop.settle().await;
    }
    assert_eq!((till.bill(&here).await.state, till.sign(&here).await), (State::Cancelled, "over".into()));
    let row = till.attempts("bill:1").await.pop().expect("an attempt");
    assert_eq!(row.state, Attempt::Closed);
    // Neither a new code nor a second end.
    till.stand.siti.post_raw(&format!("{here}/kode"), &hidden(&page, &action)).await.is(303);
    till.stand.siti.get(&here).await.says("Tagihan ini sudah selesai");
    till.becomes(&row, Seen::Paid);
    till.noticed(&row, "settlement", "200").await;
    assert_eq!((till.books().await, till.sign(&here).await), ([0, -275_000, 275_000], "over".into()));
    till.close().await;
}

fn hidden<'a>(page: &Answer, action: &str) -> Vec<(&'a str, &'a str)> {
    let leak = |text: String| -> &'a str { text.leak() };
    page.hidden(action).into_iter().filter(|(name, _)| name == "csrf").map(|(n, v)| (leak(n), leak(v))).collect()
}

#[actix_web::test]
async fn money_that_the_bank_takes_back_takes_the_green_away() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let row = till.is_paid("bill:1").await;
    till.noticed(&row, "settlement", "200").await;
    till.becomes(&row, Seen::Denied);
    till.noticed(&row, "deny", "202").await;
    assert_eq!((till.sign(&here).await, till.books().await), ("taken_back".into(), [0, 0, 0]));
    assert_eq!((till.bill(&here).await.state, till.bill(&here).await.sold.0), (State::Open, 0));
    till.stand.siti.get(&here).await.says("Uang ditarik kembali oleh bank");
    till.taps(&here, "kode").await.is(303);
    till.stand.shop.settle().await;
    let again = till.is_paid("bill:1").await;
    till.noticed(&again, "settlement", "200").await;
    assert_eq!((till.sign(&here).await, till.books().await), ("paid".into(), [-275_000, 0, 275_000]));
    till.close().await;
}

#[actix_web::test]
async fn a_sale_that_the_provider_gave_back_is_no_sale() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let row = till.is_paid("bill:1").await;
    till.noticed(&row, "settlement", "200").await;
    for (refunded, seen, state, books) in [
        (75_000, Seen::PartlyRefunded, State::Paid, [-200_000, 0, 200_000]),
        (275_000, Seen::Refunded, State::Cancelled, [0, 0, 0]),
    ] {
        till.memory.becomes(&transaction_of(&row.provider_order_id), |one| {
            one.refunded = entity::Rupiah(refunded);
            one.seen = seen;
        });
        let word = if refunded == 275_000 { "refund" } else { "partial_refund" };
        till.noticed(&row, word, "200").await;
        assert_eq!((till.bill(&here).await.state, till.books().await), (state, books));
        till.stand.adds_up().await;
    }
    till.close().await;
}

#[actix_web::test]
async fn an_amount_that_cannot_be_paid_comes_back_as_typed() {
    let mut till = Till::open().await;
    for (typed, sentence) in [
        ("", "Harap diisi"),
        ("0", "Paling sedikit Rp1"),
        ("-5000", "Tulis rupiah dengan angka saja"),
        ("10.000.001", "Paling banyak Rp10.000.000"),
        ("dua ribu", "Tulis rupiah dengan angka saja"),
        ("1e5", "Tulis rupiah dengan angka saja"),
    ] {
        let fields = [("amount", typed), ("purpose", "Minyak 2 L")];
        let seen = till.stand.tap("/kelola/qris", "/kelola/qris", &fields).await;
        seen.is(422).says(sentence).says("value=\"Minyak 2 L\"").says(&format!("value=\"{typed}\""));
    }
    let long = "x".repeat(51);
    let seen = till.stand.tap("/kelola/qris", "/kelola/qris", &[("amount", "5.000"), ("purpose", &long)]).await;
    seen.is(422).says("Terlalu panjang");
    assert_eq!(bill::Entity::find().count(&till.stand.shop.app.db).await.expect("a count"), 0);
    let most = till.stand.tap("/kelola/qris", "/kelola/qris", &[("amount", "Rp10.000.000")]).await;
    assert_eq!(till.bill(most.is(303).location.as_deref().expect("a bill")).await.amount.0, 10_000_000);
    till.stand.shop.settle().await;
    till.close().await;
}

#[actix_web::test]
async fn a_double_tap_makes_one_bill_and_one_code() {
    let mut till = Till::open().await;
    let page = till.stand.siti.get("/kelola/qris").await;
    let mut other = till.stand.siti.clone();
    let typed = [("amount", "275000")];
    let (first, second) =
        tokio::join!(till.stand.siti.fill(&page, "/kelola/qris", &typed), other.fill(&page, "/kelola/qris", &typed));
    assert_eq!((first.is(303).location.clone(), second.is(303).status), (second.location.clone(), 303));
    till.stand.siti.fill(&page, "/kelola/qris", &[("amount", "99")]).await.is(409);
    till.stand.shop.settle().await;
    let db = &till.stand.shop.app.db;
    assert_eq!(bill::Entity::find().count(db).await.expect("a count"), 1);
    assert_eq!((till.attempts("bill:1").await.len(), till.memory.called("charge")), (1, 1));
    till.close().await;
}

#[actix_web::test]
async fn a_bill_is_nobody_elses() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let pages = [here.clone(), format!("{here}/keadaan"), "/kelola/qris/999".into(), "/kelola/qris/x".into()];
    for path in &pages {
        till.stand.stranger.get(path).await.is(404);
        let seen = till.stand.shop.browser().get(path).await;
        assert!(matches!(seen.status, 303 | 404), "{path}: {}", seen.status);
        assert!(!seen.body.contains("275.000"));
    }
    let page = till.stand.stranger.get("/kelola/qris").await;
    assert!(!page.is(200).body.contains("Telur"));
    let csrf = hidden(&page, "/kelola/qris");
    for act in ["cek", "kode", "batal", "pengembalian", "kembali"] {
        let fields = [&csrf[..], &[("reference", "x")]].concat();
        till.stand.stranger.post_raw(&format!("{here}/{act}"), &fields).await.is(404);
    }
    assert_eq!(till.sign(&here).await, "waiting");
    till.close().await;

    let shop = Shop::empty().await;
    Cast::of(&shop).await;
    let mut sati = shop.signed_in(SATI).await;
    for path in ["/kelola/qris", "/kelola/qris/1", "/kelola/qris/1/keadaan", "/kelola/pesanan/1/qris"] {
        sati.get(path).await.is(403);
        let guest = shop.browser().get(path).await;
        assert!(guest.is(303).location.as_deref().is_some_and(|to| to.starts_with("/masuk")), "{path}");
    }
    shop.close().await;
}

#[actix_web::test]
async fn while_the_provider_is_away_there_is_no_code_and_no_money() {
    let mut till = Till::open().await;
    for _ in 0..2 {
        till.memory.fails("charge", Failure::Lost("no route".into()));
    }
    let here = till.asks().await;
    assert_eq!(till.sign(&here).await, "making");
    till.memory.fails("status", Failure::Lost("no route".into()));
    till.taps(&here, "cek").await.is(303);
    till.stand.siti.get(&here).await.says("Belum pasti").says("belum ada kode, jadi belum ada uang");
    till.stand.shop.clock.advance(Duration::minutes(2));
    till.stand.shop.settle().await;
    till.stand.shop.clock.advance(Duration::minutes(5));
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "waiting");
    till.close().await;
}

#[actix_web::test]
async fn a_broken_code_is_not_shown_and_another_can_be_made() {
    let mut till = Till::open().await;
    *till.memory.code.lock().expect("a lock") = Some("00020101021263041234".into());
    let here = till.asks().await;
    assert_eq!(till.sign(&here).await, "no_code");
    till.stand.siti.get(&here).await.says("Kode ini tidak bisa ditampilkan");
    till.stand.siti.get("/kelola/uang").await.says("its QRIS code is not shown");
    *till.memory.code.lock().expect("a lock") = None;
    till.taps(&here, "kode").await.is(303);
    till.stand.shop.settle().await;
    assert_eq!(till.sign(&here).await, "waiting");
    till.close().await;
}

#[actix_web::test]
async fn a_screen_that_looks_too_often_is_slowed_down() {
    let mut till = Till::open().await;
    let here = till.asks().await;
    let mut status = 200;
    for _ in 0..130 {
        status = till.stand.siti.get(&format!("{here}/keadaan")).await.status;
        if status != 200 {
            break;
        }
    }
    assert_eq!(status, 429);
    till.close().await;
}
