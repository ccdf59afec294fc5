//! The keys of this demonstration, made once for a data folder.
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::dice::Dice;

/// Nothing here opens anything but play money.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Keys {
    pub server: String,
    pub client: String,
    pub iris_creator: String,
    pub iris_approver: String,
    pub merchant_id: String,
}

impl Keys {
    pub fn of(dice: &Dice) -> Self {
        Self {
            server: format!("SB-Mid-server-{}", dice.letters("server key", 24)),
            client: format!("SB-Mid-client-{}", dice.letters("client key", 16)),
            iris_creator: format!("IRIS-{}", dice.letters("creator key", 36)),
            iris_approver: format!("IRIS-{}", dice.letters("approver key", 36)),
            merchant_id: format!("G{}", dice.digits("merchant", 9)),
        }
    }

    pub fn published(&self) -> Value {
        json!({
            "server_key": self.server,
            "client_key": self.client,
            "iris_creator_key": self.iris_creator,
            "iris_approver_key": self.iris_approver,
        })
    }
}
