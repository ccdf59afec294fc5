//! What lies with a supplier, and suppliers that change.
use entity::person_role::Role;
use warong::ledger::Book;

use super::{super::purchase::Granary, NEW, SUPPLIERS, standing, with};

/// A purchase that was noted wrongly leaves Rp500.000 with the supplier.
async fn left_with_them() -> Granary {
    let mut granary = Granary::open().await;
    let url = granary.types(&granary.sacks()).await.location.expect("its page");
    let page = granary.stand.siti.get(&url).await;
    granary.stand.siti.fill(&page, &format!("{url}/batal"), &[("alasan", "salah pemasok")]).await.is(303);
    assert_eq!(granary.owed().await, -500_000);
    granary
}

#[actix_web::test]
async fn money_that_lies_with_a_supplier_comes_back_and_never_more_than_that() {
    let mut granary = left_with_them().await;
    let url = format!("{SUPPLIERS}/{}", granary.sumber.id);
    let refund = format!("{url}/uang-kembali");
    let page = granary.stand.siti.get(&url).await;
    page.is(200).says("Pemasok mengembalikan uangnya").says("Tunai ke kas warong");
    assert_eq!(standing(&page, "jumlah").as_deref(), Some("500.000"));
    for (amount, into, sentence) in [
        ("", "kas", "Harap diisi"),
        ("0", "kas", "Paling sedikit"),
        ("500.001", "kas", "Titipan di pemasok ini Rp500.000"),
        ("1.000", "saku", "tidak tersedia"),
    ] {
        let seen = granary.stand.siti.fill(&page, &refund, &[("jumlah", amount), ("dari", into)]).await;
        assert!(seen.status == 422 || seen.status == 409, "{amount}: {}", seen.status);
        seen.says(sentence);
        assert_eq!(standing(&seen, "jumlah").as_deref(), Some(amount));
    }
    let some = [("jumlah", "200.000"), ("dari", "bank"), ("acuan", "TRX 9")];
    for _ in 0..2 {
        granary.stand.siti.fill(&page, &refund, &some).await.is(303);
    }
    assert_eq!(granary.owed().await, -300_000);
    let outlet = granary.stand.outlet.id;
    assert_eq!(granary.books(Book::Bank(outlet)).await, 200_000);
    let seen = granary.stand.siti.get(&url).await;
    seen.says("Uang dari pemasok").says("Rp200.000").says("titipan Rp300.000");
    let rest = [("jumlah", "300.000"), ("dari", "kas")];
    granary.stand.siti.fill(&seen, &refund, &rest).await.is(303);
    assert_eq!((granary.owed().await, granary.books(Book::Cash(outlet)).await), (0, -200_000));
    let even = granary
        .stand
        .siti
        .fill(&page, &refund, &[("jumlah", "1"), ("dari", "kas"), ("request_key", "a-late-refund")])
        .await;
    even.is(409).says("Titipan di pemasok ini Rp0");
    let mut auditor = granary.somebody(Role::Auditor).await;
    let seen = auditor.get(&url).await;
    assert!(!seen.is(200).body.contains(&refund));
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn all_paid_is_all_but_what_lay_with_the_supplier_already() {
    let mut granary = left_with_them().await;
    let outlet = granary.stand.outlet.id;
    let paid = granary.types(&with(&granary.sacks(), "dibayar", "")).await;
    paid.is(303);
    assert_eq!((granary.owed().await, granary.books(Book::Cash(outlet)).await), (0, -1_925_000));
    let more = granary.types(&with(&granary.sacks(), "dibayar", "1.925.001")).await;
    more.is(422);
    granary.types(&with(&granary.sacks(), "bayar", "utang")).await.is(303);
    assert_eq!(granary.owed().await, 1_925_000);
    // Another's debts of before are not paid by it.
    granary.types(&with(&granary.sacks(), "dibayar", "")).await.is(303);
    assert_eq!(granary.owed().await, 1_925_000);
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_pack_that_was_typed_wrongly_goes_with_its_purchase() {
    let mut granary = left_with_them().await;
    let of_rice = [granary.rice];
    let db = granary.stand.shop.app.db.clone();
    let packs = async || warong::outlet::pack::of(&db, &of_rice).await.expect("a read").len();
    assert_eq!(packs().await, 0, "nothing offers it again");
    granary.types(&granary.sacks()).await.is(303);
    let url = granary.types(&granary.sacks()).await.location.expect("its page");
    let page = granary.stand.siti.get(&url).await;
    granary.stand.siti.fill(&page, &format!("{url}/batal"), &[("alasan", "dua kali")]).await.is(303);
    assert_eq!(packs().await, 1, "it came like that once, and that stands");
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_supplier_gets_another_name_is_put_away_and_taken_up_again() {
    let mut granary = Granary::open().await;
    let url = format!("{SUPPLIERS}/{}", granary.sumber.id);
    let of = |act: &str| format!("{url}/{act}");
    let page = granary.stand.siti.get(SUPPLIERS).await;
    let karim = [("pemasok_nama", "Pak Karim"), ("pemasok_jenis", "petani")];
    granary.stand.siti.fill(&page, SUPPLIERS, &karim).await.is(303);
    let page = granary.stand.siti.get(&url).await;
    assert_eq!(standing(&page, "pemasok_nama").as_deref(), Some("UD Sumber"));
    for (name, status, sentence) in [("", 422, "Harap diisi"), ("pak karim", 409, "Pak Karim sudah ada di daftar")] {
        let typed = [("pemasok_nama", name), ("pemasok_jenis", "grosir"), ("pemasok_tempat", "Pasar Tanjung")];
        let seen = granary.stand.siti.fill(&page, &of("ubah"), &typed).await;
        seen.is(status).says(sentence);
        assert_eq!(standing(&seen, "pemasok_tempat").as_deref(), Some("Pasar Tanjung"));
    }
    let mut new = vec![("pemasok_nama", "UD Sumber Rejeki"), ("pemasok_jenis", "grosir"), ("pemasok_tempat", "Arjasa")];
    let named = [new.clone(), vec![("pemasok_hp", "0812-0000-0009")]].concat();
    granary.stand.siti.fill(&page, &of("ubah"), &named).await.is(303);
    let seen = granary.stand.siti.get(&url).await;
    seen.says("UD Sumber Rejeki").says("Arjasa");
    // What is known stays when the form comes back untouched.
    let phone = standing(&seen, "pemasok_hp").expect("a phone");
    new.push(("pemasok_hp", &phone));
    granary.stand.siti.fill(&seen, &of("ubah"), &new).await.is(303);
    granary.stand.siti.get(&url).await.says("UD Sumber Rejeki").says("Arjasa").says("tel:+6281200000009");

    granary.types(&granary.sacks()).await.is(303);
    let page = granary.stand.siti.get(&url).await;
    granary.stand.siti.fill(&page, &of("simpan"), &[]).await.is(409).says("Selesaikan dulu");
    let all = [("jumlah", "1.425.000"), ("dari", "bank")];
    granary.stand.siti.fill(&page, &of("bayar"), &all).await.is(303);
    granary.stand.siti.fill(&page, &of("simpan"), &[]).await.is(303);
    granary.stand.siti.get(&url).await.says("tidak belanja di sini lagi");
    let list = granary.stand.siti.get(SUPPLIERS).await;
    list.says("Tidak dipakai lagi (1)");
    let blank = granary.stand.siti.get(NEW).await;
    assert!(!blank.body.contains("UD Sumber Rejeki"), "nobody is asked whether it came from there");
    granary.types(&granary.sacks()).await.is(422).says("tidak tersedia");
    let same = [("pemasok_nama", "ud sumber rejeki"), ("pemasok_jenis", "grosir")];
    granary.stand.siti.fill(&list, SUPPLIERS, &same).await.is(409).says("tidak dipakai lagi");
    let page = granary.stand.siti.get(&url).await;
    granary.stand.siti.fill(&page, &of("pakai"), &[]).await.is(303);
    granary.types(&granary.sacks()).await.is(303);
    granary.stand.siti.get(&url).await.says("UD Sumber Rejeki");
    granary.adds_up().await;
    granary.stand.close().await;
}
