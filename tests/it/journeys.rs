//! Walks through the shop on a phone's screen, in a real browser, with script and without.
use std::time::Duration;

use entity::{Rupiah, shipping_rate::Zone};
use warong::{
    clock::Clock,
    db,
    orders::rates::{self, NewTariff, Rate},
    seed, work,
};

use crate::{
    counter::stand::Stand,
    support::{Shop, chrome::Phone},
};

#[actix_web::test]
async fn a_lost_visitor_finds_the_way_back() {
    let shop = Shop::empty().await;
    let phone = Phone::new(&shop.base, true).await;
    phone.open("/tidak-ada").await;
    phone.sees("Halaman ini tidak ada").await;
    phone.fits().await;
    phone.put_down().await;
    shop.close().await;
}

#[actix_web::test]
async fn a_buyer_far_away_buys_by_qris_and_sees_lunas() {
    for script in [true, false] {
        let stand = Stand::open().await;
        a_courier_to_all_islands(&stand).await;
        let app = stand.shop.app.clone();
        let worker = actix_web::rt::spawn(work::run(app.clone()));
        let courier = actix_web::rt::spawn(app.sandbox.clone().expect("the stand-in").run());
        let phone = Phone::new(&stand.shop.base, script).await;
        let shown = |name: &str| format!("{name}-{}", if script { "script" } else { "plain" });

        phone.open("/").await;
        phone.sees("Keranjang sampah anyam").await;
        phone.fits().await;
        phone.type_in("input[name=q]", "krnjang smpah").await;
        phone.tap("form[role=search] button, .search button").await;
        phone.sees("Keranjang sampah anyam").await;
        phone.fits().await;
        phone.tap("main a[href^='/produk/keranjang-sampah']").await;
        phone.sees("Ke mana uang Anda").await;
        phone.fits().await;
        phone.picture(&shown("product")).await;
        phone.tap("form[action='/keranjang'] button").await;
        phone.find("form[action='/keranjang/isi']").await;
        phone.sees("Rp28.000").await;
        phone.fits().await;
        phone.picture(&shown("cart")).await;
        phone.open("/pesan").await;
        phone.type_in("#f-nama", "Ibu Ratna").await;
        phone.type_in("#f-hp", "0812 0000 0003").await;
        phone.type_in("#tujuan", "karuwisi makassar").await;
        choose_village(&phone, script).await;
        phone.type_in("#f-jalan", "Jalan Perintis 12").await;
        phone.tap("input[name=bayar][value=qris]").await;
        phone.fits().await;
        phone.picture(&shown("checkout")).await;
        phone.tap("button[name=tombol][value=pesan]").await;
        phone.sees("K-").await;
        phone.find(".qr svg").await;
        phone.fits().await;
        phone.picture(&shown("order")).await;
        let order_page = phone.driver.current_url().await.expect("an address").to_string();
        phone.tap("a[href^='/sandbox/midtrans/bayar/']").await;
        phone.sees("ukan uang sungguhan").await;
        phone.tap("button[value=bayar]").await;
        paid(&phone, &order_page).await;
        phone.fits().await;
        phone.picture(&shown("paid")).await;
        phone.put_down().await;
        worker.abort();
        courier.abort();
        stand.close().await;
    }
}

/// With script the places come while one types; without it a button looks for them and the page comes back.
async fn choose_village(phone: &Phone, script: bool) {
    if !script {
        phone.tap("button[data-look]").await;
    }
    phone.tap("input[name=desa]").await;
    if !script {
        phone.tap("fieldset[data-villages] button").await;
    }
    phone.sees("Reguler").await;
    phone.tap("input[name=layanan]").await;
}

/// The notice takes a moment; people look again.
async fn paid(phone: &Phone, order_page: &str) {
    for _ in 0..40 {
        phone.open(order_page).await;
        if phone.text().await.contains("Lunas") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never paid:\n{}", phone.text().await);
}

async fn a_courier_to_all_islands(stand: &Stand) {
    let tx = db::begin(&stand.shop.app.db).await.expect("a transaction");
    let rates = rates::ZONES.map(|zone: Zone| Rate {
        zone,
        base: Rupiah(46_000),
        per_step: Rupiah(41_000),
        days_min: 4,
        days_max: 7,
    });
    let tariff = NewTariff {
        name: "Reguler".into(),
        divisor: 6_000,
        min_grams: 1_000,
        step_grams: 1_000,
        active: true,
        rates: rates.to_vec(),
    };
    let clock: &Clock = &stand.shop.clock;
    rates::add(&tx, clock, &stand.outlet, "reguler", &tariff, None).await.expect("a courier");
    tx.commit().await.expect("it stands");
}

/// In an order in which every choice changes something, so that its page can be waited for.
const LANGUAGES: [&str; 3] = ["mad", "en", "id"];

/// Pages of the demonstration, by who looks at them.
const SHOWN: [(&str, &[&str]); 4] = [
    (
        "",
        &[
            "/",
            "/produk",
            "/produk?q=kurngan+ayam",
            "/produk?harga_min=abc",
            "/produk/keranjang-sampah-anyam",
            "/produk/keranjang-sampah-anyam?tujuan=makassar",
            "/perajin",
            "/perajin/bu-sati",
            "/keranjang",
            "/pesanan",
            "/masuk",
            "/daftar",
            "/tidak-ada",
        ],
    ),
    (
        "081200000001",
        &[
            "/kelola",
            "/kelola/pesanan",
            "/kelola/pesanan?perlu=kemas",
            "/kelola/pesanan/1",
            "/kelola/pesanan/kemas",
            "/kelola/produk",
            "/kelola/produk/1",
            "/kelola/stok",
            "/kelola/stok/1",
            "/kelola/perajin",
            "/kelola/perajin/baru",
            "/kelola/ongkir",
            "/kelola/ongkir/1",
            "/kelola/uang",
            "/akun",
        ],
    ),
    ("081200000002", &["/karya", "/karya/baru", "/akun"]),
    ("081200000008", &["/admin", "/admin/orang", "/admin/orang/1", "/admin/warong", "/tugas"]),
];

#[actix_web::test]
async fn every_page_of_the_demonstration_fits_a_phone_in_every_language() {
    let shop = Shop::empty().await;
    seed::run_small(&shop.app.db, &shop.clock, &shop.app.files).await.expect("the village");
    shop.knows_its_place().await;
    for (phone_number, pages) in SHOWN {
        let phone = Phone::new(&shop.base, true).await;
        if !phone_number.is_empty() {
            phone.open("/masuk").await;
            phone.type_in("input[name=phone]", phone_number).await;
            phone.type_in("input[name=pin]", "246810").await;
            phone.tap("main form[action='/masuk'] button:not(.visually-hidden)").await;
            phone.leaves("/masuk").await;
        }
        for lang in LANGUAGES {
            phone.open("/akun").await;
            phone.tap(&format!("button[name=bahasa][value={lang}]")).await;
            phone.find(&format!("html[lang={lang}]")).await;
            for page in pages {
                phone.open(page).await;
                assert_eq!(phone.place().await, *page);
                phone.fits().await;
            }
        }
        phone.put_down().await;
    }
    shop.close().await;
}

#[actix_web::test]
async fn a_full_basket_and_its_desk_fit_a_phone_in_every_language() {
    let shop = Shop::empty().await;
    seed::run_small(&shop.app.db, &shop.clock, &shop.app.files).await.expect("the village");
    shop.knows_its_place().await;
    let phone = Phone::new(&shop.base, true).await;
    for product in ["keranjang-sampah-anyam", "kursi-bambu", "gedek-motif-kepang"] {
        phone.open(&format!("/produk/{product}")).await;
        phone.tap("form[action='/keranjang'] button").await;
        phone.find("form[action='/keranjang/isi']").await;
    }
    for lang in LANGUAGES {
        phone.open("/keranjang").await;
        phone.tap(&format!("button[name=bahasa][value={lang}]")).await;
        phone.find(&format!("html[lang={lang}]")).await;
        phone.find("form[action='/keranjang/isi']").await;
        phone.fits().await;
        phone.open("/pesan").await;
        phone.fits().await;
        phone.tap("button[name=tombol][value=pesan]").await;
        phone.find(".field__wrong").await;
        phone.fits().await;
    }
    phone.put_down().await;
    shop.close().await;
}

/// The pictures of the README: `WARONG_SCREENSHOTS=assets/docs cargo test --test it pictures`. Without a folder for them
/// the walk is the same, over a village with one small picture for all.
#[actix_web::test]
async fn the_pictures_of_the_readme_show_the_demonstration() {
    let shop = Shop::empty().await;
    let (db, clock, files) = (&shop.app.db, &shop.clock, &shop.app.files);
    match std::env::var_os("WARONG_SCREENSHOTS") {
        Some(_) => seed::run(db, clock, files, 1).await.expect("the village"),
        None => seed::run_small(db, clock, files).await.expect("the village"),
    }
    shop.knows_its_place().await;
    let worker = actix_web::rt::spawn(work::run(shop.app.clone()));
    let phone = Phone::new(&shop.base, true).await;
    phone.open("/").await;
    phone.sees("Kemuning Lor, Jember").await;
    phone.picture("shop").await;
    phone.open("/produk/kurungan-ayam?tujuan=73.71.01.1001").await;
    phone.sees("Ke mana uang Anda").await;
    phone.picture("product").await;
    phone.tap("form[action='/keranjang'] button").await;
    phone.find("form[action='/keranjang/isi']").await;
    phone.tap("button[name=tombol][value=pesan]").await;
    phone.type_in("#f-nama", "Ibu Ratna").await;
    phone.type_in("#f-hp", "0812 0000 0003").await;
    phone.tap("input[name=cara][value=ambil]").await;
    phone.find("[data-courier][hidden]").await;
    phone.tap("input[name=bayar][value=qris]").await;
    phone.tap("button[name=tombol][value=pesan]").await;
    phone.find(".qr svg").await;
    phone.picture("order").await;
    phone.put_down().await;
    worker.abort();
    shop.close().await;
}
