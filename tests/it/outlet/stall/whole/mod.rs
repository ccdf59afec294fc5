//! One long walk of everything that moves goods and money at an outlet, on one set of books: purchases of several lines
//! (some of days ago), payments, returns to suppliers, purchases taken out of the books, two tills that tell late, in
//! pieces and twice, goods that come back, packing, carrying, counting, drawers. Somebody with a pencil adds it all up
//! anew, from the first line to the last, and comes to the same quantity, value and cash.
//!
//! `WALK` is the number of steps and `WALK_SEED` the chance they are taken by. Some seventy steps make a day; a late note
//! is of the last three days at most, and no till is without signal for much longer. So what is valued anew does not grow
//! with the walk, and ten thousand steps take minutes.
mod books;
mod buying;
mod pencil;
mod shelves;
mod store;
mod tills;
mod told;

use std::{collections::BTreeMap, time::Instant};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entity::{Rupiah, item, item::Measure, member, place};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sea_orm::{ActiveValue::Set, EntityTrait};
use warong::{
    accounts::session,
    form::SESSION_COOKIE,
    outlet::{
        purchase, supplier,
        supplier::{Kind, NewSupplier},
    },
};

use super::Stall;
use buying::{Note, NoteLine};
use pencil::{KINDS, Line, Pencil, Purse};
use shelves::{PLACES, SHELF, Shelves};
use store::Sheet;
use tills::{Sale, Till};

/// Loose rice, bags of five kilos and of one, loose sugar and bags of it: what a kilogram or a bag costs here.
const PRICES: [i64; KINDS] = [13_000, 66_000, 13_400, 17_000, 17_500];
/// What one of it holds, in grams.
const GRAMS: [i64; KINDS] = [1, 5_000, 1_000, 1, 1_000];
/// What can be packed into each other.
const KIN: [&[usize]; 2] = [&[0, 1, 2], &[3, 4]];

struct Walk {
    stall: Stall,
    dice: StdRng,
    items: [i64; KINDS],
    places: [i64; PLACES],
    suppliers: [supplier::Model; 2],
    members: [i64; 2],
    tills: [Till; 2],
    pencil: Pencil,
    shelves: Shelves,
    purse: Purse,
    notes: Vec<Note>,
    sales: Vec<Sale>,
    sheet: Option<Sheet>,
    acts: BTreeMap<&'static str, usize>,
    signed_in: DateTime<Utc>,
}

impl Walk {
    async fn open(seed: u64) -> Walk {
        let stall = Stall::open().await;
        let stand = &stall.granary.stand;
        let tx = stand.begin().await;
        let sugar = item::ActiveModel {
            id: Set(stall.sugar),
            content: Set(GRAMS[4]),
            content_unit: Set(Measure::Gram),
            ..Default::default()
        };
        item::Entity::update(sugar).exec(&tx).await.expect("a kilogram a bag");
        let five = like(&tx, stall.granary.rice, 1).await;
        let one = like(&tx, stall.granary.rice, 2).await;
        let loose = like(&tx, stall.sugar, 3).await;
        let new = NewSupplier { name: "Bulog".into(), kind: Kind::Bulog, phone: None, place: None };
        let bulog = supplier::add(&tx, &stand.shop.clock, stand.outlet.id, &new).await.expect("a supplier");
        let members = [member(&tx, &stall, "Bu Rahma").await, member(&tx, &stall, "Pak Slamet").await];
        let place =
            async |kind| warong::stock::place(&tx, &stand.shop.clock, stand.outlet.id, kind).await.expect("a place");
        let places = [stand.place_id, place(place::Kind::Store).await, place(place::Kind::Reserve).await];
        tx.commit().await.expect("all of it");
        let mut walk = Walk {
            dice: StdRng::seed_from_u64(seed),
            items: [stall.granary.rice, five, one, loose, stall.sugar],
            places,
            suppliers: [stall.granary.sumber.clone(), bulog],
            members,
            tills: [Till::of(stand, stand.siti.clone()).await, Till::of(stand, stand.hasan.clone()).await],
            pencil: Pencil::default(),
            shelves: Shelves::default(),
            purse: Purse::default(),
            notes: Vec::new(),
            sales: Vec::new(),
            sheet: None,
            acts: BTreeMap::new(),
            signed_in: stand.shop.clock.now(),
            stall,
        };
        // The clock of one of them is three hours ahead all the time.
        walk.tills[1].hand.ahead = Duration::hours(3);
        walk.knows_what_the_stall_bought().await;
        walk
    }

    async fn knows_what_the_stall_bought(&mut self) {
        let outlet = self.stall.granary.stand.outlet.id;
        let mut bought = purchase::list(self.db(), outlet, 9).await.expect("purchases");
        bought.reverse();
        for ((row, _), (item, n)) in bought.iter().zip([(0, 100_000), (4, 40)]) {
            let (cost, price, now) = (row.total.0, row.goods_total.0, self.now());
            let lot = self.shelves.lays((item, SHELF), n, NaiveDate::MAX, now);
            self.pencil.notes(now, Line::Bought { note: self.notes.len(), item, n, cost });
            self.purse.owed[0] += cost;
            self.notes.push(Note::new(row.id, 0, vec![NoteLine { item, n, cost, price, lot, credited: 0 }]));
        }
    }

    fn db(&self) -> &warong::db::Db {
        &self.stall.granary.stand.shop.app.db
    }

    fn now(&self) -> DateTime<Utc> {
        self.stall.granary.stand.shop.clock.now()
    }

    /// A number from 0 to below another.
    fn chance(&mut self, below: i64) -> i64 {
        self.dice.random_range(0..below)
    }

    fn any(&mut self, below: usize) -> usize {
        self.dice.random_range(0..below)
    }

    fn did(&mut self, act: &'static str) {
        *self.acts.entry(act).or_default() += 1;
    }

    /// Time goes by, and now and then everybody signs in anew.
    async fn waits(&mut self) {
        let by = Duration::minutes(1 + self.chance(40));
        let stand = &self.stall.granary.stand;
        stand.shop.clock.advance(by);
        for till in &mut self.tills {
            till.hand.waits(by);
            till.dark = till.dark.saturating_sub(1);
        }
        let now = stand.shop.clock.now();
        if now - self.signed_in < Duration::days(30) {
            return;
        }
        self.signed_in = now;
        let tx = stand.begin().await;
        for till in &mut self.tills {
            let token = session::open(&tx, &stand.shop.clock, till.hand.person, "HP").await.expect("a session");
            till.hand.browser.cookies.insert(SESSION_COOKIE.into(), token);
        }
        tx.commit().await.expect("signed in");
    }

    async fn steps(&mut self) {
        self.waits().await;
        let n = self.any(2);
        let happened = match self.chance(100) {
            0..=13 => self.buys().await,
            14..=16 => self.pays().await,
            17..=21 => self.gives_back().await,
            22..=24 => self.takes_out_of_the_books().await,
            25..=29 => self.carries().await,
            30..=37 => self.packs().await,
            38..=45 => self.counts().await,
            46..=54 => self.takes_back(n),
            55..=57 => self.moves_cash(n),
            58..=59 => self.is_paid_a_debt(n),
            60..=61 => self.closes(n),
            62..=68 => self.finds_signal(n).await,
            _ => false,
        };
        if !happened {
            self.sells(n);
        }
    }
}

/// More goods of the product that some are of.
async fn like(tx: &warong::db::Tx, id: i64, kind: usize) -> i64 {
    let known = item::Entity::find_by_id(id).one(tx).await.expect("a read").expect("goods");
    let (measure, content) = if GRAMS[kind] == 1 { (Measure::Gram, 0) } else { (Measure::Piece, GRAMS[kind]) };
    let row = item::ActiveModel {
        id: sea_orm::ActiveValue::NotSet,
        name: Set(format!("nomor {kind}")),
        price: Set(Rupiah(PRICES[kind])),
        measure: Set(measure),
        content: Set(content),
        content_unit: Set(Measure::Gram),
        ..item::ActiveModel::from(known)
    };
    item::Entity::insert(row).exec(tx).await.expect("other goods").last_insert_id
}

/// Somebody who may owe Rp300.000, and sometimes owes more.
async fn member(tx: &warong::db::Tx, stall: &Stall, name: &str) -> i64 {
    let stand = &stall.granary.stand;
    let row = member::ActiveModel {
        outlet_id: Set(stand.outlet.id),
        name: Set(name.into()),
        account_limit: Set(Rupiah(300_000)),
        joined_at: Set(stand.shop.clock.now()),
        ..Default::default()
    };
    member::Entity::insert(row).exec(tx).await.expect("a member").last_insert_id
}

/// What no long walk may be without.
const ACTS: [&str; 16] = [
    "purchase",
    "purchase of before",
    "purchase out of the books",
    "return to a supplier",
    "return to a supplier out of several lots",
    "carrying",
    "packing",
    "bags opened",
    "counted line with more",
    "counted line with less",
    "sale below zero",
    "return of good goods",
    "return of broken goods",
    "return in one way",
    "return in several ways",
    "shift closed and the next opened",
];

/// Says where a walk was when it failed.
struct Where {
    seed: u64,
    step: usize,
}

impl Drop for Where {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the walk failed: WALK_SEED={} at step {}", self.seed, self.step);
        }
    }
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().expect("a number"))
}

#[actix_web::test]
async fn whatever_happens_at_an_outlet_is_to_the_unit_and_the_rupiah_what_the_pencil_says() {
    let steps = usize::try_from(setting("WALK", 150)).expect("steps");
    let mut at = Where { seed: setting("WALK_SEED", 1), step: 0 };
    let mut walk = Walk::open(at.seed).await;
    // Looking at everything takes longer the more there is.
    let often = (steps / 20).max(50);
    let start = Instant::now();
    for step in 1..=steps {
        at.step = step;
        walk.steps().await;
        if step % often == 0 || step == steps {
            walk.adds_up().await;
            println!("{step} steps in {:.0?}", start.elapsed());
        }
    }
    walk.tells_all_again().await;
    walk.adds_up().await;
    let missing: Vec<_> = ACTS.into_iter().filter(|act| !walk.acts.contains_key(act)).collect();
    assert!(steps < 1_000 || missing.is_empty(), "never happened: {missing:?}");
    println!("{steps} steps from seed {}: {:#?}", at.seed, walk.acts);
    walk.stall.close().await;
}
