//! An event as its phone tells it, before anything is believed of it.
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::secret::sha256;

/// The most one event may say, in bytes.
pub const MAX_BODY: usize = 16 * 1024;

/// An event as a phone tells it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub struct Told {
    /// The phone's own count of its events.
    pub counter: i64,
    pub id: String,
    pub kind: String,
    /// By the phone's clock.
    pub recorded_at: String,
    /// Who did it.
    pub person: i64,
    /// What it says, as JSON text: signed as it stands, read by its kind.
    pub body: String,
    pub signature: String,
}

impl Told {
    /// Reads one event of a batch; none if it cannot be one.
    pub fn read(value: &Value) -> Option<Told> {
        let told = Told::deserialize(value).ok()?;
        let has_id = Uuid::parse_str(&told.id).is_ok_and(|id| id.to_string() == told.id);
        let has_kind = (1..=40).contains(&told.kind.len())
            && told.kind.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'.' | b'_'));
        let is_short = told.body.len() <= MAX_BODY && told.signature.len() <= 128 && told.recorded_at.len() <= 40;
        let sound = has_id && has_kind && is_short && told.counter > 0 && told.person > 0;
        (sound && told.at().is_some() && !told.body.contains('\0')).then_some(told)
    }

    /// When it happened by the phone's clock.
    pub fn at(&self) -> Option<DateTime<Utc>> {
        self.recorded_at.parse().ok()
    }

    /// What the phone signs.
    pub fn signed_text(&self, device_id: i64) -> String {
        let Told { counter, id, kind, recorded_at, person, body, .. } = self;
        format!("{device_id}\n{counter}\n{id}\n{kind}\n{recorded_at}\n{person}\n{body}")
    }

    /// What happened, whichever phone tells it: a phone that was registered anew tells the same under another number.
    pub fn content_hash(&self) -> String {
        let Told { kind, recorded_at, person, body, .. } = self;
        sha256(format!("{kind}\n{recorded_at}\n{person}\n{body}").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told() -> Value {
        json!({
            "counter": 1, "id": "0192f0c1-7a3e-7cc0-9d4b-2f6c1d5e8a90", "kind": "intake",
            "recorded_at": "2026-11-21T03:00:00.000Z", "person": 1, "body": "{}", "signature": "ab",
        })
    }

    #[test]
    fn what_cannot_be_an_event_is_none() {
        assert!(Told::read(&told()).is_some());
        for (field, bad) in [
            ("counter", json!(0)),
            ("counter", json!("1")),
            ("counter", json!(1.5)),
            ("id", json!("satu")),
            ("id", json!("0192F0C1-7A3E-7CC0-9D4B-2F6C1D5E8A90")),
            ("id", Value::Null),
            ("kind", json!("")),
            ("kind", json!("Intake")),
            ("kind", json!("intake; drop")),
            ("recorded_at", json!("kemarin")),
            ("person", json!(-1)),
            ("body", json!({})),
            ("body", json!("x".repeat(MAX_BODY + 1))),
            ("body", json!("\0")),
            ("signature", json!("x".repeat(129))),
        ] {
            let mut value = told();
            value[field] = bad;
            assert!(Told::read(&value).is_none(), "{value}");
        }
        assert!(Told::read(&json!([])).is_none());
    }

    #[test]
    fn another_number_is_the_same_content_and_another_body_is_not() {
        let first = Told::read(&told()).unwrap();
        let renumbered = Told { counter: 9, signature: "cd".into(), ..first.clone() };
        assert_eq!(first.content_hash(), renumbered.content_hash());
        assert_ne!(first.content_hash(), Told { body: "{ }".into(), ..first.clone() }.content_hash());
        assert_ne!(first.signed_text(1), first.signed_text(2));
    }
}
