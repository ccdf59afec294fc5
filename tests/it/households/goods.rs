//! What is done with goods at the counter and online.
use entity::{Rupiah, lot::Grade};
use rand::RngExt;
use warong::{
    collection::{
        amount::Amount,
        departure::{Bearer, Departure, depart},
        intake::{self, Entered, NewIntake, accept},
    },
    orders::{cancel, docket::Docket, parcel},
    outlet::{sale, sale_return},
};

use super::{
    model::{Lot, SHELF, cut},
    walk::{HOUSEHOLDS, HandOver, PRICES, Sold, Walk, refused},
};

impl Walk {
    pub(super) async fn hands_in(&mut self) {
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
        new.grade_b = Amount::whole(b);
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
            self.model.lots.push(Lot {
                household,
                item,
                is_b,
                is_bought,
                cost,
                shares,
                place: SHELF,
                origin: None,
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

    pub(super) async fn sells(&mut self) {
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
        self.sales.push(Sold { id: sold.id, price, pieces, step: self.n });
        self.count("sold at the counter");
    }

    pub(super) async fn comes_back(&mut self) {
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
        let household = self.model.lots[lot].household;
        let was_paid = self.paid_at.get(&household).is_some_and(|step| *step > self.sales[n].step);
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
        if was_paid && !self.model.lots[lot].is_bought {
            self.count("came back after its money was paid out");
        }
        if self.model.owed.get(&household).copied().unwrap_or(0) < 0 {
            self.count("a household has received more than it earned");
        }
    }

    pub(super) async fn departs(&mut self) {
        let on_shelf = |lot: &usize| self.model.lots[*lot].place == SHELF;
        let mut lots: Vec<usize> = (0..self.lots.len()).filter(on_shelf).collect();
        if self.rng.random_bool(0.8) {
            lots.retain(|lot| !self.model.lots[*lot].pieces.is_empty());
        }
        let Some(lot) = self.any(lots.len()).map(|n| lots[n]) else { return };
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

    pub(super) async fn reverses(&mut self) {
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

    pub(super) async fn orders_online(&mut self) {
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
    pub(super) async fn parcel_comes_back(&mut self) {
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
}
