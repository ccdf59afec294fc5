//! Payouts (Iris): money out of our balance at Midtrans, to a bank account or a wallet.
//!
//! What it promises: two people are needed, each with a key of their own; every call that moves money carries an
//! idempotency key, so that a lost answer can be asked for again; a notification is read only when it is signed.
//!
//! Sources: Midtrans' pages on payouts and the requests its Node client sends. Midtrans no longer lists these pages, so
//! whether a new merchant may use payouts is unknown.
mod account;
mod answer;
mod bank;
mod batch;
mod beneficiary;
mod client;
mod config;
mod fault;
mod key;
mod notification;
mod otp;
mod payout;
mod statement;

pub use super::reference::PayoutReference;
pub use account::{Account, AccountHolder, BankCode, InvalidAccount};
pub use bank::PayoutBank;
pub use batch::{NewPayout, QueuedPayout};
pub use beneficiary::{Alias, Beneficiary, InvalidBeneficiary, NewBeneficiary};
pub use client::Payouts;
pub use config::{PayoutKeys, PayoutsConfig, PayoutsConfigError};
pub use fault::PayoutFault;
pub use key::{InvalidPayoutKey, PayoutKey};
pub use notification::{PayoutNotice, PayoutNotification, PayoutNotificationError, TopUp, payout_signature};
pub use otp::Otp;
pub use payout::{Payout, PayoutStatus};
pub use statement::{Direction, StatementKind, StatementLine};
