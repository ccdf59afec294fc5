//! The part of a request that Snap and Core share, and the checks both make on it.
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is to be paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Bill {
    pub order_id: String,
    pub gross: i64,
    pub customer: Option<String>,
    pub finish: Option<String>,
    pub custom_fields: [Option<String>; 3],
    pub metadata: Option<Value>,
}

/// How long a payment stays open.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Lifetime {
    pub start: Option<DateTime<Utc>>,
    pub seconds: i64,
}

impl Lifetime {
    pub fn end(self, otherwise: DateTime<Utc>) -> DateTime<Utc> {
        self.start.unwrap_or(otherwise) + Duration::seconds(self.seconds)
    }
}

impl Bill {
    /// Reads a request, or lists everything that is wrong with it.
    pub fn read(body: &Value) -> Result<Bill, Vec<String>> {
        let mut wrong = Vec::new();
        let order_id = order_id(&body["transaction_details"]["order_id"], &mut wrong);
        let gross = gross(&body["transaction_details"]["gross_amount"], &mut wrong);
        if let (Some(items), Some(gross)) = (body["item_details"].as_array(), gross) {
            check_items(items, gross, &mut wrong);
        }
        let finish = ["callbacks", "gopay", "shopeepay"].iter().find_map(|place| {
            let place = &body[*place];
            [&place["finish"], &place["callback_url"]].into_iter().find_map(web_address)
        });
        match (order_id, gross) {
            (Some(order_id), Some(gross)) if wrong.is_empty() => Ok(Bill {
                order_id,
                gross,
                customer: body["customer_details"]["first_name"].as_str().map(str::to_owned),
                finish,
                custom_fields: ["custom_field1", "custom_field2", "custom_field3"]
                    .map(|field| body[field].as_str().map(str::to_owned)),
                metadata: body.get("metadata").filter(|metadata| !metadata.is_null()).cloned(),
            }),
            _ => Err(wrong),
        }
    }
}

fn web_address(value: &Value) -> Option<String> {
    let url = value.as_str()?;
    (url.starts_with("http://") || url.starts_with("https://")).then(|| url.to_owned())
}

fn order_id(value: &Value, wrong: &mut Vec<String>) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let complaint = if text.is_empty() {
        "transaction_details.order_id is required"
    } else if text.chars().count() > 50 {
        "transaction_details.order_id length must be less than or equal to 50"
    } else if !text.chars().all(|c| c.is_ascii_alphanumeric() || "-_~.".contains(c)) {
        "transaction_details.order_id may only contain alphanumeric, dash, underscore, tilde and dot"
    } else {
        return Some(text);
    };
    wrong.push(complaint.into());
    None
}

fn gross(value: &Value, wrong: &mut Vec<String>) -> Option<i64> {
    match whole(value) {
        Some(gross) if gross >= 1 => Some(gross),
        Some(_) => {
            wrong.push("transaction_details.gross_amount must be greater than or equal to 0.01".into());
            None
        }
        None => {
            wrong.push("transaction_details.gross_amount is required".into());
            None
        }
    }
}

fn check_items(items: &[Value], gross: i64, wrong: &mut Vec<String>) {
    let mut sum: Option<i64> = Some(0);
    for item in items {
        let quantity = whole(&item["quantity"]).filter(|quantity| *quantity >= 1);
        let price = whole(&item["price"]);
        let name = item["name"].as_str().unwrap_or_default();
        if quantity.is_none() {
            wrong.push("item_details.quantity must be greater than or equal to 1".into());
        }
        if name.is_empty() {
            wrong.push("item_details.name is required".into());
        }
        for (field, text) in [("name", name), ("id", item["id"].as_str().unwrap_or_default())] {
            if text.chars().count() > 50 {
                wrong.push(format!("item_details.{field} length must be less than or equal to 50"));
            }
        }
        let line = price.zip(quantity).and_then(|(price, quantity)| price.checked_mul(quantity));
        sum = sum.zip(line).and_then(|(sum, line)| sum.checked_add(line));
    }
    if sum != Some(gross) && !items.is_empty() {
        wrong.push("transaction_details.gross_amount is not equal to the sum of item_details".into());
    }
}

/// Whole numbers, however they are written: `5`, `5.0`, `"5"`, `"5.00"`.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) if number.is_i64() => number.as_i64(),
        Value::Number(number) => parse_whole(&number.to_string()),
        Value::String(text) => parse_whole(text),
        _ => None,
    }
}

fn parse_whole(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    fraction.bytes().all(|b| b == b'0').then(|| whole.parse().ok())?
}

/// Reads `expiry`, `page_expiry` (Snap) or `custom_expiry` (Core); absent is fine, nonsense is not.
pub(super) fn lifetime(body: &Value, field: &str) -> Result<Option<Lifetime>, String> {
    let expiry = &body[field];
    if expiry.is_null() {
        return Ok(None);
    }
    let length = [&expiry["duration"], &expiry["expiry_duration"]].into_iter().find_map(whole);
    let unit = expiry["unit"].as_str().unwrap_or("minute").to_ascii_lowercase();
    let unit = match unit.trim_end_matches('s') {
        "second" if field == "custom_expiry" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => 86_400,
        _ => return Err(format!("{field}.unit is invalid")),
    };
    let start = [&expiry["start_time"], &expiry["order_time"]].into_iter().find(|value| !value.is_null());
    let start = match start.map(|value| value.as_str().unwrap_or_default()) {
        None => None,
        Some(text) => match DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S %z") {
            Ok(at) => Some(at.to_utc()),
            Err(_) => return Err(format!("{field} time format is invalid")),
        },
    };
    // 180 days is the longest any method allows.
    match length.and_then(|length| length.checked_mul(unit)).filter(|s| (1..=180 * 86_400).contains(s)) {
        Some(seconds) => Ok(Some(Lifetime { start, seconds })),
        None => Err(format!("{field} duration is invalid")),
    }
}
