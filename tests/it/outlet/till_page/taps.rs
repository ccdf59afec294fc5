//! What a hand and a phone do that they should not: tap twice, give cash for what was never paid, tell a wrong day.
use entity::{Rupiah, device_event, sale_tender::By, till_return_tender};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::counter::{HERE, Stall};

/// The button that writes down what was typed on a screen.
const SAVE: &str = ".till-screen form > button:not([type])";

/// Taps it twice, faster than anything is written down.
async fn saves_with_two_taps(stall: &Stall) {
    let button = stall.phone.find(SAVE).await;
    button.scroll_into_view().await.expect("it is on the screen");
    let twice = stall.phone.driver.action_chain().double_click_element(&button);
    twice.perform().await.expect("two taps");
}

/// How often the outlet was told of such an event, once all was sent.
async fn times_told(stall: &Stall, kind: &str) -> u64 {
    stall.is_told(kind).await;
    let told = device_event::Entity::find().filter(device_event::Column::Kind.eq(kind));
    told.count(&stall.shop.app.db).await.expect("a count")
}

/// The last sale was told, and its buyer stands here again with the goods.
async fn comes_back(stall: &mut Stall) {
    stall.phone.sees("Terkirim").await;
    stall.taps_on("Pembeli berikut").await;
    stall.taps_on("Lainnya").await;
    stall.taps_on("Penjualan").await;
    stall.taps_on("Barang kembali").await;
}

/// What went back, in which ways.
async fn given(stall: &Stall) -> Vec<(By, Rupiah)> {
    let all = till_return_tender::Entity::find().order_by_asc(till_return_tender::Column::Id);
    let all = all.all(&stall.shop.app.db).await.expect("a read");
    all.into_iter().map(|one| (one.by, one.amount)).collect()
}

#[actix_web::test]
async fn two_taps_open_one_shift() {
    let stall = Stall::open().await;
    stall.phone.type_in("#f-float", "200.000").await;
    saves_with_two_taps(&stall).await;
    stall.phone.find(".till-tile").await;
    assert_eq!(times_told(&stall, "shift_open").await, 1);
    stall.ends().await;
}

#[actix_web::test]
async fn two_taps_book_what_comes_back_and_what_is_spent_once() {
    let mut stall = Stall::begun().await;
    for _ in 0..2 {
        stall.taps_on("Minyak goreng 1 liter").await;
    }
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    comes_back(&mut stall).await;
    stall.phone.type_in(".till-back input.till-tally__n", "1").await;
    // What was refused can be mended and saved.
    saves_with_two_taps(&stall).await;
    stall.phone.sees("Tulis alasannya").await;
    stall.phone.type_in("#f-reason", "Salah ambil").await;
    saves_with_two_taps(&stall).await;
    assert_eq!(times_told(&stall, "return").await, 1);

    stall.phone.open(HERE).await;
    stall.taps_on("Lainnya").await;
    stall.taps_on("Uang laci").await;
    stall.phone.tap("input[value=spent]").await;
    stall.phone.type_in("#f-amount", "5.000").await;
    stall.phone.type_in("#f-reason", "Plastik").await;
    saves_with_two_taps(&stall).await;
    assert_eq!(times_told(&stall, "drawer").await, 1);
    stall.ends().await;
}

#[actix_web::test]
async fn what_was_bought_on_account_comes_off_it_and_not_out_of_the_drawer() {
    let mut stall = Stall::begun().await;
    let oil = stall.price("Minyak goreng 1 liter").await;
    stall.taps_on("Minyak goreng 1 liter").await;
    stall.taps_on("Bayar").await;
    stall.taps_on("Utang anggota").await;
    stall.taps_on("Bu Sumiati").await;
    stall.taps_on("Lanjut").await;
    comes_back(&mut stall).await;
    stall.phone.type_in(".till-back input.till-tally__n", "1").await;
    let account = stall.phone.find("#b-account").await;
    assert!(account.is_selected().await.expect("a box"), "nobody need think of it");
    assert!(!account.is_enabled().await.expect("a box"), "no cash was paid for it");
    stall.phone.type_in("#f-reason", "Salah ambil").await;
    stall.phone.fits().await;
    stall.phone.picture("till-account-back").await;
    stall.taps_on("Simpan").await;
    stall.phone.sees("dikurangkan dari utangnya").await;
    stall.taps_on("Baik").await;
    stall.is_told("return").await;
    assert_eq!(given(&stall).await, [(By::Account, Rupiah(oil))]);
    stall.ends().await;
}

#[actix_web::test]
async fn one_bottle_paid_in_three_ways_is_undone_with_one_tap_in_all_of_them() {
    let mut stall = Stall::begun().await;
    let oil = stall.price("Minyak goreng 1 liter").await;
    stall.taps_on("Minyak goreng 1 liter").await;
    stall.taps_on("Bayar").await;
    stall.taps_on("Kartu bansos").await;
    stall.phone.type_in("#t-amount", "5.000").await;
    stall.phone.type_in("#t-reference", "TR-0042").await;
    stall.taps_on("Lanjut").await;
    stall.taps_on("Utang anggota").await;
    stall.taps_on("Bu Sumiati").await;
    stall.phone.type_in("#t-amount", "4.000").await;
    stall.taps_on("Lanjut").await;
    stall.taps_on("Uang pas").await;
    comes_back(&mut stall).await;
    stall.taps_on("Semua kembali (batal)").await;
    for said in ["Dikurangkan dari utang", "Rp4.000", "Ke kartu bansos, di mesin bank", "Rp5.000"] {
        stall.phone.sees(said).await;
    }
    stall.phone.type_in("#f-reason", "Salah ambil").await;
    stall.phone.fits().await;
    stall.phone.find(SAVE).await.scroll_into_view().await.expect("it is on the screen");
    stall.phone.picture("till-back-in-parts").await;
    stall.taps_on("Simpan").await;
    stall.phone.sees("Penjualan dibatalkan").await;
    stall.phone.sees("tidak boleh jadi uang tunai").await;
    stall.taps_on("Baik").await;
    stall.is_told("return").await;
    let ways = [(By::Account, Rupiah(4_000)), (By::Cash, Rupiah(oil - 9_000)), (By::Bansos, Rupiah(5_000))];
    assert_eq!(given(&stall).await, ways);
    stall.taps_on("Lainnya").await;
    stall.taps_on("Penjualan").await;
    stall.phone.sees("Sudah kembali semua").await;
    stall.ends().await;
}

#[actix_web::test]
async fn a_phone_that_tells_another_day_goes_by_the_outlet_s() {
    let mut stall = Stall::begun().await;
    stall.shop.goes_dark().await;
    // The outlet's day stands still in stories; the phone's goes on with the world.
    let today = stall.shop.clock.today();
    let ruled = format!(
        "const done = arguments[0]; (async () => {{ \
         const asked = indexedDB.open('kelola'); const db = await new Promise((on) => {{ asked.onsuccess = () => on(asked.result); }}); \
         const kept = db.transaction('kept', 'readwrite').objectStore('kept'); \
         const got = kept.get('till-bekal'); const bekal = await new Promise((on) => {{ got.onsuccess = () => on(got.result); }}); \
         const oil = bekal.items.find((one) => one.name === 'Minyak goreng 1 liter'); \
         Object.assign(oil, {{ commodity: 'minyak uji', content: 1000, content_unit: 'millilitre' }}); \
         bekal.rows = [{{ commodity: 'minyak uji', force: 'ceiling', high: 10000, per: 'litre', from: '{today}', to: '{today}', instrument: 'Aturan hari ini' }}]; \
         const put = kept.put(bekal, 'till-bekal'); put.onsuccess = () => done('ruled'); }})().catch((fault) => done(String(fault)))"
    );
    assert_eq!(stall.runs(&ruled).await, json!("ruled"));
    stall.phone.open(HERE).await;
    stall.phone.find(".till-tile").await;
    stall.taps_on("Minyak goreng 1 liter").await;
    stall.phone.sees("Rp10.000 (Aturan hari ini)").await;
    stall.taps_on("Baik").await;
    stall.comes_to(0).await;
    stall.shop.is_back();
    stall.ends().await;
}
