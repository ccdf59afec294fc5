//! How an order is to be paid right now: what the buyer sees at the top of its page.
use chrono::{DateTime, Utc};
use qrcode::{EcLevel, QrCode};
use serde::Serialize;

use crate::orders::method;
use entity::{
    Rupiah,
    order::{Method, Model, Payment, State},
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
    pub qr: Option<Qr>,
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

/// A QR code as one path of a small picture.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Qr {
    pub side: usize,
    pub path: String,
}

/// What is to be paid and how; none when there is nothing to pay now.
pub(super) fn panel(
    order: &Model,
    due: Rupiah,
    outlet: &outlet::Model,
    attempt: Option<&payment_attempt::Model>,
    now: DateTime<Utc>,
) -> Option<Panel> {
    if order.state != State::Placed || order.payment != Payment::Unpaid || order.confirmed_at.is_some() {
        return None;
    }
    let panel = Panel {
        method: format!("pay.{}", method::code(order.method)),
        amount: due,
        pay_by: order.pay_by,
        late: order.pay_by.is_some_and(|pay_by| pay_by <= now),
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

/// Runs of dark squares, row by row, as strokes one square wide: about a third of one rectangle a square.
fn draw(text: &str) -> Option<Qr> {
    use std::fmt::Write;
    let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
    let (width, squares) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in squares.chunks(width).enumerate() {
        let (mut x, mut from) = (0, None);
        while x < width {
            let run = row[x..].iter().take_while(|square| **square == row[x]).count();
            if row[x] == qrcode::Color::Dark {
                match from {
                    None => write!(path, "M{} {}.5h{run}", x + 4, y + 4).ok(),
                    Some(end) => write!(path, "m{} 0h{run}", x - end).ok(),
                };
                from = Some(x + run);
            }
            x += run;
        }
    }
    Some(Qr { side: width + 8, path })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;

    #[test]
    fn a_qr_code_is_small_and_whole() {
        let qr = draw(&example::attempt().qr_string.unwrap()).unwrap();
        assert!(qr.path.len() < 9_000, "{} bytes", qr.path.len());
        // The three corners: seven dark squares from the quiet zone on, at the left and at the right.
        assert!(qr.path.starts_with("M4 4.5h7"), "{}", &qr.path[..40]);
        let top = qr.path.split("M4 5.5").next().unwrap();
        assert!(top.ends_with("h7"), "{top}");
    }

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
