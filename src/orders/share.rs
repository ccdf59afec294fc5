//! What the pieces of an order line cost, and what an order asks for.
use entity::{Rupiah, order, order_line};

/// The price of some pieces of a line. Prices were judged when the order was placed, so this cannot leave the books.
pub fn price(line: &order_line::Model, pieces: i64) -> Rupiah {
    line.unit_price.times(pieces).unwrap_or_default()
}

/// What is asked now: all that is due, or of an order paid in two parts the deposit first and then the rest. What left on
/// credit is asked for from then on.
pub fn asked(order: &order::Model, due: Rupiah) -> Rupiah {
    if order.owed > Rupiah::ZERO {
        return order.owed;
    }
    let deposit = std::cmp::min(order.deposit, due);
    if order.part_paid < deposit { deposit - order.part_paid } else { due - order.part_paid }
}

/// What is to be paid for everything that was not cancelled, with its shipping; nothing when nothing is left.
pub fn due(order: &order::Model, lines: &[order_line::Model]) -> Rupiah {
    if lines.iter().all(|line| line.cancelled == line.quantity) {
        return Rupiah::ZERO;
    }
    lines.iter().map(|line| price(line, line.quantity - line.cancelled)).sum::<Rupiah>() + order.shipping_total
}
