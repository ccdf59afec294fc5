//! Where the merchant's play money is: what came in from buyers, and what lies ready for payouts.
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::kept::Kept;

/// Beyond this the oldest movements become part of what the purse began with.
const KEPT: usize = 10_000;
/// Enough to pay crafters with from the first day.
const FLOAT: i64 = 100_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Wallet {
    Payin,
    Iris,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Movement {
    pub at: DateTime<Utc>,
    pub wallet: Wallet,
    pub amount: i64,
    /// The transaction or payout it belongs to.
    pub about: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Purse {
    pub(super) payin: i64,
    pub(super) iris: i64,
    pub(super) movements: Kept<Movement>,
}

impl Default for Purse {
    fn default() -> Self {
        Self { payin: 0, iris: FLOAT, movements: Kept::default() }
    }
}

impl Purse {
    /// Writes down that money came, or went if it is negative.
    pub fn book(&mut self, at: DateTime<Utc>, wallet: Wallet, amount: i64, about: &str) {
        if amount == 0 {
            return;
        }
        self.movements.push(Movement { at, wallet, amount, about: about.to_owned() });
        if self.movements.len() > KEPT {
            let oldest = self.movements.remove(0);
            *self.began(oldest.wallet) += oldest.amount;
        }
    }

    fn began(&mut self, wallet: Wallet) -> &mut i64 {
        match wallet {
            Wallet::Payin => &mut self.payin,
            Wallet::Iris => &mut self.iris,
        }
    }

    pub fn of(&self, wallet: Wallet) -> impl DoubleEndedIterator<Item = &Movement> {
        self.movements.iter().filter(move |movement| movement.wallet == wallet)
    }

    /// What lies there, counting what happened at a moment that passes.
    pub fn balance(&self, wallet: Wallet, counts: impl Fn(DateTime<Utc>) -> bool) -> i64 {
        let began = match wallet {
            Wallet::Payin => self.payin,
            Wallet::Iris => self.iris,
        };
        began + self.of(wallet).filter(|movement| counts(movement.at)).map(|movement| movement.amount).sum::<i64>()
    }
}
