//! The buyer's yes to a quote: an order through the orders' own functions, at the quote's prices and on its terms.
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::quote::{self, CARGO, Quote, State};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Error, Refusal, Result},
    gateway::shipping::{self, Quote as Carriage},
    orders::{
        cart::{self, Line},
        line::Trouble,
        method::{self, Case, Offered, Past},
        order as orders,
        place::{self, Address, Buyer, Parts, Way, Wish},
    },
    region::Code,
};
use entity::{
    Rupiah,
    order::{Delivery, Method},
    outlet,
    person::Language,
    quote::{ActiveModel, Entity},
    reseller, village,
};

/// What became of a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Where the order can be looked at, made now or by an earlier tap.
    Order(String),
    /// The day it ended on has passed. That was written down.
    Expired,
}

/// Whether a way of paying can carry what a quote asks first; cash comes too late for that.
pub fn offered(method: Method, first: Rupiah, to_be_made: bool, outlet: &outlet::Model) -> bool {
    let case = Case {
        total: first,
        delivery: Delivery::Courier,
        zone: None,
        to_be_made,
        cod_max: outlet.cod_max,
        past: Past::default(),
    };
    !method::is_cash(method) && method::offered(method, &case) == Offered::Yes
}

/// What is asked first: the deposit, or all of it where there is none.
pub fn first_part(quote: &Quote) -> Rupiah {
    if quote.row.deposit > Rupiah::ZERO { quote.row.deposit } else { quote.total() }
}

/// The buyer says yes. Once: whatever is tapped again leads to the same order. The quote stays locked.
pub async fn accept(tx: &Tx, clock: &Clock, secret: &str, method: Method, language: Language) -> Result<Answer> {
    let row = quote::lock_secret(tx, secret).await?;
    if let Some(order_id) = row.order_id {
        let order = entity::order::Entity::find_by_id(order_id).one(tx).await?.ok_or(Error::NotFound)?;
        return Ok(Answer::Order(orders::url(&order)));
    }
    let quote = quote::by_secret(tx, secret).await?;
    match quote.standing(clock.today()) {
        State::Sent => {}
        State::Expired => {
            if row.state == State::Sent {
                quote::end(tx, clock, &row, State::Expired, None, None).await?;
            }
            return Ok(Answer::Expired);
        }
        state => return Err(Refusal::conflict(quote::no_way_on(state)).into()),
    }
    let outlet = outlet::Entity::find_by_id(row.outlet_id).one(tx).await?.ok_or(Error::NotFound)?;
    let lines = lines(tx, &quote).await?;
    let to_be_made = lines.iter().any(|line| line.to_make() > 0);
    if !offered(method, first_part(&quote), to_be_made, &outlet) {
        return Err(Refusal::invalid("form.not_offered").into());
    }
    let wish = wish(tx, &quote, &outlet, method, language).await?;
    let parts = Parts {
        deposit: row.deposit,
        kept: row.kept,
        balance_days: row.balance_days,
        pay_by: clock.now() + quote::deposit_window(&row),
        ready_on: row.ready_on,
    };
    let Ok(order) = place::by_parts(tx, clock, &lines, &wish, &parts).await? else {
        return Err(Refusal::conflict("quote.stock_changed").into());
    };
    let change = ActiveModel {
        id: Set(row.id),
        state: Set(State::Accepted),
        order_id: Set(Some(order.id)),
        answered_at: Set(Some(clock.now())),
        ..Default::default()
    };
    Entity::update(change).exec(tx).await?;
    let by = wish.buyer.person_id;
    quote::remember(tx, clock, &row, "accepted", by, json!({ "order": order.id })).await?;
    Ok(Answer::Order(orders::url(&order)))
}

/// The goods as they stand now, at the prices of the quote; refused when there are too few of something by now.
async fn lines(tx: &Tx, quote: &Quote) -> Result<Vec<Line>> {
    let wants: Vec<(i64, i64)> = quote.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
    let mut lines = cart::lines_of(tx, &wants).await?;
    if lines.len() != wants.len() {
        return Err(Refusal::conflict("quote.stock_changed").into());
    }
    for line in &mut lines {
        let agreed = quote.lines.iter().find(|agreed| agreed.item_id == line.item.id).ok_or(Error::NotFound)?;
        // The shares are cut from this price, and prices in the shop change nothing of it.
        line.item.price = agreed.unit_price;
        line.price_seen = agreed.unit_price;
        match line.trouble() {
            None => {}
            Some(Trouble::OnlyLeft(n)) => {
                return Err(Refusal::conflict("quote.only_left").with("name", line.name()).with("n", n).into());
            }
            Some(Trouble::Withdrawn | Trouble::Price { .. }) => {
                return Err(Refusal::conflict("quote.gone").with("name", line.name()).into());
            }
        }
    }
    Ok(lines)
}

async fn wish(tx: &Tx, quote: &Quote, outlet: &outlet::Model, method: Method, language: Language) -> Result<Wish> {
    let row = &quote.row;
    let person_id = match row.reseller_id {
        Some(id) => reseller::Entity::find_by_id(id).one(tx).await?.map(|reseller| reseller.person_id),
        None => None,
    };
    let code = Code::parse(&row.region_code).map_err(anyhow::Error::new)?;
    let village = village::Entity::find_by_id(outlet.village_id).one(tx).await?.ok_or(Error::NotFound)?;
    let origin = Code::parse(&village.code).map_err(anyhow::Error::new)?;
    // A typed freight is known by its name; what has no name is just cargo.
    let service = if row.freight_kind == CARGO { row.freight_name.clone() } else { row.freight_kind.clone() };
    let carriage = Carriage {
        code: service,
        name: row.freight_name.clone(),
        zone: shipping::zone(&origin, &code),
        cost: row.freight + row.packing,
        chargeable_grams: row.chargeable_grams,
        divisor: 1,
        days_min: 0,
        days_max: 0,
    };
    let address = Address {
        postcode: crate::region::find(&code).and_then(|region| region.postcode).map(str::to_owned),
        code,
        street: row.street.clone(),
        rt: None,
        rw: None,
        landmark: None,
    };
    Ok(Wish {
        outlet: outlet.clone(),
        buyer: Buyer { name: row.buyer_name.clone(), phone: row.buyer_phone.clone(), email: None, language, person_id },
        way: Way::Courier { address: std::boxed::Box::new(address), quote: std::boxed::Box::new(carriage) },
        note: row.note.clone(),
        method,
    })
}
