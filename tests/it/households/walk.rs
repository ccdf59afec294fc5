//! Acts by chance, done in the shop and told to the second program, which says whether they can be done.
//!
//! What is done with goods is in `goods`, with money in `money`, at kiosks in `kiosk`.
use std::collections::BTreeMap;

use chrono::Duration;
use entity::{
    Rupiah, crafter,
    kiosk::{Bearer, PaysAt},
    lot, order, person,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::{
    accounts::crafter::{Household, register},
    db::{self, Tx},
    error::{Error, Result},
    ledger::Book,
    wholesale::kiosk,
};

use super::model::{Model, Piece};
use crate::{counter::stand::Stand, wholesale::post};

pub(super) const HOUSEHOLDS: usize = 6;
pub(super) const PRICES: [i64; 4] = [28_000, 65_500, 9_999, 143_333];
/// Who bears what breaks in each kiosk, and when makers are paid.
const KIOSKS: [(Bearer, PaysAt); 3] =
    [(Bearer::Outlet, PaysAt::Cash), (Bearer::Maker, PaysAt::Sale), (Bearer::Kiosk, PaysAt::Cash)];

/// A hand-over, and its lots in the second program.
pub(super) struct HandOver {
    pub(super) id: i64,
    pub(super) household: usize,
    pub(super) lots: Vec<(usize, i64)>,
    pub(super) owed: i64,
    pub(super) is_reversed: bool,
}

/// Pieces that were sold together and may come back.
pub(super) struct Sold {
    pub(super) id: i64,
    pub(super) price: i64,
    pub(super) pieces: Vec<Piece>,
    /// The step at which they were sold.
    pub(super) step: usize,
}

/// Money lent, in the order it is set off.
pub(super) struct Loan {
    pub(super) id: i64,
    pub(super) household: usize,
    pub(super) rest: i64,
    pub(super) most: Option<i64>,
}

/// A visit to a kiosk, as the shop knows it and as the second program does.
pub(super) struct Visit {
    pub(super) id: i64,
    pub(super) kiosk: usize,
    pub(super) told: super::model::Visit,
}

/// The counter, the second program, and how often each thing happened.
pub struct Walk {
    pub(super) stand: Stand,
    pub(super) rng: StdRng,
    pub(super) model: Model,
    pub(super) hasan: i64,
    pub(super) households: Vec<i64>,
    pub(super) items: Vec<i64>,
    /// Which lot of the books each lot of the second program is.
    pub(super) lots: Vec<i64>,
    pub(super) hand_overs: Vec<HandOver>,
    pub(super) sales: Vec<Sold>,
    pub(super) orders: Vec<(order::Model, i64, Vec<Piece>)>,
    pub(super) loans: Vec<Loan>,
    pub(super) kiosks: Vec<kiosk::Model>,
    pub(super) visits: Vec<Visit>,
    /// The step at which each household was last paid.
    pub(super) paid_at: BTreeMap<usize, usize>,
    pub(super) done: BTreeMap<&'static str, usize>,
    pub(super) n: usize,
}

impl Walk {
    pub async fn open(seed: u64) -> Walk {
        let stand = Stand::open().await;
        let tx = stand.begin().await;
        let mut households = Vec::new();
        for n in 0..HOUSEHOLDS {
            let household = Household {
                name: format!("Keluarga {n}"),
                dusun: "Rayap".into(),
                rt: format!("{n:03}"),
                rw: "001".into(),
                ..Household::default()
            };
            let made =
                register(&tx, &stand.shop.clock, &stand.outlet, None, &household, None).await.expect("a crafter");
            households.push(made.id);
        }
        let mut kiosks = Vec::new();
        for (n, (damage_by, pays_at)) in KIOSKS.into_iter().enumerate() {
            let terms = kiosk::Agreement { name: format!("Kios {n}"), ..post::terms(damage_by, pays_at) };
            let by = stand.operator_id;
            kiosks.push(kiosk::open(&tx, &stand.shop.clock, &stand.outlet, &terms, by).await.expect("a kiosk"));
        }
        let hasan = person::Entity::find().filter(person::Column::Name.eq("Pak Hasan")).one(&tx).await.expect("a read");
        tx.commit().await.expect("they are there");
        let mut items = Vec::new();
        for price in PRICES {
            let item = stand.another_basket(&format!("Bakul {price}")).await;
            let tx = stand.begin().await;
            let change = entity::item::ActiveModel {
                id: sea_orm::ActiveValue::Set(item),
                price: sea_orm::ActiveValue::Set(Rupiah(price)),
                ..Default::default()
            };
            entity::item::Entity::update(change).exec(&tx).await.expect("a price");
            tx.commit().await.expect("it stands");
            items.push(item);
        }
        Walk {
            stand,
            rng: StdRng::seed_from_u64(seed),
            model: Model::of(&KIOSKS),
            hasan: hasan.expect("Pak Hasan").id,
            households,
            items,
            lots: Vec::new(),
            hand_overs: Vec::new(),
            sales: Vec::new(),
            orders: Vec::new(),
            loans: Vec::new(),
            kiosks,
            visits: Vec::new(),
            paid_at: BTreeMap::new(),
            done: BTreeMap::new(),
            n: 0,
        }
    }

    /// One act.
    pub async fn step(&mut self) {
        self.n += 1;
        self.stand.shop.clock.advance(Duration::minutes(1));
        match self.rng.random_range(0..100) {
            0..22 => self.hands_in().await,
            22..40 => self.sells().await,
            40..48 => self.comes_back().await,
            48..55 => self.departs().await,
            55..58 => self.reverses().await,
            58..66 => self.orders_online().await,
            66..69 => self.parcel_comes_back().await,
            69..72 => self.lends().await,
            72..73 => self.brings_money().await,
            73..82 => self.pays_out().await,
            82..88 => self.takes_to_kiosk().await,
            88..98 => self.visits_kiosk().await,
            _ => self.takes_visit_back().await,
        }
    }

    pub(super) fn count(&mut self, what: &'static str) {
        *self.done.entry(what).or_insert(0) += 1;
    }

    pub(super) fn any(&mut self, n: usize) -> Option<usize> {
        (n > 0).then(|| self.rng.random_range(0..n))
    }

    pub(super) async fn begin(&self) -> Tx {
        db::begin(&self.stand.shop.app.db).await.expect("a transaction")
    }

    /// The books of the shop say the same as the second program, household by household and lot by lot.
    pub async fn agrees(&self, step: usize) {
        let db = &self.stand.shop.app.db;
        for (n, crafter) in self.households.iter().enumerate() {
            let owed = -self.stand.balance(Book::Crafter(*crafter)).await;
            assert_eq!(owed, self.model.owed.get(&n).copied().unwrap_or(0), "owed to household {n} at step {step}");
            let lent = self.stand.balance(Book::Advance(*crafter)).await;
            assert_eq!(lent, self.model.lent.get(&n).copied().unwrap_or(0), "lent to household {n} at step {step}");
            for (item, id) in self.items.iter().enumerate() {
                let own = lot::Entity::find()
                    .filter(lot::Column::OwnerId.eq(*crafter))
                    .filter(lot::Column::ItemId.eq(*id))
                    .all(db)
                    .await
                    .expect("lots");
                let there: i64 = own.iter().map(|lot| lot.remaining).sum();
                assert_eq!(there, self.model.has(n, item), "goods {item} of household {n} at step {step}");
            }
            let waits = -self.stand.balance(Book::Awaiting(*crafter)).await;
            assert_eq!(waits, self.model.waits(n), "waited for by household {n} at step {step}");
        }
        let rows = lot::Entity::find().order_by_asc(lot::Column::Id).all(db).await.expect("lots");
        let left: BTreeMap<i64, i64> = rows.into_iter().map(|lot| (lot.id, lot.remaining)).collect();
        for (n, id) in self.lots.iter().enumerate() {
            assert_eq!(left[id], self.model.lots[n].pieces.len() as i64, "lot {id} at step {step}");
        }
        for (n, kiosk) in self.kiosks.iter().enumerate() {
            let owes = self.stand.balance(Book::Kiosk(kiosk.id)).await;
            assert_eq!(owes, self.model.kiosk_owes(n), "kiosk {n} at step {step}");
        }
        let outlet = self.stand.outlet.id;
        for (name, book, sign) in [
            ("cash", Book::Cash(outlet), 1),
            ("outlet_fee", Book::OutletFee(outlet), -1),
            ("group_fund", Book::GroupFund(outlet), -1),
            ("own_sales", Book::OwnSales(outlet), -1),
            ("goods", Book::Goods(outlet), 1),
            ("cost_of_goods", Book::CostOfGoods(outlet), 1),
            ("loss", Book::Loss(outlet), 1),
            ("compensation", Book::Compensation(outlet), 1),
        ] {
            let says = self.model.books.get(name).copied().unwrap_or(0);
            assert_eq!(sign * self.stand.balance(book).await, says, "{name} at step {step}");
        }
        self.stand.adds_up().await;
    }

    /// A walk in which something never happened proves nothing of it.
    pub async fn close(self, steps: usize) {
        println!("{steps} steps: {:?}", self.done);
        for what in [
            "bought",
            "consigned",
            "sold at the counter",
            "too many asked for",
            "brought back by a buyer",
            "given back",
            "broken",
            "lost",
            "entered wrongly",
            "sold online",
            "parcels that came back",
            "lent",
            "paid out",
            "payouts called off",
            "payouts that failed",
            "more asked for than is owed",
            "came back after its money was paid out",
            "a household has received more than it earned",
            "brought money back",
            "lent beyond the limit",
            "taken to a kiosk",
            "visits",
            "sold by kiosks",
            "came home from a kiosk",
            "broken in kiosks",
            "lost in kiosks",
            "cash alone from a kiosk",
            "visits taken back",
        ] {
            assert!(self.done.contains_key(what), "{what} never happened in {steps} steps: {:?}", self.done);
        }
        let all = crafter::Entity::find().all(&self.stand.shop.app.db).await.expect("crafters").len();
        assert!(all > HOUSEHOLDS);
        self.stand.close().await;
    }
}

/// A refusal with this sentence, and nothing else.
#[track_caller]
pub(super) fn refused(answer: Result<()>, key: &str) {
    match answer {
        Err(Error::Refused(no)) => assert_eq!(no.said.key, key),
        other => panic!("expected {key}, got {other:?}"),
    }
}
