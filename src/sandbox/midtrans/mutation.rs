//! `GET /v1/balance/mutation`: what lay in the merchant's wallets at two moments.
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    purse::{Purse, Wallet},
    state::Desk,
};

#[derive(Deserialize)]
pub(super) struct Asked {
    currency: Option<String>,
    start_time: Option<String>,
    end_time: Option<String>,
}

/// HTTP status and body.
pub(super) fn mutation(desk: &Desk, asked: &Asked) -> (u16, Value) {
    let mut wrong = Vec::new();
    match asked.currency.as_deref().unwrap_or_default() {
        "" => wrong.push("currency must not be empty".to_owned()),
        "IDR" => {}
        _ => wrong.push("currency is not supported".to_owned()),
    }
    let start = moment("start_time", asked.start_time.as_deref(), &mut wrong);
    let end = moment("end_time", asked.end_time.as_deref(), &mut wrong);
    let (Some((start, start_text)), Some((end, end_text)), true) = (start, end, wrong.is_empty()) else {
        return (400, json!({"error_messages": wrong}));
    };
    if end < start {
        return (400, json!({"error_messages": ["end_time must be after start_time"]}));
    }
    let purse = &desk.book.purse;
    let (payin, iris) = (lines(purse, Wallet::Payin, start, end), lines(purse, Wallet::Iris, start, end));
    let mut body = balances([payin[0] + iris[0], payin[1] + iris[1]]);
    body.insert("currency".into(), "IDR".into());
    body.insert("start_time".into(), start_text.into());
    body.insert("end_time".into(), end_text.into());
    let wallet = |source: &str, lines: [i64; 2]| {
        let mut wallet = balances(lines);
        wallet.insert("source".into(), source.into());
        Value::Object(wallet)
    };
    body.insert("wallets".into(), vec![wallet("payin", payin), wallet("iris", iris)].into());
    (200, Value::Object(body))
}

/// A moment and how it was written. A plus that was not encoded has become a space on the way.
fn moment(field: &str, text: Option<&str>, wrong: &mut Vec<String>) -> Option<(DateTime<Utc>, String)> {
    let text = text.unwrap_or_default().replace(' ', "+");
    if text.is_empty() {
        wrong.push(format!("{field} must not be empty"));
        return None;
    }
    match DateTime::parse_from_rfc3339(&text) {
        Ok(at) => Some((at.to_utc(), text)),
        Err(_) => {
            wrong.push(format!("{field} must be in ISO 8601 format"));
            None
        }
    }
}

/// At the beginning and at the end; the last moment counts.
fn lines(purse: &Purse, wallet: Wallet, start: DateTime<Utc>, end: DateTime<Utc>) -> [i64; 2] {
    [purse.balance(wallet, |at| at < start), purse.balance(wallet, |at| at <= end)]
}

/// Nothing is ever pending here: a settlement can be drawn on at once.
fn balances([opening, closing]: [i64; 2]) -> Map<String, Value> {
    let mut body = Map::new();
    for (kind, amounts) in [("effective", [opening, closing]), ("pending", [0, 0]), ("overall", [opening, closing])] {
        body.insert(format!("opening_balance_{kind}"), json!(amounts[0] as f64));
        body.insert(format!("closing_balance_{kind}"), json!(amounts[1] as f64));
    }
    body
}
