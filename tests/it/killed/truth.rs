//! After all: what the shop believes, beside what is true at the stand-in and on the shelf.
use std::collections::{BTreeMap, HashMap};

use entity::{
    order::{self, Payment, State},
    outbox as work, payment_attempt,
    payment_attempt::State as Attempt,
    payment_refund,
    payment_refund::State as Refund,
    refund_transfer, stock, stock_move,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::Value;
use warong::{
    ledger::{self, Book},
    orders::{method, order as orders, share},
};

use super::village::Placed;
use crate::support::Shop;

/// What was compared, for the report.
#[derive(Debug, Default)]
pub struct Found {
    pub orders: usize,
    pub paid: usize,
    pub attempts: usize,
    pub transactions: usize,
    pub refunds: usize,
    pub mails: usize,
    pub states: BTreeMap<String, usize>,
}

/// A transaction as the stand-in tells it.
struct Told {
    order_id: String,
    word: String,
    gross: i64,
    /// By their keys.
    refunds: Vec<(String, i64)>,
}

impl Told {
    fn read(told: &Value) -> Told {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let refunds = told["refunds"].as_array().map(Vec::as_slice).unwrap_or_default();
        Told {
            order_id: text(&told["order_id"]),
            word: text(&told["transaction_status"]),
            gross: rupiah(&told["gross_amount"]),
            refunds: refunds.iter().map(|one| (text(&one["refund_key"]), rupiah(&one["refund_amount"]))).collect(),
        }
    }

    fn was_paid(&self) -> bool {
        matches!(self.word.as_str(), "settlement" | "partial_refund" | "refund")
    }

    fn returned(&self) -> i64 {
        self.refunds.iter().map(|(_, amount)| amount).sum()
    }
}

fn rupiah(value: &Value) -> i64 {
    let text = value.as_str().expect("an amount");
    text.strip_suffix(".00").expect("whole rupiah").parse().expect("a number")
}

/// All that the stand-in holds to be true.
async fn told(shop: &Shop) -> Vec<Told> {
    let all = shop.browser().get("/sandbox/midtrans/control/transactions").await;
    serde_json::from_str::<Vec<Value>>(&all.body).expect("a list").iter().map(Told::read).collect()
}

/// Every order equals the stand-in's truth, to the rupiah.
pub async fn every_order_is_as_the_stand_in_says(shop: &Shop, found: &mut Found) {
    let db = &shop.app.db;
    let all = told(shop).await;
    let attempts = payment_attempt::Entity::find().all(db).await.expect("attempts");
    let refunds = payment_refund::Entity::find().all(db).await.expect("refunds");
    let orders = order::Entity::find().all(db).await.expect("orders");
    let mut of_reference: HashMap<&str, Vec<&Told>> = HashMap::new();
    for one in &all {
        of_reference.entry(&one.order_id).or_default().push(one);
    }
    (found.orders, found.attempts, found.transactions) = (orders.len(), attempts.len(), all.len());

    for attempt in &attempts {
        let here = of_reference.remove(attempt.provider_order_id.as_str()).unwrap_or_default();
        assert!(here.len() <= 1, "{} was charged {} times", attempt.provider_order_id, here.len());
        let word = here.first().map_or("none", |one| one.word.as_str());
        let expected = match word {
            "settlement" => Attempt::Paid,
            "partial_refund" | "refund" => Attempt::Refunded,
            "expire" | "cancel" | "deny" | "none" => Attempt::Closed,
            other => panic!("{} is {other} at the stand-in after all", attempt.provider_order_id),
        };
        assert_eq!(attempt.state, expected, "{} is {word}", attempt.provider_order_id);
        *found.states.entry(format!("{word}/{:?}", attempt.state)).or_default() += 1;
        if let Some(one) = here.first() {
            assert_eq!(one.gross, attempt.amount.0, "{}", attempt.provider_order_id);
            let mut ours: Vec<(String, i64)> = refunds
                .iter()
                .filter(|row| row.attempt_id == attempt.id && row.state != Refund::Denied)
                .map(|row| (row.refund_key.clone(), row.amount.0))
                .collect();
            let mut theirs = one.refunds.clone();
            ours.sort();
            theirs.sort();
            assert_eq!(ours, theirs, "refunds of {}", attempt.provider_order_id);
            found.refunds += theirs.len();
        }
    }
    assert!(of_reference.is_empty(), "nobody here knows {:?}", of_reference.keys());
    assert!(refunds.iter().all(|row| row.state != Refund::Requested), "a refund was never asked for");

    let by_hand =
        refund_transfer::Entity::find().filter(refund_transfer::Column::State.eq(refund_transfer::State::Sent));
    let sent = by_hand.all(db).await.expect("what was sent by hand");
    let mut held = 0;
    for order in &orders {
        let subject = orders::subject(order.id);
        let mine: Vec<&str> =
            attempts.iter().filter(|a| a.subject == subject).map(|a| a.provider_order_id.as_str()).collect();
        let here: Vec<&Told> = all.iter().filter(|one| mine.contains(&one.order_id.as_str())).collect();
        let came: i64 = here.iter().filter(|one| one.was_paid()).map(|one| one.gross).sum();
        let back: i64 = here.iter().map(|one| one.returned()).sum();
        held += came - back;
        let booked = ledger::balance_of(db, Book::Midtrans, &subject).await.expect("a balance").0;
        assert_eq!(booked, came - back, "order {} in the books", order.id);
        let by_hand: i64 = sent.iter().filter(|row| row.order_id == order.id).map(|row| row.amount.0).sum();
        let is_cash = method::is_cash(order.method);
        let over = matches!(order.state, State::Cancelled | State::Expired);
        let lines = orders::lines(db, order.id).await.expect("lines");
        let asked = if over { 0 } else { share::due(order, &lines).0 };
        let context = format!("order {}: {order:?}, came {came}, back {back}, by hand {by_hand}", order.id);
        if came == 0 && !is_cash {
            assert_eq!(order.payment, Payment::Unpaid, "{context}");
            assert!(over, "it waits for money that cannot come: {context}");
            continue;
        }
        if is_cash && came == 0 {
            continue;
        }
        found.paid += 1;
        assert_eq!(order.refund_due.0, came - back - by_hand - asked, "{context}");
        let expected = match (order.refund_due.0 > 0, over) {
            (true, _) => Payment::RefundDue,
            (false, true) => Payment::Refunded,
            (false, false) => Payment::Paid,
        };
        assert_eq!(order.payment, expected, "{context}");
    }
    assert_eq!(ledger::balance(db, Book::Midtrans).await.expect("a balance").0, held);
    assert_eq!(ledger::balance(db, Book::Surplus).await.expect("a balance").0, 0);
    assert_eq!(at_midtrans(shop).await, held, "the merchant's balance at the stand-in");
}

/// What lies in the merchant's wallet for payments, as the balance mutation tells it.
async fn at_midtrans(shop: &Shop) -> i64 {
    let key: Value = serde_json::from_str(&shop.browser().get("/sandbox/midtrans/key").await.body).expect("keys");
    let url = format!("{}/sandbox/midtrans/v1/balance/mutation", shop.base);
    let end = (shop.clock.now() + chrono::Duration::days(1)).to_rfc3339();
    let query = [("currency", "IDR"), ("start_time", "2020-01-01T00:00:00Z"), ("end_time", &end)];
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
    let request = reqwest::Client::new()
        .get(format!("{url}?{query}"))
        .basic_auth(key["server_key"].as_str().expect("a key"), Some(""));
    let told: Value =
        serde_json::from_str(&request.send().await.expect("an answer").text().await.expect("text")).expect("JSON");
    let wallets = told["wallets"].as_array().unwrap_or_else(|| panic!("{told}"));
    let payin = wallets.iter().find(|wallet| wallet["source"] == "payin").expect("the wallet");
    let closing = payin["closing_balance_overall"].to_string();
    closing.strip_suffix(".0").unwrap_or(&closing).parse().expect("whole rupiah")
}

/// One key, one order; and who was answered finds theirs.
pub async fn nobody_ordered_twice(shop: &Shop, placed: &[Placed]) {
    let orders = order::Entity::find().all(&shop.app.db).await.expect("orders");
    let mut of_phone: HashMap<&str, Vec<&order::Model>> = HashMap::new();
    for order in &orders {
        of_phone.entry(&order.buyer_phone).or_default().push(order);
    }
    for one in placed {
        let phone = warong::form::phone(&one.phone).expect("a phone");
        let theirs = of_phone.remove(phone.as_str()).unwrap_or_default();
        match &one.url {
            Some(url) => {
                assert_eq!(theirs.len(), 1, "{phone}");
                assert_eq!(&orders::url(theirs[0]), url, "{phone}");
            }
            None => assert!(theirs.len() <= 1, "{phone} ordered {} times", theirs.len()),
        }
    }
    assert!(of_phone.is_empty(), "orders of nobody");
}

/// On the shelf and handed over is what was brought.
pub async fn no_piece_is_lost(shop: &Shop, brought: i64) {
    let db = &shop.app.db;
    let moves = stock_move::Entity::find().all(db).await.expect("moves");
    let sold: i64 = moves.iter().filter(|one| one.kind == stock_move::Kind::Sold).map(|one| -one.quantity).sum();
    let returned: i64 = moves.iter().filter(|one| one.kind == stock_move::Kind::Returned).map(|one| one.quantity).sum();
    let shelf = stock::Entity::find().all(db).await.expect("the shelf");
    let on_hand: i64 = shelf.iter().map(|row| row.on_hand).sum();
    assert_eq!(on_hand + sold - returned, brought, "on hand {on_hand}, sold {sold}, returned {returned}");
}

/// Every letter that was promised lies in the folder, whole, once: sent twice it is the same file.
pub async fn every_letter_is_there_once(shop: &Shop, found: &mut Found) {
    let rows = work::Entity::find().all(&shop.app.db).await.expect("the outbox");
    assert!(rows.iter().all(|row| row.done_at.is_some()), "work was left in the outbox");
    let promised = rows.iter().filter(|row| row.kind == "mail.send").count();
    let folder = shop.app.config.mail_folder();
    let files: Vec<_> =
        std::fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path()).collect();
    assert_eq!(files.len(), promised);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a letter");
        assert!(text.contains("Message-ID:") && text.contains("/pesanan/"), "{}", file.display());
    }
    found.mails = promised;
}
