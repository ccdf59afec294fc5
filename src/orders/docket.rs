//! An order as it lies on the counter: with its outlet, its lines, and what was packed of them.
use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;

use super::{sample, share};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    history, stock,
};
use entity::{Rupiah, courier_service, order, order_line, outlet, parcel, parcel_line};

/// How many orders are read at once.
const PORTION: usize = 500;

/// What was packed together, and from which lots.
#[derive(Clone, Debug)]
pub struct Packed {
    pub parcel: parcel::Model,
    pub lines: Vec<parcel_line::Model>,
}

impl Packed {
    /// Whether its goods have left the outlet's hands.
    pub fn is_handed_over(&self) -> bool {
        matches!(self.parcel.state, parcel::State::Sent | parcel::State::Delivered)
    }

    /// Whether it counts: one that came back is only remembered.
    pub fn stands(&self) -> bool {
        self.parcel.state != parcel::State::Returned
    }

    /// Pieces of one order line in it.
    pub fn pieces(&self, line_id: i64) -> i64 {
        self.lines.iter().filter(|line| line.order_line_id == line_id).map(|line| line.quantity).sum()
    }
}

/// An order with everything the counter needs to know of it.
#[derive(Clone, Debug)]
pub struct Docket {
    pub outlet: outlet::Model,
    pub order: order::Model,
    /// The courier service by its name; none for a pickup.
    pub service: Option<String>,
    pub lines: Vec<order_line::Model>,
    pub parcels: Vec<Packed>,
}

impl Docket {
    /// Reads an order of this outlet; another outlet's does not exist here.
    pub async fn read(db: &impl ConnectionTrait, outlet_id: i64, order_id: i64) -> Result<Docket> {
        let order = order::Entity::find_by_id(order_id)
            .filter(order::Column::OutletId.eq(outlet_id))
            .one(db)
            .await?
            .ok_or(Error::NotFound)?;
        Docket::of(db, order).await
    }

    /// The same, locked until the transaction ends: one act at a time on an order.
    pub async fn lock(tx: &Tx, outlet_id: i64, order_id: i64) -> Result<Docket> {
        let docket = Docket::lock_any(tx, order_id).await?;
        if docket.order.outlet_id == outlet_id { Ok(docket) } else { Err(Error::NotFound) }
    }

    /// Locks an order wherever it belongs, for news that come from outside.
    pub async fn lock_any(tx: &Tx, order_id: i64) -> Result<Docket> {
        let order = order::Entity::find_by_id(order_id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound)?;
        Docket::of(tx, order).await
    }

    async fn of(db: &impl ConnectionTrait, order: order::Model) -> Result<Docket> {
        let outlet = outlet::Entity::find_by_id(order.outlet_id).one(db).await?.ok_or(Error::NotFound)?;
        Docket::all_of(db, &outlet, vec![order]).await?.pop().ok_or(Error::NotFound)
    }

    /// Puts several orders of one outlet on the counter, in the order given.
    pub async fn all_of(
        db: &impl ConnectionTrait,
        outlet: &outlet::Model,
        orders: Vec<order::Model>,
    ) -> Result<Vec<Docket>> {
        let mut dockets: Vec<Docket> = Vec::with_capacity(orders.len());
        let mut orders = orders.into_iter().peekable();
        // In portions: SQLite takes a limited number of values a statement.
        while orders.peek().is_some() {
            let portion: Vec<order::Model> = orders.by_ref().take(PORTION).collect();
            dockets.extend(Docket::portion(db, outlet, portion).await?);
        }
        Ok(dockets)
    }

    async fn portion(
        db: &impl ConnectionTrait,
        outlet: &outlet::Model,
        orders: Vec<order::Model>,
    ) -> Result<Vec<Docket>> {
        let ids: Vec<i64> = orders.iter().map(|order| order.id).collect();
        let lines = order_line::Entity::find()
            .filter(order_line::Column::OrderId.is_in(ids.iter().copied()))
            .order_by_asc(order_line::Column::Id)
            .all(db)
            .await?;
        let parcels = parcel::Entity::find()
            .filter(parcel::Column::OrderId.is_in(ids.iter().copied()))
            .order_by_asc(parcel::Column::Id)
            .all(db)
            .await?;
        let packed = parcel_line::Entity::find()
            .filter(parcel_line::Column::ParcelId.is_in(parcels.iter().map(|parcel| parcel.id)))
            .order_by_asc(parcel_line::Column::Id)
            .all(db)
            .await?;
        let mut contents: HashMap<i64, Vec<parcel_line::Model>> = HashMap::new();
        packed.into_iter().for_each(|line| contents.entry(line.parcel_id).or_default().push(line));
        let services =
            courier_service::Entity::find().filter(courier_service::Column::OutletId.eq(outlet.id)).all(db).await?;
        let mut dockets: HashMap<i64, Docket> = HashMap::new();
        for order in orders {
            let known = services.iter().find(|service| order.service.as_deref() == Some(service.code.as_str()));
            let service = known.map(|service| service.name.clone()).or_else(|| order.service.clone());
            let docket = Docket { outlet: outlet.clone(), order, service, lines: Vec::new(), parcels: Vec::new() };
            dockets.insert(docket.order.id, docket);
        }
        for line in lines {
            dockets.entry(line.order_id).and_modify(|docket| docket.lines.push(line));
        }
        for parcel in parcels {
            let lines = contents.remove(&parcel.id).unwrap_or_default();
            dockets.entry(parcel.order_id).and_modify(|docket| docket.parcels.push(Packed { parcel, lines }));
        }
        Ok(ids.iter().filter_map(|id| dockets.remove(id)).collect())
    }

    /// An example for pages and tests: two lines, one of them short by a piece, nothing packed.
    pub fn sample() -> Docket {
        sample::docket()
    }

    /// The number people say and print: K-2611-0042.
    pub fn number(&self) -> String {
        super::order::number(&self.order)
    }

    /// How other modules call this order.
    pub fn subject(&self) -> String {
        super::order::subject(self.order.id)
    }

    /// A line of this order.
    pub fn line(&self, line_id: i64) -> Result<&order_line::Model> {
        self.lines.iter().find(|line| line.id == line_id).ok_or(Error::NotFound)
    }

    /// A parcel of this order.
    pub fn parcel(&self, parcel_id: i64) -> Result<&Packed> {
        self.parcels.iter().find(|packed| packed.parcel.id == parcel_id).ok_or(Error::NotFound)
    }

    /// Pieces of a line that have left the outlet's hands.
    pub fn handed_over(&self, line_id: i64) -> i64 {
        self.parcels.iter().filter(|packed| packed.is_handed_over()).map(|packed| packed.pieces(line_id)).sum()
    }

    /// Whether anything has left the outlet's hands.
    pub fn has_begun_to_leave(&self) -> bool {
        self.parcels.iter().any(Packed::is_handed_over)
    }

    /// Pieces that wait to be packed.
    pub fn open_pieces(&self) -> i64 {
        self.lines.iter().map(open).sum()
    }

    /// Whether nothing of the order is wanted or possible any more.
    pub fn is_all_cancelled(&self) -> bool {
        self.lines.iter().all(|line| line.cancelled == line.quantity)
    }

    /// Whether nothing more comes of the order: what is paid back ends it.
    pub fn is_over(&self) -> bool {
        self.is_all_cancelled() || matches!(self.order.state, order::State::Cancelled | order::State::Expired)
    }

    /// What the buyer has to pay for everything that was not cancelled, with its shipping.
    pub fn due(&self) -> Rupiah {
        share::due(&self.order, &self.lines)
    }

    /// What is asked of the buyer now; of an order paid in two parts only one of them.
    pub fn asked(&self) -> Rupiah {
        if self.order.deposit == Rupiah::ZERO { self.due() } else { share::asked(&self.order, self.still_due()) }
    }

    /// The deposit that stands for a paid order, or what has come of one paid in parts.
    pub fn stands(&self) -> Rupiah {
        if self.order.part_paid > Rupiah::ZERO { self.order.part_paid } else { self.still_due() }
    }

    /// What of it has not yet left the outlet's hands: the deposit that stands for a paid order.
    pub fn still_due(&self) -> Rupiah {
        if self.is_all_cancelled() {
            return Rupiah::ZERO;
        }
        let waits = |line: &order_line::Model| line.quantity - line.cancelled - self.handed_over(line.id);
        let goods: Rupiah = self.lines.iter().map(|line| share::price(line, waits(line))).sum();
        if self.has_begun_to_leave() { goods } else { goods + self.order.shipping_total }
    }

    /// Writes an act into the order's history.
    pub async fn remember(&self, tx: &Tx, clock: &Clock, verb: &str, by: Option<i64>, detail: Value) -> Result<()> {
        let subject = history::Subject("order", self.order.id);
        history::remember(tx, clock, Some(self.outlet.village_id), subject, verb, by, detail).await
    }

    /// Locks the stock of everything ordered, before goods of several lines are moved.
    pub async fn lock_goods(&self, tx: &Tx) -> Result<()> {
        stock::lock(tx, &self.lines.iter().map(|line| line.item_id).collect::<Vec<_>>()).await
    }

    /// Refuses an act on an order that is over.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        use super::state::Axis;
        match self.order.state {
            order::State::Placed => Ok(()),
            over => Err(Refusal::conflict(over.no_way_on())),
        }
    }
}

/// Pieces of a line that wait to be packed.
pub fn open(line: &order_line::Model) -> i64 {
    line.quantity - line.cancelled - line.packed
}
