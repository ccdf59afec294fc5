//! Goods bought in from suppliers, and what they cost.
use chrono::{Duration, NaiveDate};
use entity::{Rupiah, category, item, place, product, stock_move::Kind};
use futures_util::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    check,
    error::{Error, Result},
    ledger::{self, Book},
    outlet::{
        cost, pack, purchase,
        purchase::{NewLine, NewPurchase, Paid},
        purchase_return::{self, NewReturn},
        purchase_reversal,
        store::{self, Carry},
        supplier,
        supplier::{NewPayment, NewSupplier, Source},
    },
    stock::{self, Cause},
};

use crate::counter::stand::Stand;

/// A counter that sells loose rice by weight, and buys it from UD Sumber.
pub struct Granary {
    pub stand: Stand,
    pub rice: i64,
    pub sumber: supplier::Model,
    acts: std::cell::Cell<u32>,
}

impl Granary {
    pub async fn open() -> Granary {
        let stand = Stand::open().await;
        let tx = stand.begin().await;
        let basket = item::Entity::find_by_id(stand.basket).one(&tx).await.expect("a read").expect("the basket");
        let like = product::Entity::find_by_id(basket.product_id).one(&tx).await.expect("a read").expect("its product");
        let shelf = category::ActiveModel {
            slug: Set("sembako".into()),
            kind: Set(category::Kind::Sembako),
            ..category::ActiveModel::from(
                category::Entity::find_by_id(like.category_id).one(&tx).await.expect("a read").expect("a category"),
            )
        };
        let mut shelf = shelf;
        shelf.id = sea_orm::ActiveValue::NotSet;
        let category_id = category::Entity::insert(shelf).exec(&tx).await.expect("a shelf of sembako").last_insert_id;
        let mut product = product::ActiveModel::from(like);
        product.id = sea_orm::ActiveValue::NotSet;
        product.crafter_id = Set(None);
        product.category_id = Set(category_id);
        product.slug = Set("beras-curah".into());
        product.name = Set("Beras medium curah".into());
        product.commodity = Set(Some("beras medium".into()));
        let product_id = product::Entity::insert(product).exec(&tx).await.expect("rice").last_insert_id;
        let mut loose = item::ActiveModel::from(basket);
        loose.id = sea_orm::ActiveValue::NotSet;
        loose.product_id = Set(product_id);
        loose.measure = Set(item::Measure::Gram);
        let rice = item::Entity::insert(loose).exec(&tx).await.expect("loose rice").last_insert_id;
        let new = NewSupplier { name: "UD Sumber".into(), kind: supplier::Kind::Wholesaler, phone: None, place: None };
        let sumber = supplier::add(&tx, &stand.shop.clock, stand.outlet.id, &new).await.expect("a supplier");
        tx.commit().await.expect("all of it");
        Granary { stand, rice, sumber, acts: std::cell::Cell::new(0) }
    }

    /// More loose goods of the same kind, as sugar.
    pub async fn another(&self, name: &str) -> i64 {
        let tx = self.stand.begin().await;
        let rice = item::Entity::find_by_id(self.rice).one(&tx).await.expect("a read").expect("the rice");
        let mut other = item::ActiveModel::from(rice);
        other.id = sea_orm::ActiveValue::NotSet;
        other.name = Set(name.into());
        let id = item::Entity::insert(other).exec(&tx).await.expect("other goods").last_insert_id;
        tx.commit().await.expect("it stands");
        id
    }

    /// A name that no other act has.
    pub fn key(&self) -> String {
        self.acts.set(self.acts.get() + 1);
        format!("story:{}", self.acts.get())
    }

    pub fn today(&self) -> NaiveDate {
        self.stand.shop.clock.today()
    }

    /// So many grams for so much in all, on a day.
    pub fn of(&self, grams: i64, price: i64, on: NaiveDate) -> NewPurchase {
        let line = NewLine {
            item_id: self.rice,
            pack_name: String::new(),
            packs: 1,
            pack_quantity: grams,
            price: Rupiah(price),
            expires_on: None,
            batch: None,
        };
        NewPurchase {
            supplier_id: self.sumber.id,
            note_number: None,
            bought_on: on,
            lines: vec![line],
            freight: Rupiah::ZERO,
            sure: Vec::new(),
            paid: None,
        }
    }

    pub async fn buys(&self, new: &NewPurchase) -> Result<purchase::Model> {
        self.buys_once(new, &self.key()).await
    }

    async fn buys_once(&self, new: &NewPurchase, key: &str) -> Result<purchase::Model> {
        let tx = self.stand.begin().await;
        let (clock, by) = (&self.stand.shop.clock, self.stand.operator_id);
        let bought = purchase::buy(&tx, clock, &self.stand.outlet, new, by, key).await?;
        tx.commit().await?;
        Ok(bought)
    }

    /// Rice goes over the counter, or is counted away.
    pub async fn goes(&self, grams: i64, kind: Kind) {
        let tx = self.stand.begin().await;
        let (clock, place, key) = (&self.stand.shop.clock, self.stand.place_id, self.key());
        let cause = Cause { subject: None, reason: None, person_id: None, source_key: &key };
        if kind == Kind::Sold {
            stock::sell(&tx, clock, self.rice, place, grams, None, cause).await.expect("a sale");
        } else {
            let there = self.there(&tx).await;
            let by = self.stand.operator_id;
            stock::correct(&tx, clock, self.rice, place, there - grams, "dimakan tikus", by, &key)
                .await
                .expect("a count");
        }
        cost::follow(&tx, clock, self.stand.outlet.id, &[self.rice]).await.expect("its cost");
        tx.commit().await.expect("it stands");
    }

    /// So many grams of the first line of a purchase go back to UD Sumber, who takes so much off.
    async fn gives_back(&self, id: i64, quantity: i64, credit: i64) -> Result<purchase_return::Model> {
        self.gives_back_once(id, quantity, credit, &self.key()).await
    }

    async fn gives_back_once(&self, id: i64, quantity: i64, credit: i64, key: &str) -> Result<purchase_return::Model> {
        let tx = self.stand.begin().await;
        let whole = purchase::read(&tx, self.stand.outlet.id, id).await?;
        let line =
            purchase_return::NewLine { line_id: whole.lines[0].id, quantity, credit: Rupiah(credit), lot_id: None };
        let new = NewReturn { lines: vec![line], reason: "berkutu".into() };
        let (clock, by) = (&self.stand.shop.clock, self.stand.operator_id);
        let back = purchase_return::give_back(&tx, clock, &self.stand.outlet, id, &new, by, key).await?;
        tx.commit().await?;
        Ok(back)
    }

    /// What can still go back of the first line of a purchase, and the most that can be taken off for it.
    async fn left(&self, id: i64) -> (i64, i64) {
        let db = &self.stand.shop.app.db;
        let whole = purchase::read(db, self.stand.outlet.id, id).await.expect("a purchase");
        let left = &purchase_return::left(db, &whole).await.expect("what is left")[0];
        (left.quantity(), left.most_credit().0)
    }

    pub async fn there(&self, db: &impl sea_orm::ConnectionTrait) -> i64 {
        stock::available(db, &[self.rice]).await.expect("a read").get(&self.rice).copied().unwrap_or(0)
    }

    pub async fn worth(&self) -> (i64, i64) {
        let heap = cost::heap(&self.stand.shop.app.db, self.rice).await.expect("a heap");
        (heap.quantity, heap.value.0)
    }

    pub async fn books(&self, book: Book) -> i64 {
        ledger::balance(&self.stand.shop.app.db, book).await.expect("a balance").0
    }

    pub async fn adds_up(&self) {
        let report = check::all(&self.stand.shop.app.db).await.expect("a check");
        assert!(report.ok, "{:?}", report.first_broken());
    }
}

pub fn refused(error: Error) -> &'static str {
    match error {
        Error::Refused(refusal) => refusal.said.key,
        other => panic!("not refused: {other}"),
    }
}

#[actix_web::test]
async fn rice_bought_twice_counted_short_and_a_note_found_later() {
    let granary = Granary::open().await;
    let clock = &granary.stand.shop.clock;
    let outlet = granary.stand.outlet.id;
    granary.buys(&granary.of(100_000, 2_511_600, granary.today())).await.expect("a purchase");
    clock.advance(Duration::days(2));
    granary.goes(40_000, Kind::Sold).await;
    assert_eq!(granary.worth().await, (60_000, 1_506_960));
    clock.advance(Duration::days(1));
    granary.buys(&granary.of(60_000, 1_595_940, granary.today())).await.expect("a purchase");
    clock.advance(Duration::days(1));
    granary.goes(70_000, Kind::Sold).await;
    granary.goes(2_000, Kind::Shrunk).await;
    assert_eq!(granary.worth().await, (48_000, 1_241_160));
    assert_eq!(granary.books(Book::Loss(outlet)).await, 51_715);
    assert_eq!(granary.books(Book::Stock(outlet)).await, 1_241_160);
    granary.adds_up().await;
    // The note of the second day turns up: 20 kg for Rp24.000, before anything was sold.
    let second_day = granary.today() - Duration::days(3);
    granary.buys(&granary.of(20_000, 480_000, second_day)).await.expect("a purchase of before");
    assert_eq!(granary.worth().await, (68_000, 1_743_879));
    assert_eq!(granary.books(Book::Stock(outlet)).await, 1_743_879);
    assert_eq!(granary.books(Book::Loss(outlet)).await, 51_291);
    assert_eq!(granary.books(Book::Supplier(granary.sumber.id)).await, -(2_511_600 + 1_595_940 + 480_000));
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn sacks_become_kilos_and_the_way_here_is_shared_by_what_the_lines_cost() {
    let granary = Granary::open().await;
    let mut new = granary.of(50_000, 600_000, granary.today());
    new.lines[0].pack_name = "karung".into();
    new.lines[0].packs = 3;
    new.lines[0].price = Rupiah(1_800_000);
    new.lines.push(NewLine {
        packs: 1,
        pack_name: "sak".into(),
        pack_quantity: 25_000,
        price: Rupiah(200_000),
        ..new.lines[0].clone()
    });
    new.freight = Rupiah(50_001);
    new.paid = Some(Paid { amount: Some(Rupiah(500_000)), source: Source::Cash, reference: None });
    let bought = granary.buys(&new).await.expect("a purchase");
    let whole = purchase::read(&granary.stand.shop.app.db, granary.stand.outlet.id, bought.id).await.expect("a read");
    let freight: Vec<i64> = whole.lines.iter().map(|line| line.freight.0).collect();
    assert_eq!(freight, [45_001, 5_000]);
    assert_eq!(granary.worth().await, (175_000, 2_050_001));
    let db = &granary.stand.shop.app.db;
    assert_eq!(supplier::owed(db, granary.sumber.id).await.expect("a read"), Rupiah(1_550_001));
    assert_eq!(granary.books(Book::Cash(granary.stand.outlet.id)).await, -500_000);
    let packs = pack::of(db, &[granary.rice]).await.expect("packs");
    assert_eq!(
        packs.iter().map(|pack| (pack.name.as_str(), pack.quantity)).collect::<Vec<_>>(),
        [("sak", 25_000), ("karung", 50_000)]
    );
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn what_makes_no_sense_is_refused_and_nothing_is_half_done() {
    let granary = Granary::open().await;
    let (today, good) = (granary.today(), granary.of(1_000, 12_000, granary.today()));
    let with = |change: &dyn Fn(&mut NewPurchase)| {
        let mut new = good.clone();
        change(&mut new);
        new
    };
    for (new, key) in [
        (with(&|new| new.lines.clear()), "purchase.nothing"),
        (with(&|new| new.bought_on = today + Duration::days(1)), "purchase.day"),
        (with(&|new| new.bought_on = today - Duration::days(400)), "purchase.day"),
        (with(&|new| new.lines[0].packs = 0), "purchase.too_much"),
        (with(&|new| new.lines[0].pack_quantity = -5), "purchase.too_much"),
        (
            with(&|new| {
                new.lines[0].packs = 10_000;
                new.lines[0].pack_quantity = 10_000
            }),
            "purchase.too_much",
        ),
        (with(&|new| new.lines[0].price = Rupiah(-1)), "purchase.too_dear"),
        (with(&|new| new.freight = Rupiah(i64::MAX)), "purchase.too_dear"),
        (with(&|new| new.lines[0].expires_on = Some(today - Duration::days(1))), "purchase.expired"),
        (
            with(&|new| new.paid = Some(Paid { amount: Some(Rupiah(12_001)), source: Source::Cash, reference: None })),
            "supplier.pay_more",
        ),
    ] {
        assert_eq!(refused(granary.buys(&new).await.expect_err("no purchase")), key);
    }
    let craft = with(&|new| new.lines[0].item_id = granary.stand.basket);
    assert!(matches!(granary.buys(&craft).await, Err(Error::NotFound)), "baskets are handed in, not bought here");
    let stranger = with(&|new| new.supplier_id = 999);
    assert!(matches!(granary.buys(&stranger).await, Err(Error::NotFound)));
    assert_eq!(granary.worth().await, (0, 0));
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_purchase_written_wrong_goes_out_of_the_books_whole_or_not_at_all() {
    let granary = Granary::open().await;
    let outlet = &granary.stand.outlet;
    granary.buys(&granary.of(10_000, 120_000, granary.today())).await.expect("a purchase");
    let wrong = granary.buys(&granary.of(10_000, 1_250_000, granary.today())).await.expect("a slip of the finger");
    let reverse = async |id: i64| {
        let tx = granary.stand.begin().await;
        let by = granary.stand.operator_id;
        purchase_reversal::reverse(&tx, &granary.stand.shop.clock, outlet, id, "salah ketik", by).await?;
        tx.commit().await?;
        Ok::<_, Error>(())
    };
    reverse(wrong.id).await.expect("it goes");
    assert_eq!(granary.worth().await, (10_000, 120_000));
    assert_eq!(granary.books(Book::Supplier(granary.sumber.id)).await, -120_000);
    granary.adds_up().await;
    assert_eq!(refused(reverse(wrong.id).await.expect_err("once")), "purchase.reversed");
    let other = granary.buys(&granary.of(5_000, 70_000, granary.today())).await.expect("a purchase");
    granary.goes(12_000, Kind::Sold).await;
    let error = reverse(other.id).await.expect_err("part of it is sold");
    assert_eq!(refused(error), "purchase.partly_gone");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn the_same_purchase_tapped_eight_times_is_bought_once_and_no_debt_is_paid_twice() {
    let granary = Granary::open().await;
    let new = granary.of(10_000, 120_000, granary.today());
    let taps = join_all((0..8).map(|_| granary.buys_once(&new, "tapped"))).await;
    // On PostgreSQL all but one of those that came at the very same time are refused by the unique key, and tap again.
    assert!(taps.iter().any(Result::is_ok));
    assert_eq!(granary.worth().await, (10_000, 120_000));
    let pays = join_all((0..8).map(async |n| {
        let tx = granary.stand.begin().await;
        let payment = NewPayment { amount: Rupiah(50_000), source: Source::Bank, reference: None, purchase_id: None };
        let by = granary.stand.operator_id;
        let key = format!("pay:{n}");
        supplier::pay(&tx, &granary.stand.shop.clock, &granary.sumber, &payment, by, &key).await?;
        tx.commit().await?;
        Ok::<_, Error>(())
    }))
    .await;
    assert_eq!(pays.iter().filter(|paid| paid.is_ok()).count(), 2, "120,000 hold two of 50,000");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn part_of_a_purchase_goes_back_and_the_supplier_takes_it_off() {
    let granary = Granary::open().await;
    let (db, outlet) = (&granary.stand.shop.app.db, granary.stand.outlet.id);
    let mut first = granary.of(100_000, 1_200_000, granary.today());
    first.freight = Rupiah(40_000);
    let first = granary.buys(&first).await.expect("a purchase").id;
    granary.stand.shop.clock.advance(Duration::days(1));
    granary.buys(&granary.of(100_000, 1_360_000, granary.today())).await.expect("a dearer one");
    assert_eq!(granary.worth().await, (200_000, 2_600_000), "Rp13.000 a kilogram on average");
    granary.goes(30_000, Kind::Sold).await;
    assert_eq!(granary.left(first).await, (70_000, 1_240_000));
    // 20 kg full of weevils: they had cost Rp12.000 a kilogram without the way here.
    let whole = purchase::read(db, outlet, first).await.expect("a purchase");
    let left = purchase_return::left(db, &whole).await.expect("what is left");
    assert_eq!(left[0].had_cost(20_000), Rupiah(240_000));
    granary.gives_back(first, 20_000, 240_000).await.expect("a return");
    assert_eq!(granary.worth().await, (150_000, 1_950_000), "they left at the average");
    assert_eq!(granary.books(Book::CostOfGoods(outlet)).await, 390_000 + 20_000);
    assert_eq!(supplier::owed(db, granary.sumber.id).await.expect("a read"), Rupiah(2_600_000 - 240_000));
    granary.adds_up().await;
    assert_eq!(granary.left(first).await, (50_000, 1_000_000));
    for (grams, credit, key) in [
        (50_001, 0, "purchase.back_more"),
        (0, 0, "purchase.back_nothing"),
        (-5, 0, "purchase.back_nothing"),
        (1_000, 1_000_001, "purchase.back_dear"),
        (1_000, -1, "purchase.back_dear"),
    ] {
        assert_eq!(refused(granary.gives_back(first, grams, credit).await.expect_err("no return")), key);
    }
    let tx = granary.stand.begin().await;
    let (clock, by) = (&granary.stand.shop.clock, granary.stand.operator_id);
    let line =
        purchase_return::NewLine { line_id: whole.lines[0].id, quantity: 1_000, credit: Rupiah(0), lot_id: None };
    let give_back = async |lines, reason: &str| {
        let new = NewReturn { lines, reason: reason.into() };
        purchase_return::give_back(&tx, clock, &granary.stand.outlet, first, &new, by, "no").await.expect_err("no")
    };
    assert_eq!(refused(give_back(vec![line], " ").await), "purchase.back_why");
    assert_eq!(refused(give_back(vec![line, line], "dua kali").await), "purchase.back_nothing");
    let stranger = purchase_return::NewLine { line_id: 999, ..line };
    assert!(matches!(give_back(vec![stranger], "bukan barangnya").await, Error::NotFound));
    drop(tx);
    let tx = granary.stand.begin().await;
    let error =
        purchase_reversal::reverse(&tx, clock, &granary.stand.outlet, first, "salah", by).await.expect_err("no");
    assert_eq!(refused(error), "purchase.partly_back");
    drop(tx);
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn what_goes_back_out_of_two_places_costs_what_it_would_out_of_one() {
    let granary = Granary::open().await;
    let id = granary.buys(&granary.of(5, 10_004, granary.today())).await.expect("a purchase").id;
    let (stand, clock) = (&granary.stand, &granary.stand.shop.clock);
    let tx = stand.begin().await;
    let to = stock::place(&tx, clock, stand.outlet.id, place::Kind::Store).await.expect("a store room");
    let new = Carry { item_id: granary.rice, from: stand.place_id, to, quantity: 4, is_sure: true };
    store::carry(&tx, clock, &stand.outlet, new, stand.operator_id).await.expect("carried");
    tx.commit().await.expect("it stands");
    granary.gives_back(id, 3, 6_000).await.expect("a return");
    // Three fifths of Rp10.004 are Rp6.002; one fifth, and then two quarters of the rest, would be Rp6.003.
    assert_eq!(granary.worth().await, (2, 4_002));
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_wrong_purchase_goes_out_of_every_place_it_was_carried_to() {
    let granary = Granary::open().await;
    granary.buys(&granary.of(40_000, 480_000, granary.today())).await.expect("a purchase");
    let id = granary.buys(&granary.of(10_000, 150_000, granary.today())).await.expect("a purchase").id;
    let (stand, clock) = (&granary.stand, &granary.stand.shop.clock);
    let tx = stand.begin().await;
    let kinds = [place::Kind::Store, place::Kind::Reserve];
    let mut to = Vec::new();
    for kind in kinds {
        to.push(stock::place(&tx, clock, stand.outlet.id, kind).await.expect("a place"));
    }
    for (from, to, quantity) in [(stand.place_id, to[0], 47_000), (to[0], to[1], 4_000)] {
        let new = Carry { item_id: granary.rice, from, to, quantity, is_sure: true };
        store::carry(&tx, clock, &stand.outlet, new, stand.operator_id).await.expect("carried");
    }
    tx.commit().await.expect("it stands");
    let reverse = async |reason: &'static str| {
        let tx = stand.begin().await;
        purchase_reversal::reverse(&tx, clock, &stand.outlet, id, reason, stand.operator_id).await?;
        tx.commit().await.map_err(Error::from)
    };
    reverse("dicatat dua kali").await.expect("all of it is here");
    assert_eq!(granary.worth().await, (40_000, 480_000));
    assert_eq!(refused(reverse("lagi").await.expect_err("once")), "purchase.reversed");
    granary.adds_up().await;
    // What was sold out of one of the places keeps the other from going.
    let sold = granary.buys(&granary.of(10_000, 120_000, granary.today())).await.expect("a purchase").id;
    granary.goes(3_500, Kind::Sold).await;
    let tx = stand.begin().await;
    let no = purchase_reversal::reverse(&tx, clock, &stand.outlet, sold, "salah", stand.operator_id).await;
    assert_eq!(refused(no.expect_err("some was sold")), "purchase.partly_gone");
    drop(tx);
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn the_same_return_tapped_eight_times_goes_back_once_and_no_two_take_the_same_rice() {
    let granary = Granary::open().await;
    let id = granary.buys(&granary.of(10_000, 120_000, granary.today())).await.expect("a purchase").id;
    let taps = join_all((0..8).map(|_| granary.gives_back_once(id, 4_000, 48_000, "tapped"))).await;
    assert!(taps.iter().all(Result::is_ok), "who waited finds the first return");
    assert_eq!(granary.worth().await, (6_000, 72_000));
    let more = join_all((0..4).map(|_| granary.gives_back(id, 4_000, 20_000))).await;
    assert_eq!(more.iter().filter(|back| back.is_ok()).count(), 1, "6 kg hold one return of 4 kg");
    assert_eq!(granary.left(id).await, (2_000, 52_000));
    // A purchase that was taken out of the books has nothing to give back.
    let wrong = granary.buys(&granary.of(5_000, 60_000, granary.today())).await.expect("a purchase").id;
    let tx = granary.stand.begin().await;
    let (clock, by) = (&granary.stand.shop.clock, granary.stand.operator_id);
    purchase_reversal::reverse(&tx, clock, &granary.stand.outlet, wrong, "salah ketik", by).await.expect("it goes");
    tx.commit().await.expect("it stands");
    assert_eq!(refused(granary.gives_back(wrong, 1_000, 0).await.expect_err("no")), "purchase.reversed");
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn a_note_found_later_says_what_it_changed() {
    let granary = Granary::open().await;
    let (db, outlet) = (&granary.stand.shop.app.db, granary.stand.outlet.id);
    let clock = &granary.stand.shop.clock;
    granary.buys(&granary.of(100_000, 1_200_000, granary.today())).await.expect("a purchase");
    clock.advance(Duration::days(2));
    granary.goes(50_000, Kind::Sold).await;
    granary.goes(1_000, Kind::Shrunk).await;
    let late = granary.of(100_000, 1_400_000, granary.today() - Duration::days(1));
    let late = granary.buys(&late).await.expect("a purchase of before").id;
    let whole = purchase::read(db, outlet, late).await.expect("a purchase");
    let changed = purchase::changed(db, &whole).await.expect("what changed");
    assert_eq!((changed.sold, changed.lost), (Rupiah(50_000), Rupiah(1_000)), "Rp13.000 instead of Rp12.000");
    let today = granary.buys(&granary.of(1_000, 20_000, granary.today())).await.expect("a purchase of today").id;
    let whole = purchase::read(db, outlet, today).await.expect("a purchase");
    assert_eq!(purchase::changed(db, &whole).await.expect("nothing"), purchase::Changed::default());
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn six_hundred_sales_in_one_go_and_a_note_from_before_all_of_them() {
    let granary = Granary::open().await;
    let clock = &granary.stand.shop.clock;
    granary.buys(&granary.of(600_000, 7_200_000, granary.today())).await.expect("a purchase");
    let (outlet, bought_on) = (granary.stand.outlet.id, granary.today());
    clock.advance(Duration::days(1));
    let tx = granary.stand.begin().await;
    stock::lock(&tx, &[granary.rice]).await.expect("its turn");
    for n in 0..600 {
        clock.advance(Duration::seconds(1));
        let key = format!("till:{n}");
        let cause = Cause { subject: None, reason: None, person_id: None, source_key: &key };
        stock::sell(&tx, clock, granary.rice, granary.stand.place_id, 500, None, cause).await.expect("a sale");
        cost::follow(&tx, clock, outlet, &[granary.rice]).await.expect("its cost");
    }
    tx.commit().await.expect("all of them");
    assert_eq!(granary.worth().await, (300_000, 3_600_000));
    assert_eq!(granary.books(Book::CostOfGoods(outlet)).await, 3_600_000);
    // As much again for Rp14.000 a kilogram, on the day before all sales: more rows than go into one statement.
    granary.buys(&granary.of(600_000, 8_400_000, bought_on)).await.expect("a purchase of before");
    assert_eq!(granary.worth().await, (900_000, 11_700_000));
    assert_eq!(granary.books(Book::CostOfGoods(outlet)).await, 3_900_000);
    granary.adds_up().await;
    granary.stand.close().await;
}

#[actix_web::test]
async fn many_buy_other_goods_from_the_same_supplier_at_once_and_nobody_waits_for_ever() {
    let granary = Granary::open().await;
    let mut goods = vec![granary.rice];
    for name in ["gula", "tepung", "garam"] {
        goods.push(granary.another(name).await);
    }
    let news: Vec<NewPurchase> = (0..12)
        .map(|n| {
            let mut new = granary.of(1_000, 12_000, granary.today());
            new.lines[0].item_id = goods[n % goods.len()];
            new.paid = Some(Paid { amount: Some(Rupiah(5_000)), source: Source::Cash, reference: None });
            new
        })
        .collect();
    // Each has its row of stock by now: what is bought for the very first time takes turns at its shelf.
    for new in &news[..goods.len()] {
        granary.buys(new).await.expect("a purchase");
    }
    let bought = join_all(news.iter().map(|new| granary.buys(new))).await;
    assert!(bought.iter().all(Result::is_ok), "{bought:?}");
    assert_eq!(granary.books(Book::Supplier(granary.sumber.id)).await, -16 * 7_000);
    granary.adds_up().await;
    granary.stand.close().await;
}
