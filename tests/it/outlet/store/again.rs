//! What was refused is put right on the same page: what was typed stays there, and a slip can be taken back.
use warong::outlet::{count, store};

use super::{KG, Pantry};

const HOME: &str = "/kelola/gudang";

#[actix_web::test]
async fn sembako_is_neither_taken_in_nor_counted_by_the_piece() {
    let pantry = Pantry::open().await;
    let mut siti = pantry.granary.stand.siti.clone();
    pantry.buys(pantry.rice, 384 * KG, 4_608_000, pantry.today(), None).await;
    let page = format!("/kelola/stok/{}", pantry.rice);
    let seen = siti.get(&page).await;
    seen.is(200).says("/kelola/belanja/baru").says("/kelola/gudang/hitung");
    assert!(!seen.body.contains("Berapa buah?"));
    let counts = format!("{HOME}/hitung");
    let hidden = siti.get(&counts).await.hidden(&counts);
    let csrf = hidden.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.as_str()).expect("a token");
    for (act, typed) in [
        ("hitungan", [("csrf", csrf), ("counted", "384"), ("reason", "susut")]),
        ("setoran", [("csrf", csrf), ("quantity", "50"), ("cost", "12.000")]),
    ] {
        siti.post_raw(&format!("{page}/{act}"), &typed).await.is(409).says("per buah");
    }
    assert_eq!(pantry.worth(pantry.rice).await, (384 * KG, 4_608_000));
    pantry.close().await;
}

#[actix_web::test]
async fn what_was_typed_about_expired_goods_stays() {
    let pantry = Pantry::open().await;
    let mut siti = pantry.granary.stand.siti.clone();
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(1))).await;
    pantry.pass(2);
    pantry.puts_aside().await;
    let aside = format!("{HOME}/kedaluwarsa");
    let db = &pantry.granary.stand.shop.app.db;
    let lot = warong::outlet::expired::aside(db, pantry.granary.stand.outlet.id).await.expect("lots")[0].id;
    let out = format!("{aside}/{lot}");
    let early = siti.get(&aside).await;
    early.is(200).says("value=\"buang\" checked");
    let typed = [("jumlah", "4"), ("cara", "kembali"), ("potongan", "900.000"), ("alasan", "berkutu")];
    let seen = siti.fill(&early, &out, &typed).await;
    seen.is(409).says("Potongannya paling banyak Rp48.000").says("value=\"4\"").says("value=\"kembali\" checked");
    seen.says("value=\"900.000\"").says("value=\"berkutu\"");
    let seen = siti.fill(&seen, &out, &[("jumlah", "4"), ("alasan", "berkutu")]).await;
    seen.is(422).says("Pilih salah satu");
    assert!(!seen.body.contains("value=\"buang\" checked"), "nobody chose it");
    siti.fill(&seen, &out, &[("jumlah", "10"), ("cara", "buang"), ("alasan", "berkutu")]).await.is(303);
    let seen = siti.fill(&early, &out, &typed).await;
    assert!(matches!(seen.status, 409 | 422), "{}", seen.status);
    seen.says("Barang itu sudah habis");
    pantry.close().await;
}

#[actix_web::test]
async fn a_lower_price_is_asked_about_on_the_page_it_was_typed_on() {
    let pantry = Pantry::open().await;
    let mut siti = pantry.granary.stand.siti.clone();
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), Some(pantry.day(25))).await;
    let db = &pantry.granary.stand.shop.app.db;
    let lot = store::lots(db, pantry.rice).await.expect("lots")[0].id;
    let offer = format!("{HOME}/diskon/{lot}");
    let seen = siti.get(&format!("{HOME}/diskon?hari=30")).await;
    let asked = siti.fill(&seen, &offer, &[("harga", "9.000"), ("alasan", "mau habis")]).await;
    asked.is(422).says("dijual rugi").says("name=\"yakin\"").says("value=\"9.000\"").says("value=\"mau habis\"");
    let typed = [("harga", "9.000"), ("alasan", "mau habis"), ("yakin", "1")];
    let done = siti.fill(&asked, &offer, &typed).await;
    assert_eq!(done.is(303).location.as_deref(), Some("/kelola/gudang/diskon?hari=30"));
    siti.get(&format!("{HOME}/diskon?hari=30")).await.says("dijual Rp9.000");
    pantry.close().await;
}

#[actix_web::test]
async fn a_row_that_was_written_by_mistake_is_emptied_and_nobody_elses_is() {
    let pantry = Pantry::open().await;
    let mut siti = pantry.granary.stand.siti.clone();
    pantry.buys(pantry.rice, 10 * KG, 120_000, pantry.today(), None).await;
    let counts = format!("{HOME}/hitung");
    let shelf = pantry.granary.stand.place_id.to_string();
    let seen = siti.get(&counts).await;
    let sheet = siti.fill(&seen, &counts, &[("tempat", &shelf)]).await.location.expect("a sheet");
    let id: i64 = sheet.rsplit('/').next().and_then(|id| id.parse().ok()).expect("its number");
    let db = &pantry.granary.stand.shop.app.db;
    let lines = async || {
        let lines = count::lines(db, id).await.expect("lines");
        lines.iter().map(|line| (line.item_id, line.counted)).collect::<Vec<_>>()
    };
    let (rice, bags) = (format!("n_{}", pantry.rice), format!("n_{}", pantry.five));
    let blank = siti.get(&sheet).await;
    siti.fill(&blank, &sheet, &[(&rice, "20.000")]).await.is(422).says("sepuluh ton");
    siti.fill(&blank, &sheet, &[(&rice, "1234,5")]).await.is(303);
    // As it stands in its field, so it is read.
    let seen = siti.get(&sheet).await;
    seen.says("value=\"1.234,5\"");
    siti.fill(&seen, &sheet, &[(&rice, "1.234,5"), (&bags, "2")]).await.is(303);
    assert_eq!(lines().await, [(pantry.rice, 1_234_500), (pantry.five, 2)]);
    let seen = siti.get(&sheet).await;
    siti.fill(&seen, &sheet, &[(&rice, ""), (&bags, "2")]).await.is(303);
    assert_eq!(lines().await, [(pantry.five, 2)]);
    // Who opened the sheet before the bags were counted sends their field empty too.
    let mut sati = siti.clone();
    let early = sati.get(&sheet).await;
    let seen = siti.get(&sheet).await;
    siti.fill(&seen, &sheet, &[(&rice, "9"), (&bags, "2")]).await.is(303);
    sati.fill(&early, &sheet, &[(&rice, ""), (&bags, "3")]).await.is(303);
    assert_eq!(lines().await, [(pantry.five, 3), (pantry.rice, 9 * KG)]);
    pantry.close().await;
}
