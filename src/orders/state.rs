//! What may follow what. An arrow that is not in these tables is refused with a sentence, and nothing else decides.
use chrono::{DateTime, Utc};

use super::method;
use crate::{clock, error::Refusal, locale, payments::method::packing_waits};
use entity::{
    Rupiah,
    order::{Model, Payment, State},
    parcel,
};

/// One axis an order or a parcel moves on.
pub trait Axis: Copy + Eq + 'static {
    /// Every step there is.
    const ARROWS: &'static [(Self, Self)];
    /// Why nothing else follows from here.
    fn no_way_on(self) -> &'static str;
}

impl Axis for State {
    const ARROWS: &'static [(State, State)] = &[
        (State::Placed, State::Completed),
        (State::Placed, State::Cancelled),
        (State::Placed, State::Expired),
        // The money came late, and the goods are still there.
        (State::Expired, State::Placed),
    ];

    fn no_way_on(self) -> &'static str {
        match self {
            State::Placed => "counter.still_open",
            State::Completed => "counter.already_completed",
            State::Cancelled => "counter.already_cancelled",
            State::Expired => "counter.already_expired",
        }
    }
}

impl Axis for Payment {
    const ARROWS: &'static [(Payment, Payment)] = &[
        (Payment::Unpaid, Payment::Paid),
        // The deposit came; more of it may come before all is there.
        (Payment::Unpaid, Payment::PartPaid),
        (Payment::Refunded, Payment::PartPaid),
        (Payment::PartPaid, Payment::PartPaid),
        (Payment::PartPaid, Payment::Paid),
        (Payment::PartPaid, Payment::RefundDue),
        (Payment::RefundDue, Payment::PartPaid),
        // Money for an order that is over.
        (Payment::Unpaid, Payment::RefundDue),
        (Payment::Paid, Payment::RefundDue),
        // More falls short before the first part is paid back.
        (Payment::RefundDue, Payment::RefundDue),
        (Payment::RefundDue, Payment::Refunded),
        // A part was paid back; the rest is paid for and goes on.
        (Payment::RefundDue, Payment::Paid),
        (Payment::Refunded, Payment::RefundDue),
        // Everything was given back while the order stood, and the buyer paid anew.
        (Payment::Refunded, Payment::Paid),
        // The provider took the money back.
        (Payment::Paid, Payment::Unpaid),
        (Payment::Paid, Payment::PartPaid),
        (Payment::PartPaid, Payment::Unpaid),
        (Payment::RefundDue, Payment::Unpaid),
        (Payment::Refunded, Payment::Unpaid),
    ];

    fn no_way_on(self) -> &'static str {
        match self {
            Payment::Unpaid => "counter.not_paid_yet",
            Payment::PartPaid => "wholesale.balance_first",
            Payment::Paid => "counter.already_paid",
            Payment::RefundDue => "counter.refund_waits",
            Payment::Refunded => "counter.already_refunded",
        }
    }
}

impl Axis for parcel::State {
    const ARROWS: &'static [(parcel::State, parcel::State)] = &[
        (parcel::State::Packed, parcel::State::Sent),
        (parcel::State::Sent, parcel::State::Delivered),
        // Pickup: set aside with the buyer's name on it, then handed over.
        (parcel::State::Ready, parcel::State::Delivered),
        // Refused at the door, or nobody was there.
        (parcel::State::Sent, parcel::State::Returned),
    ];

    fn no_way_on(self) -> &'static str {
        match self {
            parcel::State::Packed => "counter.not_sent_yet",
            parcel::State::Sent => "counter.already_sent",
            parcel::State::Ready => "counter.waits_for_pickup",
            parcel::State::Delivered => "counter.already_delivered",
            parcel::State::Returned => "counter.already_returned",
        }
    }
}

/// Takes a step, if there is such an arrow.
pub fn step<A: Axis>(from: A, to: A) -> Result<A, Refusal> {
    if A::ARROWS.contains(&(from, to)) { Ok(to) } else { Err(Refusal::conflict(from.no_way_on())) }
}

/// What an order is when nothing of it is owed back any more.
pub fn settled(order: &Model, is_over: bool) -> Payment {
    match () {
        () if is_over => Payment::Refunded,
        () if order.part_paid > Rupiah::ZERO => Payment::PartPaid,
        () => Payment::Paid,
    }
}

/// Whether the buyer is asked for money now: all of it, the deposit, the balance, or what they owe.
pub fn is_asked(order: &Model) -> bool {
    order.payment == Payment::Unpaid
        || order.owed > Rupiah::ZERO
        || (order.part_paid > Rupiah::ZERO && order.balance_asked_at.is_some())
}

/// Whether goods may be put together for this order now, or why not. A deposit is enough for that.
pub fn may_pack(order: &Model, now: DateTime<Utc>) -> Result<(), Refusal> {
    if order.state != State::Placed {
        return Err(Refusal::conflict(order.state.no_way_on()));
    }
    if method::is_cash(order.method) {
        return match order.confirmed_at {
            Some(_) => Ok(()),
            None => Err(Refusal::conflict("counter.confirm_first")),
        };
    }
    let falls_short = order.part_paid > Rupiah::ZERO && order.part_paid < order.deposit;
    if matches!(order.payment, Payment::Unpaid | Payment::Refunded) || falls_short {
        return Err(Refusal::conflict(order.payment.no_way_on()));
    }
    // Some banks take a settlement back within minutes.
    match order.paid_at.map(|paid_at| paid_at + packing_waits(order.method)) {
        Some(sure_at) if now < sure_at => {
            Err(Refusal::conflict("counter.money_not_sure").with("hour", locale::hour(sure_at, clock::wib())))
        }
        _ => Ok(()),
    }
}

/// Whether goods may leave, or why not: all of the money is there, comes with the goods, or after them as was agreed.
pub fn may_leave(order: &Model, now: DateTime<Utc>) -> Result<(), Refusal> {
    may_pack(order, now)?;
    if order.part_paid > Rupiah::ZERO && order.balance_days.is_none() {
        return Err(Refusal::conflict(Payment::PartPaid.no_way_on()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 4] = [State::Placed, State::Completed, State::Cancelled, State::Expired];
    const PARCELS: [parcel::State; 5] = [
        parcel::State::Packed,
        parcel::State::Sent,
        parcel::State::Ready,
        parcel::State::Delivered,
        parcel::State::Returned,
    ];

    #[test]
    fn an_order_that_is_over_goes_nowhere_but_an_expired_one_may_be_opened_again() {
        assert_eq!(step(State::Expired, State::Placed).unwrap(), State::Placed);
        for from in [State::Completed, State::Cancelled, State::Expired] {
            for to in STATES.into_iter().filter(|to| (from, *to) != (State::Expired, State::Placed)) {
                let refused = step(from, to).unwrap_err();
                assert_eq!(refused.said.key, from.no_way_on());
            }
        }
    }

    #[test]
    fn no_parcel_goes_back_or_twice() {
        for from in PARCELS {
            for to in PARCELS {
                let forward = matches!(
                    (from, to),
                    (parcel::State::Packed, parcel::State::Sent)
                        | (parcel::State::Sent | parcel::State::Ready, parcel::State::Delivered)
                        | (parcel::State::Sent, parcel::State::Returned)
                );
                assert_eq!(step(from, to).is_ok(), forward, "{from:?} -> {to:?}");
            }
        }
    }

    #[test]
    fn money_is_not_paid_back_that_was_never_paid() {
        assert!(step(Payment::Unpaid, Payment::Refunded).is_err());
        assert!(step(Payment::Paid, Payment::Refunded).is_err());
        assert!(step(Payment::Paid, Payment::Paid).is_err());
        assert!(step(Payment::Refunded, Payment::Refunded).is_err());
    }
}
