//! Core: making a transaction, and changing one by its id.
use serde_json::Value;

use super::{
    answers::Reply,
    bill::{self, Bill},
    book::Opening,
    door::Call,
    idempotency::once,
    manner::Manner,
    method::{Bank, Method},
    state::Desk,
    transaction::State,
};

/// `POST /v2/charge`.
pub(super) fn charge(desk: &mut Desk, body: &Value, call: &Call) -> Reply {
    let method = match method(body) {
        Ok(method) => method,
        Err(reply) => return reply,
    };
    // Permata keeps no idempotency keys.
    let key = call.key.as_deref().filter(|_| method != Method::Va(Bank::Permata));
    if let (None, Some(unkept)) = (key, &call.key) {
        desk.book.running.remove(unkept);
    }
    once(desk, key, |desk| make(desk, body, method, call))
}

/// `POST /v2/{id}/cancel` and its siblings.
pub(super) fn act(desk: &mut Desk, id: &str, act: &str, call: &Call) -> Reply {
    once(desk, call.key.as_deref(), |desk| {
        let Some(at) = desk.book.find(id) else { return Reply::refused(404) };
        let moved = match act {
            "cancel" => desk.book.close(at, State::Cancel, desk.now),
            "expire" => desk.book.close(at, State::Expire, desk.now),
            "approve" | "deny" => return decide(desk, at, act == "approve"),
            _ => false,
        };
        match desk.book.at(at) {
            Some(transaction) if moved => Reply::closed(transaction, &desk.book.keys),
            _ => Reply::refused(412),
        }
    })
}

/// Only a card under suspicion can be approved or denied; one is made by an order from a test.
fn decide(desk: &mut Desk, at: usize, approve: bool) -> Reply {
    if !desk.book.at(at).is_some_and(|t| t.state == State::Capture && t.is_challenged()) {
        return Reply::refused(412);
    }
    let (word, message) = match approve {
        true => ("accept", "Success, transaction is approved"),
        false => ("deny", "Success, transaction is denied"),
    };
    desk.book.edit(at, |t| {
        t.overlay.insert("fraud_status".into(), word.into());
    });
    match approve {
        true => desk.book.tell(at, &Manner::default(), desk.now),
        false => {
            desk.book.force(at, State::Deny, false, desk.now, &Manner::default());
        }
    }
    told(desk, at, message)
}

/// `POST /v2/capture`: takes what a card only held.
pub(super) fn capture(desk: &mut Desk, body: &Value, call: &Call) -> Reply {
    once(desk, call.key.as_deref(), |desk| {
        let Some(id) = body["transaction_id"].as_str() else {
            return Reply::invalid(vec!["transaction_id is required".into()]);
        };
        let Some(at) = desk.book.find(id) else { return Reply::refused(404) };
        let Some(transaction) = desk.book.at(at) else { return Reply::refused(404) };
        let held = transaction.bill.gross;
        if transaction.state != State::Authorize {
            return Reply::refused(412);
        }
        let taken = match &body["gross_amount"] {
            Value::Null => held,
            amount => bill::whole(amount).unwrap_or(0),
        };
        if !(1..=held).contains(&taken) {
            return Reply::invalid(vec!["gross_amount must not be greater than the authorized amount".into()]);
        }
        // The rest goes back to the buyer and is nobody's business here.
        desk.book.edit(at, |t| t.bill.gross = taken);
        desk.book.force(at, State::Capture, false, desk.now, &Manner::default());
        told(desk, at, "Success, transaction is captured")
    })
}

fn told(desk: &Desk, at: usize, message: &str) -> Reply {
    match desk.book.at(at) {
        Some(transaction) => Reply::about(transaction, &desk.book.keys, 200, message),
        None => Reply::refused(500),
    }
}

/// `GET /v2/{id}/status`.
pub(super) fn status(desk: &Desk, id: &str) -> Reply {
    match desk.book.get(id) {
        Some(transaction) if desk.book.chaos.dana_id => {
            Reply::status(transaction, desk.book).with_id_for_order(&desk.book.keys.server)
        }
        Some(transaction) => Reply::status(transaction, desk.book),
        None => Reply::refused(404),
    }
}

fn method(body: &Value) -> Result<Method, Reply> {
    match body["payment_type"].as_str() {
        Some("qris") => Ok(Method::Qris),
        Some("gopay") => Ok(Method::Gopay),
        Some("shopeepay") => Ok(Method::Shopeepay),
        Some("echannel") => Ok(Method::Bill),
        Some("permata") => Ok(Method::Va(Bank::Permata)),
        Some("bank_transfer") => match body["bank_transfer"]["bank"].as_str() {
            None => Err(Reply::invalid(vec!["bank_transfer.bank is required".into()])),
            Some(bank) => Bank::parse(bank)
                .map(Method::Va)
                .ok_or_else(|| Reply::invalid(vec!["bank_transfer.bank is not supported".into()])),
        },
        Some("") | None => Err(Reply::invalid(vec!["payment_type is required".into()])),
        Some(_) => Err(Reply::refused(402)),
    }
}

fn make(desk: &mut Desk, body: &Value, method: Method, call: &Call) -> Reply {
    let lifetime = bill::lifetime(body, "custom_expiry");
    let bill = Bill::read(body);
    let mut wrong: Vec<String> = bill.as_ref().err().cloned().unwrap_or_default();
    wrong.extend(lifetime.as_ref().err().cloned());
    wrong.extend(customer_complaint(body, method));
    wrong.extend(method_complaint(body, method));
    let (Ok(bill), Ok(lifetime), true) = (bill, lifetime, wrong.is_empty()) else { return Reply::invalid(wrong) };
    if !method.limits().contains(&bill.gross) {
        return Reply::invalid(vec!["transaction_details.gross_amount is out of the payment method's range".into()]);
    }
    if !lifetime.is_none_or(|lifetime| method.lifetimes().contains(&lifetime.seconds)) {
        return Reply::invalid(vec!["custom_expiry.expiry_duration is out of the payment method's range".into()]);
    }
    if desk.book.holder_of(&bill.order_id).is_some() {
        return Reply::refused(406);
    }
    let opening = Opening {
        bill,
        method,
        lifetime,
        route: call.route.clone(),
        asked_number: body["bank_transfer"]["va_number"].as_str().map(str::to_owned),
        acquirer: body["qris"]["acquirer"].as_str().map(str::to_owned),
        snap_token: None,
    };
    let at = desk.book.open(opening, desk.now);
    match desk.book.at(at) {
        Some(transaction) => Reply::charged(transaction, &desk.book.keys, &desk.mount),
        None => Reply::refused(500),
    }
}

fn customer_complaint(body: &Value, method: Method) -> Option<String> {
    let customer = &body["customer_details"];
    let too_long = |field: &str| customer[field].as_str().is_some_and(|name| name.chars().count() > 30);
    match method {
        Method::Va(Bank::Bca) if too_long("first_name") || too_long("last_name") => {
            Some("customer_details.first_name and last_name length must be less than or equal to 30".into())
        }
        Method::Va(Bank::Bni) => {
            let phone = customer["phone"].as_str()?;
            let fits = phone.starts_with("+62") || phone.starts_with('0');
            (!fits).then(|| "customer_details.phone format is invalid".into())
        }
        _ => None,
    }
}

fn method_complaint(body: &Value, method: Method) -> Option<String> {
    let bill = &body["echannel"];
    let missing = |field: &str| bill[field].as_str().is_none_or(str::is_empty);
    match method {
        Method::Bill if missing("bill_info1") => Some("echannel.bill_info1 is required".into()),
        Method::Bill if missing("bill_info2") => Some("echannel.bill_info2 is required".into()),
        Method::Shopeepay if body["shopeepay"]["callback_url"].as_str().is_none() => {
            Some("shopeepay.callback_url is required".into())
        }
        Method::Qris => match body["qris"]["acquirer"].as_str() {
            None | Some("gopay" | "airpay shopee") => None,
            Some(_) => Some("qris.acquirer is invalid".into()),
        },
        _ => None,
    }
}
