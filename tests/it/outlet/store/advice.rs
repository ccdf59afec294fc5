//! When to buy again, from what was really sold.
use warong::{outlet::advice, stock::reorder::Advice};

use super::{
    super::{payout::desk::signed_in, price_pages::csrf},
    KG, Pantry,
};

#[actix_web::test]
async fn advice_comes_from_real_sales_and_says_when_there_are_too_few() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    let known = async || {
        advice::of_item(&stand.shop.app.db, &stand.shop.clock, stand.outlet.id, pantry.rice).await.expect("figures")
    };
    assert_eq!(known().await.advice(), Advice::Unknown, "never had any");
    pantry.buys(pantry.rice, 1_000 * KG, 12_500_000, pantry.today(), None).await;
    for _ in 0..10 {
        pantry.sells(pantry.rice, 36 * KG).await.expect("sold");
        pantry.pass(1);
    }
    assert_eq!(known().await.advice(), Advice::Unknown, "ten days are too few");
    for day in 0..10 {
        // Every fifth day nobody came, which counts too.
        if day % 5 != 0 {
            pantry.sells(pantry.rice, 36 * KG).await.expect("sold");
        }
        pantry.pass(1);
    }
    let now = known().await;
    assert_eq!((now.days, now.days_sold), (20, 18));
    assert_eq!(now.here, (1_000 - 18 * 36) * KG);
    assert!((now.per_day().expect("enough") - 18.0 * 36.0 / 20.0 * 1_000.0).abs() < 1e-6);
    let Advice::Wait { cover_days } = now.advice() else { panic!("352 kilos last ten days: {now:?}") };
    assert!((cover_days - 352.0 / 32.4).abs() < 1e-9);
    pantry.sells(pantry.rice, 252 * KG).await.expect("a feast");
    pantry.pass(1);
    let now = known().await;
    let plan = now.plan().expect("a plan");
    let Advice::Order { quantity, .. } = now.advice() else { panic!("a hundred kilos are too few: {plan:?}") };
    assert!((quantity - (plan.fill_to - 100_000.0)).abs() < 1e-6);
    pantry.close().await;
}

#[actix_web::test]
async fn whoever_takes_long_to_deliver_is_asked_earlier() {
    let mut pantry = Pantry::open().await;
    let (rice, url) = (pantry.rice, format!("/kelola/belanja/pemasok/{}", pantry.granary.sumber.id));
    let lead = format!("{url}/lama");
    pantry.buys(rice, 1_000 * KG, 12_500_000, pantry.today(), None).await;
    for _ in 0..20 {
        pantry.sells(rice, 36 * KG).await.expect("sold");
        pantry.pass(1);
    }
    let mut siti = signed_in(&pantry.granary.stand.shop, pantry.granary.stand.operator_id).await;
    let known = async |pantry: &Pantry| {
        let stand = &pantry.granary.stand;
        advice::of_item(&stand.shop.app.db, &stand.shop.clock, stand.outlet.id, rice).await.expect("figures")
    };
    let now = known(&pantry).await;
    assert_eq!(now.lead_days, 3);
    assert!(matches!(now.advice(), Advice::Wait { .. }), "280 kilos last a week: {now:?}");
    let page = siti.get(&url).await;
    for (typed, sentence) in [("-1", "angka"), ("besok", "angka"), ("61", "Paling banyak"), ("1,5", "angka")] {
        let seen = siti.fill(&page, &lead, &[("lama", typed)]).await;
        seen.is(422).says(sentence).says(&format!("value=\"{typed}\""));
    }
    siti.fill(&page, &lead, &[("lama", "9")]).await.is(303);
    siti.get(&url).await.says("9 hari");
    let now = known(&pantry).await;
    assert_eq!(now.lead_days, 9);
    assert!(matches!(now.advice(), Advice::Order { .. }), "nine days are longer than a week: {now:?}");
    siti.get("/kelola/gudang/pesan").await.is(200).says("kira-kira 9 hari");
    // Nobody knows it any more; and another outlet's supplier is not there.
    let page = siti.get(&url).await;
    siti.fill(&page, &lead, &[("lama", "")]).await.is(303);
    assert_eq!(known(&pantry).await.lead_days, 3);
    let page = pantry.granary.stand.stranger.get("/akun").await;
    let csrf = csrf(&page.body);
    pantry.granary.stand.stranger.post_raw(&lead, &[("csrf", &csrf), ("lama", "5")]).await.is(404);
    pantry.close().await;
}

#[actix_web::test]
async fn nothing_is_ordered_that_spoils_before_it_is_sold() {
    let pantry = Pantry::open().await;
    let stand = &pantry.granary.stand;
    pantry.buys(pantry.rice, 200 * KG, 2_500_000, pantry.today(), Some(pantry.day(25))).await;
    for _ in 0..20 {
        pantry.sells(pantry.rice, 9 * KG).await.expect("sold");
        pantry.pass(1);
    }
    let now =
        advice::of_item(&stand.shop.app.db, &stand.shop.clock, stand.outlet.id, pantry.rice).await.expect("known");
    let plan = now.plan().expect("a plan");
    assert!((plan.fill_to - 9_000.0 * 25.0).abs() < 1e-6, "{plan:?}");
    // What expired is not here any more.
    pantry.pass(6);
    pantry.puts_aside().await;
    let now =
        advice::of_item(&stand.shop.app.db, &stand.shop.clock, stand.outlet.id, pantry.rice).await.expect("known");
    assert_eq!(now.here, 0);
    pantry.close().await;
}
