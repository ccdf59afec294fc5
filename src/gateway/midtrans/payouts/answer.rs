//! Reads an answer about payouts: here the HTTP status counts, and troubles are told in `error_message` and `errors`.
use serde_json::Value;

use super::super::wire::Raw;
use super::super::{Error, answer::without_body, lenient};

/// Judges an answer. 202 is a success here: accepted, to be done.
pub(super) fn judge(raw: &Raw) -> Result<Value, Error> {
    let http = raw.http;
    let body = match serde_json::from_slice::<Value>(&raw.bytes) {
        Ok(body) => body,
        Err(_) if http == 403 => return Err(Error::Unauthorized),
        Err(_) if http == 404 => return Err(Error::NotFound),
        // Here 202 says nothing of a call that is still running.
        Err(_) if http == 202 => return Err(Error::Unparsable { http, excerpt: raw.excerpt() }),
        Err(_) => return Err(without_body(raw)),
    };
    let messages = sentences(&body);
    // A payout that failed is told of with its own error, which is no refusal of the call.
    let is_payout = body.get("reference_no").is_some();
    match http {
        200..=299 if messages.is_empty() || is_payout => Ok(body),
        401 | 403 => Err(Error::Unauthorized),
        404 => Err(Error::NotFound),
        429 => Err(Error::RateLimited),
        500.. => Err(Error::Server { code: http, message: messages.join("; ") }),
        200..=299 | 400..=499 => Err(refusal(messages)),
        _ => Err(Error::Unparsable { http, excerpt: raw.excerpt() }),
    }
}

/// `pong`, with or without quotes; an error page that came with a 200 is no pong.
pub(super) fn pong(raw: &Raw) -> Result<(), Error> {
    if raw.http == 200 && raw.bytes.trim_ascii() == b"pong" {
        return Ok(());
    }
    match judge(raw)? {
        Value::String(word) if word == "pong" => Ok(()),
        other => Err(unreadable(&other)),
    }
}

/// A list, bare or in this field.
pub(super) fn list(body: &Value, field: &str) -> Result<Vec<Value>, Error> {
    match body.as_array().or_else(|| body.get(field)?.as_array()) {
        Some(list) => Ok(list.clone()),
        None => Err(unreadable(body)),
    }
}

/// An answer that lacks what it must have.
pub(super) fn unreadable(body: &Value) -> Error {
    Error::Unparsable { http: 200, excerpt: body.to_string().chars().take(200).collect() }
}

fn refusal(messages: Vec<String>) -> Error {
    let says = |words: &str| messages.iter().any(|m| m.to_ascii_lowercase().contains(words));
    if says("idempotency-key is not unique") {
        return Error::KeyReused;
    }
    // Several fields may be wrong at once; only when all that is wrong is that it is there already, it is there already.
    let details = |m: &&String| !m.starts_with("An error occurred");
    if says("already been taken") && messages.iter().filter(details).all(|m| m.contains("already been taken")) {
        return Error::Duplicate;
    }
    Error::Validation { messages }
}

/// All sentences of a refusal. `errors` has been seen as a text, a list, and an object of lists by field or by position.
fn sentences(body: &Value) -> Vec<String> {
    let mut said = Vec::new();
    said.extend(lenient::text(body, "error_message"));
    if let Some(errors) = body.get("errors") {
        collect(errors, "", &mut said);
    }
    said.dedup();
    said
}

fn collect(value: &Value, field: &str, said: &mut Vec<String>) {
    match value {
        Value::String(text) if text.is_empty() => {}
        Value::String(text) if field.is_empty() => said.push(text.clone()),
        Value::String(text) => said.push(format!("{field}: {text}")),
        Value::Array(list) => list.iter().for_each(|one| collect(one, field, said)),
        Value::Object(fields) => fields.iter().for_each(|(name, one)| collect(one, name, said)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Raw, judge, pong};

    fn raw(http: u16, body: &str) -> Raw {
        Raw { http, bytes: body.into() }
    }

    #[test]
    fn refusals_are_told_apart_by_what_to_do_next() {
        let said = |http, body| judge(&raw(http, body)).err();
        let reused = r#"{"error_message":"idempotency-key is not unique","errors":"idempotency-key is not unique"}"#;
        assert!(matches!(said(400, reused), Some(Error::KeyReused)));
        let taken = r#"{"error_message":"An error occurred when creating beneficiary","errors":["Alias name has already been taken"]}"#;
        assert!(matches!(said(400, taken), Some(Error::Duplicate)));
        let both = r#"{"error_message":"An error occurred when creating beneficiary","errors":["Alias name has already been taken","Email is invalid"]}"#;
        assert!(matches!(said(400, both), Some(Error::Validation { messages }) if messages.len() == 3));
        let fields = r#"{"errors":{"account":["Account does not exist"],"1":{"amount":["is too small"]}}}"#;
        let messages = ["1", "account"];
        assert!(matches!(said(400, fields), Some(Error::Validation { messages: m }) if m.len() == messages.len()
                && m.contains(&"account: Account does not exist".to_owned()) && m.contains(&"amount: is too small".to_owned())));
        assert!(matches!(said(200, r#"{"error_message":"no"}"#), Some(Error::Validation { .. })));
        assert!(matches!(said(401, "HTTP Basic: Access denied."), Some(Error::Unauthorized)));
        assert!(matches!(said(403, "<html>"), Some(Error::Unauthorized)));
        assert!(matches!(said(404, "{}"), Some(Error::NotFound)));
        assert!(matches!(said(429, "slow down"), Some(Error::RateLimited)));
        assert!(matches!(said(503, "<html>"), Some(Error::Server { code: 503, .. })));
        assert!(matches!(said(302, "{}"), Some(Error::Unparsable { http: 302, .. })));
        assert!(matches!(said(200, "<html>"), Some(Error::Unparsable { .. })));
        assert!(matches!(said(202, ""), Some(Error::Unparsable { .. })));
        assert!(judge(&raw(202, r#"{"status":"ok"}"#)).is_ok());
        let failed = r#"{"reference_no":"1d","status":"failed","error_code":"002","error_message":"no such account"}"#;
        assert!(judge(&raw(200, failed)).is_ok());
        assert!(judge(&raw(400, failed)).is_err());
    }

    #[test]
    fn only_a_pong_is_a_pong() {
        assert!(pong(&raw(200, "pong\n")).is_ok());
        assert!(pong(&raw(200, r#""pong""#)).is_ok());
        assert!(pong(&raw(200, "<html>")).is_err());
        assert!(pong(&raw(200, "{}")).is_err());
        assert!(matches!(pong(&raw(401, "HTTP Basic: Access denied.")), Err(Error::Unauthorized)));
    }
}
