//! Money that comes by other ways than a sale has words and a document of its own, and a long book is read sheet by sheet.
use entity::kiosk::{Bearer, PaysAt};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use warong::collection::departure::{self, Departure, depart};

use crate::{
    counter::stand::Stand,
    outlet::payout::desk::signed_in,
    support::{Browser, browser::Seen},
    wholesale::post::Post,
};

const BOOK: &str = "/karya/buku";

fn silent(page: &Seen, text: &str) {
    assert!(!page.body.contains(text), "the page says {text:?}:\n{}", page.body);
}

async fn phone_of(stand: &Stand, crafter_id: i64) -> Browser {
    let row = entity::crafter::Entity::find_by_id(crafter_id).one(&stand.shop.app.db).await.expect("a read");
    signed_in(&stand.shop, row.expect("the crafter").person_id).await
}

#[actix_web::test]
async fn money_of_a_kiosk_waits_and_comes_under_its_own_name() {
    let mut post = Post::open(Bearer::Outlet, PaysAt::Cash).await;
    let sati_id = post.stand.crafter_id;
    post.takes_there("10").await.is(303);
    // Four sold, one broken, and cash for two.
    post.counts(["4", "0", "1", "5"], &[("uang", "60.000")]).await.is(303);
    let mut sati = phone_of(&post.stand, sati_id).await;
    let mut marsuki = phone_of(&post.stand, post.marsuki.id).await;
    sati.get(BOOK).await.is(200).says("Menunggu uang kios").says("Rp42.560");
    let money = sati.get(&format!("{BOOK}/uang")).await;
    money.is(200).says("Uang kios masuk").says("Kios Bu Rahma").says("+Rp42.560").says("/karya/buku/kios/1");
    money.says("Rusak atau hilang di kios, diganti warong").says("+Rp21.280").says("Menunggu uang kios");
    silent(&money, "Laku</b>");
    sati.get(&format!("{BOOK}/kios/1")).await.is(200).says("dari Kios Bu Rahma").says("Rp42.560").says("V-2611-0001");
    let kiosks = sati.get(&format!("{BOOK}/kios")).await;
    kiosks.is(200).says("Kios Bu Rahma").says("menunggu Rp42.560").says("4 buah");
    let sold = kiosks.body.split("/laku/").nth(1).and_then(|rest| rest.split('"').next()).expect("a sale").to_owned();
    sati.get(&format!("{BOOK}/laku/{sold}")).await.is(200).says("Menunggu uang kios").says("Rp42.560");
    sati.get(&format!("{BOOK}/laku")).await.is(200).says("diganti warong");
    let kept = format!("/kelola/perajin/{sati_id}/buku");
    post.stand.siti.get(&format!("{kept}/uang")).await.is(200).says("Uang kios masuk").says(&format!("{kept}/kios/1"));
    post.stand.siti.get("/kelola/buku").await.is(200).says("Menunggu uang kios").says("Rp42.560");
    sati.get(&format!("{BOOK}/cetak")).await.is(200).says("Uang kios masuk").says("Menunggu uang kios");
    // What brought somebody else money is not found in one's own book.
    for part in ["kios/1", "kios/99", "kios/x"] {
        marsuki.get(&format!("{BOOK}/{part}")).await.is(404);
    }
    marsuki.get(&format!("{BOOK}/kios")).await.is(200).says("Belum ada");
    post.stand.stranger.get(&format!("{kept}/kios")).await.is(404);

    let back = format!("{}/kunjungan/1/batal", post.here());
    let visit = format!("{}/kunjungan/1", post.here());
    post.stand.tap(&visit, &back, &[("reason", "Salah hitung")]).await.is(303);
    let money = sati.get(&format!("{BOOK}/uang")).await;
    money.is(200).says("Uang kios ditarik lagi").says("Penggantian dibatalkan").says("sisa Rp0");
    silent(&money, "Menunggu uang kios");
    sati.get(&format!("{BOOK}/kios/1")).await.is(200).says("dibatalkan");
    post.stand.close().await;
}

#[actix_web::test]
async fn what_the_outlet_broke_is_paid_under_its_own_name_with_the_reason() {
    let post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    let stand = &post.stand;
    breaks(stand, 2, "a").await;
    let mut sati = phone_of(stand, stand.crafter_id).await;
    let mut marsuki = phone_of(stand, post.marsuki.id).await;
    let money = sati.get(&format!("{BOOK}/uang")).await;
    money.is(200).says("Rusak, diganti warong").says("Kena hujan").says("+Rp40.000");
    silent(&money, "Dibeli warong");
    let one = money.body.split("/ganti/").nth(1).and_then(|rest| rest.split('"').next()).expect("its page").to_owned();
    let one = format!("{BOOK}/ganti/{one}");
    sati.get(&one).await.is(200).says("2 buah").says("Kena hujan").says("Rp40.000").says("Keranjang sampah anyam");
    marsuki.get(&one).await.is(404);
    for bad in ["0", "1", "999", "x"] {
        sati.get(&format!("{BOOK}/ganti/{bad}")).await.is(404);
    }
    post.stand.close().await;
}

/// Baskets of Bu Sati that break at the outlet, one act each.
async fn breaks(stand: &Stand, pieces: i64, key: &str) {
    let lots = entity::lot::Entity::find().filter(entity::lot::Column::Remaining.gte(pieces));
    let lot = lots.one(&stand.shop.app.db).await.expect("a read").expect("a lot").id;
    let how = Departure::Broken(departure::Bearer::Outlet);
    let tx = stand.begin().await;
    let by = (stand.operator_id, key);
    depart(&tx, &stand.shop.clock, &stand.outlet, (lot, pieces), how, "Kena hujan", by).await.expect("broken");
    tx.commit().await.expect("it stands");
}

#[actix_web::test]
async fn a_long_book_is_read_sheet_by_sheet_and_every_sheet_adds_up() {
    let post = Post::open(Bearer::Outlet, PaysAt::Sale).await;
    let stand = &post.stand;
    stand.brings(stand.basket, 70).await;
    for n in 0..65 {
        breaks(stand, 1, &format!("b{n}")).await;
    }
    let mut sati = phone_of(stand, stand.crafter_id).await;
    let newest = sati.get(&format!("{BOOK}/uang")).await;
    newest.is(200).says("sisa Rp1.300.000").says("Sisa sebelumnya").says("Rp100.000").says("Yang lebih lama (5 baris)");
    let older = sati.get(&format!("{BOOK}/uang?sampai=5")).await;
    older.is(200).says("sisa Rp100.000").says("Kembali ke yang terbaru");
    silent(&older, "Sisa sebelumnya");
    for odd in ["0", "9999", "60"] {
        sati.get(&format!("{BOOK}/uang?sampai={odd}")).await.is(200);
    }
    let paper = sati.get(&format!("{BOOK}/cetak")).await;
    paper.is(200).says("Sisa sebelumnya").says("500.000").says("Rp1.300.000");
    silent(&paper, "Sisa dipindahkan");
    let first = sati.get(&format!("{BOOK}/cetak?sampai=25")).await;
    first.is(200).says("Sisa dipindahkan").says("500.000");
    silent(&first, "Sisa sebelumnya");
    let all = sati.get(&format!("{BOOK}/cetak?semua=1")).await;
    assert_eq!(all.body.matches("Kena hujan").count(), 65);
    post.stand.close().await;
}
