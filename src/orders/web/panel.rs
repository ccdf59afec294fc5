//! How an order is to be paid right now: what the buyer sees at the top of its page.
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    gateway::qris::{Picture, draw},
    orders::{method, share, state},
};
use entity::{
    Rupiah,
    order::{Method, Model, State},
    outlet, payment_attempt,
    payment_attempt::State as Attempt,
};

/// What is to be done about paying.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Panel {
    /// wait, qris, va, bill, app, transfer, proof, cash or closed.
    pub kind: &'static str,
    pub method: String,
    pub amount: Rupiah,
    pub pay_by: Option<DateTime<Utc>>,
    /// The deadline has passed; the provider is still being asked.
    pub late: bool,
    pub qr: Option<Picture>,
    pub va_number: Option<String>,
    pub bill_key: Option<String>,
    pub biller_code: Option<String>,
    pub redirect_url: Option<String>,
    /// Where to act as the bank, when the money is not real.
    pub stand_in: Option<String>,
    pub bank_name: String,
    pub bank_account: String,
    pub bank_holder: String,
}

/// What is to be paid and how; none when there is nothing to pay now.
pub(super) fn panel(
    order: &Model,
    due: Rupiah,
    outlet: &outlet::Model,
    attempt: Option<&payment_attempt::Model>,
    now: DateTime<Utc>,
) -> Option<Panel> {
    if order.state != State::Placed || !state::is_asked(order) || order.confirmed_at.is_some() {
        return None;
    }
    let panel = Panel {
        method: format!("pay.{}", method::code(order.method)),
        amount: share::asked(order, due),
        // What is owed has a day of its own, and can be paid after it.
        pay_by: order.pay_by.filter(|_| order.owed == Rupiah::ZERO),
        late: order.owed == Rupiah::ZERO && order.pay_by.is_some_and(|pay_by| pay_by <= now),
        ..Panel::default()
    };
    Some(match order.method {
        Method::Cod | Method::PayAtPickup => Panel { kind: "cash", ..panel },
        Method::Transfer if order.pay_by.is_none() => Panel { kind: "proof", ..panel },
        Method::Transfer => Panel {
            kind: "transfer",
            bank_name: outlet.bank_name.clone(),
            bank_account: outlet.bank_account.clone(),
            bank_holder: outlet.bank_holder.clone(),
            ..panel
        },
        _ => online(panel, attempt),
    })
}

fn online(panel: Panel, attempt: Option<&payment_attempt::Model>) -> Panel {
    let Some(attempt) = attempt else { return Panel { kind: "closed", ..panel } };
    match attempt.state {
        Attempt::Created => return Panel { kind: "wait", ..panel },
        Attempt::Pending => {}
        _ => return Panel { kind: "closed", ..panel },
    }
    if let Some(qr) = attempt.qr_string.as_deref().and_then(draw) {
        return Panel { kind: "qris", qr: Some(qr), ..panel };
    }
    if attempt.va_number.is_some() {
        return Panel { kind: "va", va_number: attempt.va_number.clone(), ..panel };
    }
    if attempt.bill_key.is_some() {
        let (bill_key, biller_code) = (attempt.bill_key.clone(), attempt.biller_code.clone());
        return Panel { kind: "bill", bill_key, biller_code, ..panel };
    }
    match &attempt.redirect_url {
        Some(url) => Panel { kind: "app", redirect_url: Some(url.clone()), ..panel },
        None => Panel { kind: "wait", ..panel },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;
    use entity::order::Payment;

    #[test]
    fn each_way_shows_what_it_needs() {
        let (order, outlet, attempt) = (example::order(), example::outlet(), example::attempt());
        let kind =
            |order: &Model, attempt| panel(order, order.total, &outlet, attempt, example::at()).map(|panel| panel.kind);
        assert_eq!(kind(&order, Some(&attempt)), Some("qris"));
        let created = payment_attempt::Model { state: Attempt::Created, ..attempt.clone() };
        assert_eq!(kind(&order, Some(&created)), Some("wait"));
        let closed = payment_attempt::Model { state: Attempt::Closed, ..attempt.clone() };
        assert_eq!(kind(&order, Some(&closed)), Some("closed"));
        let va = payment_attempt::Model { qr_string: None, va_number: Some("88".into()), ..attempt.clone() };
        assert_eq!(kind(&order, Some(&va)), Some("va"));
        let paid = Model { payment: Payment::Paid, ..order.clone() };
        assert_eq!(kind(&paid, Some(&attempt)), None);
        let transfer = Model { method: Method::Transfer, ..order };
        assert_eq!(kind(&transfer, None), Some("transfer"));
        assert_eq!(kind(&Model { pay_by: None, ..transfer }, None), Some("proof"));
    }
}
