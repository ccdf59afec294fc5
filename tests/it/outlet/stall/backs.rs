//! Goods that come back to a till, and sales that are undone.
use std::collections::BTreeMap;

use chrono::Duration;
use entity::{Rupiah, till_return};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use warong::{
    ledger::Book,
    outlet::{cost, count},
};

use super::{SUGAR, Stall, sales::event_row};

fn back(stall: &Stall, sale: &Value, lines: Value, amount: i64) -> Value {
    let body = json!({ "shift": stall.shift, "sale": sale["id"], "lines": lines, "by": "cash", "amount": amount,
        "reason": "salah barang" });
    stall.records("return", &body)
}

async fn returns(stall: &Stall) -> Vec<till_return::Model> {
    till_return::Entity::find().all(&stall.granary.stand.shop.app.db).await.expect("a read")
}

#[actix_web::test]
async fn a_sale_undone_leaves_goods_and_drawer_as_they_were() {
    let stall = Stall::open().await;
    let sale = stall.sells(&[stall.line(stall.granary.rice, 2_350), stall.line(stall.sugar, 2)]);
    let whole = json!([{ "n": 0, "quantity": 2_350, "good": true }, { "n": 1, "quantity": 2, "good": true }]);
    let undo = back(&stall, &sale, whole, 30_500 + 2 * SUGAR);
    let told = stall.told(&[sale.clone(), undo.clone()]).await;
    assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
    assert_eq!(stall.drawer().await, 0);
    assert_eq!(stall.granary.worth().await, (100_000, 1_200_000));
    assert_eq!(stall.granary.books(Book::OwnSales(stall.granary.stand.outlet.id)).await, 0);
    for _ in 0..3 {
        assert_eq!(stall.verdict(&undo).await["verdict"], "accepted");
    }
    assert_eq!(returns(&stall).await.len(), 1);
    let again = back(&stall, &sale, json!([{ "n": 1, "quantity": 1, "good": true }]), SUGAR);
    assert_eq!(stall.verdict(&again).await["reason"], "kasir.more_than_sold");
    stall.close().await;
}

#[actix_web::test]
async fn a_return_that_comes_before_its_sale_waits_and_stands_when_it_has_come() {
    let stall = Stall::open().await;
    let sale = stall.sells(&[stall.line(stall.sugar, 2)]);
    let some = back(&stall, &sale, json!([{ "n": 0, "quantity": 1, "good": false }]), SUGAR);
    assert_eq!(stall.verdict(&some).await["reason"], "kasir.sale_unknown");
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    let mut siti = stall.granary.stand.siti.clone();
    let here = "/kelola/perangkat/tertahan";
    let page = siti.get(here).await;
    let id = event_row(&stall, some["id"].as_str().expect("an id")).await;
    siti.fill(&page, &format!("{here}/{id}/terima"), &[]).await.is(303);
    assert_eq!(stall.drawer().await, SUGAR);
    // It was broken: it is not on the shelf, and it is lost.
    let there = warong::stock::available(&stall.granary.stand.shop.app.db, &[stall.sugar]).await.expect("a read");
    assert_eq!(there.get(&stall.sugar), Some(&38));
    assert_eq!(stall.granary.books(Book::Loss(stall.granary.stand.outlet.id)).await, 16_000);
    stall.close().await;
}

#[actix_web::test]
async fn much_money_goes_back_only_when_another_person_agrees() {
    let stall = Stall::open().await;
    let sale = stall.sells(&[stall.line(stall.sugar, 6)]);
    let much = back(&stall, &sale, json!([{ "n": 0, "quantity": 6, "good": true }]), 6 * SUGAR);
    let told = stall.told(&[sale, much.clone()]).await;
    assert_eq!(told[1]["reason"], "kasir.second_person", "{}", told[1]);
    assert_eq!(stall.drawer().await, 6 * SUGAR);
    let here = "/kelola/perangkat/tertahan";
    let id = event_row(&stall, much["id"].as_str().expect("an id")).await;
    let mut siti = stall.granary.stand.siti.clone();
    let page = siti.get(here).await;
    siti.fill(&page, &format!("{here}/{id}/terima"), &[]).await.is(200).says("tidak boleh menyetujui sendiri");
    assert_eq!(returns(&stall).await.len(), 0);
    let mut hasan = stall.granary.stand.hasan.clone();
    let page = hasan.get(here).await;
    hasan.fill(&page, &format!("{here}/{id}/terima"), &[]).await.is(303);
    let all = returns(&stall).await;
    assert_eq!((all.len(), all[0].amount), (1, Rupiah(6 * SUGAR)));
    assert!(all[0].second_id.is_some_and(|second| second != all[0].person_id));
    assert_eq!(stall.drawer().await, 0);
    stall.close().await;
}

#[actix_web::test]
async fn a_return_that_does_not_fit_its_sale_waits() {
    let stall = Stall::open().await;
    let sale = stall.sells(&[stall.line(stall.granary.rice, 1_500)]);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    for (lines, amount, reason) in [
        (json!([{ "n": 0, "quantity": 1_501, "good": true }]), 19_500, "kasir.more_than_sold"),
        (
            json!([{ "n": 0, "quantity": 800, "good": true }, { "n": 0, "quantity": 800, "good": true }]),
            20_800,
            "kasir.more_than_sold",
        ),
        (json!([{ "n": 1, "quantity": 1, "good": true }]), 1, "kasir.sale_unknown"),
        (json!([{ "n": 0, "quantity": 500, "good": true }]), 19_500, "kasir.back_sum"),
    ] {
        let told = stall.verdict(&back(&stall, &sale, lines, amount)).await;
        assert_eq!((told["verdict"].as_str(), told["reason"].as_str()), (Some("held"), Some(reason)), "{told}");
    }
    let mut on_account = json!({ "shift": stall.shift, "sale": sale["id"], "lines": [{ "n": 0, "quantity": 1_500 }],
        "by": "account", "amount": 19_500, "reason": "salah" });
    let told = stall.verdict(&stall.records("return", &on_account)).await;
    assert_eq!(told["reason"], "kasir.not_on_account");
    on_account["by"] = json!("qris");
    assert_eq!(stall.verdict(&stall.records("return", &on_account)).await["reason"], "kasir.back_in_cash");
    on_account["reason"] = json!(" ");
    assert_eq!(stall.verdict(&stall.records("return", &on_account)).await["verdict"], "refused");
    assert_eq!(stall.drawer().await, 19_500);
    stall.close().await;
}

#[actix_web::test]
async fn what_a_card_of_social_aid_paid_never_becomes_cash() {
    let stall = Stall::open().await;
    let mut body = stall.sale(&[stall.line(stall.sugar, 2)]);
    body["tenders"] = json!([
        { "by": "bansos", "amount": SUGAR, "reference": "TR-1" },
        { "by": "cash", "amount": SUGAR },
    ]);
    let sale = stall.records("sale", &body);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    let both = back(&stall, &sale, json!([{ "n": 0, "quantity": 2 }]), 2 * SUGAR);
    assert_eq!(stall.verdict(&both).await["reason"], "kasir.aid_back");
    let one = back(&stall, &sale, json!([{ "n": 0, "quantity": 1 }]), SUGAR);
    assert_eq!(stall.verdict(&one).await["verdict"], "accepted");
    let other = back(&stall, &sale, json!([{ "n": 0, "quantity": 1 }]), SUGAR);
    assert_eq!(stall.verdict(&other).await["reason"], "kasir.aid_back", "the cash is back already");
    stall.close().await;
}

async fn sugar(stall: &Stall) -> (i64, i64) {
    let heap = cost::heap(&stall.granary.stand.shop.app.db, stall.sugar).await.expect("a heap");
    (heap.quantity, heap.value.0)
}

async fn buys_sugar(stall: &Stall, bags: i64, price: i64) {
    let mut new = stall.granary.of(bags, price, stall.granary.today());
    new.lines[0].item_id = stall.sugar;
    stall.granary.buys(&new).await.expect("sugar");
}

#[actix_web::test]
async fn what_came_back_is_worth_what_it_was_when_it_came_however_late_a_till_tells_it() {
    let stall = Stall::open().await;
    let sale = stall.sells(&[stall.line(stall.sugar, 2)]);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    stall.advance(Duration::hours(1));
    let late = back(&stall, &sale, json!([{ "n": 0, "quantity": 1 }]), SUGAR);
    stall.advance(Duration::hours(1));
    buys_sugar(&stall, 40, 800_000).await;
    stall.advance(Duration::days(1));
    assert_eq!(stall.verdict(&late).await["verdict"], "accepted");
    // A bag at Rp16.000, and not at the Rp18.051 that the dearer ones brought about.
    assert_eq!(sugar(&stall).await, (79, 39 * 16_000 + 800_000));
    assert_eq!(stall.granary.books(Book::CostOfGoods(stall.granary.stand.outlet.id)).await, 16_000);
    stall.close().await;
}

#[actix_web::test]
async fn what_came_back_before_a_count_and_is_told_after_it_is_not_found_twice() {
    let stall = Stall::open().await;
    let sale = stall.sells(&[stall.line(stall.sugar, 2)]);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    stall.advance(Duration::hours(1));
    let late = back(&stall, &sale, json!([{ "n": 0, "quantity": 1 }]), SUGAR);
    stall.advance(Duration::hours(1));
    let stand = &stall.granary.stand;
    let (clock, by) = (&stand.shop.clock, stand.operator_id);
    let tx = stand.begin().await;
    let sheet = count::open(&tx, clock, &stand.outlet, stand.place_id, by).await.expect("a sheet");
    count::write(&tx, clock, &stand.outlet, sheet, &[(stall.sugar, 39)], by).await.expect("39 bags stand there");
    tx.commit().await.expect("it stands");
    stall.advance(Duration::hours(1));
    assert_eq!(stall.verdict(&late).await["verdict"], "accepted");
    let tx = stand.begin().await;
    count::book(&tx, clock, &stand.outlet, sheet, &BTreeMap::new(), by).await.expect("nothing to explain");
    tx.commit().await.expect("it stands");
    assert_eq!(sugar(&stall).await, (39, 39 * 16_000));
    assert_eq!(stall.granary.books(Book::Loss(stand.outlet.id)).await, 0);
    stall.close().await;
}

#[actix_web::test]
async fn what_comes_back_into_two_lots_is_worth_what_it_would_be_in_one() {
    let stall = Stall::open().await;
    // 47 bags for Rp752.009; 42 of them go, and Rp80.001 is left.
    buys_sugar(&stall, 7, 112_009).await;
    let sale = stall.sells(&[stall.line(stall.sugar, 42)]);
    let some = back(&stall, &sale, json!([{ "n": 0, "quantity": 3 }]), 3 * SUGAR);
    let told = stall.told(&[sale, some]).await;
    assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
    // Three fifths of it are Rp48.001; two fifths and then a seventh would be Rp48.000.
    assert_eq!(sugar(&stall).await, (8, 128_002));
    stall.close().await;
}

/// Bu Sati's baskets, Rp28.000 each, of which her share is Rp21.280.
const BASKET: i64 = 28_000;
const SHARE: i64 = 21_280;

async fn owed(stall: &Stall) -> i64 {
    -stall.granary.books(Book::Crafter(stall.granary.stand.crafter_id)).await
}

async fn baskets_there(stall: &Stall) -> i64 {
    let basket = stall.granary.stand.basket;
    let there = warong::stock::available(&stall.granary.stand.shop.app.db, &[basket]).await.expect("a read");
    there.get(&basket).copied().unwrap_or(0)
}

/// Three baskets and a bag of sugar are sold.
async fn sells_baskets(stall: &Stall) -> Value {
    let basket = json!({ "item": stall.granary.stand.basket, "quantity": 3, "price": BASKET, "amount": 3 * BASKET,
        "price_of": "posted" });
    let sale = stall.sells(&[basket, stall.line(stall.sugar, 1)]);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    sale
}

#[actix_web::test]
async fn baskets_come_back_to_the_till_and_their_maker_is_no_longer_owed_for_them() {
    let stall = Stall::open().await;
    let sale = sells_baskets(&stall).await;
    assert_eq!((owed(&stall).await, baskets_there(&stall).await), (3 * SHARE, 7));
    let one = back(&stall, &sale, json!([{ "n": 0, "quantity": 1 }, { "n": 1, "quantity": 1 }]), BASKET + SUGAR);
    for _ in 0..3 {
        assert_eq!(stall.verdict(&one).await["verdict"], "accepted");
    }
    assert_eq!((owed(&stall).await, baskets_there(&stall).await), (2 * SHARE, 8));
    assert_eq!(stall.drawer().await, 2 * BASKET);
    // One broke in the buyer's hands: its maker keeps the share, and the outlet bears it.
    let broken = back(&stall, &sale, json!([{ "n": 0, "quantity": 1, "good": false }]), BASKET);
    assert_eq!(stall.verdict(&broken).await["verdict"], "accepted");
    assert_eq!((owed(&stall).await, baskets_there(&stall).await), (2 * SHARE, 8));
    assert_eq!(stall.granary.books(Book::Compensation(stall.granary.stand.outlet.id)).await, BASKET);
    // The last was made badly: nobody earned anything by it.
    let mut body = json!({ "shift": stall.shift, "sale": sale["id"], "lines": [{ "n": 0, "quantity": 1, "good": false }],
        "by": "cash", "amount": BASKET, "reason": "anyaman lepas", "borne_by": "maker" });
    // By now more than Rp100.000 of this sale comes back: another person agrees.
    let last = stall.records("return", &body);
    assert_eq!(stall.verdict(&last).await["reason"], "kasir.second_person");
    agrees(&stall, &last).await;
    assert_eq!((owed(&stall).await, baskets_there(&stall).await), (SHARE, 8));
    assert_eq!(stall.drawer().await, 0);
    assert_eq!(stall.granary.books(Book::OwnSales(stall.granary.stand.outlet.id)).await, 0);
    // And no more than was sold, by whatever way.
    let told = stall.verdict(&stall.records("return", &body)).await;
    assert_eq!((told["verdict"].as_str(), told["reason"].as_str()), (Some("held"), Some("kasir.more_than_sold")));
    body["borne_by"] = json!("somebody");
    assert_eq!(stall.verdict(&stall.records("return", &body)).await["verdict"], "refused");
    let row = returns(&stall).await.remove(0);
    let mut siti = stall.granary.stand.siti.clone();
    siti.get(&format!("/kelola/jual/{}/kembali", row.sale_id)).await.is(200).says("Tidak ada lagi yang bisa kembali");
    stall.close().await;
}

#[actix_web::test]
async fn what_came_back_on_the_page_of_the_sale_does_not_come_back_at_the_till() {
    let stall = Stall::open().await;
    let sale = sells_baskets(&stall).await;
    let id = stall.sales().await[0].id;
    let mut siti = stall.granary.stand.siti.clone();
    let (here, earning) = (format!("/kelola/jual/{id}/kembali"), earning(&stall).await);
    let page = siti.get(&here).await;
    let good = format!("baik_{earning}");
    siti.fill(&page, &here, &[(good.as_str(), "2"), ("reason", "salah warna")]).await.is(303);
    let told = siti.get("/kelola/kasir/bekal.json").await;
    let told: Value = serde_json::from_str(&told.is(200).body).expect("JSON");
    assert_eq!(told["sales"][0]["lines"][0]["left"], 1, "the till knows of it: {}", told["sales"]);
    let two = back(&stall, &sale, json!([{ "n": 0, "quantity": 2 }]), 2 * BASKET);
    assert_eq!(stall.verdict(&two).await["reason"], "kasir.more_than_sold");
    let one = back(&stall, &sale, json!([{ "n": 0, "quantity": 1 }]), BASKET);
    assert_eq!(stall.verdict(&one).await["verdict"], "accepted");
    assert_eq!((owed(&stall).await, baskets_there(&stall).await), (0, 10));
    stall.close().await;
}

#[actix_web::test]
async fn the_page_and_the_till_take_the_same_baskets_back_at_once_and_one_of_them_does() {
    let stall = Stall::open().await;
    let sale = sells_baskets(&stall).await;
    let id = stall.sales().await[0].id;
    let mut siti = stall.granary.stand.hasan.clone();
    let (here, earning) = (format!("/kelola/jual/{id}/kembali"), earning(&stall).await);
    let page = siti.get(&here).await;
    let good = format!("baik_{earning}");
    let fields = [(good.as_str(), "3"), ("reason", "salah warna")];
    let all = back(&stall, &sale, json!([{ "n": 0, "quantity": 3 }]), 3 * BASKET);
    let (on_page, at_till) = futures_util::future::join(siti.fill(&page, &here, &fields), stall.verdict(&all)).await;
    let done = [on_page.status == 303, at_till["verdict"] == "accepted"];
    assert!(done[0] != done[1], "{} {at_till}", on_page.status);
    assert_eq!((owed(&stall).await, baskets_there(&stall).await), (0, 10));
    stall.close().await;
}

/// Pak Hasan takes what waits for another person.
async fn agrees(stall: &Stall, event: &Value) {
    let here = "/kelola/perangkat/tertahan";
    let id = event_row(stall, event["id"].as_str().expect("an id")).await;
    let mut hasan = stall.granary.stand.hasan.clone();
    let page = hasan.get(here).await;
    hasan.fill(&page, &format!("{here}/{id}/terima"), &[]).await.is(303);
}

#[actix_web::test]
async fn baskets_for_much_money_come_back_only_when_another_person_agrees() {
    let stall = Stall::open().await;
    let four = json!({ "item": stall.granary.stand.basket, "quantity": 4, "price": BASKET, "amount": 4 * BASKET });
    let sale = stall.sells(&[four]);
    let all = back(&stall, &sale, json!([{ "n": 0, "quantity": 4 }]), 4 * BASKET);
    let told = stall.told(&[sale, all.clone()]).await;
    assert_eq!(told[1]["reason"], "kasir.second_person", "{}", told[1]);
    assert_eq!(owed(&stall).await, 4 * SHARE);
    agrees(&stall, &all).await;
    assert_eq!((owed(&stall).await, stall.drawer().await), (0, 0));
    stall.close().await;
}

#[actix_web::test]
async fn what_social_aid_paid_does_not_become_cash_on_the_page_of_the_sale_either() {
    let stall = Stall::open().await;
    let baskets = json!({ "item": stall.granary.stand.basket, "quantity": 2, "price": BASKET, "amount": 2 * BASKET,
        "price_of": "posted" });
    let mut body = stall.sale(&[baskets]);
    body["tenders"] = json!([{ "by": "bansos", "amount": BASKET, "reference": "EDC 7" },
        { "by": "cash", "amount": BASKET, "received": BASKET }]);
    let sale = stall.records("sale", &body);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    let id = stall.sales().await[0].id;
    let mut siti = stall.granary.stand.siti.clone();
    let (here, good) = (format!("/kelola/jual/{id}/kembali"), format!("baik_{}", earning(&stall).await));
    let page = siti.get(&here).await;
    let seen = siti.fill(&page, &here, &[(good.as_str(), "2"), ("reason", "salah warna")]).await;
    seen.is(409).says("tidak bisa kembali tunai");
    assert_eq!(baskets_there(&stall).await, 8);
    siti.fill(&page, &here, &[(good.as_str(), "1"), ("reason", "salah warna")]).await.is(303);
    assert_eq!((owed(&stall).await, baskets_there(&stall).await), (SHARE, 9));
    stall.close().await;
}

/// What the baskets of the only sale brought.
async fn earning(stall: &Stall) -> i64 {
    let all = entity::earning::Entity::find().all(&stall.granary.stand.shop.app.db).await.expect("a read");
    all.first().expect("a row").id
}
