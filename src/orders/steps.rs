//! Where an order stands, in steps and sentences a buyer understands.
use serde::Serialize;

use super::{method, state};
use entity::{
    Rupiah,
    order::{Delivery, Method, Model, Payment, State},
    parcel,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    Done,
    Now,
    Later,
}

/// One step of an order's way; `key` and `hint` are words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    pub key: &'static str,
    pub hint: Option<&'static str>,
    pub mark: Mark,
}

/// How far an order has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    Placed,
    Accepted,
    Packed,
    /// The balance has come of an order paid in two parts.
    Settled,
    Sent,
    Received,
}

fn reached(order: &Model, parcels: &[parcel::Model]) -> Reached {
    let parcels: Vec<_> = parcels.iter().filter(|p| p.state != parcel::State::Returned).collect();
    let all = |states: &[parcel::State]| !parcels.is_empty() && parcels.iter().all(|p| states.contains(&p.state));
    let by_parts = order.deposit > Rupiah::ZERO;
    let accepted = order.payment != Payment::Unpaid || order.confirmed_at.is_some();
    match () {
        () if order.state == State::Completed || all(&[parcel::State::Delivered]) => Reached::Received,
        () if parcels.iter().any(|p| matches!(p.state, parcel::State::Sent | parcel::State::Delivered)) => {
            Reached::Sent
        }
        () if !parcels.is_empty() && by_parts && accepted && order.part_paid == Rupiah::ZERO => Reached::Settled,
        () if !parcels.is_empty() => Reached::Packed,
        () if accepted => Reached::Accepted,
        () => Reached::Placed,
    }
}

/// The steps of an order that goes on; none for one that is over without goods.
pub fn steps(order: &Model, parcels: &[parcel::Model]) -> Vec<Step> {
    if matches!(order.state, State::Cancelled | State::Expired) {
        return Vec::new();
    }
    let reached = reached(order, parcels);
    let way: &[(Reached, &'static str, Option<&'static str>)] = match (order.delivery, method::is_cash(order.method)) {
        (Delivery::Courier, _) => &[
            (Reached::Packed, "order.step_packed", None),
            (Reached::Sent, "order.step_sent", None),
            (Reached::Received, "order.step_received", None),
        ],
        (Delivery::Pickup, false) => {
            &[(Reached::Packed, "order.step_ready", None), (Reached::Received, "order.step_picked_up", None)]
        }
        (Delivery::Pickup, true) => {
            &[(Reached::Packed, "order.step_ready", None), (Reached::Received, "order.step_paid_and_picked_up", None)]
        }
    };
    let by_parts = order.deposit > Rupiah::ZERO;
    let accepted = match (method::is_cash(order.method), order.method) {
        _ if by_parts => ("quote.step_deposit", "quote.step_deposit_hint"),
        (true, _) => ("order.step_confirmed", "order.step_confirmed_hint"),
        (false, Method::Transfer) if order.pay_by.is_none() => ("order.step_paid", "order.step_proof_hint"),
        (false, _) => ("order.step_paid", "order.step_paid_hint"),
    };
    let balance: &[(Reached, &'static str, Option<&'static str>)] =
        if by_parts && order.balance_days.is_none() { &[(Reached::Settled, "quote.step_balance", None)] } else { &[] };
    let (packed, rest) = way.split_at(std::cmp::min(1, way.len()));
    let first = [
        (Reached::Placed, "order.step_placed", Some("order.step_placed_hint")),
        (Reached::Accepted, accepted.0, Some(accepted.1)),
    ];
    let mut now_is_taken = false;
    let mark = |(at, key, hint): &(Reached, &'static str, Option<&'static str>)| {
        let mark = match () {
            () if *at <= reached => Mark::Done,
            () if now_is_taken => Mark::Later,
            () => Mark::Now,
        };
        now_is_taken |= mark == Mark::Now;
        // What is waited for is not said as if it had happened.
        let key = match (mark, *key) {
            (Mark::Now, "order.step_paid") => "order.step_to_pay",
            (Mark::Now, "order.step_confirmed") => "order.step_to_confirm",
            (Mark::Now, "quote.step_deposit") => "quote.step_to_deposit",
            (Mark::Now, "quote.step_balance") => "quote.step_to_balance",
            (_, key) => key,
        };
        Step { key, hint: hint.filter(|_| mark == Mark::Now || *at == Reached::Placed), mark }
    };
    first.iter().chain(packed).chain(balance).chain(rest).map(mark).collect()
}

/// What an order is at, as the title of its page.
pub fn headline(order: &Model, parcels: &[parcel::Model]) -> &'static str {
    match (order.state, order.payment) {
        (State::Expired, Payment::Unpaid) => return "order.is_expired",
        (State::Cancelled, Payment::Unpaid) => return "order.is_cancelled",
        (_, Payment::RefundDue) => return "order.is_refund_due",
        (State::Expired | State::Cancelled, _) => return "order.is_refunded",
        _ => {}
    }
    if state::is_asked(order)
        && order.owed == Rupiah::ZERO
        && order.state == State::Placed
        && order.deposit > Rupiah::ZERO
    {
        return match (order.pay_by, order.part_paid) {
            (None, _) => "order.is_proof_sent",
            (Some(_), Rupiah::ZERO) => "quote.is_deposit_asked",
            (Some(_), _) => "quote.is_balance_asked",
        };
    }
    match (reached(order, parcels), order.delivery) {
        (Reached::Received, _) if order.owed > Rupiah::ZERO => "quote.is_balance_asked",
        (Reached::Received, _) => "order.is_completed",
        (Reached::Sent, Delivery::Courier) => "order.is_sent",
        (Reached::Packed | Reached::Settled | Reached::Sent, Delivery::Pickup) => "order.is_ready",
        (Reached::Packed | Reached::Settled, Delivery::Courier) => "order.is_packed",
        (Reached::Accepted, _) if order.payment == Payment::PartPaid => "quote.is_deposit_paid",
        (Reached::Accepted, _) if order.payment == Payment::Paid => "order.is_paid",
        (Reached::Accepted, _) => "order.is_confirmed",
        (Reached::Placed, _) if method::is_cash(order.method) => "order.is_unconfirmed",
        (Reached::Placed, _) if order.pay_by.is_none() => "order.is_proof_sent",
        (Reached::Placed, _) => "order.is_unpaid",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;

    fn marks(order: &Model, parcels: &[parcel::Model]) -> Vec<Mark> {
        steps(order, parcels).iter().map(|step| step.mark).collect()
    }

    fn parcel(state: parcel::State) -> parcel::Model {
        parcel::Model {
            id: 1,
            order_id: 42,
            state,
            courier: None,
            tracking_number: None,
            packed_at: example::at(),
            sent_at: None,
            delivered_at: None,
        }
    }

    #[test]
    fn one_step_at_a_time() {
        use Mark::{Done, Later, Now};
        let order = example::order();
        assert_eq!(marks(&order, &[]), [Done, Now, Later, Later, Later]);
        assert_eq!(headline(&order, &[]), "order.is_unpaid");
        let paid = Model { payment: Payment::Paid, ..order };
        assert_eq!(marks(&paid, &[]), [Done, Done, Now, Later, Later]);
        let sent = [parcel(parcel::State::Sent)];
        assert_eq!(marks(&paid, &sent), [Done, Done, Done, Done, Now]);
        assert_eq!(headline(&paid, &sent), "order.is_sent");
        let done = Model { state: State::Completed, ..paid };
        assert_eq!(marks(&done, &[parcel(parcel::State::Delivered)]), [Done; 5]);
    }

    #[test]
    fn an_order_that_is_over_has_no_steps() {
        let order = Model { state: State::Expired, ..example::order() };
        assert_eq!((steps(&order, &[]).len(), headline(&order, &[])), (0, "order.is_expired"));
        let owed = Model { state: State::Cancelled, payment: Payment::RefundDue, ..order };
        assert_eq!(headline(&owed, &[]), "order.is_refund_due");
    }

    #[test]
    fn cash_orders_wait_for_a_yes() {
        let mut order = Model { method: Method::Cod, ..example::order() };
        assert_eq!(headline(&order, &[]), "order.is_unconfirmed");
        order.confirmed_at = Some(example::at());
        assert_eq!(headline(&order, &[]), "order.is_confirmed");
    }
}
