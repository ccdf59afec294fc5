//! Selling with signal: how few taps it takes, and what is weighed.
use entity::{Rupiah, sale_tender::By};
use serde_json::json;

use super::counter::{HERE, Stall};
use crate::support::chrome::Phone;

#[actix_web::test]
async fn three_things_in_exact_cash_take_six_taps() {
    let mut stall = Stall::begun().await;
    stall.phone.fits().await;
    stall.phone.picture("till-goods").await;
    let goods = ["Minyak goreng 1 liter", "Gula pasir 1 kg", "Garam setengah kilo"];
    let oil = stall.price(goods[0]).await;
    let all = oil + stall.price(goods[1]).await + stall.price(goods[2]).await;
    stall.taps = 0;
    for one in goods {
        stall.taps_on(one).await;
    }
    stall.comes_to(all).await;
    stall.taps_on("Bayar").await;
    stall.phone.sees("Harus dibayar").await;
    stall.phone.fits().await;
    stall.phone.picture("till-pay").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terjual").await;
    stall.taps_on("Pembeli berikut").await;
    stall.comes_to(0).await;
    assert!(stall.taps <= 6, "{} taps", stall.taps);
    stall.phone.sees("Semua terkirim").await;

    // The second pays with notes and gets change, after the page was loaded anew with goods in the basket.
    stall.taps_on("Minyak goreng 1 liter").await;
    stall.taps_on("Minyak goreng 1 liter").await;
    stall.phone.driver.goto("about:blank").await.expect("another page");
    stall.phone.open(HERE).await;
    stall.phone.find(".till-tile").await;
    stall.comes_to(2 * oil).await;
    stall.taps_on("Bayar").await;
    stall.phone.tap(".till-note[aria-label='50.000 rupiah']").await;
    let change = Rupiah(50_000 - 2 * oil).to_string();
    stall.taps_on(&format!("kembali {change}")).await;
    stall.phone.sees(&change).await;
    stall.phone.sees("Terkirim").await;
    stall.phone.find(".till-receipt__code").await;
    stall.phone.fits().await;
    stall.phone.picture("till-change").await;

    let sales = stall.sales().await;
    let told: Vec<_> = sales.iter().map(|(sale, lines, tenders)| (sale.total.0, lines.len(), tenders.len())).collect();
    assert_eq!(told, [(all, 3, 1), (2 * oil, 1, 1)]);
    assert_eq!(sales[1].2[0].received, Some(Rupiah(50_000)));
    assert!(sales[0].0.till_number.as_deref().is_some_and(|number| number.ends_with("-0001")), "{:?}", sales[0].0);
    stall.ends().await;
}

#[actix_web::test]
async fn rice_goes_by_weight_or_by_money() {
    let mut stall = Stall::begun().await;
    for (typed, sentence) in [
        ("0", "Nol tidak bisa dijual"),
        ("-2", "Kurang dari nol"),
        ("10001", "Lebih dari 10 ton"),
        ("dua", "Tulis beratnya"),
    ] {
        stall.taps_on("Beras curah").await;
        stall.phone.type_in("#w-typed", typed).await;
        stall.taps_on("Masukkan keranjang").await;
        stall.phone.sees(sentence).await;
        stall.phone.tap("dialog .till-x").await;
    }
    stall.comes_to(0).await;
    // A hundred kilograms are there; more are asked about.
    stall.taps_on("Beras curah").await;
    stall.phone.type_in("#w-typed", "150").await;
    stall.taps_on("Masukkan keranjang").await;
    stall.phone.sees("lebih dari 100 kg").await;
    stall.taps_on("Tidak").await;
    stall.comes_to(0).await;

    stall.taps_on("Beras curah").await;
    stall.phone.type_in("#w-typed", "1,5").await;
    stall.phone.sees("1,5 kg = Rp18.700").await;
    stall.phone.fits().await;
    stall.phone.picture("till-weigh").await;
    stall.taps_on("Masukkan keranjang").await;
    stall.comes_to(18_700).await;
    stall.taps_on("Beras curah").await;
    stall.phone.tap("dialog input[value=money]").await;
    stall.phone.type_in("#w-typed", "10.000").await;
    stall.phone.sees("800 gram = Rp10.000").await;
    stall.phone.tap("dialog .till-x").await;

    // What is set aside for another buyer waits.
    stall.phone.tap(".till-cart__bar").await;
    stall.taps_on("Tunda").await;
    stall.phone.sees("Lanjutkan pukul").await;
    stall.phone.tap(".till-cart__bar").await;
    stall.taps_on("Beras curah").await;
    stall.taps_on("½").await;
    stall.comes_to(6_200).await;
    stall.taps_on("Bayar").await;
    stall.taps_on("Kartu bansos").await;
    stall.phone.type_in("#t-amount", "6.200").await;
    stall.taps_on("Lanjut").await;
    stall.phone.sees("Tulis nomor di struk").await;
    stall.phone.type_in("#t-reference", "TR-0042").await;
    stall.taps_on("Lanjut").await;
    stall.phone.sees("Terjual").await;
    stall.phone.sees("Terkirim").await;
    stall.taps_on("Pembeli berikut").await;
    stall.phone.tap(".till-cart__bar").await;
    stall.taps_on("Lanjutkan pukul").await;
    stall.comes_to(18_700).await;

    let sales = stall.sales().await;
    assert_eq!(sales.len(), 1);
    let (_, lines, tenders) = &sales[0];
    assert_eq!((lines[0].quantity, lines[0].amount), (500, Rupiah(6_200)));
    assert_eq!((tenders[0].by, tenders[0].reference.as_deref()), (By::Bansos, Some("TR-0042")));
    stall.ends().await;
}

#[actix_web::test]
async fn a_scanner_types_a_barcode_and_an_unknown_one_is_learned_once() {
    let mut stall = Stall::begun().await;
    let scan = |code: &str| {
        format!(
            "for (const key of [...'{code}', 'Enter']) dispatchEvent(new KeyboardEvent('keydown', {{ key, bubbles: true, cancelable: true }}))"
        )
    };
    stall.phone.driver.execute(scan("8991234567890"), vec![]).await.expect("a scan");
    stall.phone.sees("Kode belum dikenal").await;
    stall.phone.fits().await;
    stall.phone.type_in("#p-cari", "gla pasr").await;
    stall.taps_on("Gula pasir 1 kg").await;
    let sugar = stall.price("Gula pasir 1 kg").await;
    stall.comes_to(sugar).await;
    stall.phone.driver.execute(scan("8991234567890"), vec![]).await.expect("a scan");
    stall.comes_to(2 * sugar).await;
    stall.is_told("barcode").await;
    let sugar = stall.item("Gula pasir 1 kg").await.id;
    let known = "const done = arguments[0]; fetch('/kelola/kasir/bekal.json').then((a) => a.json())\
         .then(({ items }) => done(items.find((item) => item.barcodes.includes('8991234567890'))?.id ?? null))";
    assert_eq!(stall.runs(known).await, json!(sugar), "the outlet's other tills know it too");
    stall.ends().await;
}

#[actix_web::test]
async fn a_phone_that_is_full_sells_nothing_and_says_so() {
    let mut stall = Stall::begun().await;
    stall.taps_on("Gula pasir 1 kg").await;
    stall.taps_on("Bayar").await;
    stall.phone.find(".till-exact").await;
    let full = "window.kept = IDBObjectStore.prototype.put; \
         IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }";
    stall.phone.driver.execute(full, vec![]).await.expect("no room");
    stall.taps_on("Uang pas").await;
    stall.phone.sees("BELUM tercatat").await;
    stall.phone.fits().await;
    stall.taps_on("Baik").await;
    stall.phone.driver.execute("IDBObjectStore.prototype.put = window.kept", vec![]).await.expect("room again");
    assert!(stall.sales().await.is_empty());
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terkirim").await;
    assert_eq!(stall.sales().await.len(), 1);
    stall.ends().await;
}

#[actix_web::test]
async fn without_script_the_page_points_to_the_counter() {
    let stall = Stall::open().await;
    let plain = Phone::new(&stall.shop.base, false).await;
    plain.open("/masuk").await;
    plain.type_in("input[name=phone]", "081200000001").await;
    plain.type_in("input[name=pin]", "246810").await;
    plain.tap("main form[action='/masuk'] button:not(.visually-hidden)").await;
    plain.leaves("/masuk").await;
    plain.open(HERE).await;
    plain.sees("Kasir perlu skrip").await;
    plain.fits().await;
    plain.put_down().await;
    stall.ends().await;
}

#[actix_web::test]
async fn a_till_is_used_in_one_window_at_a_time() {
    let stall = Stall::begun().await;
    let driver = &stall.phone.driver;
    let first = driver.window().await.expect("a window");
    let second = driver.new_tab().await.expect("another");
    driver.switch_to_window(second.clone()).await.expect("there");
    stall.phone.open(HERE).await;
    stall.phone.sees("Kasir terbuka di jendela lain").await;
    let mut stall = stall;
    stall.taps_on("Pakai di sini").await;
    stall.phone.find(".till-tile").await;
    stall.taps_on("Gula pasir 1 kg").await;
    stall.phone.driver.switch_to_window(first).await.expect("back");
    stall.phone.sees("Kasir terbuka di jendela lain").await;
    stall.phone.driver.switch_to_window(second).await.expect("there again");
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terkirim").await;
    assert_eq!(stall.sales().await.len(), 1);
    stall.ends().await;
}
