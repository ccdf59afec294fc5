//! A random walk of deliveries, visits and visits taken back, held against a second, simple model after each step.
use entity::{
    Rupiah,
    kiosk::{Bearer, PaysAt},
    lot::Terms,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use warong::{
    db,
    error::Error,
    secret,
    stock::{self, NewLot},
    wholesale::{
        kiosk_drop::{self, NewDrop, NewLine},
        kiosk_visit::{self, Counted, NewVisit, Told},
    },
};

use super::post::Post;

/// Prices a kiosk is told, what is left of each without its eighth, and what the maker gets of that.
const PRICES: [(i64, i64, i64); 3] = [(32_000, 28_000, 21_280), (40_000, 35_000, 26_600), (80_000, 70_000, 53_200)];
const STEPS: usize = 40;

/// What was counted of one of the two goods.
#[derive(Clone, Copy, Debug, Default)]
struct Line {
    sold: i64,
    good: i64,
    damaged: i64,
    lost: i64,
    owed_lost: i64,
    price: usize,
}

#[derive(Clone, Debug)]
struct Visit {
    id: i64,
    lines: [Line; 2],
    cash: i64,
}

/// Everything is worked out anew from the documents, with no lots, no ledger and no balances.
struct Model {
    bearer: Bearer,
    pays_at: PaysAt,
    dropped: [i64; 2],
    brought: i64,
    price: [Option<usize>; 2],
    visits: Vec<Visit>,
}

impl Model {
    fn there(&self, n: usize) -> i64 {
        let left = |line: &Line| line.sold + line.good + line.damaged + line.lost + line.owed_lost;
        self.dropped[n] - self.visits.iter().map(|visit| left(&visit.lines[n])).sum::<i64>()
    }

    fn shelf(&self, n: usize) -> i64 {
        self.brought - self.dropped[n] + self.visits.iter().map(|visit| visit.lines[n].good).sum::<i64>()
    }

    fn as_sold(&self, line: &Line) -> i64 {
        line.sold + line.owed_lost + if self.bearer == Bearer::Kiosk { line.damaged } else { 0 }
    }

    fn owes(&self) -> i64 {
        let owed = |line: &Line| self.as_sold(line) * PRICES[line.price].1;
        self.visits.iter().map(|visit| visit.lines.iter().map(owed).sum::<i64>() - visit.cash).sum()
    }

    /// What each household is due, and what it waits for.
    fn makers(&self) -> [(i64, i64); 2] {
        let mut all = [(0, 0); 2];
        let mut cash: i64 = self.visits.iter().map(|visit| visit.cash).sum();
        let mut is_enough = true;
        for visit in &self.visits {
            for (n, line) in visit.lines.iter().enumerate() {
                let (_, net, maker) = PRICES[line.price];
                for _ in 0..self.as_sold(line) {
                    is_enough &= cash >= net;
                    cash -= if is_enough { net } else { 0 };
                    if is_enough || self.pays_at == PaysAt::Sale {
                        all[n].0 += maker;
                    } else {
                        all[n].1 += maker;
                    }
                }
                let borne = if self.bearer == Bearer::Outlet { line.damaged } else { 0 };
                let lost = if self.bearer == Bearer::Maker { 0 } else { line.lost };
                all[n].0 += (borne + lost) * maker;
            }
        }
        all
    }
}

async fn walk(seed: u64, bearer: Bearer, pays_at: PaysAt) {
    let post = Post::open(bearer, pays_at).await;
    let stand = &post.stand;
    let (clock, items) = (&stand.shop.clock, [stand.basket, stand.cage]);
    let makers = [stand.crafter_id, post.marsuki.id];
    let tx = stand.begin().await;
    // Two lots of each household, so that pieces of a visit come from more than one.
    for (item_id, owner, quantity) in [(items[0], makers[0], 90), (items[1], makers[1], 60), (items[1], makers[1], 40)]
    {
        let lot = NewLot {
            item_id,
            place_id: stand.place_id,
            owner_id: Some(owner),
            terms: Terms::Consigned,
            cost: Rupiah(20_000),
            quantity,
            grade: None,
            agreed: None,
            material: Rupiah::ZERO,
            intake_id: None,
            person_id: None,
            source_key: secret::short_token(),
            fresh: stock::Fresh::default(),
        };
        stock::receive(&tx, clock, &lot).await.expect("an intake");
    }
    tx.commit().await.expect("it stands");
    let mut model = Model { bearer, pays_at, dropped: [0; 2], brought: 100, price: [None; 2], visits: Vec::new() };
    let mut dice = StdRng::seed_from_u64(seed);
    for step in 0..STEPS {
        let tx = db::begin(&stand.shop.app.db).await.expect("a transaction");
        let key = format!("walk:{seed}:{step}");
        let told = Told { outlet: &stand.outlet, person_id: stand.operator_id, at: clock.now(), source_key: &key };
        match dice.random_range(0..10) {
            0..3 => {
                let (n, price) = (dice.random_range(0..2), dice.random_range(0..PRICES.len()));
                let quantity = dice.random_range(1..20);
                let line = NewLine { item_id: items[n], quantity, grade: None, unit_price: Rupiah(PRICES[price].0) };
                let new = NewDrop { lines: vec![line], carrier: None, note: None };
                let by = stand.operator_id;
                let done = kiosk_drop::drop(&tx, clock, &stand.outlet, post.kiosk.id, &new, by, &key).await;
                if quantity > model.shelf(n) {
                    assert!(matches!(done, Err(Error::Refused(_))), "{seed} {step}");
                    continue;
                }
                done.expect("dropped");
                model.dropped[n] += quantity;
                model.price[n] = Some(price);
            }
            3..9 => {
                let mut lines = [Line::default(); 2];
                let owed_lost = dice.random_bool(0.5);
                let mut new =
                    NewVisit { missing_owed: owed_lost, reason: Some("Banjir".into()), ..NewVisit::default() };
                for (n, line) in lines.iter_mut().enumerate() {
                    let (there, Some(price)) = (model.there(n), model.price[n]) else { continue };
                    if there == 0 || dice.random_bool(0.2) {
                        continue;
                    }
                    let mut left = there;
                    let mut some = |most: i64| {
                        let part = dice.random_range(0..=left.min(most));
                        left -= part;
                        part
                    };
                    let (sold, good, damaged, missing) = (some(8), some(3), some(2), some(1));
                    *line = Line { sold, good, damaged, price, ..Line::default() };
                    *(if owed_lost { &mut line.owed_lost } else { &mut line.lost }) = missing;
                    let unit_price = Rupiah(PRICES[price].0);
                    let item_id = items[n];
                    new.lines.push(Counted { item_id, expected: there, sold, good, damaged, still: left, unit_price });
                }
                let mut visit = Visit { id: 0, lines, cash: 0 };
                model.visits.push(visit.clone());
                visit.cash = dice.random_range(0..=model.owes().max(0));
                model.visits.pop();
                new.collected = Rupiah(visit.cash);
                let done = kiosk_visit::accept(&tx, clock, told, post.kiosk.id, &new).await;
                if new.lines.is_empty() && visit.cash == 0 {
                    assert!(matches!(done, Err(Error::Refused(_))), "{seed} {step}");
                    continue;
                }
                visit.id = done.expect("visited").id;
                let again = kiosk_visit::accept(&tx, clock, told, post.kiosk.id, &new).await.expect("known");
                assert_eq!(again.id, visit.id);
                model.visits.push(visit);
            }
            _ => {
                let Some(latest) = model.visits.last() else { continue };
                let can = (0..2).all(|n| model.shelf(n) >= latest.lines[n].good);
                let done = kiosk_visit::void(&tx, clock, told, post.kiosk.id, latest.id, "Salah hitung").await;
                if let Err(Error::Refused(refusal)) = done {
                    // What came home has gone out again with another delivery.
                    assert_eq!(refusal.said.key, "kiosk.home_gone", "{seed} {step}");
                    continue;
                }
                done.expect("taken back");
                assert!(can, "{seed} {step}");
                model.visits.pop();
            }
        }
        tx.commit().await.expect("it stands");
        for n in 0..2 {
            let found = (post.stands(items[n]).await, post.due(makers[n]).await, post.waits(makers[n]).await);
            let (due, waits) = model.makers()[n];
            assert_eq!(
                found,
                ((model.shelf(n), model.there(n)), due, waits),
                "{seed} {step}: {:?}",
                model.visits.last()
            );
        }
        assert_eq!(post.owes().await, model.owes(), "{seed} {step}");
        stand.adds_up().await;
    }
    post.stand.close().await;
}

#[actix_web::test]
async fn a_random_walk_agrees_with_the_simple_model() {
    let all = [Bearer::Kiosk, Bearer::Outlet, Bearer::Maker]
        .into_iter()
        .flat_map(|bearer| [PaysAt::Sale, PaysAt::Cash].into_iter().map(move |pays_at| (bearer, pays_at)));
    for (seed, (bearer, pays_at)) in (1..).zip(all) {
        walk(seed, bearer, pays_at).await;
    }
}
