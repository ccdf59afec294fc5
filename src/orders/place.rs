//! Placing an order: whole or not at all, in one transaction.
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::{
    cart,
    cart::{Cart, Line},
    method, notify, order, pay,
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    gateway::shipping::Quote,
    history, once,
    outlet::earning::Shares,
    region::Code,
    secret, stock,
    stock::Want,
};
use entity::{
    Rupiah,
    order::{Delivery, Method, Model, Payment, State},
    order_line, outlet,
    person::Language,
    shipping_rate::Zone,
};

/// The scope of request keys for placing.
pub const SCOPE: &str = "orders.place";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Buyer {
    pub name: String,
    pub phone: String,
    pub email: Option<String>,
    pub language: Language,
    pub person_id: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub code: Code,
    /// Street or dusun.
    pub street: String,
    pub rt: Option<String>,
    pub rw: Option<String>,
    pub landmark: Option<String>,
    pub postcode: Option<String>,
}

/// How goods reach the buyer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    Pickup,
    Courier { address: Box<Address>, quote: Box<Quote> },
}

/// An order as it was judged on the checkout page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    pub outlet: outlet::Model,
    pub buyer: Buyer,
    pub way: Way,
    pub note: Option<String>,
    pub method: Method,
}

/// Terms of an order that is paid in two parts, as they were agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Asked before work begins.
    pub deposit: Rupiah,
    /// What of it stays with the outlet when the buyer steps back.
    pub kept: Rupiah,
    /// So many days after the goods have arrived the rest is due; none: before they leave.
    pub balance_days: Option<i64>,
    pub pay_by: DateTime<Utc>,
    /// The day that was promised.
    pub ready_on: Option<NaiveDate>,
}

/// Something is no longer as the buyer saw it: fewer pieces, another price, another basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed;

/// The key made with the form, and a hash of what was typed.
#[derive(Clone, Copy, Debug)]
pub struct Tap<'a> {
    pub key: Option<&'a str>,
    pub content_hash: &'a str,
}

/// The answer to a form that was sent before: the address of its order. The basket stays locked.
pub async fn placed_before(tx: &Tx, token: Option<&str>, tap: Tap<'_>) -> Result<Option<String>> {
    cart::lock(tx, token).await?;
    match tap.key {
        Some(key) => once::answered(tx, SCOPE, key, tap.content_hash).await,
        None => Ok(None),
    }
}

/// Makes an order of a basket that was judged as `seen`, and says where it can be looked at.
pub async fn from_cart(
    tx: &Tx,
    clock: &Clock,
    token: Option<&str>,
    tap: Tap<'_>,
    seen: &Cart,
    wish: &Wish,
) -> Result<Result<String, Changed>> {
    if let Some(url) = placed_before(tx, token, tap).await? {
        return Ok(Ok(url));
    }
    let mut lines = cart::lines(tx, seen.row.id).await?;
    if lines.is_empty() || lines.len() != seen.lines.len() {
        return Ok(Err(Changed));
    }
    for (line, seen) in lines.iter_mut().zip(&seen.lines) {
        line.available = seen.available;
        line.pool.clone_from(&seen.pool);
        let same = line.item == seen.item && line.quantity == seen.quantity && line.price_seen == seen.price_seen;
        if !same || line.trouble().is_some() {
            return Ok(Err(Changed));
        }
    }
    let placed = match place(tx, clock, &lines, wish).await? {
        Ok(placed) => placed,
        Err(changed) => return Ok(Err(changed)),
    };
    cart::empty(tx, seen.row.id).await?;
    let url = order::url(&placed);
    if let Some(key) = tap.key {
        once::remember(tx, clock, SCOPE, key, tap.content_hash, &url).await?;
    }
    Ok(Ok(url))
}

/// Makes an order of these lines: promises the goods, writes the order with the shares of each line, asks for the money.
///
/// After [`Changed`] the transaction must be dropped: the order was begun and cannot be kept.
pub async fn place(tx: &Tx, clock: &Clock, lines: &[Line], wish: &Wish) -> Result<Result<Model, Changed>> {
    place_with(tx, clock, lines, wish, None).await
}

/// The same for an order that is paid in two parts: the deposit is asked for first. The price of each line is its
/// item's, as the caller agreed it.
pub async fn by_parts(
    tx: &Tx,
    clock: &Clock,
    lines: &[Line],
    wish: &Wish,
    parts: &Parts,
) -> Result<Result<Model, Changed>> {
    place_with(tx, clock, lines, wish, Some(parts)).await
}

async fn place_with(
    tx: &Tx,
    clock: &Clock,
    lines: &[Line],
    wish: &Wish,
    parts: Option<&Parts>,
) -> Result<Result<Model, Changed>> {
    let placed = write(tx, clock, lines, wish, parts).await?;
    if !promise(tx, clock, &placed, lines).await? {
        return Ok(Err(Changed));
    }
    let rows = lines.iter().map(|line| row(placed.id, line));
    order_line::Entity::insert_many(rows).exec_without_returning(tx).await?;
    if lines.iter().any(|line| line.to_make() > 0) {
        // Whoever orders next waits longer.
        tx.changes_what_is_shown();
    }
    let detail = json!({ "total": placed.total, "method": placed.method });
    let subject = history::Subject("order", placed.id);
    let village = Some(wish.outlet.village_id);
    history::remember(tx, clock, village, subject, "placed", placed.person_id, detail).await?;
    if method::is_online(placed.method) {
        let bill = |line: &Line| pay::bill_line(line.item.id, &line.product.name, line.item.price, line.quantity);
        pay::open_attempt(tx, clock, &placed, lines.iter().map(bill).collect()).await?;
    }
    notify::state_changed(tx, clock, &placed, "placed").await?;
    Ok(Ok(placed))
}

/// Promises what was on the shelf when the buyer looked; what was to be made then still is. With less there now, the
/// day it is ready and the ways to pay may be others: the buyer is asked first.
async fn promise(tx: &Tx, clock: &Clock, placed: &Model, lines: &[Line]) -> Result<bool> {
    let place_id = stock::shelf(tx, clock, placed.outlet_id).await?;
    let ready = |line: &Line| Want { item_id: line.item.id, quantity: line.quantity - line.to_make() };
    let wants: Vec<Want> = lines.iter().map(ready).filter(|want| want.quantity > 0).collect();
    let held = stock::hold(tx, clock, &order::subject(placed.id), place_id, &wants, placed.pay_by).await?;
    Ok(held.is_ok())
}

async fn write(tx: &Tx, clock: &Clock, lines: &[Line], wish: &Wish, parts: Option<&Parts>) -> Result<Model> {
    let now = clock.now();
    let goods_total = goods_total(lines)?;
    let (address, quote) = match &wish.way {
        Way::Pickup => (None, None),
        Way::Courier { address, quote } => (Some(address), Some(quote)),
    };
    let shipping_total = quote.map_or(Rupiah::ZERO, |quote| quote.cost);
    let total = Rupiah(goods_total.0.checked_add(shipping_total.0).ok_or_else(too_much)?);
    let row = entity::order::ActiveModel {
        secret: Set(secret::short_token()),
        outlet_id: Set(wish.outlet.id),
        person_id: Set(wish.buyer.person_id),
        buyer_name: Set(wish.buyer.name.clone()),
        buyer_phone: Set(wish.buyer.phone.clone()),
        buyer_email: Set(wish.buyer.email.clone()),
        language: Set(wish.buyer.language),
        delivery: Set(if address.is_some() { Delivery::Courier } else { Delivery::Pickup }),
        region_code: Set(address.map(|address| address.code.to_string())),
        street: Set(address.map(|address| address.street.clone())),
        rt: Set(address.and_then(|address| address.rt.clone())),
        rw: Set(address.and_then(|address| address.rw.clone())),
        landmark: Set(address.and_then(|address| address.landmark.clone())),
        postcode: Set(address.and_then(|address| address.postcode.clone())),
        note: Set(wish.note.clone()),
        zone: Set(quote.map(|quote| order::zone_name(quote.zone).to_owned())),
        service: Set(quote.map(|quote| quote.code.clone())),
        chargeable_grams: Set(quote.map_or(0, |quote| quote.chargeable_grams)),
        goods_total: Set(goods_total),
        shipping_total: Set(shipping_total),
        total: Set(total),
        method: Set(wish.method),
        state: Set(State::Placed),
        payment: Set(Payment::Unpaid),
        placed_at: Set(now),
        pay_by: Set(Some(parts.map_or(now + method::window(wish.method), |parts| parts.pay_by))),
        confirmed_at: Set(None),
        ready_on: Set(match parts.and_then(|parts| parts.ready_on) {
            Some(promised) => Some(promised),
            None => lines.iter().filter_map(|line| line.ready_on(clock.today())).max(),
        }),
        paid_at: Set(None),
        closed_at: Set(None),
        close_reason: Set(None),
        refund_due: Set(Rupiah::ZERO),
        deposit: Set(parts.map_or(Rupiah::ZERO, |parts| parts.deposit)),
        kept: Set(parts.map_or(Rupiah::ZERO, |parts| parts.kept)),
        part_paid: Set(Rupiah::ZERO),
        balance_asked_at: Set(None),
        balance_days: Set(parts.and_then(|parts| parts.balance_days)),
        owed: Set(Rupiah::ZERO),
        ..Default::default()
    };
    Ok(entity::order::Entity::insert(row).exec_with_returning(tx).await?)
}

fn too_much() -> Refusal {
    Refusal::invalid("checkout.too_much")
}

/// What the goods cost; refused when it leaves the range of the books, or is nothing at all.
fn goods_total(lines: &[Line]) -> Result<Rupiah, Refusal> {
    let mut sum: i64 = 0;
    for line in lines {
        let total = line.item.price.times(line.quantity).ok_or_else(too_much)?;
        sum = sum.checked_add(total.0).ok_or_else(too_much)?;
    }
    if sum > 0 { Ok(Rupiah(sum)) } else { Err(Refusal::invalid("cart.empty")) }
}

/// What of a line is the maker's, the outlet's and the group's, cut piece by piece. The parts sum to the line.
pub fn shares(line: &Line) -> Shares {
    let product = &line.product;
    let each = Shares::cut(line.item.price, [product.maker_bp, product.outlet_bp, product.group_bp]);
    // The line was judged before, so no part of it can leave the books.
    each.times(line.quantity).unwrap_or_default()
}

fn row(order_id: i64, line: &Line) -> order_line::ActiveModel {
    let Shares { maker, outlet, group } = shares(line);
    order_line::ActiveModel {
        order_id: Set(order_id),
        item_id: Set(line.item.id),
        crafter_id: Set(line.product.crafter_id),
        product_name: Set(line.product.name.clone()),
        item_name: Set(line.item.name.clone()),
        quantity: Set(line.quantity),
        unit_price: Set(line.item.price),
        maker_total: Set(maker),
        outlet_total: Set(outlet),
        group_total: Set(group),
        to_make: Set(line.to_make()),
        cancelled: Set(0),
        packed: Set(0),
        ..Default::default()
    }
}

/// The zone of an order's row.
pub fn zone_of(placed: &Model) -> Option<Zone> {
    order::zone_named(placed.zone.as_deref()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::orders::example;

    #[test]
    fn a_basket_of_28000_is_shared_as_published() {
        let line = example::line(1, "Keranjang", 1, 28_000);
        let parts = Shares { maker: Rupiah(21_280), outlet: Rupiah(4_480), group: Rupiah(2_240) };
        assert_eq!(shares(&line), parts);
    }

    #[test]
    fn an_order_beyond_the_books_is_refused() {
        let line = example::line(1, "Keranjang", 999, i64::MAX / 2);
        assert_eq!(goods_total(&[line]).unwrap_err().said.key, "checkout.too_much");
        assert_eq!(goods_total(&[]).unwrap_err().said.key, "cart.empty");
    }

    proptest! {
        #[test]
        fn the_parts_of_an_order_sum_to_its_total(
            lines in prop::collection::vec((1_i64..=999, 1_i64..50_000_000, 0_i64..=10_000, 0_i64..=10_000), 1..30),
            shipping in 0_i64..100_000_000,
        ) {
            let lines: Vec<Line> = lines.into_iter().enumerate().map(|(n, (quantity, price, maker, outlet))| {
                let mut line = example::line(n as i64, "Keranjang", quantity, price);
                let outlet = outlet.min(10_000 - maker);
                line.product.maker_bp = maker;
                line.product.outlet_bp = outlet;
                line.product.group_bp = 10_000 - maker - outlet;
                line
            }).collect();
            let total = goods_total(&lines).unwrap() + Rupiah(shipping);
            let parts: Rupiah = lines.iter().map(|line| shares(line).total()).sum();
            prop_assert_eq!(parts + Rupiah(shipping), total);
            for line in &lines {
                let Shares { maker, outlet, group } = shares(line);
                prop_assert!([maker, outlet, group].iter().all(|part| part.0 >= 0 && *part <= line.total()));
            }
        }
    }
}
