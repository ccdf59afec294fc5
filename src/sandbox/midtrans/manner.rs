//! How a notification is told: usually once, at once, and truly.
use chrono::Duration;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Enough to be a nuisance.
pub(super) const MAX_TIMES: usize = 100;
const MAX_DELAY_S: i64 = 400 * 86_400;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Signature {
    #[default]
    Valid,
    Forged,
}

/// `times` of none drops it. A tampered field changes the body; the signature is made afterwards, and covers only what
/// the real one covers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Manner {
    pub times: usize,
    pub delay_s: i64,
    pub tamper: Map<String, Value>,
    pub signature: Signature,
}

impl Default for Manner {
    fn default() -> Self {
        Self { times: 1, delay_s: 0, tamper: Map::new(), signature: Signature::Valid }
    }
}

impl Manner {
    pub fn complaint(&self) -> Option<String> {
        if self.times > MAX_TIMES {
            Some(format!("notify.times is at most {MAX_TIMES}"))
        } else if !(0..=MAX_DELAY_S).contains(&self.delay_s) {
            Some(format!("notify.delay_s is between 0 and {MAX_DELAY_S}"))
        } else {
            None
        }
    }

    pub fn delay(&self) -> Duration {
        Duration::seconds(self.delay_s)
    }
}

/// Lays fields over a body; `null` takes one out.
pub(super) fn overlay(body: &mut Map<String, Value>, fields: &Map<String, Value>) {
    for (name, value) in fields {
        match value {
            Value::Null => body.remove(name),
            value => body.insert(name.clone(), value.clone()),
        };
    }
}
