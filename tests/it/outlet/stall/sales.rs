//! What a till sold, and what was odd about it.
use chrono::Duration;
use entity::{Rupiah, item, sale_conflict::Kind, stock_move};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use warong::ledger::Book;

use super::{SUGAR, Stall};
use crate::outlet::field::handset::{post, token};

#[actix_web::test]
async fn a_basket_of_rice_and_sugar_is_in_the_books_once_however_often_it_is_told() {
    let stall = Stall::open().await;
    let (rice, outlet) = (stall.granary.rice, stall.granary.stand.outlet.id);
    let event = stall.sells(&[stall.line(rice, 2_350), stall.line(stall.sugar, 2)]);
    let first = stall.verdict(&event).await;
    assert_eq!(first["verdict"], "accepted", "{first}");
    for _ in 0..4 {
        assert_eq!(stall.verdict(&event).await, first);
    }
    // Rp13.000 for 2.35 kg is Rp30.550: the buyer pays Rp30.500.
    assert_eq!(stall.drawer().await, 30_500 + 2 * SUGAR);
    assert_eq!(stall.granary.worth().await, (97_650, 1_171_800));
    assert_eq!(stall.granary.books(Book::OwnSales(outlet)).await, -(30_500 + 2 * SUGAR));
    assert_eq!(stall.granary.books(Book::CostOfGoods(outlet)).await, 28_200 + 32_000);
    assert_eq!(stall.sales().await.len(), 1);
    assert_eq!(stall.odd().await, []);
    let receipt = first["answer"]["receipt"].as_str().expect("where the receipt is");
    let mut buyer = stall.granary.stand.shop.browser();
    let page = buyer.get(receipt).await;
    assert!(page.is(200).body.contains("Rp30.500"), "{}", page.body);
    assert!(page.body.contains("2,35 kg"), "{}", page.body);
    stall.close().await;
}

#[actix_web::test]
async fn a_batch_told_by_eight_at_once_is_sold_once() {
    let stall = Stall::open().await;
    let events: Vec<_> = (0..6).map(|n| stall.sells(&[stall.line(stall.granary.rice, 1_000 + n)])).collect();
    let (body, browser) = {
        let till = stall.in_hand();
        (json!({ "device": till.id, "now": till.clock(), "events": events }).to_string(), till.browser.clone())
    };
    let token = token(&mut browser.clone()).await;
    let told = join_all((0..8).map(|_| {
        let (mut browser, body, token) = (browser.clone(), body.clone(), token.clone());
        async move { post(&mut browser, "/api/v1/sync", &token, &body).await.is(200).body.clone() }
    }))
    .await;
    assert!(told.iter().all(|one| one.matches("\"accepted\"").count() == 6), "{told:?}");
    assert_eq!(stall.sales().await.len(), 6);
    assert_eq!(stall.granary.worth().await.0, 100_000 - 6_015);
    stall.close().await;
}

#[actix_web::test]
async fn what_cannot_be_booked_waits_for_a_person_and_nothing_is_half_done() {
    let stall = Stall::open().await;
    let good = stall.sale(&[stall.line(stall.sugar, 1)]);
    let with = |path: &str, value: serde_json::Value| {
        let mut body = good.clone();
        *body.pointer_mut(path).expect("a field") = value;
        body
    };
    let mut no_slip = good.clone();
    no_slip["tenders"] = json!([{ "by": "bansos", "amount": SUGAR }]);
    let mut no_member = good.clone();
    no_member["tenders"] = json!([{ "by": "account", "amount": SUGAR }]);
    let mut no_bill = good.clone();
    no_bill["tenders"] = json!([{ "by": "qris", "amount": SUGAR, "bill": 4711 }]);
    let held = [
        (with("/lines/0/item", json!(999_999)), "kasir.unknown_goods"),
        (with("/lines/0/amount", json!(SUGAR - 500)), "kasir.sums"),
        (with("/total", json!(SUGAR + 500)), "kasir.total"),
        (with("/tenders/0/amount", json!(SUGAR - 1)), "kasir.total"),
        (no_slip, "kasir.no_reference"),
        (no_member, "kasir.no_member"),
        (no_bill, "kasir.bill_unpaid"),
    ];
    for (body, reason) in held {
        let told = stall.verdict(&stall.records("sale", &body)).await;
        assert_eq!((told["verdict"].as_str(), told["reason"].as_str()), (Some("held"), Some(reason)), "{told}");
    }
    let mut cheap = good.clone();
    cheap["lines"][0]["price"] = json!(1_000);
    cheap["lines"][0]["amount"] = json!(1_000);
    cheap["tenders"][0]["amount"] = json!(1_000);
    cheap["total"] = json!(1_000);
    let told = stall.verdict(&stall.records("sale", &cheap)).await;
    assert_eq!(told["reason"], "kasir.never_posted", "{told}");
    for body in [
        with("/lines/0/quantity", json!(0)),
        with("/lines/0/quantity", json!(-3)),
        with("/lines/0/quantity", json!(10_000_001)),
        with("/lines", json!([])),
        with("/tenders", json!([])),
        with("/total", json!(-5)),
        with("/shift", json!("")),
    ] {
        let told = stall.verdict(&stall.records("sale", &body)).await;
        assert_eq!(told["verdict"], "refused", "{told}");
    }
    assert_eq!(stall.sales().await.len(), 0);
    assert_eq!(stall.granary.worth().await.0, 100_000);
    stall.close().await;
}

#[actix_web::test]
async fn a_sale_that_was_held_is_booked_when_a_person_says_so() {
    let stall = Stall::open().await;
    let mut cheap = stall.sale(&[stall.line(stall.sugar, 1)]);
    for path in ["/lines/0/price", "/lines/0/amount", "/tenders/0/amount", "/total"] {
        *cheap.pointer_mut(path).expect("a field") = json!(15_000);
    }
    let event = stall.records("sale", &cheap);
    assert_eq!(stall.verdict(&event).await["verdict"], "held");
    let mut siti = stall.granary.stand.siti.clone();
    let page = "/kelola/perangkat/tertahan";
    siti.get(page).await.is(200).says("tidak pernah dipasang");
    let id = event_row(&stall, event["id"].as_str().expect("an id")).await;
    let held = siti.get(page).await;
    siti.fill(&held, &format!("{page}/{id}/terima"), &[]).await.is(303);
    let sales = stall.sales().await;
    assert_eq!(sales.len(), 1);
    assert_eq!(stall.odd().await.first().map(|(kind, _)| *kind), Some(Kind::OldPrice));
    assert_eq!(stall.verdict(&event).await["verdict"], "held");
    assert_eq!(stall.sales().await.len(), 1);
    stall.close().await;
}

/// The row of an event.
pub async fn event_row(stall: &Stall, event_id: &str) -> i64 {
    use entity::device_event::{Column, Entity};
    let found = Entity::find().filter(Column::EventId.eq(event_id)).one(&stall.granary.stand.shop.app.db).await;
    found.expect("a read").expect("the event").id
}

#[actix_web::test]
async fn more_than_the_books_had_is_sold_all_the_same_and_a_person_looks_at_it() {
    let stall = Stall::open().await;
    let told = stall.verdict(&stall.sells(&[stall.line(stall.granary.rice, 101_500)])).await;
    assert_eq!(told["verdict"], "accepted", "{told}");
    let odd = stall.odd().await;
    assert_eq!(odd.len(), 1);
    assert_eq!((odd[0].0, odd[0].1["missing"].as_i64()), (Kind::BelowZero, Some(1_500)));
    assert_eq!(stall.granary.worth().await, (0, 0));
    let mut siti = stall.granary.stand.siti.clone();
    siti.get("/kelola/kasir/beda").await.is(200).says("1,5 kg lebih banyak daripada catatan stok");
    let id = {
        let all = entity::sale_conflict::Entity::find().all(&stall.granary.stand.shop.app.db).await.expect("a read");
        all[0].id
    };
    let here = format!("/kelola/kasir/beda/{id}");
    let page = siti.get("/kelola/kasir/beda").await;
    siti.fill(&page, &here, &[("note", "karung belum dicatat")]).await.is(303);
    siti.get("/kelola/kasir/beda").await.is(200).says("Tidak ada yang aneh");
    let mut stranger = stall.granary.stand.shop.browser();
    stranger.get("/kelola/kasir/beda").await.is(303);
    stall.close().await;
}

#[actix_web::test]
async fn what_expired_is_not_what_was_sold() {
    let stall = Stall::open().await;
    let mut soon = stall.granary.of(5_000, 60_000, stall.granary.today());
    soon.lines[0].expires_on = Some(stall.granary.today() + Duration::days(2));
    stall.granary.buys(&soon).await.expect("rice that must go");
    let told = stall.verdict(&stall.sells(&[stall.line(stall.granary.rice, 3_000)])).await;
    assert_eq!(told["verdict"], "accepted");
    let db = &stall.granary.stand.shop.app.db;
    let moves = stock_move::Entity::find().filter(stock_move::Column::Kind.eq(stock_move::Kind::Sold)).all(db).await;
    let lot_id = moves.expect("a read")[0].lot_id.expect("a lot");
    let lot = entity::lot::Entity::find_by_id(lot_id).one(db).await.expect("a read").expect("the lot");
    assert_eq!((lot.expires_on.is_some(), lot.remaining), (true, 2_000), "what expires first goes first");
    stall.advance(Duration::days(3));
    // 100 kg that keep, and 2 kg that are past their day.
    let told = stall.verdict(&stall.sells(&[stall.line(stall.granary.rice, 101_000)])).await;
    assert_eq!(told["verdict"], "accepted");
    assert_eq!(stall.odd().await.last().map(|(kind, _)| *kind), Some(Kind::Expired));
    let lot = entity::lot::Entity::find_by_id(lot_id).one(db).await.expect("a read").expect("the lot");
    assert_eq!(lot.remaining, 2_000, "it lies there still");
    stall.close().await;
}

#[actix_web::test]
async fn an_old_price_is_booked_and_named_and_one_above_the_ceiling_too() {
    let stall = Stall::open().await;
    let db = &stall.granary.stand.shop.app.db;
    let post = async |item_id: i64, price: i64, days_ago: i64| {
        let row = entity::posted_price::ActiveModel {
            item_id: Set(item_id),
            price: Set(Rupiah(price)),
            posted_at: Set(stall.granary.stand.shop.clock.now() - Duration::days(days_ago)),
            ..Default::default()
        };
        entity::posted_price::Entity::insert(row).exec(db).await.expect("a price");
        let change = item::ActiveModel { id: Set(item_id), price: Set(Rupiah(price)), ..Default::default() };
        item::Entity::update(change).exec(db).await.expect("a price");
    };
    post(stall.sugar, SUGAR, 30).await;
    post(stall.sugar, SUGAR + 500, 1).await;
    let told = stall.verdict(&stall.sells(&[stall.line(stall.sugar, 1)])).await;
    assert_eq!(told["verdict"], "accepted", "{told}");
    assert_eq!(stall.odd().await.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::OldPrice]);
    // Sold two days ago, when it was the price: nothing is odd.
    let late = {
        let mut till = stall.in_hand();
        till.waits(-Duration::days(2));
        let event = till.records("sale", &stall_sale(&stall.shift, stall.sugar));
        till.waits(Duration::days(2));
        event
    };
    assert_eq!(stall.verdict(&late).await["verdict"], "accepted");
    assert_eq!(stall.odd().await.len(), 1);
    // Medium rice may cost Rp13.500 a kilogram in Java.
    post(stall.granary.rice, 14_000, 1).await;
    let mut dear = stall.sale(&[stall.line(stall.granary.rice, 1_000)]);
    for path in ["/lines/0/price", "/lines/0/amount", "/tenders/0/amount", "/total"] {
        *dear.pointer_mut(path).expect("a field") = json!(14_000);
    }
    assert_eq!(stall.verdict(&stall.records("sale", &dear)).await["verdict"], "accepted");
    let odd = stall.odd().await;
    let (kind, detail) = odd.last().expect("something odd");
    assert_eq!((*kind, detail["most"].as_i64()), (Kind::AboveCeiling, Some(13_500)));
    stall.close().await;
}

fn stall_sale(shift: &str, item: i64) -> serde_json::Value {
    let line = json!({ "item": item, "quantity": 1, "price": SUGAR, "amount": SUGAR, "price_of": "posted" });
    json!({ "shift": shift, "number": "K1-9999", "lines": [line],
        "tenders": [{ "by": "cash", "amount": SUGAR }], "total": SUGAR })
}

#[actix_web::test]
async fn paid_in_parts_each_part_lies_where_it_was_paid_to() {
    let stall = Stall::open().await;
    let outlet = stall.granary.stand.outlet.id;
    let db = &stall.granary.stand.shop.app.db;
    let member = entity::member::ActiveModel {
        outlet_id: Set(outlet),
        name: Set("Bu Rahma".into()),
        account_limit: Set(Rupiah(5_000)),
        joined_at: Set(stall.granary.stand.shop.clock.now()),
        ..Default::default()
    };
    let member = entity::member::Entity::insert(member).exec(db).await.expect("a member").last_insert_id;
    let mut body = stall.sale(&[stall.line(stall.sugar, 1)]);
    body["member"] = json!(member);
    body["tenders"] = json!([
        { "by": "cash", "amount": 5_500, "received": 10_000 },
        { "by": "bansos", "amount": 6_000, "reference": "TRX 0042" },
        { "by": "account", "amount": 6_000 },
    ]);
    assert_eq!(stall.verdict(&stall.records("sale", &body)).await["verdict"], "accepted");
    assert_eq!(stall.drawer().await, 5_500);
    assert_eq!(stall.granary.books(Book::Edc(outlet)).await, 6_000);
    assert_eq!(stall.granary.books(Book::Member(member)).await, 6_000);
    let odd = stall.odd().await;
    assert_eq!((odd[0].0, odd[0].1["owes"].as_i64()), (Kind::Limit, Some(6_000)), "Rp1.000 above what was allowed");
    stall.close().await;
}

#[actix_web::test]
async fn a_basket_that_a_household_made_pays_it_and_one_that_is_not_there_waits() {
    let stall = Stall::open().await;
    let (basket, stand) = (stall.granary.stand.basket, &stall.granary.stand);
    let price = item::Entity::find_by_id(basket).one(&stand.shop.app.db).await.expect("a read").expect("it").price.0;
    let there = stand.available(basket).await;
    let line =
        |n: i64| json!({ "item": basket, "quantity": n, "price": price, "amount": price * n, "price_of": "posted" });
    let told = stall.verdict(&stall.sells(&[line(1), stall.line(stall.sugar, 1)])).await;
    assert_eq!(told["verdict"], "accepted", "{told}");
    assert_eq!(stall.drawer().await, price + SUGAR);
    assert_eq!(stand.available(basket).await, there - 1);
    let earned = entity::earning::Entity::find().all(&stand.shop.app.db).await.expect("a read");
    assert_eq!(earned.iter().filter(|row| row.subject.starts_with("sale:")).count(), 1);
    let told = stall.verdict(&stall.sells(&[line(there + 5), stall.line(stall.sugar, 1)])).await;
    assert_eq!((told["verdict"].as_str(), told["reason"].as_str()), (Some("held"), Some("sale.not_enough")), "{told}");
    assert_eq!(stall.drawer().await, price + SUGAR, "and nothing of it is in the books");
    stall.close().await;
}

#[actix_web::test]
async fn another_outlets_shift_goods_and_phone_do_not_exist_here() {
    let stall = Stall::open().await;
    let mut other =
        crate::outlet::field::handset::Handset::of(&stall.granary.stand, stall.granary.stand.stranger.clone()).await;
    let theirs = other.records("sale", &stall.sale(&[stall.line(stall.sugar, 1)]));
    assert_eq!(other.verdict(&theirs).await["reason"], "kasir.unknown_goods");
    let own = stall.sells(&[stall.line(stall.sugar, 1)]);
    assert_eq!(stall.verdict(&own).await["verdict"], "held", "the shift began at the other outlet");
    let mut crafter = stall.granary.stand.shop.browser();
    let answer = post(&mut crafter, "/api/v1/sync", "x", "{}").await;
    assert_eq!(answer.status, 401, "{}", answer.body);
    stall.close().await;
}
