//! Quotes: asked for, written, sent, answered once.
use entity::{
    Rupiah,
    order::{Method, Payment, State as OrderState},
    quote::State,
};
use warong::{
    catalogue::capacity,
    db,
    orders::{method, order as orders},
    wholesale::{
        accept::{self, Answer},
        quote::{self, Deposit, Line},
    },
};

use super::trader::{THERE, Trader, somebody};

#[actix_web::test]
async fn a_reseller_asks_the_outlet_writes_and_a_yes_makes_an_order() {
    let mut trader = Trader::agreed().await;
    let basket = trader.stand.basket;
    let pieces = format!("n_{basket}");
    let page = trader.made.get("/grosir/minta").await;
    page.says("Rp26.000");
    // The village is looked for first; what was typed stays.
    let found =
        trader.made.fill(&page, "/grosir/minta", &[(&pieces, "10"), ("tujuan", "samarinda"), ("cari", "1")]).await;
    found.is(200).says("name=\"desa\"").says("value=\"10\"");
    let asked = [(pieces.as_str(), "10"), ("desa", THERE), ("jalan", "Jalan Mulawarman 77")];
    let sent = trader.made.fill(&page, "/grosir/minta", &asked).await;
    sent.is(303);
    let at = sent.location.clone().expect("the quote's page");
    // The same tap again leads to the same quote.
    assert_eq!(trader.made.fill(&page, "/grosir/minta", &asked).await.location, Some(at.clone()));
    trader.made.get(&at).await.says("sedang menghitung");
    let db = trader.stand.shop.app.db.clone();
    let all = quote::list(&db, trader.stand.outlet.id).await.expect("read");
    assert_eq!(all.len(), 1);
    // Ten pieces do not reach twelve.
    assert_eq!(all[0].lines[0].unit_price, Rupiah(28_000));
    let id = all[0].row.id;
    let here = format!("/kelola/penawaran/{id}");
    trader.stand.siti.get("/kelola/grosir").await.says("Toko Rimba");
    trader.stand.siti.get(&here).await.says("paling sedikit Rp18.000");
    let price = format!("h_{basket}");
    let terms = [
        (pieces.as_str(), "10"),
        (price.as_str(), "26.000"),
        ("ongkir", "ditulis"),
        ("kargo_nama", "Kapal ke Samarinda"),
        ("kargo_harga", "100.000"),
        ("koli", "1"),
        ("kemas", "20.000"),
        ("muka", "30%"),
        ("hangus", "50"),
        ("hari", "3"),
        ("berlaku", "2026-12-05"),
        ("siap", "2026-12-11"),
        ("syarat", "Barang pecah diganti"),
    ];
    trader.stand.tap(&here, &here, &terms).await.is(303);
    trader.stand.siti.get(&here).await.says("Rp380.000").says("Rp114.000").says("Rp57.000");
    trader.stand.tap(&here, &format!("{here}/kirim"), &[]).await.is(303);
    // What was sent does not change any more.
    let csrf = trader.stand.siti.get(&here).await.hidden(&format!("{here}/tarik"));
    let mut late: Vec<(&str, &str)> = terms.to_vec();
    late.extend(csrf.iter().filter(|(name, _)| name == "csrf").map(|(a, b)| (a.as_str(), b.as_str())));
    trader.stand.siti.post_raw(&here, &late).await.is(409).says("tidak berubah lagi");
    let mut buyer = trader.stand.shop.browser();
    let page = buyer.get(&at).await;
    page.says("Rp380.000").says("Rp114.000").says("Barang pecah diganti").says("5 Desember");
    buyer.fill(&page, &format!("{at}/ya"), &[("bayar", "transfer")]).await.is(422).says("Beri tanda");
    buyer.fill(&page, &format!("{at}/ya"), &[("setuju", "1"), ("bayar", "cod")]).await.is(422);
    let yes = [("setuju", "1"), ("bayar", "transfer")];
    let done = buyer.fill(&page, &format!("{at}/ya"), &yes).await;
    done.is(303);
    let order_page = done.location.clone().expect("the order");
    // Tapped again, from another phone: the same order.
    assert_eq!(buyer.fill(&page, &format!("{at}/ya"), &yes).await.location, Some(order_page.clone()));
    buyer.get(&order_page).await.says("Menunggu uang muka").says("Rp114.000").says("Rp57.000");
    buyer.get(&at).await.says("sudah disetujui").says(&order_page);
    buyer.post_raw(&format!("{at}/tidak"), &[]).await.is(409).says("sudah disetujui");
    let order = orders::by_secret(&db, order_page.trim_start_matches("/pesanan/")).await.expect("the order");
    assert_eq!((order.total, order.deposit, order.kept), (Rupiah(380_000), Rupiah(114_000), Rupiah(57_000)));
    assert_eq!((order.state, order.payment), (OrderState::Placed, Payment::Unpaid));
    assert_eq!(order.ready_on.map(|day| day.to_string()).as_deref(), Some("2026-12-11"));
    // Ten baskets are promised; the shares are cut from the lower price.
    assert_eq!(trader.stand.available(basket).await, 0);
    assert_eq!(trader.stand.docket(&order).await.lines[0].maker_total, Rupiah(197_600));
    trader.stand.close().await;
}

#[actix_web::test]
async fn twenty_taps_of_a_yes_make_one_order() {
    let trader = Trader::agreed().await;
    let quote = trader.quoted(&[(trader.stand.basket, 10, 26_000)]).await;
    let app = trader.stand.shop.app.clone();
    let taps = (0..20).map(|_| {
        let (app, secret) = (app.clone(), quote.row.secret.clone());
        async move {
            let tx = db::begin(&app.db).await.expect("a transaction");
            let language = entity::person::Language::Id;
            let answer = accept::accept(&tx, &app.clock, &secret, Method::Transfer, language).await.expect("accepted");
            tx.commit().await.expect("it stands");
            answer
        }
    });
    let answers = futures_util::future::join_all(taps).await;
    assert!(answers.iter().all(|answer| *answer == answers[0] && matches!(answer, Answer::Order(_))));
    assert_eq!(trader.stand.available(trader.stand.basket).await, 0);
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_quote_that_ran_out_says_so_and_makes_nothing() {
    let trader = Trader::agreed().await;
    let quote = trader.quoted(&[(trader.stand.basket, 10, 26_000)]).await;
    let at = quote::url(&quote.row);
    let mut buyer = trader.stand.shop.browser();
    let page = buyer.get(&at).await;
    trader.stand.shop.clock.advance(chrono::Duration::days(15));
    // The page was open all the time.
    buyer
        .fill(&page, &format!("{at}/ya"), &[("setuju", "1"), ("bayar", "transfer")])
        .await
        .is(409)
        .says("hanya berlaku");
    buyer.get(&at).await.says("Sudah lewat");
    assert_eq!(trader.stand.available(trader.stand.basket).await, 10);
    let db = &trader.stand.shop.app.db;
    assert_eq!(quote::by_secret(db, &quote.row.secret).await.expect("read").row.state, State::Expired);
    // And one nobody looked at again is written down by the worker.
    let other = trader.quoted(&[(trader.stand.basket, 5, 26_000)]).await;
    trader.stand.shop.clock.advance(chrono::Duration::days(15));
    warong::work::minute(&trader.stand.shop.app).await.expect("a minute");
    assert_eq!(quote::by_secret(db, &other.row.secret).await.expect("read").row.state, State::Expired);
    trader.stand.close().await;
}

#[actix_web::test]
async fn goods_that_are_sold_meanwhile_and_prices_that_rise_are_told() {
    let trader = Trader::agreed().await;
    let quote = trader.quoted(&[(trader.stand.basket, 8, 26_000)]).await;
    trader.stand.paid(&[(trader.stand.basket, 5)]).await;
    let at = quote::url(&quote.row);
    let mut buyer = trader.stand.shop.browser();
    let page = buyer.get(&at).await;
    page.says("sekarang hanya ada 5");
    assert!(!page.body.contains("Ya, saya pesan"));
    buyer.post_raw(&format!("{at}/ya"), &[("setuju", "1"), ("bayar", "transfer")]).await.is(409).says("hanya ada 5");
    // Five more are brought: the same quote holds, at its price, whatever the shop asks by now.
    trader.stand.brings(trader.stand.basket, 5).await;
    use sea_orm::{ActiveValue::Set, EntityTrait};
    let dearer =
        entity::item::ActiveModel { id: Set(trader.stand.basket), price: Set(Rupiah(35_000)), ..Default::default() };
    let tx = trader.stand.begin().await;
    entity::item::Entity::update(dearer).exec(&tx).await.expect("a new price");
    tx.commit().await.expect("it stands");
    let order = trader.accepts(&quote.row, Method::Transfer).await;
    assert_eq!(order.total, Rupiah(8 * 26_000 + 120_000));
    trader.stand.close().await;
}

#[actix_web::test]
async fn what_must_be_made_first_is_promised_for_the_day_of_the_quote() {
    let trader = Trader::agreed().await;
    let quote = trader.quoted(&[(trader.stand.cage, 30, 65_000)]).await;
    let order = trader.accepts(&quote.row, Method::Transfer).await;
    let docket = trader.stand.docket(&order).await;
    assert_eq!((docket.lines[0].to_make, order.ready_on), (30, quote.row.ready_on));
    trader.stand.close().await;
}

#[actix_web::test]
async fn the_day_is_proposed_by_what_makers_can_and_an_earlier_one_is_asked_twice() {
    let mut trader = Trader::agreed().await;
    let (cage, by) = (trader.stand.cage, trader.stand.operator_id);
    let tx = trader.stand.begin().await;
    let clock = &trader.stand.shop.clock;
    capacity::say(&tx, clock, trader.stand.crafter_id, cage, 7, by).await.expect("seven a week");
    let asked = trader.asked(&[(cage, 28)]);
    let quote = quote::begin(&tx, clock, &trader.stand.outlet, None, &asked, by).await.expect("begun");
    tx.commit().await.expect("it stands");
    let possible = clock.today() + chrono::Days::new(28);
    let here = format!("/kelola/penawaran/{}", quote.row.id);
    // One a day: 28 days, and the form says so before anybody types.
    let page = trader.stand.siti.get(&here).await;
    page.is(200).says("Paling cepat").says(&format!("value=\"{possible}\""));
    let (n, h) = (format!("n_{cage}"), format!("h_{cage}"));
    let with = |pieces: &'static str, day: String| {
        let pairs =
            [("ongkir", "ditulis"), ("kargo_nama", "Kapal"), ("kargo_harga", "0"), ("koli", "1"), ("kemas", "0")];
        let more = [("muka", "30%"), ("hangus", "0"), ("hari", "3"), ("berlaku", "2026-12-05")];
        let mut fields: Vec<(String, String)> =
            pairs.iter().chain(&more).map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
        fields.push((n.clone(), pieces.to_owned()));
        fields.push((h.clone(), "65.000".to_owned()));
        fields.push(("siap".to_owned(), day));
        fields
    };
    let as_typed = |fields: &[(String, String)]| fields.to_vec();
    let early = as_typed(&with("28", (possible - chrono::Days::new(1)).to_string()));
    let mut early: Vec<(&str, &str)> = early.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let doubt = trader.stand.tap(&here, &here, &early).await;
    doubt.is(422).says("Tetap janjikan").says("name=\"siap_yakin\"");
    assert_eq!(
        quote::by_id(&trader.stand.shop.app.db, trader.stand.outlet.id, quote.row.id).await.unwrap().row.ready_on,
        None
    );
    early.push(("siap_yakin", "ya"));
    trader.stand.tap(&here, &here, &early).await.is(303);
    // Fewer pieces are ready sooner: that day is not asked about.
    let fewer = with("14", (possible - chrono::Days::new(14)).to_string());
    let fewer: Vec<(&str, &str)> = fewer.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    trader.stand.tap(&here, &here, &fewer).await.is(303);
    trader.stand.close().await;
}

#[actix_web::test]
async fn a_quote_is_declined_or_withdrawn_with_a_reason_and_never_both() {
    let mut trader = Trader::agreed().await;
    let quote = trader.quoted(&[(trader.stand.basket, 10, 26_000)]).await;
    let at = quote::url(&quote.row);
    let mut buyer = trader.stand.shop.browser();
    let page = buyer.get(&at).await;
    buyer.fill(&page, &format!("{at}/tidak"), &[("alasan", "Terlalu mahal")]).await.is(303);
    buyer.fill(&page, &format!("{at}/tidak"), &[("alasan", "Terlalu mahal")]).await.is(303);
    buyer.fill(&page, &format!("{at}/ya"), &[("setuju", "1"), ("bayar", "transfer")]).await.is(409);
    let here = format!("/kelola/penawaran/{}", quote.row.id);
    trader.stand.siti.get(&here).await.says("Terlalu mahal");
    let other = trader.quoted(&[(trader.stand.basket, 10, 26_000)]).await;
    let here = format!("/kelola/penawaran/{}", other.row.id);
    let pull = format!("{here}/tarik");
    trader.stand.tap(&here, &pull, &[]).await.is(422);
    trader.stand.tap(&here, &pull, &[("alasan", "Bambu habis")]).await.is(303);
    let at = quote::url(&other.row);
    buyer.get(&at).await.says("Bambu habis");
    buyer.post_raw(&format!("{at}/ya"), &[("setuju", "1"), ("bayar", "transfer")]).await.is(409).says("ditarik");
    trader.stand.close().await;
}

#[actix_web::test]
async fn nobody_else_reaches_a_quote_and_nonsense_is_refused() {
    let mut trader = Trader::agreed().await;
    let quote = trader.quoted(&[(trader.stand.basket, 10, 26_000)]).await;
    let here = format!("/kelola/penawaran/{}", quote.row.id);
    trader.stand.stranger.get(&here).await.is(404);
    trader.made.get(&here).await.is(403);
    trader.stand.siti.get("/kelola/penawaran/999").await.is(404);
    let mut guest = trader.stand.shop.browser();
    guest.get("/penawaran/bukan").await.is(404);
    guest.post_raw("/penawaran/bukan/ya", &[("setuju", "1"), ("bayar", "transfer")]).await.is(404);
    let (_, mut anton) = somebody(&trader.stand, "Pak Anton", "6281300000009").await;
    anton.post_raw("/grosir/minta", &[]).await.is(409);
    let page = trader.made.get("/grosir/minta").await;
    let pieces = format!("n_{}", trader.stand.basket);
    for (typed, said) in [("", "sedikitnya satu"), ("-3", "angka bulat"), ("1,5", "angka bulat"), ("20000", "10.000")] {
        let fields = [(pieces.as_str(), typed), ("desa", THERE), ("jalan", "Jalan 1")];
        trader.made.fill(&page, "/grosir/minta", &fields).await.is(422).says(said);
    }
    trader.made.fill(&page, "/grosir/minta", &[(&pieces, "3"), ("jalan", "Jalan 1")]).await.is(422).says("Jalan 1");
    trader.made.fill(&page, "/grosir/minta", &[("n_999", "3"), ("desa", THERE), ("jalan", "J")]).await.is(422);
    // A price that gives the maker too little, a deposit above all of it.
    let tx = trader.stand.begin().await;
    let clock = &trader.stand.shop.clock;
    let (outlet, by) = (&trader.stand.outlet, trader.stand.operator_id);
    let asked = trader.asked(&[(trader.stand.basket, 10)]);
    let draft = quote::begin(&tx, clock, outlet, None, &asked, by).await.expect("begun");
    let line = |price| vec![Line { item_id: trader.stand.basket, quantity: 10, unit_price: Rupiah(price) }];
    assert!(quote::write(&tx, clock, outlet, draft.row.id, &trader.terms(line(20_000)), by).await.is_err());
    let mut much = trader.terms(line(28_000));
    much.deposit = Deposit::Amount(Rupiah(400_001));
    assert!(quote::write(&tx, clock, outlet, draft.row.id, &much, by).await.is_err());
    // Nothing was written yet, so nothing can be sent.
    assert!(quote::send(&tx, clock, outlet, draft.row.id, by).await.is_err());
    drop(tx);
    trader.stand.close().await;
}

#[actix_web::test]
async fn the_first_part_is_paid_by_ways_that_come_before_the_work() {
    let trader = Trader::agreed().await;
    let outlet = &trader.stand.outlet;
    for way in method::METHODS {
        let offered = accept::offered(way, Rupiah(114_000), true, outlet);
        let wanted = matches!(way, Method::Qris | Method::Gopay | Method::Shopeepay | Method::Transfer);
        assert_eq!(offered, wanted, "{way:?}");
    }
    // QRIS ends at ten million; a transfer takes any sum.
    assert!(!accept::offered(Method::Qris, Rupiah(10_000_001), false, outlet));
    assert!(accept::offered(Method::Transfer, Rupiah(90_000_000), false, outlet));
    trader.stand.close().await;
}
