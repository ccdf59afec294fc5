//! Acts by chance, done in the shop and told to the second program, which says whether they can be done.
use std::collections::BTreeMap;

use entity::{
    Rupiah, crafter, debt,
    lot::{self, Grade},
    order, payout, person,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use warong::{
    accounts::crafter::{Household, register},
    collection::{
        departure::{Bearer, Departure, depart},
        intake::{self, Entered, NewIntake, accept},
    },
    db::{self, Tx},
    error::{Error, Result},
    ledger::Book,
    orders::{cancel, docket::Docket, parcel},
    outlet::{
        debt as debts,
        payee::Payee,
        payout::{Proof, tick_off},
        payout_run, repayment, sale, sale_return,
    },
};

use super::model::{Model, Piece, SHELF, cut};
use crate::counter::stand::Stand;

const HOUSEHOLDS: usize = 6;
const PRICES: [i64; 4] = [28_000, 65_500, 9_999, 143_333];

/// A hand-over, and its lots in the second program.
struct HandOver {
    id: i64,
    household: usize,
    lots: Vec<(usize, i64)>,
    owed: i64,
    is_reversed: bool,
}

/// Pieces that were sold together and may come back.
struct Sold {
    id: i64,
    price: i64,
    pieces: Vec<Piece>,
}

/// Money lent, in the order it is set off.
struct Loan {
    id: i64,
    household: usize,
    rest: i64,
    most: Option<i64>,
}

/// The counter, the second program, and how often each thing happened.
pub struct Walk {
    stand: Stand,
    rng: StdRng,
    model: Model,
    hasan: i64,
    households: Vec<i64>,
    items: Vec<i64>,
    /// Which lot of the books each lot of the second program is.
    lots: Vec<i64>,
    hand_overs: Vec<HandOver>,
    sales: Vec<Sold>,
    orders: Vec<(order::Model, i64, Vec<Piece>)>,
    loans: Vec<Loan>,
    done: BTreeMap<&'static str, usize>,
    n: usize,
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
            model: Model::default(),
            hasan: hasan.expect("Pak Hasan").id,
            households,
            items,
            lots: Vec::new(),
            hand_overs: Vec::new(),
            sales: Vec::new(),
            orders: Vec::new(),
            loans: Vec::new(),
            done: BTreeMap::new(),
            n: 0,
        }
    }

    /// One act.
    pub async fn step(&mut self) {
        self.n += 1;
        match self.rng.random_range(0..100) {
            0..30 => self.hands_in().await,
            30..50 => self.sells().await,
            50..60 => self.comes_back().await,
            60..70 => self.departs().await,
            70..74 => self.reverses().await,
            74..83 => self.orders_online().await,
            83..86 => self.parcel_comes_back().await,
            86..90 => self.lends().await,
            _ => self.pays_out().await,
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.done.entry(what).or_insert(0) += 1;
    }

    fn any(&mut self, n: usize) -> Option<usize> {
        (n > 0).then(|| self.rng.random_range(0..n))
    }

    async fn begin(&self) -> Tx {
        db::begin(&self.stand.shop.app.db).await.expect("a transaction")
    }

    async fn hands_in(&mut self) {
        let (household, item) = (self.rng.random_range(0..HOUSEHOLDS), self.rng.random_range(0..PRICES.len()));
        let (a, b) = (self.rng.random_range(0..10_i64), self.rng.random_range(0..4_i64));
        let is_bought = self.rng.random_bool(0.3);
        let maker_bp = [None, Some(8_000), Some(7_133), Some(9_200)][self.rng.random_range(0..4)];
        let (cost, cost_b) = (PRICES[item] * 7 / 10, PRICES[item] / 2);
        let (crafter, goods) = (self.households[household], self.items[item]);
        let mut new = NewIntake::consigned(crafter, goods, a);
        if is_bought {
            new = NewIntake { cost_b: Rupiah(cost_b), ..NewIntake::bought(crafter, goods, a, Rupiah(cost)) };
        } else {
            new.maker_bp = maker_bp;
        }
        new.grade_b = warong::collection::amount::Amount::whole(b);
        let key = format!("walk:{}", self.n);
        let told = self.rng.random_range(1..3);
        let mut taken = None;
        // A line that loses answers: the same hand-over is told once or twice.
        for _ in 0..told {
            let tx = self.begin().await;
            let clock = &self.stand.shop.clock;
            let (outlet, person_id) = (&self.stand.outlet, self.stand.operator_id);
            let entered = Entered { outlet, person_id, at: clock.now(), source_key: &key };
            let answer = accept(&tx, clock, entered, &new).await.expect("an answer");
            assert_eq!(answer.is_ok(), a + b > 0, "{answer:?}");
            if let Ok(accepted) = answer {
                tx.commit().await.expect("it stands");
                taken = Some(accepted.intake);
            }
        }
        let Some(taken) = taken else { return self.count("nothing handed in") };
        let shares = match maker_bp.filter(|_| !is_bought) {
            Some(maker) => [maker, 9_200 - maker, 800],
            None => [7_600, 1_600, 800],
        };
        let mut hand_over = HandOver { id: taken.id, household, lots: Vec::new(), owed: 0, is_reversed: false };
        let rows = intake::lots(&self.stand.shop.app.db, taken.id).await.expect("lots");
        for row in rows {
            let is_b = row.grade == Some(Grade::B);
            let pieces = if is_b { b } else { a };
            let cost = match (is_bought, is_b) {
                (false, _) => cut(PRICES[item], shares)[0],
                (true, false) => cost,
                (true, true) => cost_b,
            };
            hand_over.lots.push((self.model.lots.len(), pieces));
            hand_over.owed += if is_bought { cost * pieces } else { 0 };
            self.model.lots.push(super::model::Lot {
                household,
                item,
                is_b,
                is_bought,
                cost,
                shares,
                place: SHELF,
                pieces: vec![(); pieces as usize],
                hand_over: self.hand_overs.len(),
            });
            self.lots.push(row.id);
        }
        self.model.owe(household, hand_over.owed);
        self.model.add("goods", hand_over.owed);
        self.hand_overs.push(hand_over);
        self.count(if is_bought { "bought" } else { "consigned" });
    }

    async fn sells(&mut self) {
        let item = self.rng.random_range(0..PRICES.len());
        let pieces = self.rng.random_range(1..8_i64);
        let grade = [None, None, Some(false), Some(true)][self.rng.random_range(0..4)];
        let price = if self.rng.random_bool(0.3) { PRICES[item] * 9 / 11 } else { PRICES[item] };
        let line = sale::NewLine {
            item_id: self.items[item],
            quantity: pieces,
            grade: grade.map(|b| if b { Grade::B } else { Grade::A }),
            unit_price: Rupiah(price),
            reason: (price != PRICES[item]).then(|| "Langganan".to_owned()),
        };
        let new = sale::NewSale { lines: vec![line], paid: sale::Paid::Cash };
        let key = format!("walk:{}", self.n);
        let tx = self.begin().await;
        let sold =
            sale::sell(&tx, &self.stand.shop.clock, &self.stand.outlet, &new, self.stand.operator_id, &key).await;
        if self.model.there(item, SHELF, grade) < pieces {
            refused(sold.map(|_| ()), "sale.not_enough");
            return self.count("too many asked for");
        }
        let sold = sold.expect("sold");
        tx.commit().await.expect("it stands");
        let pieces = self.model.sell(item, SHELF, grade, pieces, price);
        self.model.add("cash", price * pieces.len() as i64);
        self.sales.push(Sold { id: sold.id, price, pieces });
        self.count("sold at the counter");
    }

    async fn comes_back(&mut self) {
        let Some(n) = self.any(self.sales.len()) else { return };
        let (id, price) = (self.sales[n].id, self.sales[n].price);
        let sold = sale::read(&self.stand.shop.app.db, self.stand.outlet.id, id).await.expect("the sale");
        let parts = sale_return::parts(&self.stand.shop.app.db, &sold).await.expect("its parts");
        let part = &parts[self.rng.random_range(0..parts.len())];
        let lot = self.lots.iter().position(|id| *id == part.earning.lot_id).expect("a lot of ours");
        let out: Vec<usize> = (0..self.sales[n].pieces.len())
            .filter(|at| self.sales[n].pieces[*at].lot == lot && !self.sales[n].pieces[*at].is_back)
            .collect();
        assert_eq!(part.left, out.len() as i64, "what can still come back of sale {id}");
        let good = self.rng.random_range(0..=part.left.min(3));
        let broken = if self.rng.random_bool(0.3) { self.rng.random_range(0..3) } else { 0 };
        let is_makers = self.rng.random_bool(0.5);
        let borne_by = if is_makers { sale_return::Bearer::Maker } else { sale_return::Bearer::Outlet };
        let back = sale_return::NewReturn {
            lines: vec![sale_return::NewLine { earning_id: part.earning.id, good, broken }],
            reason: "Tidak cocok".into(),
            borne_by,
        };
        let key = format!("walk:{}", self.n);
        let tx = self.begin().await;
        let (clock, outlet, by) = (&self.stand.shop.clock, &self.stand.outlet, self.stand.operator_id);
        let answer = sale_return::take(&tx, clock, outlet, id, &back, by, &key).await;
        if good + broken == 0 {
            return refused(answer.map(|_| ()), "sale.nothing_back");
        }
        if good + broken > part.left {
            refused(answer.map(|_| ()), "sale.more_than_sold");
            return self.count("more brought back than was bought");
        }
        answer.expect("taken back");
        tx.commit().await.expect("it stands");
        for (turn, at) in out.into_iter().take((good + broken) as usize).enumerate() {
            let is_good = (turn as i64) < good;
            self.sales[n].pieces[at].is_back = true;
            let piece = self.sales[n].pieces[at];
            let owner = self.model.lots[lot].clone();
            self.model.add("cash", -price);
            if is_good || is_makers {
                self.model.earned(&piece, -1);
            } else {
                self.model.add("compensation", price);
            }
            match is_good {
                true => self.model.lots[lot].pieces.push(()),
                false if is_makers && owner.is_bought => {
                    self.model.add("loss", owner.cost);
                    self.model.add("goods", -owner.cost);
                }
                false => {}
            }
        }
        self.count("brought back by a buyer");
    }

    async fn departs(&mut self) {
        let Some(lot) = self.any(self.lots.len()) else { return };
        let there = self.model.lots[lot].pieces.len() as i64;
        let pieces = self.rng.random_range(1..=(there + 1).min(4));
        let bearer = if self.rng.random_bool(0.5) { Bearer::Outlet } else { Bearer::Owner };
        let how =
            [Departure::GivenBack, Departure::Broken(bearer), Departure::Lost(bearer)][self.rng.random_range(0..3)];
        let key = format!("walk:{}", self.n);
        let tx = self.begin().await;
        let (clock, outlet) = (&self.stand.shop.clock, &self.stand.outlet);
        let by = (self.stand.operator_id, key.as_str());
        let answer = depart(&tx, clock, outlet, (self.lots[lot], pieces), how, "Kena hujan", by).await;
        let owner = self.model.lots[lot].clone();
        if owner.is_bought && how == Departure::GivenBack {
            return refused(answer, "intake.bought_stays");
        }
        if pieces > there {
            refused(answer, "intake.only_left");
            return self.count("more taken out than is there");
        }
        answer.expect("gone");
        tx.commit().await.expect("it stands");
        let left = self.model.lots[lot].pieces.len() - pieces as usize;
        self.model.lots[lot].pieces.truncate(left);
        let value = owner.cost * pieces;
        if owner.is_bought {
            self.model.add("cost_of_goods", value);
            self.model.add("goods", -value);
        } else if matches!(how, Departure::Broken(Bearer::Outlet) | Departure::Lost(Bearer::Outlet)) {
            self.model.owe(owner.household, value);
            self.model.add("loss", value);
        }
        self.count(match how {
            Departure::GivenBack => "given back",
            Departure::Broken(_) => "broken",
            Departure::Lost(_) => "lost",
        });
    }

    async fn reverses(&mut self) {
        let Some(n) = self.any(self.hand_overs.len()) else { return };
        let (id, by) = (self.hand_overs[n].id, self.stand.operator_id);
        let tx = self.begin().await;
        let answer = intake::reverse(&tx, &self.stand.shop.clock, &self.stand.outlet, id, "Salah ketik", by).await;
        if self.hand_overs[n].is_reversed {
            return refused(answer.map(|_| ()), "intake.already_reversed");
        }
        let is_whole = |(lot, pieces): &(usize, i64)| self.model.lots[*lot].pieces.len() as i64 == *pieces;
        if !self.hand_overs[n].lots.iter().all(is_whole) {
            refused(answer.map(|_| ()), "intake.some_are_gone");
            return self.count("a wrong entry that was sold from");
        }
        answer.expect("reversed");
        tx.commit().await.expect("it stands");
        self.hand_overs[n].is_reversed = true;
        let (household, owed) = (self.hand_overs[n].household, self.hand_overs[n].owed);
        self.model.owe(household, -owed);
        self.model.add("goods", -owed);
        for (lot, _) in self.hand_overs[n].lots.clone() {
            self.model.lots[lot].pieces.clear();
        }
        self.count("entered wrongly");
    }

    async fn orders_online(&mut self) {
        let item = self.rng.random_range(0..PRICES.len());
        let pieces = self.rng.random_range(1..6_i64);
        if self.model.there(item, SHELF, None) < pieces {
            return;
        }
        let order = self.stand.paid(&[(self.items[item], pieces)]).await;
        let docket = self.stand.docket(&order).await;
        let (clock, by) = (&self.stand.shop.clock, self.stand.operator_id);
        let tx = self.begin().await;
        let portions = parcel::everything_open(&docket);
        let parcel_id = parcel::pack(&tx, clock, &docket, &portions, by).await.expect("packed");
        let docket = Docket::lock(&tx, self.stand.outlet.id, order.id).await.expect("the order");
        let journey = parcel::Journey { courier: "JNE".into(), tracking_number: None };
        parcel::send(&tx, clock, &docket, parcel_id, &journey, by).await.expect("sent");
        tx.commit().await.expect("it is on its way");
        let pieces = self.model.sell(item, SHELF, None, pieces, PRICES[item]);
        self.orders.push((order, parcel_id, pieces));
        self.count("sold online");
    }

    /// The courier brings a parcel back, and the order is called off.
    async fn parcel_comes_back(&mut self) {
        let Some(n) = self.any(self.orders.len()) else { return };
        let (order, parcel_id, pieces) = self.orders.swap_remove(n);
        let (clock, by) = (&self.stand.shop.clock, self.stand.operator_id);
        let tx = self.begin().await;
        let docket = Docket::lock(&tx, self.stand.outlet.id, order.id).await.expect("the order");
        parcel::come_back(&tx, clock, &docket, parcel_id, "Alamat tidak ketemu", by).await.expect("it came back");
        let docket = Docket::lock(&tx, self.stand.outlet.id, order.id).await.expect("the order");
        cancel::cancel(&tx, clock, &docket, "Alamat tidak ketemu", by).await.expect("called off");
        tx.commit().await.expect("it stands");
        for piece in pieces {
            self.model.earned(&piece, -1);
            self.model.lots[piece.lot].pieces.push(());
        }
        self.count("parcels that came back");
    }

    async fn lends(&mut self) {
        let household = self.rng.random_range(0..HOUSEHOLDS);
        let amount = self.rng.random_range(5..120_i64) * 1_000;
        let most = self.rng.random_bool(0.5).then(|| self.rng.random_range(1..30_i64) * 1_000);
        let first = self.rng.random_bool(0.3);
        let new = debts::NewDebt {
            crafter_id: self.households[household],
            kind: if self.rng.random_bool(0.5) { debt::Kind::Cash } else { debt::Kind::Material },
            source: debt::Source::Cash,
            amount: Rupiah(amount),
            reason: "Bambu".into(),
            first,
            most_per_payout: most.map(Rupiah),
        };
        let tx = self.begin().await;
        let (clock, outlet) = (&self.stand.shop.clock, &self.stand.outlet);
        let id = debts::ask(&tx, clock, outlet, &new, self.stand.operator_id).await.expect("asked");
        let own = debts::give(&tx, clock, outlet, id, self.stand.operator_id).await;
        refused(own, "debt.own_asking");
        debts::give(&tx, clock, outlet, id, self.hasan).await.expect("given");
        tx.commit().await.expect("it stands");
        let loan = Loan { id, household, rest: amount, most };
        let at = if first { 0 } else { self.loans.len() };
        self.loans.insert(at, loan);
        *self.model.lent.entry(household).or_insert(0) += amount;
        self.model.add("cash", -amount);
        self.count("lent");
    }

    /// What is set off of so much that is owed: loan by loan, in their order.
    fn set_offs(&self, household: usize, owed: i64) -> Vec<(usize, i64)> {
        let mut left = owed;
        let mut all = Vec::new();
        for (n, loan) in self.loans.iter().enumerate().filter(|(_, loan)| loan.household == household) {
            let amount = loan.rest.min(loan.most.unwrap_or(i64::MAX)).min(left).max(0);
            left -= amount;
            all.push((n, amount));
        }
        all.retain(|(_, amount)| *amount > 0);
        all
    }

    async fn pays_out(&mut self) {
        let household = self.rng.random_range(0..HOUSEHOLDS);
        let crafter = self.households[household];
        let owed = self.model.owed.get(&household).copied().unwrap_or(0);
        let due = repayment::due(&self.stand.shop.app.db, crafter).await.expect("what is due").of(Rupiah(owed));
        let set_offs = self.set_offs(household, owed);
        let told: Vec<(i64, i64)> = due.iter().map(|one| (one.debt_id, one.amount.0)).collect();
        let meant: Vec<(i64, i64)> = set_offs.iter().map(|(n, amount)| (self.loans[*n].id, *amount)).collect();
        assert_eq!(told, meant, "what is set off for household {household}, owed {owed}");
        let taken: i64 = set_offs.iter().map(|(_, amount)| amount).sum();
        let rest = (owed - taken).max(0);
        let too_much = self.rng.random_bool(0.1);
        let amount = if too_much { rest + 1 } else { self.rng.random_range(0..=rest) };
        let line = payout_run::Line {
            payee: Payee::Crafter(crafter),
            amount: Rupiah(amount),
            way: payout::Way::Cash,
            set_offs: due,
        };
        let tx = self.begin().await;
        let (clock, outlet, by) = (&self.stand.shop.clock, &self.stand.outlet, self.stand.operator_id);
        let made = payout_run::make(&tx, clock, outlet, &[line], false, by).await;
        if owed <= 0 {
            return refused(made.map(|_| ()), "payout.nothing_owed");
        }
        if amount == 0 && taken == 0 {
            return refused(made.map(|_| ()), "payout.not_positive");
        }
        if amount + taken > owed {
            refused(made.map(|_| ()), "payout.more_than_owed");
            return self.count("more asked for than is owed");
        }
        let run = made.expect("made");
        if self.rng.random_bool(0.15) {
            payout_run::call_off(&tx, clock, outlet, run, "Nanti saja", by).await.expect("called off");
            tx.commit().await.expect("it stands");
            return self.count("payouts called off");
        }
        refused(payout_run::approve(&tx, clock, outlet, run, by).await, "payout.own_run");
        payout_run::approve(&tx, clock, outlet, run, self.hasan).await.expect("approved");
        let payouts = payout_run::read(&tx, outlet.id, run).await.expect("the run").payouts;
        let fails = self.rng.random_bool(0.2);
        for one in &payouts {
            if !fails || self.rng.random_bool(0.5) {
                let proof = Proof::Cash { receiver: "Keluarga".into(), shown: payout::Shown::Pin };
                tick_off(&tx, clock, outlet, run, one.id, &proof, by).await.expect("ticked off");
            }
            if fails {
                warong::outlet::payout::fail(&tx, clock, outlet, run, one.id, "Salah orang", by).await.expect("failed");
            }
        }
        tx.commit().await.expect("it stands");
        if fails && !payouts.is_empty() {
            return self.count("payouts that failed");
        }
        self.model.owe(household, -amount - taken);
        self.model.add("cash", -amount);
        for (n, amount) in set_offs {
            self.loans[n].rest -= amount;
            *self.model.lent.entry(household).or_insert(0) -= amount;
        }
        self.count("paid out");
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
                assert_eq!(there, self.model.has(n, SHELF, item), "goods {item} of household {n} at step {step}");
            }
        }
        let rows = lot::Entity::find().order_by_asc(lot::Column::Id).all(db).await.expect("lots");
        let left: BTreeMap<i64, i64> = rows.into_iter().map(|lot| (lot.id, lot.remaining)).collect();
        for (n, id) in self.lots.iter().enumerate() {
            assert_eq!(left[id], self.model.lots[n].pieces.len() as i64, "lot {id} at step {step}");
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
fn refused(answer: Result<()>, key: &str) {
    match answer {
        Err(Error::Refused(no)) => assert_eq!(no.said.key, key),
        other => panic!("expected {key}, got {other:?}"),
    }
}
