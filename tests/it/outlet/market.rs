//! Operasi pasar and what a family may have: counted by card, whatever till sold it.
use chrono::{DateTime, Duration, Utc};
use entity::{Rupiah, family, item, lot::Terms, member, product, sale, sale_line};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use warong::{
    check,
    error::{Error, Result},
    locale::Lang,
    outlet::{
        family as families,
        family::Kk,
        market::{self, Back, Bought, Given, NewGood, NewMarket, State},
    },
    stock::{self, Cause, Fresh, NewLot},
};

use super::{field::handset::Handset, purchase::Granary};
use crate::support::{Browser, browser::Seen};

const MARKETS: &str = "/kelola/pasar";
const FAMILIES: &str = "/kelola/keluarga";
const KK: &str = "3509222001110001";

/// A counter that sells SPHP rice in packs of five kilos and loose, both under the limit of the programme.
pub struct Square {
    pub granary: Granary,
    pub pack: i64,
    pub loose: i64,
    acts: std::cell::Cell<u32>,
}

impl Square {
    pub async fn open() -> Square {
        let granary = Granary::open().await;
        let tx = granary.stand.begin().await;
        let rice = item::Entity::find_by_id(granary.rice).one(&tx).await.expect("a read").expect("rice");
        let change = product::ActiveModel {
            id: Set(rice.product_id),
            name: Set("Beras SPHP".into()),
            commodity: Set(Some("beras SPHP".into())),
            ..Default::default()
        };
        product::Entity::update(change).exec(&tx).await.expect("a commodity");
        let mut pack = item::ActiveModel::from(rice);
        pack.id = sea_orm::ActiveValue::NotSet;
        pack.name = Set("5 kg".into());
        pack.measure = Set(item::Measure::Piece);
        pack.price = Set(Rupiah(62_500));
        pack.content = Set(5_000);
        pack.content_unit = Set(item::Measure::Gram);
        let pack = item::Entity::insert(pack).exec(&tx).await.expect("a pack").last_insert_id;
        // Enough for all stories; nothing was paid for it.
        for (item_id, quantity) in [(pack, 1_000), (granary.rice, 1_000_000)] {
            let lot = NewLot {
                item_id,
                place_id: granary.stand.place_id,
                owner_id: None,
                terms: Terms::Own,
                cost: Rupiah::ZERO,
                quantity,
                grade: None,
                agreed: None,
                material: Rupiah::ZERO,
                intake_id: None,
                person_id: Some(granary.stand.operator_id),
                source_key: warong::secret::short_token(),
                fresh: Fresh::default(),
            };
            stock::receive(&tx, &granary.stand.shop.clock, &lot).await.expect("goods");
        }
        tx.commit().await.expect("all of it");
        let loose = granary.rice;
        Square { granary, pack, loose, acts: std::cell::Cell::new(0) }
    }

    fn key(&self) -> String {
        self.acts.set(self.acts.get() + 1);
        format!("square:{}", self.acts.get())
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.granary.stand.shop.clock.now()
    }

    /// A family with a card, by the end of its number.
    pub async fn family(&self, last: u32, dusun: &str) -> family::Model {
        let (stand, tx) = (&self.granary.stand, self.granary.stand.begin().await);
        let kk = Kk::parse(&format!("350922200111{last:04}")).expect("a number");
        let (secret, by) = (&stand.shop.app.config.secret, stand.operator_id);
        let made = families::register(&tx, &stand.shop.clock, secret, &stand.outlet, &kk, dusun, by).await;
        tx.commit().await.expect("it stands");
        made.expect("a family").0
    }

    /// A sale with one line, without its money: what is told here is counted.
    async fn sale(&self, tx: &warong::db::Tx, item_id: i64, quantity: i64, market_id: Option<i64>) -> i64 {
        let row = sale::ActiveModel {
            outlet_id: Set(self.granary.stand.outlet.id),
            secret: Set(warong::secret::short_token()),
            method: Set(sale::Method::Till),
            total: Set(Rupiah::ZERO),
            person_id: Set(self.granary.stand.operator_id),
            source_key: Set(warong::secret::short_token()),
            sold_at: Set(self.now()),
            ..Default::default()
        };
        let id = sale::Entity::insert(row).exec(tx).await.expect("a sale").last_insert_id;
        let line = sale_line::ActiveModel {
            sale_id: Set(id),
            item_id: Set(item_id),
            name: Set("Beras SPHP".into()),
            quantity: Set(quantity),
            list_price: Set(Rupiah::ZERO),
            unit_price: Set(Rupiah::ZERO),
            amount: Set(Rupiah::ZERO),
            measure: Set(item::Measure::Piece),
            price_of: Set(sale_line::PriceOf::Posted),
            market_id: Set(market_id),
            ..Default::default()
        };
        sale_line::Entity::insert(line).exec(tx).await.expect("its line");
        let (subject, key) = (format!("sale:{id}"), warong::secret::short_token());
        let cause = Cause { subject: Some(&subject), reason: None, person_id: None, source_key: &key };
        let (clock, place) = (&self.granary.stand.shop.clock, self.granary.stand.place_id);
        stock::sell(tx, clock, item_id, place, quantity, None, cause).await.expect("it leaves the shelf");
        id
    }

    /// One line is sold and counted; says what was odd about it, and the sale.
    pub async fn sells(
        &self,
        family: Option<&family::Model>,
        market_id: Option<i64>,
        (item_id, quantity): (i64, i64),
        at: DateTime<Utc>,
    ) -> (Vec<Value>, i64) {
        let tx = self.granary.stand.begin().await;
        let sale_id = self.sale(&tx, item_id, quantity, market_id).await;
        let one = Bought {
            sale_id,
            source_key: self.key(),
            family_id: family.map(|family| family.id),
            market_id,
            item_id,
            commodity: Some("beras SPHP".into()),
            quantity,
            at,
        };
        let (clock, outlet) = (&self.granary.stand.shop.clock, &self.granary.stand.outlet);
        let odd = market::count(&tx, clock, outlet, &[one]).await.expect("counted");
        tx.commit().await.expect("it stands");
        (odd.into_iter().map(|(_, odd)| odd).collect(), sale_id)
    }

    /// Rules that a line passed.
    async fn rules(
        &self,
        family: Option<&family::Model>,
        market_id: Option<i64>,
        what: (i64, i64),
        at: DateTime<Utc>,
    ) -> Vec<String> {
        let (odd, _) = self.sells(family, market_id, what, at).await;
        odd.iter().map(|odd| odd["rule"].as_str().expect("a rule").to_owned()).collect()
    }

    /// An open market with packs at Rp57.000, two a family.
    pub async fn market(&self, allotted: i64, slot_families: i64) -> market::Model {
        let (stand, planned) = (&self.granary.stand, self.plans(allotted, slot_families).await);
        let tx = stand.begin().await;
        market::open(&tx, &stand.shop.clock, &stand.outlet, planned.id, stand.operator_id).await.expect("it opens");
        tx.commit().await.expect("it stands");
        self.read(planned.id).await
    }

    /// The same before it is opened.
    async fn plans(&self, allotted: i64, slot_families: i64) -> market::Model {
        let stand = &self.granary.stand;
        let (clock, outlet, by, now) = (&stand.shop.clock, &stand.outlet, stand.operator_id, self.now());
        let new = NewMarket {
            name: "Pasar murah Krajan".into(),
            place: "Balai Dusun Krajan".into(),
            opens_at: now,
            closes_at: now + Duration::hours(4),
            note: String::new(),
            slot_minutes: 30,
            slot_families,
        };
        let tx = stand.begin().await;
        let market = market::plan(&tx, clock, outlet, &new, by).await.expect("a plan");
        let good = NewGood { item_id: self.pack, price: Rupiah(57_000), per_family: 2, allotted };
        market::offer(&tx, clock, outlet, market.id, &good, by).await.expect("goods");
        tx.commit().await.expect("it stands");
        self.read(market.id).await
    }

    async fn read(&self, id: i64) -> market::Model {
        let stand = &self.granary.stand;
        market::read(&stand.shop.app.db, stand.outlet.id, id).await.expect("the market")
    }

    pub async fn adds_up(&self) {
        let report = check::all(&self.granary.stand.shop.app.db).await.expect("a check");
        assert!(report.ok, "{}", check::in_words(&report));
    }
}

fn refused<T: std::fmt::Debug>(done: Result<T>) -> &'static str {
    match done {
        Err(Error::Refused(refusal)) => refusal.said.key,
        other => panic!("should have been refused: {other:?}"),
    }
}

fn at(text: &str) -> DateTime<Utc> {
    format!("{text}:00+07:00").parse::<DateTime<chrono::FixedOffset>>().expect("a time").to_utc()
}

#[actix_web::test]
async fn the_second_purchase_by_the_same_card_passes_the_limit_of_its_day() {
    let square = Square::open().await;
    let family = square.family(1, "Krajan").await;
    let other = square.family(2, "Rayap").await;
    // Ten kilos a day, as it was in 2025.
    let (odd, _) = square.sells(Some(&family), None, (square.pack, 1), at("2025-08-21T09:00")).await;
    assert!(odd.is_empty(), "{odd:?}");
    let (odd, _) = square.sells(Some(&family), None, (square.pack, 2), at("2025-08-21T15:00")).await;
    assert_eq!(odd.len(), 1);
    let told = (odd[0]["rule"].as_str(), odd[0]["allowed"].as_i64(), odd[0]["asked"].as_i64());
    assert_eq!(told, (Some("limit"), Some(5_000), Some(10_000)));
    assert_eq!(odd[0]["next"].as_str(), Some("2025-08-21T17:00:00Z"), "midnight in Jember");
    let said = market::odd(&odd[0], Lang::Id).expect("a sentence");
    let said = square.granary.stand.shop.app.say(Lang::Id, &said);
    assert!(said.contains("10 kg") && said.contains("5 kg") && said.contains("22 Agustus 2025"), "{said}");
    let next_day = square.rules(Some(&family), None, (square.loose, 10_000), at("2025-08-22T00:00")).await;
    assert!(next_day.is_empty(), "{next_day:?}");
    let theirs = square.rules(Some(&other), None, (square.loose, 10_000), at("2025-08-21T16:00")).await;
    assert!(theirs.is_empty(), "{theirs:?}");
    // Twenty-five since February 2026.
    assert!(square.rules(Some(&family), None, (square.pack, 5), square.now()).await.is_empty());
    assert_eq!(square.rules(Some(&family), None, (square.loose, 100), square.now()).await, ["limit"]);
    // Told late: in all it was too much that day, whoever came first.
    assert_eq!(square.rules(Some(&family), None, (square.loose, 1), at("2025-08-21T08:00")).await, ["limit"]);
    assert_eq!(square.rules(None, None, (square.loose, 1_000), square.now()).await, ["no_card"]);
    // A clock that runs a year ahead gives no new day.
    let ahead = square.now() + Duration::days(365);
    assert_eq!(square.rules(Some(&family), None, (square.pack, 1), ahead).await, ["limit"]);
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn what_comes_back_gives_room_on_its_own_day_and_is_never_more_than_was_bought() {
    let square = Square::open().await;
    let family = square.family(1, "Krajan").await;
    let (_, sale_id) = square.sells(Some(&family), None, (square.pack, 5), square.now()).await;
    let stand = &square.granary.stand;
    let back = |quantity, key: &str| Back {
        sale_id,
        source_key: key.into(),
        item_id: square.pack,
        market_id: None,
        quantity,
        at: square.now(),
    };
    let gives = async |back: Vec<Back>| {
        let tx = stand.begin().await;
        market::gave_back(&tx, &stand.shop.clock, &stand.outlet, &back).await.expect("it came back");
        tx.commit().await.expect("it stands");
    };
    gives(vec![back(2, "back:1"), back(2, "back:1")]).await;
    gives(vec![back(2, "back:1")]).await;
    let used = market::used_of(&stand.shop.app.db, &stand.outlet, family.id, square.now()).await.expect("a read");
    let sum: i64 = used.iter().filter_map(|row| row[3].as_i64()).sum();
    assert_eq!(sum, 15_000, "once, whatever is told twice");
    assert!(square.rules(Some(&family), None, (square.pack, 2), square.now()).await.is_empty());
    assert_eq!(square.rules(Some(&family), None, (square.pack, 1), square.now()).await, ["limit"]);
    // The next day what comes back leaves that day as it was.
    stand.shop.clock.advance(Duration::days(1));
    gives(vec![back(9, "back:2")]).await;
    let used = market::used_of(&stand.shop.app.db, &stand.outlet, family.id, square.now()).await.expect("a read");
    let of_sale: i64 = used.iter().filter_map(|row| row[3].as_i64()).sum();
    assert_eq!(of_sale, 15_000, "three packs of the sale were left to come back, and no more");
    assert_eq!(square.rules(Some(&family), None, (square.pack, 6), square.now()).await, ["limit"], "not eight");
    stand.shop.clock.advance(Duration::days(1));
    square.granary.stand.shop.settle().await;
}

#[actix_web::test]
async fn two_tills_tell_of_the_same_family_at_once_and_one_of_them_passed_the_limit() {
    let square = Square::open().await;
    let family = square.family(1, "Krajan").await;
    let now = square.now();
    let both = join_all((0..2).map(|_| square.sells(Some(&family), None, (square.pack, 3), now))).await;
    let odd: usize = both.iter().map(|(odd, _)| odd.len()).sum();
    assert_eq!(odd, 1, "{both:?}");
    // Both stand: goods and money have changed hands.
    let stand = &square.granary.stand;
    let told = market::for_till(&stand.shop.app.db, &stand.outlet, now).await.expect("told");
    let used = told["used"].as_array().expect("a list");
    assert_eq!(used.len(), 2);
    assert_eq!(used[0][0].as_str(), Some(family.token.as_str()), "by token");
    assert_eq!((used[0][1].as_str(), used[0][3].as_i64()), (Some("commodity:beras SPHP"), Some(15_000)));
    assert!(!told.to_string().contains(&family.dusun), "nothing else is told of a family");
    assert_eq!(told["limits"].as_array().map(Vec::len), Some(1), "the old row is over");
    assert_eq!(told["limits"][0]["most"].as_i64(), Some(25_000));
    let again = market::for_till(&stand.shop.app.db, &stand.outlet, now).await.expect("told");
    assert_eq!(told, again, "the same rows, the same answer");
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn a_market_has_its_share_its_hours_and_its_end() {
    let square = Square::open().await;
    let market = square.market(5, 20).await;
    let (first, second) = (square.family(1, "Krajan").await, square.family(2, "Rayap").await);
    let (id, now) = (Some(market.id), square.now());
    assert!(square.rules(Some(&first), id, (square.pack, 2), now).await.is_empty());
    assert_eq!(square.rules(Some(&first), id, (square.pack, 1), now).await, ["per_family"]);
    assert_eq!(square.rules(Some(&second), id, (square.loose, 1_000), now).await, ["not_offered"]);
    let early = now - Duration::hours(1);
    assert_eq!(square.rules(None, id, (square.pack, 1), early).await, ["no_card", "window"]);
    assert_eq!(square.rules(Some(&second), id, (square.pack, 2), now).await, ["allotted"], "one was left");
    let stand = &square.granary.stand;
    let told = market::for_till(&stand.shop.app.db, &stand.outlet, now).await.expect("told");
    assert_eq!(told["markets"][0]["goods"][0]["left"].as_i64(), Some(0));
    let about = format!("market:{}:item:{}", market.id, square.pack);
    assert!(told["used"].as_array().expect("a list").iter().any(|row| row[1] == about.as_str()));
    let report = market::report(&stand.shop.app.db, stand.outlet.village_id, &market).await.expect("a report");
    assert_eq!((report.families, report.without_card), (2, 1));
    let packs = &report.goods[0];
    assert_eq!((packs.good.sold, packs.families, packs.too_much, packs.families_over), (6, 2, 1, 1));
    assert_eq!(packs.takings, Rupiah::ZERO, "what was told here was told without its money");
    assert_eq!(packs.sold_out_at, Some(now));
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn who_was_sent_away_at_a_till_is_counted_once_however_often_it_is_told() {
    let square = Square::open().await;
    let market = square.market(40, 20).await;
    let family = square.family(1, "Krajan").await;
    let stand = &square.granary.stand;
    let mut till = Handset::of(stand, stand.siti.clone()).await;
    let body = json!({ "market": market.id, "item": square.pack, "family": family.token, "asked": 3 });
    let event = till.records("refused", &body);
    for _ in 0..3 {
        assert_eq!(till.verdict(&event).await["verdict"], "accepted");
    }
    let again = till.records("refused", &body);
    assert_eq!(till.told(&[again, event]).await.len(), 2);
    let count = async || {
        let report = market::report(&stand.shop.app.db, stand.outlet.village_id, &market).await.expect("a report");
        report.refused
    };
    assert_eq!(count().await, 2, "they came twice");
    // Another market, other goods, a card that nobody has, nothing asked.
    for (field, value) in [
        ("market", json!(market.id + 99)),
        ("item", json!(square.loose)),
        ("family", json!("AC4K7PRM")),
        ("family", json!("")),
        ("asked", json!(0)),
    ] {
        let mut wrong = body.clone();
        wrong[field] = value;
        let told = {
            let event = till.records("refused", &wrong);
            till.verdict(&event).await
        };
        assert_eq!(told["verdict"], "refused", "{field}: {told}");
    }
    let mut stranger = Handset::of(stand, stand.stranger.clone()).await;
    let event = stranger.records("refused", &body);
    assert_eq!(stranger.verdict(&event).await["verdict"], "refused", "another outlet's market");
    assert_eq!(count().await, 2);
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn what_a_till_sold_stays_in_a_market_that_nobody_opened_and_numbers_keep_their_hours() {
    let square = Square::open().await;
    let (stand, clock) = (&square.granary.stand, &square.granary.stand.shop.clock);
    let (outlet, by) = (&stand.outlet, stand.operator_id);
    let planned = square.plans(20, 15).await;
    let family = square.family(1, "Krajan").await;
    let tx = stand.begin().await;
    market::give(&tx, clock, outlet, planned.id, &family.token, by).await.expect("a number");
    let same = NewMarket {
        name: planned.name.clone(),
        place: "Lapangan".into(),
        opens_at: planned.opens_at,
        closes_at: planned.closes_at,
        note: String::new(),
        slot_minutes: planned.slot_minutes,
        slot_families: planned.slot_families,
    };
    market::change(&tx, clock, outlet, planned.id, &same, by).await.expect("another place is no other hour");
    let later = NewMarket { closes_at: planned.closes_at + Duration::hours(1), ..same };
    assert_eq!(refused(market::change(&tx, clock, outlet, planned.id, &later, by).await), "market.numbers_given");
    tx.commit().await.expect("it stands");
    square.sells(Some(&family), Some(planned.id), (square.pack, 2), clock.now()).await;
    let tx = stand.begin().await;
    assert_eq!(refused(market::take_out(&tx, clock, outlet, planned.id, square.pack, by).await), "market.has_sales");
    assert_eq!(refused(market::call_off(&tx, clock, outlet, planned.id, by).await), "market.has_sales");
    drop(tx);
    let report = market::report(&stand.shop.app.db, outlet.village_id, &square.read(planned.id).await).await;
    let report = report.expect("a report");
    assert_eq!(report.goods[0].good.content_sold(), Some(10_000), "two packs of five kilograms");
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn a_plan_that_breaks_the_rules_is_refused() {
    let square = Square::open().await;
    let stand = &square.granary.stand;
    let (clock, outlet, by, now) = (&stand.shop.clock, &stand.outlet, stand.operator_id, square.now());
    let good = NewMarket {
        name: "Pasar murah".into(),
        place: "Balai desa".into(),
        opens_at: now + Duration::days(1),
        closes_at: now + Duration::days(1) + Duration::hours(3),
        note: String::new(),
        slot_minutes: 30,
        slot_families: 20,
    };
    let tx = stand.begin().await;
    let tries = async |change: &dyn Fn(&mut NewMarket)| {
        let mut new = good.clone();
        change(&mut new);
        refused(market::plan(&tx, clock, outlet, &new, by).await)
    };
    assert_eq!(tries(&|new| new.closes_at = new.opens_at).await, "market.window");
    assert_eq!(tries(&|new| new.closes_at = new.opens_at + Duration::days(15)).await, "market.window");
    assert_eq!(tries(&|new| (new.opens_at, new.closes_at) = (now - Duration::hours(3), now)).await, "market.day");
    assert_eq!(tries(&|new| new.slot_minutes = 0).await, "market.slots");
    assert_eq!(tries(&|new| new.slot_families = 501).await, "market.slots");
    let market = market::plan(&tx, clock, outlet, &good, by).await.expect("a plan");
    assert_eq!(refused(market::open(&tx, clock, outlet, market.id, by).await), "market.too_early");
    let pack = NewGood { item_id: square.pack, price: Rupiah(57_000), per_family: 2, allotted: 100 };
    let offers = async |change: &dyn Fn(&mut NewGood)| {
        let mut new = pack.clone();
        change(&mut new);
        market::offer(&tx, clock, outlet, market.id, &new, by).await
    };
    assert_eq!(refused(offers(&|new| new.price = Rupiah(62_600)).await), "market.above_ceiling");
    assert_eq!(refused(offers(&|new| new.price = Rupiah(0)).await), "market.bad_price");
    assert_eq!(refused(offers(&|new| new.per_family = 6).await), "market.above_limit", "thirty kilos");
    assert_eq!(refused(offers(&|new| new.per_family = 0).await), "market.quantity");
    assert_eq!(refused(offers(&|new| new.allotted = 1).await), "market.quantity");
    assert_eq!(refused(offers(&|new| new.allotted = 1_000_000_000).await), "market.quantity");
    assert!(matches!(offers(&|new| new.item_id = stand.basket).await, Err(Error::NotFound)), "baskets are no sembako");
    assert!(matches!(offers(&|new| new.item_id = 9_999).await, Err(Error::NotFound)));
    // The ceiling allows it, but the shop itself asks less.
    let cheap = item::ActiveModel { id: Set(square.pack), price: Set(Rupiah(60_000)), ..Default::default() };
    item::Entity::update(cheap).exec(&tx).await.expect("a price");
    assert_eq!(refused(offers(&|new| new.price = Rupiah(61_000)).await), "market.dearer_than_shop");
    let unknown = item::ActiveModel { id: Set(square.pack), content: Set(0), ..Default::default() };
    item::Entity::update(unknown).exec(&tx).await.expect("nobody said what is in it");
    assert_eq!(refused(offers(&|_| ()).await), "market.no_content");
    let known = item::ActiveModel { id: Set(square.pack), content: Set(5_000), ..Default::default() };
    item::Entity::update(known).exec(&tx).await.expect("five kilos");
    offers(&|_| ()).await.expect("it is offered");
    clock.advance(Duration::days(1));
    market::open(&tx, clock, outlet, market.id, by).await.expect("it opens");
    assert_eq!(refused(market::open(&tx, clock, outlet, market.id, by).await), "market.not_planned");
    assert_eq!(refused(market::call_off(&tx, clock, outlet, market.id, by).await), "market.not_planned");
    assert_eq!(refused(market::change(&tx, clock, outlet, market.id, &good, by).await), "market.not_planned");
    assert_eq!(refused(offers(&|new| new.price = Rupiah(50_000)).await), "market.is_open", "as it was announced");
    offers(&|new| new.allotted = 150).await.expect("more of it came");
    market::close(&tx, clock, outlet, market.id, by).await.expect("it closes");
    assert_eq!(refused(market::close(&tx, clock, outlet, market.id, by).await), "market.not_open");
    assert_eq!(refused(offers(&|_| ()).await), "market.is_over");
    tx.commit().await.expect("all of it");
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn a_queue_gives_each_family_one_number_and_calls_each_once() {
    let square = Square::open().await;
    let market = square.market(100, 2).await;
    let mut all = Vec::new();
    for n in 1..=5 {
        all.push(square.family(n, if n < 4 { "Krajan" } else { "Rayap" }).await);
    }
    let stand = &square.granary.stand;
    let (clock, outlet, by) = (&stand.shop.clock, &stand.outlet, stand.operator_id);
    let gives = async |card: &str| -> Result<Given> {
        let tx = stand.begin().await;
        let given = market::give(&tx, clock, outlet, market.id, card, by).await?;
        tx.commit().await?;
        Ok(given)
    };
    let given = join_all(all.iter().map(|family| gives(&family.token))).await;
    let mut numbers: Vec<(i64, i64)> = given
        .into_iter()
        .map(|given| match given.expect("a number") {
            Given::New(ticket) => (ticket.number, ticket.slot),
            other => panic!("not new: {other:?}"),
        })
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)], "two families a turn");
    assert!(matches!(gives(&all[0].token.to_lowercase()).await, Ok(Given::Again(_))));
    assert_eq!(refused(gives("K7M4").await), "family.mistyped");
    let nobody = warong::outlet::card_code::Code::new();
    assert_eq!(refused(gives(nobody.as_str()).await), "family.unknown_card");
    // Two who tap "next" after the same number call one.
    let calls = async |after| {
        let tx = stand.begin().await;
        let called = market::call_next(&tx, clock, outlet.id, market.id, after).await.expect("called");
        tx.commit().await.expect("it stands");
        called.map(|ticket| ticket.number)
    };
    assert_eq!(join_all([calls(0), calls(0)]).await, [Some(1), Some(1)]);
    clock.advance(Duration::minutes(3));
    assert_eq!(calls(1).await, Some(2));
    // Who had all is told so, and it is written down.
    assert!(square.rules(Some(&all[0]), Some(market.id), (square.pack, 2), square.now()).await.is_empty());
    clock.advance(Duration::minutes(3));
    assert!(matches!(gives(&all[0].token).await, Ok(Given::HadAll(_))));
    let tx = stand.begin().await;
    market::close(&tx, clock, outlet, market.id, by).await.expect("it closes");
    tx.commit().await.expect("it stands");
    assert_eq!(refused(gives(&all[1].token).await), "market.is_over");
    let market = square.read(market.id).await;
    assert_eq!(market.state, State::Closed);
    let report = market::report(&stand.shop.app.db, outlet.village_id, &market).await.expect("a report");
    assert_eq!((report.families, report.tickets, report.got_nothing, report.refused), (1, 5, 4, 1));
    let by_dusun: Vec<_> = report.dusun.iter().map(|one| (one.dusun.as_str(), one.reached, one.known)).collect();
    assert_eq!(by_dusun, [("Krajan", 1, 3), ("Rayap", 0, 2)]);
    square.adds_up().await;
    square.granary.stand.close().await;
}

/// Fills the form of `action` on a page.
async fn tap(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> Seen {
    let page = browser.get(page).await;
    page.is(200);
    browser.fill(&page, action, fields).await
}

#[actix_web::test]
async fn a_market_is_planned_announced_queued_for_and_reported_on_its_pages() {
    let mut square = Square::open().await;
    let family = square.family(1, "Krajan").await;
    let pack = square.pack;
    let front = square.granary.stand.shop.browser().get("/").await;
    assert!(!front.body.contains("/pasar"), "nothing is coming");
    let siti = &mut square.granary.stand.siti;
    siti.get("/kelola").await.is(200).says(MARKETS).says(FAMILIES);
    let new = format!("{MARKETS}/baru");
    let typed = [
        ("nama", "Pasar murah Dusun Krajan"),
        ("tempat", "Balai Dusun Krajan"),
        ("tanggal", "2026-11-21"),
        ("mulai", "09:00"),
        ("selesai", "12:00"),
        ("menit", "30"),
        ("keluarga", "20"),
    ];
    for (field, wrong, sentence) in [
        ("nama", "", "Harap diisi"),
        ("tanggal", "kapan-kapan", "Pilih"),
        ("selesai", "08:00", "sesudah jam mulai"),
        ("tanggal", "2026-11-20", "sudah lewat"),
        ("menit", "1", "sedikit"),
    ] {
        let mut fields: Vec<_> = typed.iter().copied().filter(|(name, _)| *name != field).collect();
        fields.push((field, wrong));
        let answer = tap(siti, &new, &new, &fields).await;
        answer.is(422).says(sentence).says("Balai Dusun Krajan");
    }
    let page = siti.get(&new).await;
    let made = siti.fill(&page, &new, &typed).await;
    let here = made.is(303).location.clone().expect("its page");
    assert_eq!(siti.fill(&page, &new, &typed).await.is(303).location.as_ref(), Some(&here), "a second tap");
    siti.get(&here).await.is(200).says("Beras SPHP, 5 kg").says("Batas pemerintah Rp62.500");
    let mut buyer = square.granary.stand.shop.browser();
    buyer.get("/").await.is(200).says("href=\"/pasar\"").says("Balai Dusun Krajan");
    tap(siti, &here, &format!("{here}/buka"), &[]).await.is(409).says("Pilih dulu barangnya");
    let good = format!("{here}/barang/{pack}");
    let typed = [("harga", "125.000"), ("keluarga", "2"), ("semua", "40")];
    tap(siti, &good, &good, &typed).await.is(422).says("Lebih dari batas pemerintah Rp62.500").says("125.000");
    let typed = [("harga", "57.000"), ("keluarga", "2"), ("semua", "500")];
    tap(siti, &good, &good, &typed).await.is(303);
    siti.get(&here).await.says("Rp57.000").says("2 buah").says("Krajan").says("perlu 2 kali ambil");
    siti.get(&format!("{here}/pengumuman")).await.is(200).says("Rp57.000").says("Balai Dusun Krajan");
    tap(siti, &here, &format!("{here}/buka"), &[]).await.is(303);
    // The queue: a card, its number, the call.
    let queue = format!("{here}/antre");
    tap(siti, &queue, &queue, &[("kartu", "K7M4 9XPB")]).await.is(422).says("salah ketik").says("K7M4 9XPB");
    let given = tap(siti, &queue, &queue, &[("kartu", &family.token)]).await;
    let shown = siti.follow(given).await;
    shown.says("Nomor 1, datang jam");
    siti.get(&format!("{queue}/1")).await.is(200).says("Balai Dusun Krajan");
    siti.get(&format!("{queue}/2")).await.is(404);
    let call = format!("{here}/panggil");
    tap(siti, &queue, &call, &[]).await.is(303);
    // Everybody sees it, and no name and no card.
    let mut guest = square.granary.stand.shop.browser();
    let public = here.replace("/kelola", "");
    let seen = guest.get(&public).await;
    seen.is(200).says("Pasar murah Dusun Krajan").says("Rp57.000").says("Sekarang dilayani").says("Sisa 500 buah");
    assert!(!seen.body.contains(&family.token));
    guest.get("/pasar").await.is(200).says(&public);
    guest.get(&format!("{public}/layar")).await.is(200).says("queue-screen__number");
    guest.get("/pasar/9999").await.is(404);
    for path in [MARKETS, here.as_str(), queue.as_str(), FAMILIES] {
        assert_eq!(guest.get(path).await.status, 303, "{path} asks who is there");
    }
    let report = format!("{here}/laporan");
    let siti = &mut square.granary.stand.siti;
    siti.get(&report).await.is(200).says("Datang tidak kebagian");
    let csv = siti.get(&format!("{report}.csv")).await;
    csv.is(200).says("bagian,nama,ukuran,nilai,satuan").says("barang,\"Beras SPHP, 5 kg\",jatah,500,buah");
    assert!(!csv.body.contains(&family.token));
    // Another outlet's market does not exist.
    let stranger = &mut square.granary.stand.stranger;
    for path in [here.as_str(), queue.as_str(), report.as_str(), good.as_str()] {
        stranger.get(path).await.is(404);
    }
    let siti = &mut square.granary.stand.siti;
    tap(siti, &here, &format!("{here}/tutup"), &[]).await.is(303);
    siti.get(&queue).await.is(200);
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn a_family_shows_its_kk_and_nothing_of_it_can_be_read() {
    let mut square = Square::open().await;
    let siti = &mut square.granary.stand.siti;
    for (field, wrong, sentence) in
        [("kk", "35092220011100", "16 angka"), ("kk", "abc", "16 angka"), ("dusun", "", "Harap diisi")]
    {
        let mut fields = vec![("kk", KK), ("dusun", "Krajan")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, wrong));
        tap(siti, FAMILIES, FAMILIES, &fields).await.is(422).says(sentence);
    }
    let made = tap(siti, FAMILIES, FAMILIES, &[("kk", "3509 2220 0111 0001"), ("dusun", "Krajan")]).await;
    let here = made.is(303).location.clone().expect("its page");
    assert!(!here.contains("3509"), "no number in an address");
    let page = siti.get(&here).await;
    page.is(200).says("KK ….0001").says("Krajan");
    assert!(!page.body.contains(KK));
    let stranger = &mut square.granary.stand.stranger;
    let again = tap(stranger, FAMILIES, FAMILIES, &[("kk", KK), ("dusun", "Rayap")]).await;
    assert_eq!(again.is(303).location.as_ref(), Some(&here), "the same family, also at another outlet of the village");
    let stand = &square.granary.stand;
    let rows = family::Entity::find().all(&stand.shop.app.db).await.expect("a read");
    assert_eq!(rows.len(), 1);
    let kept = format!("{:?}", rows[0]);
    assert!(!kept.contains(KK) && rows[0].dusun == "Krajan", "{kept}");
    let opened = stand.shop.app.config.secret.open("kk", rows[0].kk_sealed.as_deref().expect("sealed"));
    assert_eq!(opened.as_deref(), Some(KK.as_bytes()), "with the key it can be read");
    let old = rows[0].token.clone();
    // A family that left its card at home: the till asks by the number.
    let siti = &mut square.granary.stand.siti;
    let door = siti.get(FAMILIES).await;
    let csrf = door.hidden(FAMILIES).into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let ask = "/kelola/kasir/keluarga";
    let seen = siti.post_raw(ask, &[("csrf", &csrf), ("kk", KK)]).await;
    let told: Value = serde_json::from_str(&seen.is(200).body).expect("JSON");
    assert_eq!(told["token"].as_str(), Some(old.as_str()));
    siti.post_raw(ask, &[("csrf", &csrf), ("kartu", &old)]).await.is(200);
    siti.post_raw(ask, &[("csrf", &csrf), ("kk", "3509222001110002")]).await.is(422).says("belum punya kartu");
    siti.post_raw(ask, &[("csrf", &csrf), ("kk", "12")]).await.is(422);
    siti.post_raw(ask, &[("kk", KK)]).await.is(409);
    let mut guest = square.granary.stand.shop.browser();
    assert!(matches!(guest.post_raw(ask, &[("kk", KK)]).await.status, 303 | 401 | 403));
    // The card on paper says a code and no more.
    let siti = &mut square.granary.stand.siti;
    let card = siti.get(&format!("{here}/kartu")).await;
    let halves = format!("{} {}", &old[..4], &old[4..]);
    card.is(200).says(&halves);
    assert!(!card.body.contains("0001") && !card.body.contains("Krajan"), "{}", card.body);
    // It is lost: the new one is another, and the old one is void.
    let lost = format!("{here}/hilang");
    let page = siti.get(&here).await;
    siti.fill(&page, &lost, &[]).await.is(303);
    siti.fill(&page, &lost, &[]).await.is(303);
    let find = format!("{FAMILIES}/cari");
    tap(siti, FAMILIES, &find, &[("kartu", &old)]).await.is(409).says("tidak berlaku lagi");
    siti.get(&here).await.says("tidak berlaku sejak");
    let stand = &square.granary.stand;
    let now = families::read(&stand.shop.app.db, stand.outlet.village_id, rows[0].id).await.expect("the family");
    assert_ne!(now.token, old);
    assert_eq!(families::cards(&stand.shop.app.db, now.id).await.expect("cards").len(), 2, "tapped twice, made once");
    let told = market::for_till(&stand.shop.app.db, &stand.outlet, square.now()).await.expect("told");
    assert_eq!(told["void"], serde_json::json!([old]));
    // What was bought with the old card before a till heard of it is the family's own.
    let of_old = market::family_by_token(&stand.shop.app.db, stand.outlet.village_id, &old).await.expect("a read");
    assert_eq!(of_old.map(|family| family.id), Some(now.id));
    square.granary.stand.siti.get(&format!("{FAMILIES}/9999")).await.is(404);
    square.adds_up().await;
    square.granary.stand.close().await;
}

#[actix_web::test]
async fn one_number_written_down_at_two_counters_at_once_is_one_family() {
    let square = Square::open().await;
    let both = join_all((0..4).map(|_| square.family(7, "Krajan"))).await;
    assert!(both.iter().all(|family| family.id == both[0].id && family.token == both[0].token));
    assert_eq!(member::Entity::find().all(&square.granary.stand.shop.app.db).await.expect("a read").len(), 0);
    square.adds_up().await;
    square.granary.stand.close().await;
}
