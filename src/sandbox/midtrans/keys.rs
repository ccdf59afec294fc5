//! The keys of this demonstration, made once for a data folder.
use rand::RngExt;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

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
    pub fn random() -> Self {
        Self {
            server: format!("SB-Mid-server-{}", letters(24)),
            client: format!("SB-Mid-client-{}", letters(16)),
            iris_creator: format!("IRIS-{}", letters(36)),
            iris_approver: format!("IRIS-{}", letters(36)),
            merchant_id: format!("G{:09}", rand::rng().random_range(1..1_000_000_000)),
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

fn letters(count: usize) -> String {
    let mut rng = rand::rng();
    (0..count).map(|_| char::from(LETTERS[rng.random_range(0..LETTERS.len())])).collect()
}
