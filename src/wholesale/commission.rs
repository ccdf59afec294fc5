//! A commission (borongan): pieces of an order that are shared out over households, by the rule of [`super::split`].
//!
//! Its pieces are asked for (offered), said yes to (accepted), or open. What is open is offered to whoever still has room,
//! as often as somebody says no, says less or says nothing; what somebody said yes to stays theirs. What was handed in is
//! read from the intakes that stand, so there is no second number to go wrong.
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use crate::{
    clock::{Clock, wib},
    collection::amount::SQUARE_METRE,
    db::Tx,
    error::{Error, Refusal, Result},
    history::{self, Subject},
    orders::docket::{Docket, open},
};
use entity::{
    Rupiah, assignment,
    assignment::State,
    commission::{ActiveModel, Column, Entity, Model},
    intake, item, lot, order, order_line, outlet, product,
};

/// So many commissions are on a list.
const MOST: u64 = 100;

/// What one household handed in for a commission, by the intakes that stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Haul {
    pub good: i64,
    pub rejected: i64,
    /// Why the last ones were not taken.
    pub reason: Option<String>,
}

/// A commission with its order, what each household was asked and said, and what they handed in.
#[derive(Clone, Debug)]
pub struct Commission {
    pub row: Model,
    pub order: order::Model,
    pub line: order_line::Model,
    pub assignments: Vec<assignment::Model>,
    pub hauls: HashMap<i64, Haul>,
    /// Whether its pieces are square metres.
    pub is_measured: bool,
}

impl Commission {
    /// A commission of this outlet; another outlet's does not exist here.
    pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, id: i64) -> Result<Commission> {
        let row = Entity::find_by_id(id).filter(Column::OutletId.eq(outlet_id)).one(db).await?;
        Commission::of(db, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)
    }

    /// The same, locked until the transaction ends. Whoever also needs the order locks that before.
    pub async fn lock(tx: &Tx, outlet_id: i64, id: i64) -> Result<Commission> {
        let locked = Commission::lock_any(tx, id).await?;
        if locked.row.outlet_id == outlet_id { Ok(locked) } else { Err(Error::NotFound) }
    }

    /// Locks a commission wherever it belongs, for answers and the worker.
    pub async fn lock_any(tx: &Tx, id: i64) -> Result<Commission> {
        let row = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        Commission::of(tx, row.into_iter().collect()).await?.pop().ok_or(Error::NotFound)
    }

    /// Commissions with all that belongs to them, in the order given.
    pub async fn of(db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Commission>> {
        let orders = order::Entity::find().filter(order::Column::Id.is_in(rows.iter().map(|row| row.order_id)));
        let orders: HashMap<i64, _> = orders.all(db).await?.into_iter().map(|order| (order.id, order)).collect();
        let lines = order_line::Entity::find()
            .filter(order_line::Column::Id.is_in(rows.iter().map(|row| row.order_line_id)))
            .all(db)
            .await?;
        let lines: HashMap<i64, _> = lines.into_iter().map(|line| (line.id, line)).collect();
        let assignments = assignment::Entity::find()
            .filter(assignment::Column::CommissionId.is_in(rows.iter().map(|row| row.id)))
            .order_by_asc(assignment::Column::Id)
            .all(db)
            .await?;
        let intakes = intake::Entity::find()
            .filter(intake::Column::AssignmentId.is_in(assignments.iter().map(|part| part.id)))
            .filter(intake::Column::ReversedAt.is_null())
            .order_by_asc(intake::Column::Id)
            .all(db)
            .await?;
        // What stands on the shelf counts: gedek is handed in by square centimetres and promised by square metres.
        let lots = lot::Entity::find()
            .filter(lot::Column::IntakeId.is_in(intakes.iter().map(|taken| taken.id)))
            .filter(lot::Column::OriginId.is_null())
            .all(db)
            .await?;
        let measured: HashSet<i64> = item::Entity::find()
            .filter(item::Column::Id.is_in(rows.iter().map(|row| row.item_id)))
            .find_also_related(product::Entity)
            .all(db)
            .await?
            .into_iter()
            .filter(|(_, product)| product.as_ref().is_some_and(|product| product.unit == product::Unit::SquareMetre))
            .map(|(item, _)| item.id)
            .collect();
        let whole = |row: Model| {
            let is_measured = measured.contains(&row.item_id);
            let assignments: Vec<_> = assignments.iter().filter(|part| part.commission_id == row.id).cloned().collect();
            let mut hauls: HashMap<i64, Haul> = HashMap::new();
            for taken in &intakes {
                let Some(part) = assignments.iter().find(|part| Some(part.id) == taken.assignment_id) else { continue };
                let haul = hauls.entry(part.crafter_id).or_default();
                haul.good +=
                    lots.iter().filter(|lot| lot.intake_id == Some(taken.id)).map(|lot| lot.received).sum::<i64>();
                let rejected = taken.rejected;
                haul.rejected += if is_measured { (rejected + SQUARE_METRE - 1) / SQUARE_METRE } else { rejected };
                haul.reason = taken.reject_reason.clone().or(haul.reason.take());
            }
            let (order, line) = (orders.get(&row.order_id)?.clone(), lines.get(&row.order_line_id)?.clone());
            Some(Commission { order, line, assignments, hauls, row, is_measured })
        };
        Ok(rows.into_iter().filter_map(whole).collect())
    }

    /// Pieces in a state, of one household or of all.
    fn pieces(&self, state: State, crafter_id: Option<i64>) -> i64 {
        let of = |part: &&assignment::Model| part.state == state && crafter_id.is_none_or(|id| part.crafter_id == id);
        self.assignments.iter().filter(of).map(|part| part.pieces).sum()
    }

    /// Pieces a household said yes to.
    pub fn accepted_by(&self, crafter_id: i64) -> i64 {
        self.pieces(State::Accepted, Some(crafter_id))
    }

    /// Pieces a household was asked for and has not answered.
    pub fn asked_of(&self, crafter_id: i64) -> i64 {
        self.pieces(State::Offered, Some(crafter_id))
    }

    /// Good pieces a household handed in, as far as they are its part; what is beyond went to the shelf.
    pub fn delivered_by(&self, crafter_id: i64) -> i64 {
        let good = self.hauls.get(&crafter_id).map_or(0, |haul| haul.good);
        good.min(self.accepted_by(crafter_id))
    }

    /// Pieces that somebody said yes to.
    pub fn accepted(&self) -> i64 {
        self.pieces(State::Accepted, None)
    }

    /// Pieces whose households have not answered.
    pub fn asked(&self) -> i64 {
        self.pieces(State::Offered, None)
    }

    /// Pieces that nobody makes and nobody is asked for.
    pub fn open(&self) -> i64 {
        (self.row.pieces - self.accepted() - self.asked()).max(0)
    }

    /// Good pieces that were handed in for it.
    pub fn delivered(&self) -> i64 {
        self.crafters().into_iter().map(|id| self.delivered_by(id)).sum()
    }

    /// Everybody who was ever asked, in the order they were.
    pub fn crafters(&self) -> Vec<i64> {
        let mut ids = Vec::new();
        for part in &self.assignments {
            if !ids.contains(&part.crafter_id) {
                ids.push(part.crafter_id);
            }
        }
        ids
    }

    /// Whether nobody is waited for any more.
    pub fn is_over(&self) -> bool {
        self.row.closed_at.is_some() || self.order.state != order::State::Placed
    }

    /// Pieces the order can still want to be made: some may have been called off since.
    pub fn wanted(&self) -> i64 {
        self.row.pieces.min(self.line.quantity - self.line.cancelled)
    }

    /// "Keranjang sampah anyam, Besar".
    pub fn goods(&self) -> String {
        match self.is_measured {
            true => format!("{} (m²)", name_of(&self.line)),
            false => name_of(&self.line),
        }
    }

    /// Writes an act into its history.
    pub async fn remember(&self, tx: &Tx, clock: &Clock, verb: &str, by: Option<i64>, detail: Value) -> Result<()> {
        let village = outlet::Entity::find_by_id(self.row.outlet_id).one(tx).await?.map(|outlet| outlet.village_id);
        history::remember(tx, clock, village, Subject("commission", self.row.id), verb, by, detail).await
    }
}

/// The name of what an order line wants.
pub fn name_of(line: &order_line::Model) -> String {
    match line.item_name.as_str() {
        "" => line.product_name.clone(),
        item => format!("{}, {item}", line.product_name),
    }
}

/// The commissions of an outlet that go on, the most urgent first.
pub async fn underway(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Commission>> {
    let open = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::ClosedAt.is_null());
    let rows = open.order_by_asc(Column::DueOn).order_by_asc(Column::Id).limit(MOST).all(db).await?;
    Commission::of(db, rows).await
}

/// The latest ones that are over.
pub async fn ended(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Commission>> {
    let over = Entity::find().filter(Column::OutletId.eq(outlet_id)).filter(Column::ClosedAt.is_not_null());
    Commission::of(db, over.order_by_desc(Column::Id).limit(10).all(db).await?).await
}

/// The commissions of an order, oldest first.
pub async fn of_order(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<Commission>> {
    let rows = Entity::find().filter(Column::OrderId.eq(order_id)).order_by_asc(Column::Id).all(db).await?;
    Commission::of(db, rows).await
}

/// Pieces of a line that are to be made and that no commission looks after.
pub fn to_share(line: &order_line::Model, commissions: &[Commission]) -> i64 {
    let mine = commissions.iter().filter(|one| one.line.id == line.id && !one.is_over());
    let shared: i64 = mine.map(|one| one.row.pieces).sum();
    (line.to_make.min(open(line)) - shared).max(0)
}

/// What is to be shared out, as the operator agreed to it.
#[derive(Clone, Debug)]
pub struct New {
    pub line_id: i64,
    pub pieces: i64,
    pub price: Rupiah,
    pub due_on: NaiveDate,
    pub answer_hours: i64,
}

/// Writes a commission down; the order is locked. Nobody is asked yet.
pub(super) async fn write(tx: &Tx, clock: &Clock, docket: &Docket, new: &New, by: i64) -> Result<Commission> {
    docket.must_be_open()?;
    let line = docket.line(new.line_id)?;
    let left = to_share(line, &of_order(tx, docket.order.id).await?);
    if !(1..=left).contains(&new.pieces) {
        return Err(Refusal::invalid("commission.at_most_to_make").with("n", left).into());
    }
    if new.price <= Rupiah::ZERO || new.price > line.unit_price {
        return Err(Refusal::invalid("commission.price_at_most").with("price", line.unit_price).into());
    }
    if new.due_on <= clock.today() {
        return Err(Refusal::invalid("commission.due_later").into());
    }
    let row = ActiveModel {
        outlet_id: Set(docket.order.outlet_id),
        order_id: Set(docket.order.id),
        order_line_id: Set(line.id),
        item_id: Set(line.item_id),
        pieces: Set(new.pieces),
        price: Set(new.price),
        due_on: Set(new.due_on),
        answer_hours: Set(new.answer_hours),
        made_by: Set(by),
        made_at: Set(clock.now()),
        ..Default::default()
    };
    let row = Entity::insert(row).exec_with_returning(tx).await?;
    Commission::of(tx, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// Until when an answer to an offer made now is waited for: as long as was agreed, and never past the day it is due.
pub(super) fn answer_by(row: &Model, now: DateTime<Utc>) -> DateTime<Utc> {
    let evening = row.due_on.and_hms_opt(20, 0, 0).unwrap_or_default().and_local_timezone(wib()).single();
    let evening = evening.map_or(now, |evening| evening.to_utc());
    (now + chrono::Duration::hours(row.answer_hours)).min(evening)
}

/// Nobody is waited for any more; `reason` is a key of words.
pub(super) async fn close(tx: &Tx, clock: &Clock, id: i64, reason: &str) -> Result<()> {
    let change = ActiveModel {
        id: Set(id),
        closed_at: Set(Some(clock.now())),
        close_reason: Set(Some(reason.to_owned())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    tx.changes_what_is_shown();
    Ok(())
}

/// An order that shrank wants fewer pieces.
pub(super) async fn shrink(tx: &Tx, id: i64, pieces: i64) -> Result<()> {
    Entity::update(ActiveModel { id: Set(id), pieces: Set(pieces), ..Default::default() }).exec(tx).await?;
    tx.changes_what_is_shown();
    Ok(())
}

/// What the maker gets for a piece of a line, as its price is shared.
pub fn makers_price(line: &order_line::Model) -> Rupiah {
    Rupiah(line.maker_total.0.checked_div(line.quantity).unwrap_or(0))
}

pub(super) fn counted(offers: &[(i64, i64)]) -> Value {
    json!({ "households": offers.len(), "pieces": offers.iter().map(|(_, pieces)| pieces).sum::<i64>() })
}
