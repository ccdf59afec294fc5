//! What the counter says no to, and how.
use entity::order::{Delivery, Method};
use sea_orm::{EntityTrait, PaginatorTrait};
use warong::ledger::Book;

use super::stand::Stand;

#[actix_web::test]
async fn another_outlets_order_does_not_exist_here() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    for path in ["", "/kemas", "/label", "/batal", "/kembali", "/paket"] {
        stand.stranger.get(&format!("{here}{path}")).await.is(404);
    }
    let home = stand.stranger.get("/kelola").await;
    let csrf = stand.stranger.get("/kelola/ongkir/baru").await.hidden("/kelola/ongkir/baru");
    let hidden: Vec<(&str, &str)> = csrf.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    for act in ["konfirmasi", "lunas", "paket", "batal", "kembali", "paket/1/kirim", "paket/1/sampai"] {
        let fields = [&hidden[..], &[("all", "1"), ("reason", "x"), ("reference", "x"), ("courier", "x")]].concat();
        stand.stranger.post_raw(&format!("{here}/{act}"), &fields).await.is(404);
    }
    assert!(!home.body.contains("Ibu Ratna"));
    assert!(!stand.stranger.get("/kelola/pesanan?cari=Ratna").await.body.contains("Rp74.000"));
    stand.close().await;
}

#[actix_web::test]
async fn guests_are_asked_to_sign_in() {
    let stand = Stand::open().await;
    let mut guest = stand.shop.browser();
    for path in ["/kelola", "/kelola/pesanan", "/kelola/pesanan/1", "/kelola/ongkir"] {
        let seen = guest.get(path).await;
        seen.is(303);
        assert!(seen.location.as_deref().is_some_and(|to| to.starts_with("/masuk")), "{:?}", seen.location);
    }
    stand.close().await;
}

#[actix_web::test]
async fn nothing_unpaid_is_packed_and_nothing_unaccepted() {
    let mut stand = Stand::open().await;
    let unpaid = stand.order(Method::Qris, Delivery::Courier, &[(stand.basket, 1)]).await;
    let cod = stand.order(Method::Cod, Delivery::Courier, &[(stand.basket, 1)]).await;
    for (order, sentence) in [(unpaid, "belum dibayar"), (cod, "Terima pesanan ini dulu")] {
        // The button is not there; somebody sends the form all the same.
        let pack = format!("/kelola/pesanan/{}/paket", order.id);
        stand.tap(&pack, &pack, &[("all", "1")]).await.is(409).says(sentence);
        assert!(stand.docket(&order).await.parcels.is_empty());
    }
    stand.close().await;
}

#[actix_web::test]
async fn a_double_tap_packs_once_and_a_second_sending_is_told_so() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 4)]).await;
    let line = stand.docket(&order).await.lines[0].id;
    let here = format!("/kelola/pesanan/{}", order.id);
    let pack = format!("{here}/paket");
    let page = stand.siti.get(&pack).await;
    let pieces = format!("pieces_{line}");
    let first = stand.siti.fill(&page, &pack, &[(&pieces, "2")]).await;
    let again = stand.siti.fill(&page, &pack, &[(&pieces, "2")]).await;
    assert_eq!((first.status, &first.location), (303, &again.location));
    stand.siti.fill(&page, &pack, &[(&pieces, "1")]).await.is(409).says("sudah pernah dikirim");
    assert_eq!(stand.docket(&order).await.parcels.len(), 1);

    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(409).says("sudah berangkat");
    assert_eq!(stand.balance(Book::Crafter(stand.crafter_id)).await, -2 * 21_280);
    stand.close().await;
}

#[actix_web::test]
async fn nonsense_comes_back_as_typed_with_the_sentence() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 4)]).await;
    let line = stand.docket(&order).await.lines[0].id;
    let here = format!("/kelola/pesanan/{}", order.id);
    let pack = format!("{here}/paket");
    let pieces = format!("pieces_{line}");
    for (typed, status, sentence) in [
        ("1e3", 422, "Tulis angka bulat"),
        ("-1", 422, "Tulis angka bulat"),
        ("5", 422, "tinggal 4"),
        ("1000000000", 422, "tinggal 4"),
        ("0", 422, "paling sedikit satu"),
        ("", 422, "paling sedikit satu"),
    ] {
        let seen = stand.tap(&pack, &pack, &[(&pieces, typed)]).await;
        seen.is(status).says(sentence).says(&format!("value=\"{typed}\""));
    }
    let short = format!("{here}/barang/{line}/kurang");
    let long = "x".repeat(301);
    for (typed, reason, sentence) in [
        ("0", "a", "Paling sedikit 1"),
        ("9", "a", "tinggal 4"),
        ("1", "", "Harap diisi"),
        ("1", &long, "Terlalu panjang"),
    ] {
        stand.tap(&short, &short, &[("pieces", typed), ("reason", reason)]).await.is(422).says(sentence);
    }
    let evil = "<script>alert(1)</script>' OR 1=1 --";
    let cancel = format!("{here}/batal");
    stand.tap(&cancel, &cancel, &[("reason", "")]).await.is(422).says("Harap diisi");
    stand.tap(&cancel, &cancel, &[("reason", evil)]).await.is(303);
    let page = stand.siti.get(&here).await;
    page.is(200);
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    stand.close().await;
}

#[actix_web::test]
async fn an_order_of_which_a_part_has_left_is_not_called_off_whole() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 2)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    stand.tap(&here, &format!("{here}/paket"), &[]).await.is(303);
    let parcel = stand.docket(&order).await.parcels[0].parcel.id;
    let send = format!("{here}/paket/{parcel}/kirim");
    stand.tap(&send, &send, &[("courier", "JNE")]).await.is(303);
    let cancel = format!("{here}/batal");
    stand.tap(&cancel, &cancel, &[("reason", "Salah")]).await.is(409).says("Sebagian sudah berangkat");
    stand.close().await;
}

#[actix_web::test]
async fn what_does_not_exist_is_not_found() {
    let mut stand = Stand::open().await;
    let order = stand.paid(&[(stand.basket, 1)]).await;
    let here = format!("/kelola/pesanan/{}", order.id);
    for path in ["/kelola/pesanan/999", "/kelola/pesanan/abc", "/kelola/ongkir/999"] {
        stand.siti.get(path).await.is(404);
    }
    for path in ["paket/999/kirim", "barang/999/kurang", "paket/x/kirim"] {
        stand.siti.get(&format!("{here}/{path}")).await.is(404);
    }
    stand.siti.get("/kelola/pesanan?hal=abc&perlu=xyz").await.is(200);
    stand.siti.get("/kelola/pesanan?cari=%25_%27").await.is(200).says("Tidak ada pesanan yang cocok");
    for sought in ["ratna", "081200000003", "K-2611-0001", "1"] {
        stand.siti.get(&format!("/kelola/pesanan?cari={sought}")).await.is(200).says("Ibu Ratna");
    }
    let seen = stand.stranger.get(&here).await;
    seen.is(404);
    let parcels = entity::parcel::Entity::find().count(&stand.shop.app.db).await.expect("a count");
    assert_eq!(parcels, 0);
    stand.close().await;
}
