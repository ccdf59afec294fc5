//! Asking for the money of an order: one attempt at a time, each under an order id of its own at the provider.
use chrono::Duration;
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::json;

use super::{balance, docket::Docket, method, notify, order::subject, share, state};
pub use crate::payments::attempt::{Closing, is_live};
use crate::{
    clock::Clock,
    db::{Db, Tx},
    error::{Refusal, Result},
    history,
    payments::{
        Gate,
        attempt::{self, Details, Line},
        method::limits,
        reconcile::{self, Standing},
    },
    stock,
};
use entity::{
    Rupiah, order,
    order::{Method, Payment, State},
    order_line, payment_attempt,
};

/// How long goods are kept unpaid in all, whatever way of paying is chosen.
pub(super) const LONGEST: Duration = Duration::hours(72);
/// The least time to pay by another way.
const SHORTEST: Duration = Duration::minutes(10);

/// A line of the bill as the provider shows it.
pub fn bill_line(item_id: i64, name: &str, price: Rupiah, quantity: i64) -> Line {
    Line { id: item_id.to_string(), name: name.to_owned(), price, quantity, maker: None }
}

/// The goods of an order as the provider shows them.
fn bill(lines: &[order_line::Model]) -> Vec<Line> {
    let wanted = lines.iter().filter(|line| line.quantity > line.cancelled);
    wanted
        .map(|line| bill_line(line.item_id, &line.product_name, line.unit_price, line.quantity - line.cancelled))
        .collect()
}

/// Opens an attempt at paying an order for these goods and its shipping; the provider is asked after the commit.
pub async fn open_attempt(tx: &Tx, clock: &Clock, order: &order::Model, goods: Vec<Line>) -> Result<()> {
    let shipping = Line {
        id: "ONGKIR".into(),
        name: "Ongkos kirim".into(),
        price: order.shipping_total,
        quantity: 1,
        maker: None,
    };
    let mut lines: Vec<Line> =
        goods.into_iter().chain([shipping].into_iter().filter(|line| line.price.0 > 0)).collect();
    if order.deposit > Rupiah::ZERO {
        let due = lines.iter().filter_map(|line| line.price.times(line.quantity)).sum();
        let price = share::asked(order, due);
        lines = vec![Line { id: "BAGIAN".into(), name: balance::bill_name(order), price, quantity: 1, maker: None }];
    }
    let amount = lines.iter().filter_map(|line| line.price.times(line.quantity)).sum();
    let details = Details {
        lines,
        name: order.buyer_name.clone(),
        phone: order.buyer_phone.clone(),
        email: order.buyer_email.clone(),
        return_url: super::order::url(order),
    };
    let window = clock.now() + method::window(order.method);
    let ends = order.pay_by.filter(|_| order.owed == Rupiah::ZERO);
    let expires_at = ends.map_or(window, |pay_by| std::cmp::min(pay_by, window));
    attempt::open(tx, clock, &subject(order.id), order.method, amount, expires_at, &details).await?;
    Ok(())
}

/// All attempts at paying an order, newest first.
pub async fn attempts(db: &impl ConnectionTrait, order_id: i64) -> Result<Vec<payment_attempt::Model>> {
    let mut all = attempt::of_subject(db, &subject(order_id)).await?;
    all.reverse();
    Ok(all)
}

/// The buyer wants to pay another way: the goods are kept as long as the new way says. The attempts before were closed.
pub async fn change_method(tx: &Tx, clock: &Clock, order: &order::Model, to: Method) -> Result<order::Model> {
    let by_parts = order.deposit > Rupiah::ZERO;
    let is_asked = order.state == State::Placed && state::is_asked(order) && order.confirmed_at.is_none();
    if !is_asked || (by_parts && (method::is_cash(to) || order.pay_by.is_none())) {
        return Err(Refusal::conflict("order.cannot_change_method").into());
    }
    let before = attempts(tx, order.id).await?;
    if order.method == to && before.first().is_some_and(is_live) {
        return Ok(order.clone());
    }
    if before.iter().any(is_live) {
        return Err(Refusal::conflict("order.cannot_change_method").into());
    }
    // Changing one's mind does not keep goods from others for ever; a deposit and a balance have a day of their own.
    let by_method = std::cmp::min(clock.now() + method::window(to), order.placed_at + LONGEST);
    let pay_by = if by_parts { order.pay_by.unwrap_or(by_method) } else { by_method };
    if pay_by < clock.now() + SHORTEST {
        return Err(Refusal::conflict("order.cannot_change_method").into());
    }
    let pay_by = Some(pay_by);
    let change = order::ActiveModel { id: Set(order.id), method: Set(to), pay_by: Set(pay_by), ..Default::default() };
    let changed = order::Entity::update(change).exec(tx).await?;
    if order.payment == Payment::Unpaid {
        stock::prolong(tx, &subject(order.id), pay_by).await?;
    }
    if method::is_online(to) {
        open_attempt(tx, clock, &changed, bill(&super::order::lines(tx, order.id).await?)).await?;
    }
    let detail = json!({ "from": order.method, "to": to });
    history::remember(tx, clock, None, history::Subject("order", order.id), "method_changed", None, detail).await?;
    notify::state_changed(tx, clock, &changed, "method_changed").await?;
    Ok(changed)
}

/// Whether an order can be paid by QRIS where the buyer stands, or why not.
pub fn may_pay_here(docket: &Docket) -> Result<(), Refusal> {
    docket.must_be_open()?;
    if !state::is_asked(&docket.order) {
        return Err(Refusal::conflict(state::Axis::no_way_on(docket.order.payment)));
    }
    if docket.order.method == Method::Cod && docket.has_begun_to_leave() {
        return Err(Refusal::conflict("cashier.courier_asks"));
    }
    match (limits(Method::Qris), docket.asked()) {
        (Some(range), due) if !range.contains(&due) => {
            Err(Refusal::conflict("cashier.too_much").with("max", *range.end()))
        }
        _ => Ok(()),
    }
}

/// The buyer stands at the counter and pays by QRIS, whatever way was named: the order keeps its way until the money is
/// there. The attempts before were closed.
pub async fn at_counter(tx: &Tx, clock: &Clock, docket: &Docket, by: i64) -> Result<()> {
    may_pay_here(docket)?;
    let pay_by = Some(clock.now() + method::window(Method::Qris));
    let here = order::Model { method: Method::Qris, pay_by, ..docket.order.clone() };
    open_attempt(tx, clock, &here, bill(&docket.lines)).await?;
    docket.remember(tx, clock, "asked_at_counter", Some(by), json!({ "amount": docket.asked() })).await
}

/// Ends all live attempts at paying an order. Never while a transaction is open: the provider is asked first.
pub async fn close_live(db: &Db, clock: &Clock, gate: &Gate, order: &order::Model) -> Result<Closing> {
    attempt::close_live(db, clock, gate, &subject(order.id)).await
}

/// Asks the provider whether an order was paid: the buyer says so.
pub async fn check_now(db: &Db, clock: &Clock, gate: &Gate, order: &order::Model) -> Result<Standing> {
    reconcile::check_now(db, clock, gate, &subject(order.id)).await
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::orders::example;

    proptest! {
        /// Whatever falls short, with whatever shipping and whatever fees of outlet and group: what the provider is
        /// told, what the buyer is asked and whose it becomes are the same rupiah.
        #[test]
        fn bill_price_and_shares_of_any_order_are_the_same(
            lines in prop::collection::vec((1_i64..=999, 1_i64..5_000_000, 0_i64..=999, 0_i64..=10_000, 0_i64..=10_000), 1..30),
            shipping in 0_i64..10_000_000,
        ) {
            let order = order::Model { shipping_total: Rupiah(shipping), ..example::order() };
            let lines: Vec<order_line::Model> = lines.into_iter().enumerate().map(|(n, (quantity, price, short, maker, outlet))| {
                let outlet = outlet.min(10_000 - maker);
                let parts = Rupiah(quantity * price).split(&[maker, outlet, 10_000 - maker - outlet]);
                order_line::Model {
                    id: n as i64,
                    quantity,
                    unit_price: Rupiah(price),
                    cancelled: short.min(quantity),
                    maker_total: parts[0],
                    outlet_total: parts[1],
                    group_total: parts[2],
                    ..example::order_line()
                }
            }).collect();
            let due = share::due(&order, &lines);
            let goods: Rupiah = bill(&lines).iter().filter_map(|line| line.price.times(line.quantity)).sum();
            if goods == Rupiah::ZERO {
                prop_assert_eq!(due, Rupiah::ZERO);
            } else {
                prop_assert_eq!(goods + order.shipping_total, due);
            }
            let shared: Rupiah = lines.iter().map(|line| share::price(line, line.quantity - line.cancelled)).sum();
            prop_assert_eq!(shared, goods);
        }
    }
}
