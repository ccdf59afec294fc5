//! Orders paid in two parts: whatever comes, late, twice, too little or too much, ends somewhere, and the books add up.
use entity::order::{Method, Model, Payment, State};
use warong::{
    ledger::Book,
    orders::{order as orders, settle},
    payments::attempt,
};

use super::trader::Trader;

async fn stands(trader: &Trader, order: &Model) -> (State, Payment, i64, i64) {
    trader.stand.adds_up().await;
    let order = trader.stand.docket(order).await.order;
    (order.state, order.payment, order.part_paid.0, order.refund_due.0)
}

async fn deposits(trader: &Trader) -> i64 {
    -trader.stand.balance(Book::Deposits(trader.stand.outlet.id)).await
}

#[actix_web::test]
async fn deposit_work_balance_and_delivery() {
    let mut trader = Trader::agreed().await;
    let order = trader.ordered(Method::Transfer).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    // Nothing is packed before the deposit.
    let page = trader.stand.siti.get(&here).await;
    assert!(!page.body.contains("/kemas\""));
    trader.stand.tap(&here, &format!("{here}/lunas"), &[]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 114_000, 0));
    assert_eq!(deposits(&trader).await, 114_000);
    // The page of the deposit was still open with somebody else: it does not book the balance.
    let csrf = page.hidden(&format!("{here}/lunas"));
    let again: Vec<(&str, &str)> =
        csrf.iter().filter(|(name, _)| name == "csrf").map(|(a, b)| (a.as_str(), b.as_str())).collect();
    trader.stand.siti.post_raw(&format!("{here}/lunas"), &again).await.is(409).says("Pelunasannya belum diminta");
    trader.stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = trader.stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    trader.stand.tap(&send, &send, &[("courier", "KM Dharma")]).await.is(409).says("Belum lunas");
    trader.stand.siti.get("/kelola/pesanan?perlu=kirim").await.says("Toko Rimba");
    trader.asks_balance(&order).await;
    let ask = format!("{here}/pelunasan");
    trader.stand.tap(&ask, &ask, &[("days", "7")]).await.is(409);
    trader.stand.tap(&ask, &ask, &[("days", "0")]).await.is(422);
    let mut buyer = trader.stand.shop.browser();
    buyer.get(&orders::url(&order)).await.says("Menunggu pelunasan").says("Rp266.000");
    trader.stand.tap(&here, &format!("{here}/lunas"), &[]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 0, 0));
    assert_eq!(deposits(&trader).await, 380_000);
    trader.stand.tap(&send, &send, &[("courier", "KM Dharma")]).await.is(303);
    trader.stand.tap(&here, &format!("{here}/paket/{parcel}/sampai"), &[]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Completed, Payment::Paid, 0, 0));
    assert_eq!(deposits(&trader).await, 0);
    // Ten baskets at Rp26.000: 76 % is their maker's.
    assert_eq!(trader.stand.balance(Book::Crafter(trader.stand.crafter_id)).await, -197_600);
    assert_eq!(trader.stand.balance(Book::Shipping(trader.stand.outlet.id)).await, -120_000);
    trader.stand.close().await;
}

#[actix_web::test]
async fn both_parts_come_by_qris_and_each_is_asked_for_by_its_own_code() {
    let mut trader = Trader::agreed().await;
    let order = trader.ordered(Method::Qris).await;
    let subject = orders::subject(order.id);
    let app = trader.stand.shop.app.clone();
    trader.stand.shop.settle().await;
    let first = attempt::current(&app.db, &subject).await.expect("read").expect("an attempt");
    assert_eq!(first.amount.0, 114_000);
    pay_at_stand_in(&trader, first.id).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 114_000, 0));
    trader.asks_balance(&order).await;
    let at = orders::url(&order);
    let mut buyer = trader.stand.shop.browser();
    let page = buyer.get(&at).await;
    buyer.fill(&page, &format!("{at}/bayar"), &[("bayar", "qris")]).await.is(303);
    trader.stand.shop.settle().await;
    let second = attempt::current(&app.db, &subject).await.expect("read").expect("an attempt");
    assert_ne!(second.id, first.id);
    assert_eq!(second.amount.0, 266_000);
    // The code ran out; the day has not. Another one is opened.
    trader.stand.shop.clock.advance(chrono::Duration::hours(1));
    trader.stand.shop.settle().await;
    let page = buyer.get(&at).await;
    buyer.fill(&page, &format!("{at}/bayar"), &[("bayar", "qris")]).await.is(303);
    trader.stand.shop.settle().await;
    let third = attempt::current(&app.db, &subject).await.expect("read").expect("an attempt");
    pay_at_stand_in(&trader, third.id).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 0, 0));
    assert_eq!(warong::orders::matching::differences(&app.db).await.expect("read"), []);
    trader.stand.close().await;
}

/// The buyer pays the code of an attempt, and the news comes in.
async fn pay_at_stand_in(trader: &Trader, attempt_id: i64) {
    let db = &trader.stand.shop.app.db;
    let id = attempt::transaction_of(db, attempt_id).await.expect("read").expect("a transaction");
    let path = format!("/sandbox/midtrans/bayar/{id}");
    trader.stand.shop.browser().post_raw(&path, &[("act", "bayar")]).await.is(303);
    trader.stand.shop.settle().await;
}

#[actix_web::test]
async fn a_deposit_that_does_not_come_ends_the_order_and_one_that_comes_late_opens_it_again() {
    let trader = Trader::agreed().await;
    let order = trader.ordered(Method::Transfer).await;
    // A transfer in the shop has a day; a deposit has the days of its quote.
    trader.stand.shop.clock.advance(chrono::Duration::hours(70));
    trader.stand.shop.settle().await;
    assert_eq!(stands(&trader, &order).await.0, State::Placed);
    trader.stand.shop.clock.advance(chrono::Duration::hours(3));
    trader.stand.shop.settle().await;
    assert_eq!(stands(&trader, &order).await, (State::Expired, Payment::Unpaid, 0, 0));
    assert_eq!(trader.stand.available(trader.stand.basket).await, 10);
    trader.comes(&order, "late", 114_000).await;
    trader.comes(&order, "late", 114_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 114_000, 0));
    assert_eq!(trader.stand.available(trader.stand.basket).await, 0);
    // Where the goods are gone by then, it is owed back.
    trader.stand.brings(trader.stand.basket, 10).await;
    let other = trader.ordered(Method::Transfer).await;
    trader.stand.shop.clock.advance(chrono::Duration::hours(73));
    trader.stand.shop.settle().await;
    trader.stand.paid(&[(trader.stand.basket, 5)]).await;
    trader.comes(&other, "late", 114_000).await;
    assert_eq!(stands(&trader, &other).await, (State::Expired, Payment::RefundDue, 0, 114_000));
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_balance_that_does_not_come_lapses_and_is_asked_anew() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    trader.asks_balance(&order).await;
    trader.stand.shop.clock.advance(chrono::Duration::days(8));
    trader.stand.shop.settle().await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 114_000, 0));
    let now = trader.stand.docket(&order).await.order;
    assert_eq!((now.balance_asked_at, now.pay_by), (None, None));
    trader.stand.siti.get(&format!("/kelola/pesanan/{}", order.id)).await.says("tidak datang sampai batas waktunya");
    // The goods stay promised meanwhile.
    assert_eq!(trader.stand.available(trader.stand.basket).await, 0);
    // It comes after all, unasked; or it is asked anew.
    trader.asks_balance(&order).await;
    trader.comes(&order, "balance", 266_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 0, 0));
    trader.stand.close().await;
}

#[actix_web::test]
async fn too_little_waits_for_a_person_and_too_much_counts_or_goes_back() {
    let trader = Trader::agreed().await;
    let order = trader.ordered(Method::Transfer).await;
    trader.comes(&order, "a", 113_999).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Unpaid, 0, 0));
    assert_eq!(trader.stand.balance(Book::Surplus).await, -113_999);
    // More than the deposit counts towards the balance.
    trader.comes(&order, "b", 150_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 150_000, 0));
    assert_eq!(trader.stand.docket(&order).await.asked().0, 230_000);
    // The deposit once more, by an old code: it counts too.
    trader.comes(&order, "c", 114_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 264_000, 0));
    trader.comes(&order, "d", 120_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::RefundDue, 0, 4_000));
    assert_eq!(deposits(&trader).await, 380_000);
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_balance_paid_twice_goes_back_and_the_order_goes_on() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    trader.asks_balance(&order).await;
    trader.comes(&order, "one", 266_000).await;
    trader.comes(&order, "two", 266_000).await;
    trader.comes(&order, "two", 266_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::RefundDue, 0, 266_000));
    trader.stand.sends_back(&order, "TRX-1").await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 0, 0));
    trader.stand.close().await;
}

#[actix_web::test]
async fn called_off_by_the_outlet_all_of_the_deposit_goes_back() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    let cancel = format!("/kelola/pesanan/{}/batal", order.id);
    trader.stand.tap(&cancel, &cancel, &[("reason", "Bambu habis")]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Cancelled, Payment::RefundDue, 0, 114_000));
    assert_eq!(trader.stand.available(trader.stand.basket).await, 10);
    trader.stand.sends_back(&order, "TRX-2").await;
    assert_eq!(stands(&trader, &order).await, (State::Cancelled, Payment::Refunded, 0, 0));
    // The balance comes all the same: owed back.
    trader.comes(&order, "late", 266_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Cancelled, Payment::RefundDue, 0, 266_000));
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_buyer_who_steps_back_leaves_what_was_agreed() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let back = format!("{here}/mundur");
    trader.stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    trader.stand.tap(&back, &back, &[]).await.is(422);
    trader.stand.tap(&back, &back, &[("reason", "Toko tutup")]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Cancelled, Payment::RefundDue, 0, 57_000));
    assert_eq!(trader.stand.balance(Book::KeptDeposits(trader.stand.outlet.id)).await, -57_000);
    assert_eq!((deposits(&trader).await, trader.stand.available(trader.stand.basket).await), (0, 10));
    // Once more, from a page that was open.
    trader.stand.tap(&back, &back, &[("reason", "Toko tutup")]).await.is(409);
    // After the balance the rule is the same: only of the deposit something is kept.
    let other = trader.begun().await;
    trader.asks_balance(&other).await;
    trader.comes(&other, "balance", 266_000).await;
    let back = format!("/kelola/pesanan/{}/mundur", other.id);
    trader.stand.tap(&back, &back, &[("reason", "Toko tutup")]).await.is(303);
    assert_eq!(stands(&trader, &other).await, (State::Cancelled, Payment::RefundDue, 0, 323_000));
    // Before the deposit there is nothing to keep.
    let third = trader.ordered(Method::Transfer).await;
    let back = format!("/kelola/pesanan/{}/mundur", third.id);
    trader.stand.tap(&back, &back, &[("reason", "Toko tutup")]).await.is(409);
    trader.stand.close().await;
}

#[actix_web::test]
async fn pieces_that_fall_short_lower_the_balance_and_only_then_go_back() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    let line = trader.stand.docket(&order).await.lines[0].id;
    let short = format!("/kelola/pesanan/{}/barang/{line}/kurang", order.id);
    trader.stand.tap(&short, &short, &[("pieces", "2"), ("reason", "Pecah")]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 114_000, 0));
    assert_eq!(trader.stand.docket(&order).await.asked().0, 214_000);
    // Not while the buyer is being asked another sum.
    trader.asks_balance(&order).await;
    trader.stand.tap(&short, &short, &[("pieces", "1"), ("reason", "Pecah")]).await.is(409);
    trader.stand.shop.clock.advance(chrono::Duration::days(8));
    trader.stand.shop.settle().await;
    // So few are left that the deposit is more than all of it: 26.000 + 120.000.
    let mut terms = trader.terms(vec![warong::wholesale::quote::Line {
        item_id: trader.stand.cage,
        quantity: 10,
        unit_price: entity::Rupiah(65_000),
    }]);
    terms.deposit = warong::wholesale::quote::Deposit::Percent(60);
    let quote = trader.quoted_with(&terms).await;
    let other = trader.accepts(&quote.row, Method::Transfer).await;
    trader.comes(&other, "deposit", 462_000).await;
    let line = trader.stand.docket(&other).await.lines[0].id;
    let short = format!("/kelola/pesanan/{}/barang/{line}/kurang", other.id);
    trader.stand.tap(&short, &short, &[("pieces", "8"), ("reason", "Pembuat sakit")]).await.is(303);
    assert_eq!(stands(&trader, &other).await, (State::Placed, Payment::RefundDue, 0, 212_000));
    trader.stand.sends_back(&other, "TRX-3").await;
    assert_eq!(stands(&trader, &other).await, (State::Placed, Payment::Paid, 0, 0));
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_bank_that_takes_a_part_back_leaves_the_other() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    trader.asks_balance(&order).await;
    trader.comes(&order, "balance", 266_000).await;
    reversed(&trader, &order, "balance", 266_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 114_000, 0));
    trader.asks_balance(&order).await;
    trader.comes(&order, "again", 266_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 0, 0));
    // The deposit itself: nothing stands, and it is asked for anew for a while.
    let trader = Trader::agreed().await;
    let order = trader.begun().await;
    reversed(&trader, &order, "deposit", 114_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Unpaid, 0, 0));
    trader.comes(&order, "again", 114_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 114_000, 0));
    trader.stand.close().await;
}

#[actix_web::test]
async fn what_left_and_comes_back_after_its_money_was_taken_adds_up() {
    let mut trader = Trader::agreed().await;
    let order = trader.begun().await;
    trader.asks_balance(&order).await;
    trader.comes(&order, "balance", 266_000).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    let line = trader.stand.docket(&order).await.lines[0].id;
    trader
        .stand
        .tap(&format!("{here}/paket"), &format!("{here}/paket"), &[(&format!("pieces_{line}"), "4")])
        .await
        .is(303);
    let parcel = trader.stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    trader.stand.tap(&send, &send, &[("courier", "KM Dharma")]).await.is(303);
    // Six baskets, Rp156.000, are still here when the bank takes the deposit back.
    reversed(&trader, &order, "deposit", 114_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 42_000, 0));
    let back = format!("{here}/paket/{parcel}/balik");
    trader.stand.tap(&back, &back, &[("reason", "Ditolak")]).await.is(303);
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::PartPaid, 266_000, 0));
    trader.asks_balance(&order).await;
    trader.comes(&order, "again", 114_000).await;
    assert_eq!(stands(&trader, &order).await, (State::Placed, Payment::Paid, 0, 0));
    trader.stand.close().await;
}

async fn reversed(trader: &Trader, order: &Model, event: &str, amount: i64) {
    let tx = trader.stand.begin().await;
    settle::reversed(&tx, &trader.stand.shop.clock, order.id, event, entity::Rupiah(amount)).await.expect("reversed");
    tx.commit().await.expect("it stands");
}
