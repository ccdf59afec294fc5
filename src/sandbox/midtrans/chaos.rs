//! What goes wrong by itself, until somebody turns it off: with the notices, the answers, and the bank.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    dial::Dial,
    dice::Dice,
    manner::{MAX_TIMES, Manner, Signature},
};

/// How far apart shuffled notices may be torn.
const SHUFFLE_S: u32 = 60;
/// How long after the deadline a late notice comes.
const LATE_S: i64 = 60;

/// The dial. What is not named is calm.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Chaos {
    /// Each notice comes so many times more.
    pub duplicate: usize,
    /// Notices overtake one another, within a minute.
    pub shuffle: bool,
    /// No notice comes.
    pub drop: bool,
    /// Notices come a minute after the payment's deadline.
    pub delay_past_expiry: bool,
    pub forge: bool,
    pub tamper: Map<String, Value>,
    /// Three minutes after a settlement the bank denies it.
    pub reversal: bool,
    /// A wallet takes the money after the deadline all the same and gives it back.
    pub refund_after_expire: bool,
    /// What the buyer pays on top, in rupiah.
    pub fee: i64,
    /// Get Status names the transaction where the order should stand, as it does for DANA.
    pub dana_id: bool,
    pub upper_case: bool,
    pub no_fraud_status: bool,
    pub unknown_fields: bool,
    /// How all calls of Core, Snap and Iris are answered.
    pub answer: Dial,
}

impl Chaos {
    pub fn complaint(&self) -> Option<String> {
        if self.duplicate >= MAX_TIMES {
            Some(format!("chaos.duplicate is below {MAX_TIMES}"))
        } else if !(0..=1_000_000).contains(&self.fee) {
            Some("chaos.fee is between 0 and 1000000".into())
        } else {
            None
        }
    }

    /// How a notice is told that was meant to be told so.
    pub fn upon(&self, manner: &Manner, now: DateTime<Utc>, deadline: DateTime<Utc>, dice: &Dice) -> Manner {
        let mut manner = manner.clone();
        manner.times = match (self.drop, manner.times) {
            (true, _) | (_, 0) => 0,
            (false, times) => times + self.duplicate,
        };
        if self.delay_past_expiry {
            manner.delay_s = manner.delay_s.max((deadline - now).num_seconds() + LATE_S);
        }
        if self.shuffle {
            manner.delay_s += i64::from(dice.below("shuffle", SHUFFLE_S + 1));
        }
        if self.forge {
            manner.signature = Signature::Forged;
        }
        for (field, value) in &self.tamper {
            manner.tamper.entry(field).or_insert_with(|| value.clone());
        }
        manner
    }

    /// What an answer or a notice looks like on an untidy day.
    pub fn dress(&self, body: &mut Map<String, Value>) {
        if self.no_fraud_status {
            body.remove("fraud_status");
        }
        if self.unknown_fields {
            body.insert("promo_campaign".into(), json!({"id": 7, "names": ["baru"], "until": null}));
        }
        if self.upper_case
            && let Some(word) = body.get("transaction_status").and_then(Value::as_str).map(str::to_uppercase)
        {
            body.insert("transaction_status".into(), word.into());
        }
    }
}
