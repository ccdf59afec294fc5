//! What sembako is sold for: by its rule, under the law of the day, and above it only when two people say so.
use chrono::{Duration, NaiveDate};
use entity::{Rupiah, item, outlet, person_role::Role, posted_price, product};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    error::{Error, Result},
    outlet::{
        price::{self, Answer, Doubt, NewPrice},
        price_ceiling,
        price_good::{self, Facts},
        price_override::{self, Decision},
        price_rule::{self, NewRule, Step},
    },
    prices::{
        added::{self, Force, NewRow, Per, Scope},
        selling::Rule,
    },
};

use super::{
    payout::desk::signed_in,
    purchase::{Granary, refused},
};
use crate::support::Browser;

/// A market day at the granary: rice by weight, and packs of what a story needs.
pub struct Market {
    pub granary: Granary,
}

impl Market {
    pub async fn open() -> Market {
        Market { granary: Granary::open().await }
    }

    pub fn rice(&self) -> i64 {
        self.granary.rice
    }

    pub fn outlet(&self) -> &outlet::Model {
        &self.granary.stand.outlet
    }

    /// Goods in packs, like the rice but for what is said here.
    pub async fn adds(&self, name: &str, commodity: Option<&str>, price: i64, grams: i64) -> i64 {
        let tx = self.granary.stand.begin().await;
        let rice = item::Entity::find_by_id(self.rice()).one(&tx).await.expect("a read").expect("rice");
        let like = product::Entity::find_by_id(rice.product_id).one(&tx).await.expect("a read").expect("its product");
        let mut of = product::ActiveModel::from(like);
        of.id = sea_orm::ActiveValue::NotSet;
        of.slug = Set(format!("barang-{}", name.to_lowercase().replace([' ', '<', '>', '/'], "-")));
        of.name = Set(name.into());
        of.commodity = Set(commodity.map(str::to_owned));
        let product_id = product::Entity::insert(of).exec(&tx).await.expect("a product").last_insert_id;
        let mut pack = item::ActiveModel::from(rice);
        pack.id = sea_orm::ActiveValue::NotSet;
        pack.product_id = Set(product_id);
        pack.measure = Set(item::Measure::Piece);
        pack.price = Set(Rupiah(price));
        pack.content = Set(grams);
        pack.content_unit = Set(item::Measure::Gram);
        let id = item::Entity::insert(pack).exec(&tx).await.expect("a pack").last_insert_id;
        tx.commit().await.expect("it is there");
        id
    }

    pub async fn price(&self, item_id: i64) -> i64 {
        self.item(item_id).await.price.0
    }

    pub async fn item(&self, item_id: i64) -> item::Model {
        let db = &self.granary.stand.shop.app.db;
        item::Entity::find_by_id(item_id).one(db).await.expect("a read").expect("an item")
    }

    pub async fn posted(&self, item_id: i64) -> Vec<posted_price::Model> {
        price::history(&self.granary.stand.shop.app.db, item_id, 100).await.expect("a read")
    }

    /// Bu Siti chooses a rule and says yes to nothing.
    pub async fn chooses(&self, item_id: i64, rule: Rule) -> Result<(Rupiah, Answer)> {
        self.says(item_id, rule, "", None).await
    }

    pub async fn says(&self, item_id: i64, rule: Rule, reason: &str, sure: Option<i64>) -> Result<(Rupiah, Answer)> {
        let stand = &self.granary.stand;
        let tx = stand.begin().await;
        let new = NewRule { rule, step: Step::Hundred, cover_weeks: 4 };
        let (clock, by) = (&stand.shop.clock, stand.operator_id);
        let said = (reason, sure.map(Rupiah));
        let done = price_rule::choose(&tx, clock, &stand.outlet, by, item_id, &new, said).await?;
        if !matches!(done.1, Answer::Asks(_)) {
            tx.commit().await?;
        }
        Ok(done)
    }

    pub async fn buys(&self, grams: i64, price: i64, on: NaiveDate) -> i64 {
        let new = self.granary.of(grams, price, on);
        self.granary.buys(&new).await.expect("a purchase").id
    }

    /// A price of rice above the ceiling until a day.
    pub async fn asks(&self, by: i64, price: i64, until: NaiveDate, reason: &str) -> Result<i64> {
        let stand = &self.granary.stand;
        let tx = stand.begin().await;
        let wish = (Rupiah(price), until);
        let id = price_override::ask(&tx, &stand.shop.clock, &stand.outlet, by, self.rice(), wish, reason).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn decides(&self, by: i64, id: i64, decision: Decision) -> Result<()> {
        let stand = &self.granary.stand;
        let tx = stand.begin().await;
        price_override::decide(&tx, &stand.shop.clock, &stand.outlet, by, id, decision).await?;
        tx.commit().await?;
        Ok(())
    }

    pub async fn morning(&self) -> usize {
        let shop = &self.granary.stand.shop;
        price_rule::each_morning(&shop.app.db, &shop.clock).await.expect("a morning")
    }

    /// Somebody with a role, by their id.
    pub async fn person(&self, name: &str, role: Role, place: warong::accounts::role::Place) -> i64 {
        use warong::accounts::{person, role};
        let stand = &self.granary.stand;
        let tx = stand.begin().await;
        let id = person::create(&tx, &stand.shop.clock, name, None, None).await.expect("a person");
        role::grant(&tx, &stand.shop.clock, id, role, place, None).await.expect("a role");
        tx.commit().await.expect("they are there");
        id
    }

    pub async fn browser(&self, person_id: i64) -> Browser {
        signed_in(&self.granary.stand.shop, person_id).await
    }

    pub fn today(&self) -> NaiveDate {
        self.granary.today()
    }
}

/// A row of the law that one writes down: rice for a kilogram in the first zone.
pub fn row_of_rice(high: i64, from: NaiveDate, to: Option<NaiveDate>) -> NewRow {
    NewRow {
        commodity: "beras medium".into(),
        force: Force::Ceiling,
        scope: Scope::One,
        low: None,
        high: Rupiah(high),
        per: Per::Kilogram,
        valid_from: from,
        valid_to: to,
        instrument: "Perbadan 1/2027".into(),
        note: String::new(),
        source: String::new(),
    }
}

const POOLED: Rule = Rule::Pooled { margin_bp: 500 };

#[actix_web::test]
async fn a_steady_price_follows_what_lies_in_store_and_stops_at_the_ceiling() {
    let market = Market::open().await;
    let (rice, today) = (market.rice(), market.today());
    market.buys(100_000, 1_200_000, today).await;
    assert_eq!(market.price(rice).await, 13_500, "28,000 a kilogram is more than the law allows");
    assert_eq!(market.chooses(rice, POOLED).await.expect("a rule"), (Rupiah(12_600), Answer::Posted));
    market.buys(100_000, 1_300_000, today).await;
    assert_eq!(market.price(rice).await, 13_200, "13,125");
    let before = market.posted(rice).await.len();
    market.buys(100_000, 1_250_000, today).await;
    assert_eq!((market.price(rice).await, market.posted(rice).await.len()), (13_200, before), "nothing to post");
    let dear = market.buys(150_000, 2_150_000, today).await;
    assert_eq!(market.price(rice).await, 13_500, "13,767 would be more than the law allows");
    let latest = market.posted(rice).await.remove(0);
    assert_eq!((latest.price, latest.person_id), (Rupiah(13_500), None));
    assert_eq!((latest.cost, latest.ceiling), (Some(Rupiah(13_111)), Some(Rupiah(13_500))));
    // A note of yesterday turns up, and a purchase goes out of the books again: the price follows both.
    market.buys(100_000, 900_000, today - Duration::days(1)).await;
    assert_eq!(market.price(rice).await, 13_000, "12,982.2");
    let stand = &market.granary.stand;
    let tx = stand.begin().await;
    let by = stand.operator_id;
    warong::outlet::purchase_reversal::reverse(&tx, &stand.shop.clock, &stand.outlet, dear, "salah ketik", by)
        .await
        .expect("it goes");
    tx.commit().await.expect("it stands");
    assert_eq!(market.price(rice).await, 12_300, "12,206.25");
    let product = product::Entity::find_by_id(market.item(rice).await.product_id).one(&stand.shop.app.db).await;
    let product = product.expect("a read").expect("a product");
    assert_eq!((product.price_min, product.price_max), (Rupiah(12_300), Rupiah(12_300)));
    for (price, asked) in [(12_600, true), (13_500, true), (12_300, true), (12_601, false)] {
        let known = price::was_posted(&stand.shop.app.db, rice, Rupiah(price)).await.expect("a read");
        assert_eq!(known, asked, "{price}");
    }
    market.granary.adds_up().await;
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn cost_plus_goes_by_the_last_purchase_and_a_mistyped_cost_waits_for_a_person() {
    let market = Market::open().await;
    let (rice, today) = (market.rice(), market.today());
    market.buys(100_000, 1_000_000, today - Duration::days(3)).await;
    let rule = Rule::CostPlus { margin_bp: 1_000 };
    assert_eq!(market.chooses(rice, rule).await.expect("a rule").0, Rupiah(11_000));
    market.buys(50_000, 600_000, today).await;
    assert_eq!(market.price(rice).await, 13_200);
    market.buys(10_000, 90_000, today - Duration::days(1)).await;
    assert_eq!(market.price(rice).await, 13_200, "an older note is not the last purchase");
    market.buys(10_000, 12_000, today).await;
    assert_eq!(market.price(rice).await, 13_200, "Rp1.200 a kilogram was meant to be Rp12.000");
    // A person may say yes to it.
    let (price, answer) = market.chooses(rice, rule).await.expect("a question");
    assert_eq!(price, Rupiah(1_400), "1,320");
    assert!(matches!(answer, Answer::Asks(ref doubts) if doubts.contains(&Doubt::FarOff { old: Rupiah(13_200) })));
    assert_eq!(market.price(rice).await, 13_200);
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn a_slip_of_the_finger_asks_and_a_loss_needs_its_reason() {
    let market = Market::open().await;
    let sugar = market.adds("Gula pasir 1 kg", Some("gula konsumsi"), 17_000, 1_000).await;
    let fixed = |price| Rule::Fixed { price: Rupiah(price) };
    let asked = async |price| match market.chooses(sugar, fixed(price)).await.expect("an answer").1 {
        Answer::Asks(doubts) => doubts,
        other => panic!("not asked: {other:?}"),
    };
    let band = Doubt::AboveBand { most: Rupiah(17_500) };
    let far = Doubt::FarOff { old: Rupiah(17_000) };
    assert_eq!(asked(170_000).await, [band, far]);
    assert_eq!(asked(1_700).await, [far]);
    assert_eq!(asked(18_000).await, [band], "a band warns");
    assert_eq!(market.price(sugar).await, 17_000);
    assert_eq!(market.says(sugar, fixed(18_000), "", Some(17_900)).await.expect("asked").1, Answer::Asks(vec![band]));
    assert_eq!(market.says(sugar, fixed(18_000), "", Some(18_000)).await.expect("posted").1, Answer::Posted);
    assert_eq!(market.says(sugar, fixed(18_000), "", None).await.expect("the same").1, Answer::Same);
    // Rice at less than it cost.
    let rice = market.rice();
    market.buys(100_000, 1_200_000, market.today()).await;
    let loss = Doubt::BelowCost { cost: Rupiah(12_000) };
    assert_eq!(market.chooses(rice, fixed(11_500)).await.expect("asked").1, Answer::Asks(vec![loss]));
    let no_reason = market.says(rice, fixed(11_500), "", Some(11_500)).await.expect("asked").1;
    assert_eq!(no_reason, Answer::Asks(vec![loss]), "yes is not enough");
    assert_eq!(
        market.says(rice, fixed(11_500), "hampir kutuan", Some(11_500)).await.expect("posted").1,
        Answer::Posted
    );
    assert_eq!(market.posted(rice).await[0].reason.as_deref(), Some("hampir kutuan"));
    // Above the ceiling nobody is asked.
    let error = market.says(rice, fixed(13_600), "mahal", Some(13_600)).await.expect_err("forbidden");
    assert_eq!(refused(error), "harga.above_ceiling");
    for rule in [Rule::CostPlus { margin_bp: -1 }, Rule::Pooled { margin_bp: 30_001 }] {
        assert_eq!(refused(market.chooses(rice, rule).await.expect_err("odd")), "harga.odd_rule");
    }
    assert_eq!(refused(market.chooses(sugar, fixed(50)).await.expect_err("odd")), "harga.out_of_range");
    let basket = market.granary.stand.basket;
    assert!(matches!(market.chooses(basket, fixed(30_000)).await, Err(Error::NotFound)), "baskets have no such price");
    assert!(matches!(market.chooses(9_999, fixed(30_000)).await, Err(Error::NotFound)));
    market.granary.adds_up().await;
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn what_is_above_the_ceiling_takes_two_people_and_ends_on_its_day() {
    let market = Market::open().await;
    let (rice, today, siti) = (market.rice(), market.today(), market.granary.stand.operator_id);
    let village = market.outlet().village_id;
    let hariyanto =
        market.person("Pak Hariyanto", Role::VillageOfficer, warong::accounts::role::Place::Village(village)).await;
    market.buys(100_000, 1_200_000, today).await;
    market.chooses(rice, POOLED).await.expect("a rule");
    let last = today + Duration::days(2);
    for (price, until, reason, key) in [
        (13_500, last, "jalan putus", "harga.no_need"),
        (14_500, today - Duration::days(1), "jalan putus", "harga.until_when"),
        (14_500, today + Duration::days(32), "jalan putus", "harga.until_when"),
        (14_500, last, " ", "harga.needs_reason"),
    ] {
        let error = market.asks(siti, price, until, reason).await.expect_err("refused");
        assert_eq!(refused(error), key, "{price} {until} {reason}");
    }
    let id = market.asks(siti, 14_500, last, "jalan putus").await.expect("asked");
    assert_eq!(
        refused(market.asks(siti, 14_600, last, "lagi").await.expect_err("one at a time")),
        "harga.asked_already"
    );
    assert_eq!(market.price(rice).await, 12_600, "asking posts nothing");
    let own = market.decides(siti, id, Decision::Approved).await.expect_err("not by herself");
    assert_eq!(refused(own), "harga.not_own");
    assert!(matches!(market.decides(hariyanto, 999, Decision::Approved).await, Err(Error::NotFound)));
    let taps = join_all((0..6).map(|_| market.decides(hariyanto, id, Decision::Approved))).await;
    assert_eq!(taps.iter().filter(|done| done.is_ok()).count(), 1, "twice at once is once");
    let latest = market.posted(rice).await.remove(0);
    assert_eq!((latest.price, latest.override_id, latest.person_id), (Rupiah(14_500), Some(id), Some(hariyanto)));
    let db = &market.granary.stand.shop.app.db;
    let most =
        async |day| price_ceiling::most(db, market.outlet(), &market.item(rice).await, day).await.expect("a read");
    assert_eq!(most(today).await, Some(Rupiah(14_500)));
    assert_eq!(most(last + Duration::days(1)).await, Some(Rupiah(13_500)));
    // It stands while it was approved for, whatever is bought, and no higher price comes in by it.
    market.buys(100_000, 1_250_000, today).await;
    assert_eq!(market.morning().await, 0);
    assert_eq!(market.price(rice).await, 14_500);
    let fixed = |price| Rule::Fixed { price: Rupiah(price) };
    let higher = market.says(rice, fixed(14_600), "", Some(14_600)).await.expect_err("more than was approved");
    assert_eq!(refused(higher), "harga.above_ceiling");
    market.granary.stand.shop.clock.advance(Duration::days(3));
    assert_eq!(market.morning().await, 1);
    assert_eq!(market.price(rice).await, 12_900, "12,862.5 by its rule");
    assert_eq!(market.morning().await, 0, "once a morning");
    // What is over cannot be approved, nor used.
    let error = market.says(rice, fixed(14_500), "", Some(14_500)).await.expect_err("it is over");
    assert_eq!(refused(error), "harga.above_ceiling");
    let late = market.asks(siti, 14_000, market.today(), "banjir").await.expect("asked");
    market.granary.stand.shop.clock.advance(Duration::days(1));
    assert_eq!(refused(market.decides(hariyanto, late, Decision::Approved).await.expect_err("over")), "harga.ask_over");
    assert_eq!(price_override::count(db, market.outlet().id, market.today()).await.expect("a count"), 0);
    let again = market.asks(siti, 14_000, market.today(), "banjir").await.expect("asked anew");
    market.decides(siti, again, Decision::Refused).await.expect("she takes it back");
    assert_eq!(
        refused(market.decides(hariyanto, again, Decision::Approved).await.expect_err("decided")),
        "harga.decided"
    );
    assert_eq!(market.price(rice).await, 12_900);
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn a_ceiling_that_begins_today_lowers_a_price_today() {
    let market = Market::open().await;
    let (rice, today) = (market.rice(), market.today());
    let shop = &market.granary.stand.shop;
    market.buys(100_000, 1_200_000, today).await;
    assert_eq!(
        market.says(rice, Rule::Fixed { price: Rupiah(13_450) }, "", None).await.expect("a price").0,
        Rupiah(13_450)
    );
    market.morning().await;
    let adds = async |village_id: Option<i64>, row: &NewRow| {
        let tx = market.granary.stand.begin().await;
        let by = market.granary.stand.operator_id;
        let row = added::add(&tx, &shop.clock, village_id, row, by).await?;
        tx.commit().await?;
        Ok::<_, Error>(row)
    };
    let tomorrow = today + Duration::days(1);
    let week = tomorrow + Duration::days(6);
    adds(None, &row_of_rice(13_000, tomorrow, Some(week))).await.expect("a row");
    let elsewhere = {
        let tx = market.granary.stand.begin().await;
        let new = warong::accounts::outlet::NewVillage {
            code: "35.09.22.2002".into(),
            name: "Darsono".into(),
            kecamatan: "Arjasa".into(),
            kabupaten: "Jember".into(),
        };
        let id = warong::accounts::outlet::create_village(&tx, &shop.clock, &new).await.expect("a village");
        tx.commit().await.expect("it is there");
        id
    };
    adds(Some(elsewhere), &row_of_rice(9_000, tomorrow, None)).await.expect("a row of another village");
    let backwards = adds(None, &row_of_rice(13_000, week, Some(today))).await.expect_err("no such days");
    assert_eq!(refused(backwards), "harga.ends_before");
    let low = NewRow { low: Some(Rupiah(14_000)), ..row_of_rice(13_000, week, None) };
    assert_eq!(refused(adds(None, &low).await.expect_err("upside down")), "harga.low_above_high");
    let rows = price_ceiling::ceiling_rows(&shop.app.db, market.outlet(), &["beras medium".into()], today, 10).await;
    let rows: Vec<_> = rows.expect("rows").into_iter().map(|row| (row.high.0, row.from, row.to)).collect();
    let after = week + Duration::days(1);
    assert_eq!(rows, [(13_500, today, Some(today)), (13_000, tomorrow, Some(week)), (13_500, after, None)]);
    assert_eq!((market.morning().await, market.price(rice).await), (0, 13_450));
    shop.clock.advance(Duration::days(1));
    assert_eq!((market.morning().await, market.price(rice).await), (1, 13_000));
    assert_eq!(market.posted(rice).await[0].ceiling, Some(Rupiah(13_000)));
    shop.clock.advance(Duration::days(7));
    assert_eq!((market.morning().await, market.price(rice).await), (1, 13_450), "back to what was said");
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn goods_are_described_so_that_the_law_can_be_read() {
    let market = Market::open().await;
    let stand = &market.granary.stand;
    let bag = market.adds("Beras 5 kg", None, 66_000, 0).await;
    let describes = async |item_id: i64, facts: &Facts| {
        let tx = stand.begin().await;
        let (clock, by) = (&stand.shop.clock, stand.operator_id);
        price_good::describe(&tx, clock, &stand.outlet, (by, false), item_id, facts).await?;
        tx.commit().await?;
        Ok::<_, Error>(())
    };
    let facts = Facts {
        commodity: Some("beras medium".into()),
        measure: item::Measure::Piece,
        content: 5_000,
        content_unit: item::Measure::Gram,
    };
    let most = async || {
        let db = &stand.shop.app.db;
        price_ceiling::most(db, &stand.outlet, &market.item(bag).await, market.today()).await.expect("a read")
    };
    assert_eq!(most().await, None);
    describes(bag, &facts).await.expect("described");
    assert_eq!(most().await, Some(Rupiah(67_500)));
    describes(bag, &Facts { content: 2_500, ..facts.clone() }).await.expect("described anew");
    assert_eq!(most().await, Some(Rupiah(33_750)));
    describes(bag, &Facts { content_unit: item::Measure::Millilitre, ..facts.clone() }).await.expect("odd, but said");
    assert_eq!(most().await, None, "a row for kilos says nothing of litres");
    for (odd, key) in [
        (Facts { content: -1, ..facts.clone() }, "harga.odd_content"),
        (Facts { content: 1_000_001, ..facts.clone() }, "harga.odd_content"),
        (Facts { commodity: Some("emas".into()), ..facts.clone() }, "harga.unknown_commodity"),
    ] {
        assert_eq!(refused(describes(bag, &odd).await.expect_err("odd")), key);
    }
    market.buys(1_000, 12_000, market.today()).await;
    let error = describes(market.rice(), &facts).await.expect_err("it was weighed before");
    assert_eq!(refused(error), "harga.measure_stays");
    assert!(matches!(describes(stand.basket, &facts).await, Err(Error::NotFound)));
    // The old way to a price of sembako is closed.
    let tx = stand.begin().await;
    let old = market.item(bag).await;
    let size = warong::catalogue::item::Size { price: Rupiah(99_000), ..warong::catalogue::item::Size::from(&old) };
    let hand = warong::catalogue::Hand {
        person_id: Some(stand.operator_id),
        village_id: Some(stand.outlet.village_id),
        side: warong::catalogue::Side::Operator,
    };
    let error = warong::catalogue::item::change(&tx, &stand.shop.clock, &hand, bag, &size, "").await;
    assert_eq!(refused(error.expect_err("not here")), "harga.own_page");
    drop(tx);
    let tx = stand.begin().await;
    let wanted = NewPrice { price: Rupiah(65_000), ..NewPrice::default() };
    let by = stand.operator_id;
    let elsewhere = outlet::Model { id: stand.outlet.id + 1, ..stand.outlet.clone() };
    let error = price::post(&tx, &stand.shop.clock, &elsewhere, by, bag, &wanted).await;
    assert!(matches!(error, Err(Error::NotFound)), "another outlet's goods are not there");
    drop(tx);
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn nobody_slips_out_of_the_law_by_another_name_or_a_larger_pack() {
    let market = Market::open().await;
    market.buys(100_000, 1_200_000, market.today()).await;
    let stand = &market.granary.stand;
    let describes = async |may_loosen: bool, facts: &Facts| {
        let tx = stand.begin().await;
        let by = (stand.operator_id, may_loosen);
        price_good::describe(&tx, &stand.shop.clock, &stand.outlet, by, market.rice(), facts).await?;
        tx.commit().await?;
        Ok::<_, Error>(())
    };
    let rice = Facts {
        commodity: Some("beras medium".into()),
        measure: item::Measure::Gram,
        content: 0,
        content_unit: item::Measure::Gram,
    };
    for name in [None, Some("beras premium".to_owned()), Some("gula konsumsi".to_owned())] {
        let other = Facts { commodity: name, ..rice.clone() };
        assert_eq!(refused(describes(false, &other).await.expect_err("more would be allowed")), "harga.facts_loosen");
    }
    // What is stricter is taken, and the way back takes somebody else.
    let stricter = Facts { commodity: Some("beras SPHP".into()), ..rice.clone() };
    describes(false, &stricter).await.expect("stricter");
    assert_eq!(refused(describes(false, &rice).await.expect_err("looser")), "harga.facts_loosen");
    describes(true, &rice).await.expect("the administrator");
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn a_row_for_a_litre_says_nothing_about_a_kilogram_and_capitals_are_no_other_goods() {
    let market = Market::open().await;
    let stand = &market.granary.stand;
    let most = async || {
        let db = &stand.shop.app.db;
        let item = market.item(market.rice()).await;
        price_ceiling::most(db, &stand.outlet, &item, market.today()).await.expect("a read")
    };
    let adds = async |row: NewRow| {
        let tx = stand.begin().await;
        let village = Some(stand.outlet.village_id);
        let row = added::add(&tx, &stand.shop.clock, village, &row, stand.operator_id).await.expect("a row");
        tx.commit().await.expect("it stands");
        row
    };
    adds(NewRow { per: Per::Litre, ..row_of_rice(15_700, market.today(), None) }).await;
    assert_eq!(most().await, Some(Rupiah(13_500)));
    let names = ["beras medium".to_owned()];
    let rows = price_ceiling::ceiling_rows(&stand.shop.app.db, &stand.outlet, &names, market.today(), 0).await;
    let told: Vec<i64> = rows.expect("rows").iter().map(|row| row.high.0).collect();
    assert_eq!(told, [13_500, 15_700], "a till is told of both");
    let row = adds(NewRow { commodity: "Beras Medium".into(), ..row_of_rice(13_000, market.today(), None) }).await;
    assert_eq!(row.commodity, "beras medium");
    assert_eq!(most().await, Some(Rupiah(13_000)));
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn a_longer_permission_at_the_same_price_carries_it_on() {
    let market = Market::open().await;
    market.buys(100_000, 1_200_000, market.today()).await;
    let village = warong::accounts::role::Place::Village(market.outlet().village_id);
    let officer = market.person("Pak Hariyanto", Role::VillageOfficer, village).await;
    let by = market.granary.stand.operator_id;
    for (days, reason) in [(1, "jalan putus"), (5, "jalan masih putus")] {
        let id = market.asks(by, 14_000, market.today() + Duration::days(days), reason).await.expect("asked");
        market.decides(officer, id, Decision::Approved).await.expect("approved");
    }
    for (days, price) in [(1, 14_000), (1, 14_000), (3, 14_000), (1, 13_500)] {
        market.granary.stand.shop.clock.advance(Duration::days(days));
        market.morning().await;
        assert_eq!(market.price(market.rice()).await, price);
    }
    market.granary.stand.close().await;
}

#[actix_web::test]
async fn prices_that_change_at_once_change_one_after_the_other() {
    let market = Market::open().await;
    let sugar = market.adds("Gula pasir 1 kg", None, 17_000, 1_000).await;
    let prices = [16_000, 16_500, 17_500, 18_000, 15_500, 15_000];
    let done = join_all(prices.map(|price| market.chooses(sugar, Rule::Fixed { price: Rupiah(price) }))).await;
    assert!(done.iter().all(|one| matches!(one, Ok((_, Answer::Posted)))), "{done:?}");
    let posted = market.posted(sugar).await;
    assert_eq!(posted.len(), prices.len());
    assert_eq!(posted[0].price.0, market.price(sugar).await, "the last one stands");
    // Purchases and mornings beside each other wait for each other, never in a circle.
    let (rice, today) = (market.rice(), market.today());
    market.buys(100_000, 1_200_000, today).await;
    market.chooses(rice, POOLED).await.expect("a rule");
    let buys = join_all((0..4).map(|n| market.buys(10_000, 120_000 + n, today)));
    let follows = join_all((0..4).map(async |_| {
        let tx = market.granary.stand.begin().await;
        let clock = &market.granary.stand.shop.clock;
        price_rule::follow_all(&tx, clock, market.outlet().id).await.expect("it follows");
        tx.commit().await.expect("it stands");
    }));
    futures_util::future::join(buys, follows).await;
    market.granary.adds_up().await;
    market.granary.stand.close().await;
}
