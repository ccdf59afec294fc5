//! Core: making a transaction, and changing one by its id.
use serde_json::Value;

use super::{
    answers::Reply,
    bill::{self, Bill},
    book::Opening,
    door::Call,
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
    once(desk, key, |desk| make(desk, body, method, call))
}

/// `POST /v2/{id}/cancel` and its siblings.
pub(super) fn act(desk: &mut Desk, id: &str, act: &str, call: &Call) -> Reply {
    once(desk, call.key.as_deref(), |desk| {
        let Some(at) = desk.book.find(id) else { return Reply::refused(404) };
        let moved = match act {
            "cancel" => desk.book.close(at, State::Cancel, desk.now),
            "expire" => desk.book.close(at, State::Expire, desk.now),
            // Only a challenged card can be approved or denied, and the stand-in takes no cards.
            _ => false,
        };
        match desk.book.at(at) {
            Some(transaction) if moved => Reply::closed(transaction, &desk.book.keys),
            _ => Reply::refused(412),
        }
    })
}

/// `GET /v2/{id}/status`.
pub(super) fn status(desk: &Desk, id: &str) -> Reply {
    match desk.book.get(id) {
        Some(transaction) => Reply::status(transaction, desk.book),
        None => Reply::refused(404),
    }
}

/// Gives the first answer again when the key has been seen, whatever is asked this time.
fn once(desk: &mut Desk, key: Option<&str>, work: impl FnOnce(&mut Desk) -> Reply) -> Reply {
    let Some(key) = key else { return work(desk) };
    if let Some(reply) = desk.book.remembered.get(key, desk.now) {
        return reply;
    }
    let reply = work(desk);
    desk.book.remembered.put(key, &reply, desk.now);
    desk.book.touch();
    reply
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
    if desk.book.holder_of(&bill.order_id).is_some() {
        return Reply::refused(406);
    }
    let opening = Opening {
        bill,
        method,
        lifetime,
        route: call.route.clone(),
        asked_number: asked_number(body),
        acquirer: body["qris"]["acquirer"].as_str().map(str::to_owned),
        snap_token: None,
    };
    let at = desk.book.open(opening, desk.now);
    match desk.book.at(at) {
        Some(transaction) => Reply::charged(transaction, &desk.book.keys, &desk.mount),
        None => Reply::refused(500),
    }
}

fn asked_number(body: &Value) -> Option<String> {
    let number = body["bank_transfer"]["va_number"].as_str()?;
    (number.len() <= 19 && number.bytes().all(|b| b.is_ascii_digit()) && !number.is_empty()).then(|| number.to_owned())
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
