//! How a market is shown: its goods, times and quantities in words.
use chrono::{DateTime, Timelike, Utc};
use serde::Serialize;

use crate::{
    app::App,
    clock,
    locale::{Lang, Said},
    outlet::market::{Good, Model, State, Ticket, times},
    page,
};
use entity::{Rupiah, item::Measure};

/// "3 buah", "12,5 kg", "2 liter".
pub fn amount(app: &App, lang: Lang, measure: Measure, quantity: i64) -> String {
    let said = match measure {
        Measure::Piece => Said::new("pasar.pieces").with("n", quantity),
        Measure::Gram => Said::new("pasar.kilos").with("n", page::kilograms(quantity)),
        Measure::Millilitre => Said::new("pasar.litres").with("n", page::kilograms(quantity)),
    };
    app.say(lang, &said)
}

/// What a price is for.
pub fn unit_key(measure: Measure) -> &'static str {
    match measure {
        Measure::Piece => "pasar.per_piece",
        Measure::Gram => "pasar.per_kilo",
        Measure::Millilitre => "pasar.per_litre",
    }
}

/// What quantities are typed in.
pub fn typed_in(measure: Measure) -> (&'static str, i64) {
    match measure {
        Measure::Piece => ("market.unit_piece", 1),
        Measure::Gram => ("market.unit_gram", 1_000),
        Measure::Millilitre => ("market.unit_millilitre", 1_000),
    }
}

/// "08.30", in Jember.
pub fn hour(at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&clock::wib());
    format!("{:02}.{:02}", local.hour(), local.minute())
}

/// How a market stands: its words and its colour.
pub fn standing(state: State) -> (&'static str, &'static str) {
    match state {
        State::Planned => ("pasar.planned", "wait"),
        State::Open => ("pasar.open", ""),
        State::Closed => ("pasar.closed", "off"),
        State::CalledOff => ("pasar.called_off", "off"),
    }
}

/// A market as a head or a line of a list.
#[derive(Clone, Debug, Serialize)]
pub struct MarketView {
    pub id: i64,
    pub name: String,
    pub place: String,
    pub note: String,
    pub opens_at: DateTime<Utc>,
    pub from: String,
    pub to: String,
    pub state: &'static str,
    pub badge: &'static str,
    pub is_planned: bool,
    pub is_open: bool,
    pub is_over: bool,
}

impl MarketView {
    pub fn of(market: &Model) -> MarketView {
        let (state, badge) = standing(market.state);
        MarketView {
            id: market.id,
            name: market.name.clone(),
            place: market.place.clone(),
            note: market.note.clone(),
            opens_at: market.opens_at,
            from: hour(market.opens_at),
            to: hour(market.closes_at),
            state,
            badge,
            is_planned: market.state == State::Planned,
            is_open: market.state == State::Open,
            is_over: matches!(market.state, State::Closed | State::CalledOff),
        }
    }

    pub fn sample(state: State) -> MarketView {
        MarketView::of(&sample(state))
    }
}

/// A market to draw.
pub fn sample(state: State) -> Model {
    let at = DateTime::<Utc>::UNIX_EPOCH;
    Model {
        id: 4,
        outlet_id: 1,
        name: "Pasar murah Dusun Krajan".into(),
        place: "Balai Dusun Krajan".into(),
        opens_at: at,
        closes_at: at + chrono::Duration::hours(4),
        state,
        note: "Bawa kantong sendiri".into(),
        slot_minutes: 30,
        slot_families: 20,
        person_id: 1,
        created_at: at,
        opened_at: None,
        closed_at: None,
    }
}

/// Goods of a market.
#[derive(Clone, Debug, Serialize)]
pub struct GoodView {
    pub item_id: i64,
    pub name: String,
    pub cover: Option<String>,
    pub price: Rupiah,
    pub unit: &'static str,
    pub ceiling: Option<Rupiah>,
    pub shop_price: Rupiah,
    pub per_family: String,
    pub left: String,
    pub is_gone: bool,
    /// Hundredths that are left.
    pub part: i64,
}

impl GoodView {
    pub fn of(app: &App, lang: Lang, good: &Good) -> GoodView {
        GoodView {
            item_id: good.item_id,
            name: good.name.clone(),
            cover: good.cover.clone(),
            price: good.price,
            unit: unit_key(good.measure),
            ceiling: good.ceiling,
            shop_price: good.shop_price,
            per_family: amount(app, lang, good.measure, good.per_family),
            left: amount(app, lang, good.measure, good.left()),
            is_gone: good.left() == 0,
            part: good.left() * 100 / good.allotted.max(1),
        }
    }

    pub fn sample(is_gone: bool) -> GoodView {
        GoodView {
            item_id: 12,
            name: "Beras SPHP 5 kg".into(),
            cover: None,
            price: Rupiah(57_000),
            unit: "pasar.per_piece",
            ceiling: Some(Rupiah(62_500)),
            shop_price: Rupiah(62_500),
            per_family: "2 buah".into(),
            left: "140 buah".into(),
            is_gone,
            part: if is_gone { 0 } else { 35 },
        }
    }
}

/// A place in the queue.
#[derive(Clone, Debug, Serialize)]
pub struct TicketView {
    pub number: i64,
    pub from: String,
    pub to: String,
}

impl TicketView {
    pub fn of(market: &Model, ticket: &Ticket) -> TicketView {
        let time = usize::try_from(ticket.slot).ok().and_then(|n| times(market).get(n).copied());
        let (from, to) = time.unwrap_or((market.opens_at, market.closes_at));
        TicketView { number: ticket.number, from: hour(from), to: hour(to) }
    }

    pub fn sample() -> TicketView {
        TicketView { number: 42, from: "08.30".into(), to: "09.00".into() }
    }
}
