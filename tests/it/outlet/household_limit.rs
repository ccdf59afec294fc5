//! The village officer says anew what a family may have; what held before stays as it was.
use chrono::Duration;
use warong::outlet::household_limit;

use crate::support::{
    Shop,
    people::{Cast, DEWI, HARIYANTO, SATI, SITI, WAHYUDI},
};

const LIMITS: &str = "/desa/batas";

#[actix_web::test]
async fn the_officer_adds_a_row_and_it_decides_from_its_day_on() {
    let shop = Shop::empty().await;
    let cast = Cast::of(&shop).await;
    let mut hariyanto = shop.signed_in(HARIYANTO).await;
    hariyanto.get("/tugas").await.is(200).says(LIMITS);
    let page = hariyanto.get(LIMITS).await;
    page.is(200).says("25 kg dalam 1 hari").says("10 kg dalam 1 hari").says("berlaku sekarang").says("sudah lewat");
    let good = [
        ("barang", "beras SPHP"),
        ("paling_banyak", "15"),
        ("hari", "7"),
        ("mulai", "2026-12-01"),
        ("sampai", ""),
        ("dasar", "SK Kepala Desa"),
        ("sumber", "Nomor 12 tahun 2026"),
    ];
    for (field, wrong, sentence) in [
        ("barang", "emas", "Pilih"),
        ("paling_banyak", "0", "sedikit"),
        ("paling_banyak", "1001", "paling"),
        ("hari", "93", "paling"),
        ("mulai", "", "Pilih"),
        ("mulai", "2026-11-20", "Paling cepat mulai hari ini"),
        ("sampai", "2026-11-30", "sebelum tanggal mulai"),
        ("sumber", "", "Harap diisi"),
    ] {
        let mut fields: Vec<_> = good.iter().copied().filter(|(name, _)| *name != field).collect();
        fields.push((field, wrong));
        hariyanto.fill(&page, LIMITS, &fields).await.is(422).says(sentence);
    }
    hariyanto.fill(&page, LIMITS, &good).await.is(303);
    hariyanto.fill(&page, LIMITS, &good).await.is(303);
    let page = hariyanto.get(LIMITS).await;
    page.says("15 kg dalam 7 hari").says("akan berlaku");
    // A slip is put right by another row of the same day: the later one decides.
    let mut slip = good.to_vec();
    slip.retain(|(name, _)| *name != "paling_banyak");
    slip.push(("paling_banyak", "1"));
    hariyanto.fill(&page, LIMITS, &slip).await.is(303);
    let page = hariyanto.get(LIMITS).await;
    page.says("1 kg dalam 7 hari");
    hariyanto.fill(&page, LIMITS, &good).await.is(303);
    let on = async |days: i64| {
        let day = shop.clock.today() + Duration::days(days);
        let limit = household_limit::on(&shop.app.db, cast.outlet.village_id, "beras SPHP", day).await;
        limit.expect("a read").map(|limit| (limit.most, limit.days))
    };
    assert_eq!(on(0).await, Some((25_000, 1)));
    assert_eq!(on(10).await, Some((15_000, 7)));
    // Another village keeps what the country has.
    let other = household_limit::on(&shop.app.db, 9_999, "beras SPHP", shop.clock.today() + Duration::days(10)).await;
    assert_eq!(other.expect("a read").map(|limit| limit.most), Some(25_000));
    for phone in [SITI, SATI, DEWI, WAHYUDI] {
        let mut somebody = shop.signed_in(phone).await;
        somebody.get(LIMITS).await.is(403);
    }
    assert_eq!(shop.browser().get(LIMITS).await.status, 303);
    shop.close().await;
}
