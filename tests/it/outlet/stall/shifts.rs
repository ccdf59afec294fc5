//! Drawers that are opened, filled, counted and closed.
use chrono::Duration;
use entity::sale_conflict::Kind;
use futures_util::future::join_all;
use serde_json::{Value, json};
use warong::ledger::Book;

use super::{SUGAR, Stall};

fn open(stall: &Stall, float: i64) -> Value {
    stall.records("shift_open", &json!({ "shift": stall.shift, "float": float }))
}

fn close(stall: &Stall, counted: i64, why: Option<&str>) -> Value {
    stall.records(
        "shift_close",
        &json!({ "shift": stall.shift, "notes": { "1000": counted / 1_000 },
        "counted": counted, "expected": counted, "explanation": why }),
    )
}

fn cash(stall: &Stall, way: &str, amount: i64) -> Value {
    stall.records("drawer", &json!({ "shift": stall.shift, "way": way, "amount": amount, "reason": "plastik" }))
}

#[actix_web::test]
async fn a_day_at_the_drawer_from_the_float_to_the_sheet() {
    let stall = Stall::open().await;
    let outlet = stall.granary.stand.outlet.id;
    let day = [
        open(&stall, 200_000),
        stall.sells(&[stall.line(stall.sugar, 2)]),
        cash(&stall, "spent", 8_000),
        cash(&stall, "in", 50_000),
        cash(&stall, "out", 100_000),
        close(&stall, 176_000, Some("salah kembalian")),
    ];
    let told = stall.told(&day).await;
    assert!(told.iter().all(|one| one["verdict"] == "accepted"), "{told:?}");
    let row = stall.shift_row().await;
    assert_eq!(
        (row.expected.map(|amount| amount.0), row.counted.map(|amount| amount.0)),
        (Some(177_000), Some(176_000))
    );
    assert_eq!(stall.drawer().await, 0);
    assert_eq!(stall.granary.books(Book::Cash(outlet)).await, -200_000 - 50_000 + 100_000 + 176_000);
    assert_eq!(stall.granary.books(Book::Loss(outlet)).await, 1_000);
    assert_eq!(stall.granary.books(Book::Expense(outlet)).await, 8_000);
    let mut siti = stall.granary.stand.siti.clone();
    siti.get("/kelola/kasir/sif").await.is(200).says("kurang Rp1.000");
    let page = siti.get(&format!("/kelola/kasir/sif/{}", row.id)).await;
    page.is(200).says("Rp177.000").says("Rp176.000").says("salah kembalian").says("Gula pasir").says("Uang awal");
    siti.get("/kelola/kasir/hari").await.is(200).says("Rp35.000").says("Kurang saat dihitung");
    siti.get("/kelola/kasir/hari?tanggal=2020-01-01").await.is(200).says("Rp0");
    let mut stranger = stall.granary.stand.stranger.clone();
    stranger.get(&format!("/kelola/kasir/sif/{}", row.id)).await.is(404);
    stall.close().await;
}

#[actix_web::test]
async fn the_events_of_a_day_in_any_order_come_to_the_same() {
    for turn in 0..6_usize {
        let stall = Stall::open().await;
        let mut day = vec![
            open(&stall, 100_000),
            stall.sells(&[stall.line(stall.sugar, 1)]),
            cash(&stall, "out", 50_000),
            close(&stall, 67_000, Some("lupa")),
        ];
        day.rotate_left(turn % 4);
        if turn >= 4 {
            day.reverse();
        }
        // One by one, each twice.
        for event in &day {
            assert_eq!(stall.verdict(event).await["verdict"], "accepted", "turn {turn}: {event}");
            assert_eq!(stall.verdict(event).await["verdict"], "accepted");
        }
        let row = stall.shift_row().await;
        assert_eq!(row.expected.map(|amount| amount.0), Some(50_000 + SUGAR), "turn {turn}");
        assert_eq!(stall.drawer().await, 0, "turn {turn}");
        let outlet = stall.granary.stand.outlet.id;
        assert_eq!(stall.granary.books(Book::Loss(outlet)).await, 50_000 + SUGAR - 67_000, "turn {turn}");
        stall.close().await;
    }
}

#[actix_web::test]
async fn what_comes_after_the_close_is_set_against_the_difference_and_named() {
    let stall = Stall::open().await;
    let late = stall.sells(&[stall.line(stall.sugar, 1)]);
    stall.told(&[open(&stall, 0), close(&stall, SUGAR, Some("belum terkirim"))]).await;
    assert_eq!(stall.granary.books(Book::Loss(stall.granary.stand.outlet.id)).await, -SUGAR, "so much too much");
    assert_eq!(stall.verdict(&late).await["verdict"], "accepted");
    assert_eq!(stall.granary.books(Book::Loss(stall.granary.stand.outlet.id)).await, 0);
    assert_eq!(stall.drawer().await, 0);
    assert_eq!(stall.odd().await.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::LateInShift]);
    stall.close().await;
}

#[actix_web::test]
async fn two_people_close_one_shift_and_one_of_them_is_told() {
    let stall = Stall::open().await;
    stall.told(&[open(&stall, 10_000)]).await;
    let id = stall.shift_row().await.id;
    let here = format!("/kelola/kasir/sif/{id}");
    // Both have the page before either of them taps.
    let mut ready = Vec::new();
    for mut person in [stall.granary.stand.siti.clone(), stall.granary.stand.hasan.clone()] {
        let page = person.get(&here).await;
        ready.push((person, page));
    }
    let closed = join_all(ready.into_iter().map(|(mut person, page)| {
        let action = format!("{here}/tutup");
        async move {
            let seen = person.fill(&page, &action, &[("n10000", "1")]).await;
            person.follow(seen).await.body
        }
    }))
    .await;
    let told = |text: &str| closed.iter().filter(|body| body.contains(text)).count();
    assert_eq!((told("Giliran ditutup."), told("sudah ditutup orang lain")), (1, 1));
    let event = close(&stall, 10_000, None);
    assert_eq!(stall.verdict(&event).await["reason"], "shift.closed");
    assert_eq!(stall.granary.books(Book::Cash(stall.granary.stand.outlet.id)).await, 0);
    stall.close().await;
}

#[actix_web::test]
async fn a_close_by_hand_that_does_not_fit_asks_why_and_keeps_what_was_typed() {
    let stall = Stall::open().await;
    stall.told(&[open(&stall, 10_000)]).await;
    let here = format!("/kelola/kasir/sif/{}", stall.shift_row().await.id);
    let mut siti = stall.granary.stand.siti.clone();
    let page = siti.get(&here).await;
    let action = format!("{here}/tutup");
    let again = siti.fill(&page, &action, &[("n5000", "1")]).await;
    again.is(422).says("Selisih Rp5.000").says("value=\"1\"");
    siti.fill(&again, &action, &[("n5000", "-1"), ("explanation", "x")]).await.is(422);
    siti.fill(&again, &action, &[("n5000", "1"), ("explanation", "dipinjam")]).await.is(303);
    assert_eq!(stall.granary.books(Book::Loss(stall.granary.stand.outlet.id)).await, 5_000);
    stall.close().await;
}

#[actix_web::test]
async fn a_float_told_otherwise_and_a_clock_a_year_off() {
    let stall = Stall::open().await;
    assert_eq!(stall.verdict(&open(&stall, 10_000)).await["verdict"], "accepted");
    assert_eq!(stall.verdict(&open(&stall, 20_000)).await["reason"], "shift.other_float");
    assert_eq!(stall.verdict(&open(&stall, 10_000)).await["verdict"], "accepted");
    stall.in_hand().ahead = Duration::days(365);
    let sale = stall.sells(&[stall.line(stall.sugar, 1)]);
    assert_eq!(stall.verdict(&sale).await["verdict"], "accepted");
    let sold = stall.sales().await.remove(0);
    let off = stall.granary.stand.shop.clock.now() - sold.sold_at;
    assert!(off.abs() < Duration::minutes(5), "{off}");
    stall.close().await;
}

#[actix_web::test]
async fn a_barcode_is_learnt_once_and_taken_along() {
    let stall = Stall::open().await;
    let told = stall.verdict(&stall.records("barcode", &json!({ "code": "8991234567890", "item": stall.sugar }))).await;
    assert_eq!(told["verdict"], "accepted");
    let wrong = stall.verdict(&stall.records("barcode", &json!({ "code": "1", "item": 999_999 }))).await;
    assert_eq!(wrong["verdict"], "refused");
    let mut siti = stall.granary.stand.siti.clone();
    let seen = siti.get("/kelola/kasir/bekal.json").await;
    let bekal: Value = serde_json::from_str(&seen.is(200).body).expect("JSON");
    let items = bekal["items"].as_array().expect("items");
    let sugar = items.iter().find(|item| item["id"] == stall.sugar).expect("sugar");
    assert_eq!((&sugar["barcodes"][0], &sugar["lots"][0][1]), (&json!("8991234567890"), &json!(40)));
    let rice = items.iter().find(|item| item["id"] == stall.granary.rice).expect("rice");
    assert_eq!((&rice["measure"], &rice["lots"][0][1]), (&json!("gram"), &json!(100_000)));
    let rows = bekal["rows"].as_array().expect("rows");
    assert!(rows.iter().any(|row| row["commodity"] == "beras medium" && row["high"] == 13_500), "{rows:?}");
    stall.close().await;
}
