//! A day of the drawer: goods back, small expenses, counting, and the next person.
use entity::{Rupiah, earning, sale_return::Bearer, shift, till_return, till_return_line};
use sea_orm::{EntityTrait, QueryOrder};

use super::counter::Stall;

#[actix_web::test]
async fn a_drawer_is_counted_explained_and_handed_on() {
    let mut stall = Stall::begun().await;
    for goods in ["Minyak goreng 1 liter", "Minyak goreng 1 liter", "Gula pasir 1 kg"] {
        stall.taps_on(goods).await;
    }
    let oil = stall.price("Minyak goreng 1 liter").await;
    let sugar = stall.price("Gula pasir 1 kg").await;
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terkirim").await;
    stall.taps_on("Pembeli berikut").await;

    // One bottle comes back.
    stall.taps_on("Lainnya").await;
    stall.phone.fits().await;
    stall.taps_on("Penjualan").await;
    stall.taps_on("Barang kembali").await;
    stall.phone.type_in(".till-back input.till-tally__n", "3").await;
    stall.phone.sees("paling banyak 2").await;
    stall.phone.type_in(".till-back input.till-tally__n", "1").await;
    stall.taps_on("Simpan").await;
    stall.phone.sees("Tulis alasannya").await;
    stall.phone.type_in("#f-reason", "Salah ambil").await;
    stall.phone.fits().await;
    stall.phone.picture("till-back").await;
    stall.taps_on("Simpan").await;
    stall.phone.sees(&format!("Kembalikan {}", Rupiah(oil))).await;
    stall.taps_on("Baik").await;

    stall.taps_on("Lainnya").await;
    stall.taps_on("Uang laci").await;
    stall.phone.tap("input[value=spent]").await;
    stall.phone.type_in("#f-amount", "5.000").await;
    stall.phone.type_in("#f-reason", "Plastik").await;
    stall.phone.fits().await;
    stall.taps_on("Simpan").await;
    stall.phone.find(".till-tile").await;

    // One bottle and the sugar were paid for in the end. What should lie there is said after counting, not before.
    let expected = Rupiah(200_000 + oil + sugar - 5_000);
    stall.taps_on("Lainnya").await;
    stall.taps_on("Tutup").await;
    assert!(!stall.phone.text().await.contains(&expected.to_string()));
    for _ in 0..2 {
        stall.phone.tap(".till-note[aria-label*=' 100.000 ']").await;
    }
    stall.phone.tap(".till-note[aria-label*=' 20.000 ']").await;
    stall.phone.tap(".till-note[aria-label*=' 5.000 ']").await;
    stall.phone.fits().await;
    stall.phone.picture("till-count").await;
    stall.taps_on("Sudah saya hitung semua").await;
    stall.phone.sees(&expected.to_string()).await;
    stall.phone.sees(&Rupiah((expected.0 - 225_000).abs()).to_string()).await;
    stall.taps_on("Tutup kasir").await;
    stall.phone.sees("Tulis kenapa selisih").await;
    stall.phone.fits().await;
    stall.phone.type_in("#f-why", "Kembalian tidak pas").await;
    stall.taps_on("Tutup kasir").await;
    stall.phone.sees("Uang awal di laci").await;
    let float = stall.phone.find("#f-float").await.prop("value").await.expect("a value");
    assert_eq!(float.as_deref(), Some("225.000"), "the next one begins with what was counted");
    stall.taps_on("Mulai jualan").await;
    stall.phone.find(".till-tile").await;
    stall.phone.sees("Semua terkirim").await;
    stall.taps_on("Lainnya").await;
    stall.taps_on("Hari ini").await;
    stall.phone.sees("Kembalian tidak pas").await;
    stall.phone.fits().await;
    stall.phone.picture("till-day").await;

    let db = &stall.shop.app.db;
    let shifts = shift::Entity::find().all(db).await.expect("a read");
    assert_eq!(shifts.len(), 2);
    let closed = shifts.iter().find(|shift| shift.closed_at.is_some()).expect("a closed one");
    assert_eq!((closed.expected, closed.counted), (Some(expected), Some(Rupiah(225_000))));
    assert_eq!(closed.explanation.as_deref(), Some("Kembalian tidak pas"));
    let back = till_return::Entity::find().one(db).await.expect("a read").expect("what came back");
    assert_eq!((back.amount, back.reason.as_str()), (Rupiah(oil), "Salah ambil"));
    stall.ends().await;
}

#[actix_web::test]
async fn a_basket_that_was_made_badly_comes_back_and_its_maker_bears_it() {
    let mut stall = Stall::begun().await;
    let price = stall.price("Kukusan bambu").await;
    stall.taps_on("Kukusan bambu").await;
    stall.comes_to(price).await;
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terkirim").await;
    stall.taps_on("Pembeli berikut").await;
    let db = stall.shop.app.db.clone();
    let earned = async || earning::Entity::find().order_by_desc(earning::Column::Id).one(&db).await.expect("a read");
    let sold = earned().await.expect("it earned something");
    assert_eq!((sold.quantity, sold.unit_price), (1, Rupiah(price)));

    stall.taps_on("Lainnya").await;
    stall.taps_on("Penjualan").await;
    stall.taps_on("Barang kembali").await;
    stall.phone.type_in(".till-back input.till-tally__n", "1").await;
    assert!(!stall.phone.text().await.contains("ditanggung siapa"), "nothing is broken yet");
    stall.phone.tap(".till-back input[type=checkbox]").await;
    stall.phone.sees("ditanggung siapa").await;
    stall.phone.tap("input[value=maker]").await;
    stall.phone.type_in("#f-reason", "Anyaman lepas").await;
    stall.phone.fits().await;
    stall.phone.picture("till-craft-back").await;
    stall.taps_on("Simpan").await;
    stall.phone.sees(&format!("Kembalikan {}", Rupiah(price))).await;
    stall.taps_on("Baik").await;
    stall.is_told("return").await;
    let back = till_return_line::Entity::find().one(&db).await.expect("a read").expect("what came back");
    assert_eq!((back.earning_id, back.borne_by, back.is_good), (Some(sold.id), Some(Bearer::Maker), false));
    let undone = earned().await.expect("the opposite");
    assert_eq!((undone.undoes_id, undone.maker_total), (Some(sold.id), -sold.maker_total));
    stall.ends().await;
}
