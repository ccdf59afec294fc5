//! An order as pages of the counter show it.
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::labels;
use crate::{
    locale::{Lang, Said, Words},
    orders::{
        board::Todo,
        docket::{Docket, open},
        order, share,
    },
};
use entity::{Rupiah, order::Delivery, parcel::State};

/// Speaks the reader's language.
pub struct Voice<'a> {
    pub words: &'a Words,
    pub lang: Lang,
}

impl Voice<'_> {
    pub fn say(&self, said: &Said) -> String {
        self.words.say(self.lang, said)
    }
}

/// A line of a list.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: i64,
    pub number: String,
    pub name: String,
    pub pieces: i64,
    pub total: Rupiah,
    pub placed_at: DateTime<Utc>,
    pub ready_on: Option<NaiveDate>,
    pub method: String,
    pub pickup: bool,
    pub badge: String,
    pub colour: &'static str,
}

impl Row {
    pub fn of(docket: &Docket, todos: &[Todo], voice: &Voice) -> Row {
        let order = &docket.order;
        let (badge, colour) = labels::standing(order, todos);
        Row {
            id: order.id,
            number: docket.number(),
            name: order.buyer_name.clone(),
            pieces: docket.lines.iter().map(|line| line.quantity - line.cancelled).sum(),
            total: order.total,
            placed_at: order.placed_at,
            ready_on: order.ready_on,
            method: voice.say(&labels::method(order.method)),
            pickup: order.delivery == Delivery::Pickup,
            badge: voice.say(&badge),
            colour,
        }
    }
}

/// A line of an order.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub id: i64,
    pub name: String,
    pub quantity: i64,
    pub cancelled: i64,
    pub packed: i64,
    pub open: i64,
    /// Pieces that have left the outlet's hands.
    pub left: i64,
    pub to_make: i64,
    pub unit_price: Rupiah,
    pub total: Rupiah,
}

/// What was packed together.
#[derive(Clone, Debug, Serialize)]
pub struct Parcel {
    pub id: i64,
    /// Counted within the order, from one.
    pub n: usize,
    pub state: String,
    pub courier: Option<String>,
    pub tracking: Option<String>,
    pub packed_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    pub delivered_at: Option<DateTime<Utc>>,
    pub contents: Vec<Content>,
    pub is_packed: bool,
    pub is_ready: bool,
    pub is_sent: bool,
    /// Cash the courier still has to bring.
    pub cash: Rupiah,
}

/// So many pieces of something.
#[derive(Clone, Debug, Serialize)]
pub struct Content {
    pub pieces: i64,
    pub name: String,
}

/// Where the goods go, line by line as it is written on a parcel.
pub fn address(docket: &Docket) -> Vec<String> {
    let row = &docket.order;
    let neighbourhood = match (&row.rt, &row.rw) {
        (Some(rt), Some(rw)) => Some(format!("RT {rt} / RW {rw}")),
        (Some(rt), None) => Some(format!("RT {rt}")),
        _ => None,
    };
    let mut lines: Vec<String> =
        [row.street.clone(), row.landmark.as_ref().map(|mark| format!("({mark})")), neighbourhood]
            .into_iter()
            .flatten()
            .collect();
    if let Some(place) = order::destination(row) {
        lines.extend([
            format!("{}, {}", place.village, place.district),
            format!("{}, {}", place.regency, place.province),
        ]);
    }
    lines.extend(row.postcode.clone());
    lines
}

pub fn lines(docket: &Docket) -> Vec<Line> {
    let line = |line: &entity::order_line::Model| Line {
        id: line.id,
        name: name_of(line),
        quantity: line.quantity,
        cancelled: line.cancelled,
        packed: line.packed,
        open: open(line),
        left: docket.handed_over(line.id),
        to_make: std::cmp::min(line.to_make, open(line)),
        unit_price: line.unit_price,
        total: share::price(line, line.quantity),
    };
    docket.lines.iter().map(line).collect()
}

/// The product with its size.
pub fn name_of(line: &entity::order_line::Model) -> String {
    if line.item_name.is_empty() {
        line.product_name.clone()
    } else {
        format!("{}, {}", line.product_name, line.item_name)
    }
}

/// The parcels of an order; `cash` is what the courier holds of each, in their order.
pub fn parcels(docket: &Docket, cash: &[Rupiah], voice: &Voice) -> Vec<Parcel> {
    let parcel = |(n, packed): (usize, &crate::orders::docket::Packed)| {
        let row = &packed.parcel;
        let pieces = |line: &entity::order_line::Model| Content { pieces: packed.pieces(line.id), name: name_of(line) };
        Parcel {
            id: row.id,
            n: n + 1,
            state: voice.say(&labels::parcel(row.state)),
            courier: row.courier.clone(),
            tracking: row.tracking_number.clone(),
            packed_at: row.packed_at,
            sent_at: row.sent_at,
            delivered_at: row.delivered_at,
            contents: docket.lines.iter().map(pieces).filter(|content| content.pieces > 0).collect(),
            is_packed: row.state == State::Packed,
            is_ready: row.state == State::Ready,
            is_sent: row.state == State::Sent,
            cash: cash.get(n).copied().unwrap_or_default(),
        }
    };
    docket.parcels.iter().enumerate().map(parcel).collect()
}
