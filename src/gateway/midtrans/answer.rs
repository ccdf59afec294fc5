//! Reads an answer: first the code in the body, then the HTTP status. Midtrans wraps most refusals in HTTP 200.
use serde_json::Value;

use super::wire::Raw;
use super::{Error, lenient};

/// The HTTP status and the body, before anybody has judged them.
pub(super) struct Answer {
    pub http: u16,
    pub body: Value,
}

impl Answer {
    pub fn parse(raw: &Raw) -> Result<Self, Error> {
        let http = raw.http;
        match serde_json::from_slice::<Value>(&raw.bytes) {
            // A bare `404` has been seen in place of an object.
            Ok(Value::Number(code)) => Ok(Self { http, body: serde_json::json!({"status_code": code.to_string()}) }),
            Ok(body @ Value::Object(_)) => Ok(Self { http, body }),
            _ => Err(without_body(raw)),
        }
    }

    /// Judges an answer of Core. A code of 407 is an answer: the transaction is past its time.
    pub fn core(self) -> Result<Self, Error> {
        match self.told() {
            Some(407) | Some(200..=299) => Ok(self),
            Some(code) => Err(self.refusal(code)),
            None if self.http == 202 => Err(Error::InProgress),
            None if self.http >= 400 => Err(self.refusal(self.http)),
            None => Err(self.unparsable()),
        }
    }

    /// Judges an answer of Snap, which tells its troubles in a list of sentences.
    pub fn snap(self) -> Result<Self, Error> {
        let messages = self.messages();
        let says = |words: &str| messages.iter().any(|m| m.to_ascii_lowercase().contains(words));
        if messages.is_empty() {
            return match (self.told(), self.http) {
                (Some(code), _) if code >= 400 => Err(self.refusal(code)),
                (_, 200..=299) => Ok(self),
                (_, http @ 400..) => Err(self.refusal(http)),
                _ => Err(self.unparsable()),
            };
        }
        if says("sudah digunakan") || says("has been paid and utilized") || says("already been taken") {
            return Err(Error::Duplicate);
        }
        if says("token not found") {
            return Err(Error::NotFound);
        }
        if says("on progress") {
            return Err(Error::Forbidden { message: messages.join("; ") });
        }
        Err(self.refusal(if self.http < 400 { 400 } else { self.http }))
    }

    /// Judges an answer about our balance, which has neither a code nor a status when all is well.
    pub fn balance(self) -> Result<Self, Error> {
        match lenient::text(&self.body, "status_code") {
            Some(_) => self.core(),
            None => self.snap(),
        }
    }

    /// The sentences of a refusal, from whichever list they came in.
    pub fn messages(&self) -> Vec<String> {
        ["validation_messages", "error_messages"]
            .iter()
            .flat_map(|field| match self.body.get(field) {
                Some(Value::Array(list)) => list.iter().filter_map(|m| m.as_str().map(str::to_owned)).collect(),
                Some(Value::String(one)) => vec![one.clone()],
                _ => vec![],
            })
            .collect()
    }

    /// The business result, where the body tells one.
    fn told(&self) -> Option<u16> {
        lenient::text(&self.body, "status_code").and_then(|code| code.trim().parse().ok())
    }

    fn refusal(&self, code: u16) -> Error {
        let mut messages = self.messages();
        let told = lenient::text(&self.body, "status_message").or_else(|| lenient::text(&self.body, "message"));
        let message = told.unwrap_or_else(|| messages.join("; "));
        match code {
            400 => {
                if messages.is_empty() {
                    messages.push(message);
                }
                Error::Validation { messages }
            }
            401 => Error::Unauthorized,
            402 => Error::NotActive { message },
            404 => Error::NotFound,
            406 => Error::Duplicate,
            412 => Error::Forbidden { message },
            414 => Error::RefundRejected { message },
            429 => Error::RateLimited,
            500.. => Error::Server { code, message },
            _ => Error::Refused { code, message },
        }
    }

    /// An answer that lacks what it must have.
    pub fn unparsable(&self) -> Error {
        Error::Unparsable { http: self.http, excerpt: self.body.to_string().chars().take(200).collect() }
    }
}

/// An error page of some machine on the way still says something by its status.
pub(super) fn without_body(raw: &Raw) -> Error {
    let (http, excerpt) = (raw.http, raw.excerpt());
    match http {
        202 => Error::InProgress,
        401 => Error::Unauthorized,
        404 => Error::NotFound,
        429 => Error::RateLimited,
        500.. => Error::Server { code: http, message: excerpt },
        _ => Error::Unparsable { http, excerpt },
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, Error, Raw};

    fn core(http: u16, body: &str) -> Result<Answer, Error> {
        Answer::parse(&Raw { http, bytes: body.into() }).and_then(Answer::core)
    }

    #[test]
    fn the_code_in_the_body_is_believed_before_the_http_status() {
        assert!(matches!(core(200, r#"{"status_code":"404"}"#), Err(Error::NotFound)));
        assert!(matches!(core(404, r#"{"status_code":"404"}"#), Err(Error::NotFound)));
        assert!(matches!(core(404, "404"), Err(Error::NotFound)));
        assert!(matches!(core(200, r#"{"status_code":406}"#), Err(Error::Duplicate)));
        assert!(core(500, r#"{"status_code":"200"}"#).is_ok());
        assert!(core(407, r#"{"status_code":"407"}"#).is_ok());
        assert!(matches!(core(200, r#"{"status_code":"402"}"#), Err(Error::NotActive { .. })));
        assert!(matches!(core(200, r#"{"status_code":"412"}"#), Err(Error::Forbidden { .. })));
        assert!(matches!(core(200, r#"{"status_code":"414"}"#), Err(Error::RefundRejected { .. })));
        assert!(matches!(core(200, r#"{"status_code":"505"}"#), Err(Error::Server { code: 505, .. })));
        assert!(matches!(core(429, r#"{"message":"API rate limit exceeded"}"#), Err(Error::RateLimited)));
        assert!(matches!(core(502, "<html>"), Err(Error::Server { code: 502, .. })));
        assert!(matches!(core(200, "<html>"), Err(Error::Unparsable { http: 200, .. })));
        assert!(matches!(core(200, "{}"), Err(Error::Unparsable { .. })));
        assert!(matches!(core(202, ""), Err(Error::InProgress)));
        assert!(matches!(core(404, "<html>"), Err(Error::NotFound)));
        assert!(matches!(core(302, ""), Err(Error::Unparsable { http: 302, .. })));
        assert!(matches!(core(302, "{}"), Err(Error::Unparsable { http: 302, .. })));
        assert!(core(200, r#"{"status_code":" 200 "}"#).is_ok());
    }

    #[test]
    fn a_validation_error_keeps_all_its_sentences() {
        let body = r#"{"status_code":"400","status_message":"x","validation_messages":["a","b"]}"#;
        assert!(matches!(core(400, body), Err(Error::Validation { messages }) if messages == ["a", "b"]));
    }

    #[test]
    fn snap_tells_its_troubles_in_sentences() {
        let snap = |http, message: &str| {
            let body = serde_json::json!({"error_messages": [message]}).to_string();
            Answer::parse(&Raw { http, bytes: body.into() }).and_then(Answer::snap).err()
        };
        assert!(matches!(snap(400, "transaction_details.order_id sudah digunakan"), Some(Error::Duplicate)));
        assert!(matches!(snap(401, "Access denied"), Some(Error::Unauthorized)));
        assert!(matches!(snap(404, "token not found"), Some(Error::NotFound)));
        assert!(matches!(snap(500, "Sorry"), Some(Error::Server { code: 500, .. })));
        assert!(matches!(snap(400, "Transaction is on progress"), Some(Error::Forbidden { .. })));
        let told = |http, body: &str| Answer::parse(&Raw { http, bytes: body.into() }).and_then(Answer::snap).err();
        assert!(matches!(told(302, "{}"), Some(Error::Unparsable { http: 302, .. })));
        assert!(matches!(told(200, r#"{"status_code":"401"}"#), Some(Error::Unauthorized)));
        assert!(told(200, r#"{"canceled_at":"2026-01-01 10:00:00"}"#).is_none());
    }
}
