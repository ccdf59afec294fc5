//! What is in several parts: a return, the money of a sale, and the day on one sheet.
use chrono::Duration;
use entity::{Rupiah, sale_conflict::Kind, till_return};
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder};
use serde_json::{Value, json};
use warong::ledger::Book;

use super::{SUGAR, Stall, sales::event_row};

/// So many bags of the only line of a sale come back.
fn back(stall: &Stall, sale: &Value, bags: i64, by: &str) -> Value {
    let body = json!({ "shift": stall.shift, "sale": sale["id"], "lines": [{ "n": 0, "quantity": bags }], "by": by,
        "amount": bags * SUGAR, "reason": "salah barang" });
    stall.records("return", &body)
}

async fn member(stall: &Stall, limit: i64) -> i64 {
    let row = entity::member::ActiveModel {
        outlet_id: Set(stall.granary.stand.outlet.id),
        name: Set("Bu Rahma".into()),
        account_limit: Set(Rupiah(limit)),
        joined_at: Set(stall.granary.stand.shop.clock.now()),
        ..Default::default()
    };
    let db = &stall.granary.stand.shop.app.db;
    entity::member::Entity::insert(row).exec(db).await.expect("a member").last_insert_id
}

async fn provisions(stall: &Stall) -> Value {
    let mut siti = stall.granary.stand.siti.clone();
    let seen = siti.get("/kelola/kasir/bekal.json").await;
    serde_json::from_str(&seen.is(200).body).expect("JSON")
}

#[actix_web::test]
async fn much_money_in_small_parts_is_much_money() {
    let stall = Stall::open().await;
    let sale = stall.sells(&[stall.line(stall.sugar, 6)]);
    let (some, rest) = (back(&stall, &sale, 4, "cash"), back(&stall, &sale, 2, "cash"));
    let told = stall.told(&[sale, some, rest.clone()]).await;
    assert_eq!(
        (told[1]["verdict"].as_str(), told[2]["reason"].as_str()),
        (Some("accepted"), Some("kasir.second_person"))
    );
    assert_eq!(stall.drawer().await, 2 * SUGAR);
    let here = "/kelola/perangkat/tertahan";
    let id = event_row(&stall, rest["id"].as_str().expect("an id")).await;
    let mut hasan = stall.granary.stand.hasan.clone();
    let page = hasan.get(here).await;
    page.is(200).says("Rp105.000");
    hasan.fill(&page, &format!("{here}/{id}/terima"), &[]).await.is(303);
    let all = till_return::Entity::find().order_by_asc(till_return::Column::Id);
    let all = all.all(&stall.granary.stand.shop.app.db).await.expect("a read");
    assert_eq!(all.iter().map(|one| one.second_id.is_some()).collect::<Vec<_>>(), [false, true]);
    assert_eq!(stall.drawer().await, 0);
    stall.close().await;
}

#[actix_web::test]
async fn a_sale_paid_in_three_ways_is_undone_by_three_returns() {
    let stall = Stall::open().await;
    let (outlet, member) = (stall.granary.stand.outlet.id, member(&stall, 50_000).await);
    let mut body = stall.sale(&[stall.line(stall.sugar, 3)]);
    body["member"] = json!(member);
    body["tenders"] = json!([
        { "by": "cash", "amount": SUGAR },
        { "by": "bansos", "amount": SUGAR, "reference": "TRX 0042" },
        { "by": "account", "amount": SUGAR },
    ]);
    let sale = stall.records("sale", &body);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    for (by, reason) in
        [("cash", "kasir.aid_back"), ("account", "kasir.not_on_account"), ("bansos", "kasir.not_by_card")]
    {
        assert_eq!(stall.verdict(&back(&stall, &sale, 2, by)).await["reason"], reason);
    }
    let told = provisions(&stall).await;
    assert_eq!((&told["sales"][0]["aid"], &told["sales"][0]["account"]), (&json!(SUGAR), &json!(SUGAR)));
    for (by, reason) in [("bansos", "kasir.not_by_card"), ("account", "kasir.not_on_account")] {
        let one = back(&stall, &sale, 1, by);
        for _ in 0..2 {
            assert_eq!(stall.verdict(&one).await["verdict"], "accepted", "{by}");
        }
        assert_eq!(stall.verdict(&back(&stall, &sale, 1, by)).await["reason"], reason);
        assert_eq!(stall.drawer().await, SUGAR, "{by} is no cash");
    }
    assert_eq!(stall.verdict(&back(&stall, &sale, 1, "cash")).await["verdict"], "accepted");
    let left = [Book::Edc(outlet), Book::Member(member), Book::OwnSales(outlet)];
    for book in left {
        assert_eq!(stall.granary.books(book).await, 0, "{book:?}");
    }
    assert_eq!(stall.drawer().await, 0);
    let told = provisions(&stall).await;
    assert_eq!((&told["sales"][0]["aid"], &told["sales"][0]["account"]), (&json!(0), &json!(0)));
    stall.close().await;
}

#[actix_web::test]
async fn one_bag_paid_in_three_ways_is_undone_by_one_return() {
    let stall = Stall::open().await;
    let (outlet, member) = (stall.granary.stand.outlet.id, member(&stall, 50_000).await);
    let mut body = stall.sale(&[stall.line(stall.sugar, 1)]);
    body["member"] = json!(member);
    body["tenders"] = json!([
        { "by": "bansos", "amount": 9_000, "reference": "TRX 0042" },
        { "by": "account", "amount": 5_000 },
        { "by": "cash", "amount": SUGAR - 14_000 },
    ]);
    let sale = stall.records("sale", &body);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    let undone = |ways: &[(&str, i64)]| {
        let tenders: Vec<Value> = ways.iter().map(|(by, amount)| json!({ "by": by, "amount": amount })).collect();
        let body = json!({ "shift": stall.shift, "sale": sale["id"], "lines": [{ "n": 0, "quantity": 1 }],
            "tenders": tenders, "amount": SUGAR, "reason": "salah barang" });
        stall.records("return", &body)
    };
    for (reason, ways) in [
        ("device.event_not_understood", &[][..]),
        ("device.event_not_understood", &[("cash", SUGAR - 1)]),
        ("device.event_not_understood", &[("cash", SUGAR + 1), ("account", -1)]),
        ("device.event_not_understood", &[("cash", SUGAR - 5_000), ("account", 2_000), ("account", 3_000)]),
        ("kasir.aid_back", &[("cash", SUGAR)]),
        ("kasir.aid_back", &[("account", 4_999), ("bansos", 9_000), ("cash", SUGAR - 13_999)]),
        ("kasir.not_on_account", &[("account", 5_001), ("bansos", 8_999), ("cash", SUGAR - 14_000)]),
        ("kasir.not_by_card", &[("cash", SUGAR - 14_001), ("bansos", 9_001), ("account", 5_000)]),
        ("kasir.back_in_cash", &[("qris", SUGAR)]),
    ] {
        assert_eq!(stall.verdict(&undone(ways)).await["reason"], reason, "{ways:?}");
    }
    let rightly = undone(&[("account", 5_000), ("cash", SUGAR - 14_000), ("bansos", 9_000)]);
    for _ in 0..3 {
        assert_eq!(stall.verdict(&rightly).await["verdict"], "accepted");
    }
    for book in [Book::Edc(outlet), Book::Member(member), Book::OwnSales(outlet)] {
        assert_eq!(stall.granary.books(book).await, 0, "{book:?}");
    }
    assert_eq!(stall.drawer().await, 0);
    let mut siti = stall.granary.stand.siti.clone();
    siti.get(&format!("/kelola/kasir/sif/{}", stall.shift_row().await.id)).await.is(200);
    stall.close().await;
}

#[actix_web::test]
async fn two_parts_on_one_account_are_held_against_its_limit_together() {
    let stall = Stall::open().await;
    let mut body = stall.sale(&[stall.line(stall.sugar, 1)]);
    body["member"] = json!(member(&stall, 5_000).await);
    body["tenders"] = json!([
        { "by": "account", "amount": 3_000 },
        { "by": "cash", "amount": SUGAR - 6_000 },
        { "by": "account", "amount": 3_000 },
    ]);
    assert_eq!(stall.verdict(&stall.records("sale", &body)).await["verdict"], "accepted");
    let odd = stall.odd().await;
    assert_eq!(
        odd.iter().map(|(kind, detail)| (*kind, detail["owes"].as_i64())).collect::<Vec<_>>(),
        [(Kind::Limit, Some(6_000))]
    );
    stall.close().await;
}

#[actix_web::test]
async fn a_word_is_as_long_as_its_characters() {
    let stall = Stall::open().await;
    for (n, verdict) in [(200, "accepted"), (201, "refused")] {
        let body = json!({ "shift": stall.shift, "way": "in", "amount": 1_000, "reason": "é".repeat(n) });
        assert_eq!(stall.verdict(&stall.records("drawer", &body)).await["verdict"], verdict, "{n}");
    }
    stall.close().await;
}

#[actix_web::test]
async fn the_sheet_of_a_day_has_all_that_went_through_its_drawers_and_only_what_stayed_sold() {
    let stall = Stall::open().await;
    let member = member(&stall, 50_000).await;
    let mut on_account = stall.sale(&[stall.line(stall.sugar, 1)]);
    on_account["member"] = json!(member);
    on_account["tenders"] = json!([{ "by": "account", "amount": SUGAR }]);
    let sale = stall.sells(&[stall.line(stall.sugar, 3)]);
    let cash = |way: &str, amount: i64| {
        let body = json!({ "shift": stall.shift, "way": way, "amount": amount, "reason": "receh" });
        stall.records("drawer", &body)
    };
    let paid = json!({ "shift": stall.shift, "member": member, "amount": 5_000 });
    let day = [
        sale.clone(),
        back(&stall, &sale, 1, "cash"),
        stall.records("sale", &on_account),
        stall.records("debt_paid", &paid),
        cash("in", 51_000),
        cash("out", 12_000),
    ];
    let told = stall.told(&day).await;
    assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
    let mut siti = stall.granary.stand.siti.clone();
    for here in ["/kelola/kasir/hari".to_owned(), format!("/kelola/kasir/sif/{}", stall.shift_row().await.id)] {
        let page = siti.get(&here).await;
        page.is(200).says("Rp51.000").says("Rp12.000").says("Bayar belanja di buku").says("Rp5.000");
        page.says("<small class=\"soft\">3</small>").says("Rp52.500");
    }
    let wrong = siti.get("/kelola/kasir/hari?tanggal=besok").await.status;
    assert!((400..500).contains(&wrong), "{wrong}");
    for day in ["-262143-01-01", "1999-12-31", "2200-01-01", ""] {
        siti.get(&format!("/kelola/kasir/hari?tanggal={day}")).await.is(wrong);
    }
    stall.close().await;
}

#[actix_web::test]
async fn a_till_that_sells_on_after_its_drawer_was_counted_is_told_and_a_person_too() {
    let stall = Stall::open().await;
    stall.told(&[stall.records("shift_open", &json!({ "shift": stall.shift, "float": 10_000 }))]).await;
    assert_eq!(provisions(&stall).await["closed"], json!([]));
    let here = format!("/kelola/kasir/sif/{}", stall.shift_row().await.id);
    let mut siti = stall.granary.stand.siti.clone();
    let page = siti.get(&here).await;
    siti.fill(&page, &format!("{here}/tutup"), &[("n10000", "1")]).await.is(303);
    stall.advance(Duration::hours(1));
    let sale = stall.sells(&[stall.line(stall.sugar, 1)]);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    let counted = json!({ "shift": stall.shift, "counted": SUGAR, "expected": SUGAR });
    assert_eq!(stall.verdict(&stall.records("shift_close", &counted)).await["reason"], "shift.closed");
    assert_eq!(provisions(&stall).await["closed"], json!([stall.shift]));
    siti.get("/kelola/kasir/beda").await.is(200).says("Tunai Rp17.500 diterima setelah").says("masih di laci");
    stall.close().await;
}
