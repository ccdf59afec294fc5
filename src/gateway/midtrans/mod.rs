//! Midtrans, the payment provider: Snap, the Core API and the notifications it sends us.
//!
//! What it promises: a request that leaves here is one Midtrans can accept (amounts that add up, names that fit, order
//! ids that survive a URL), an answer that comes in is read for what it means and not for its HTTP status, and no key
//! is ever printed. It decides nothing about orders: that is for the floors above.
mod answer;
mod call;
mod charge;
mod client;
mod config;
mod error;
mod lenient;
mod notification;
mod purchase;
mod reference;
mod retry;
mod snap;
mod status;

pub use call::{CallOptions, IdempotencyKey, InvalidIdempotencyKey};
pub use charge::{Bank, ChargeRequest, Method, QrisAcquirer};
pub use client::Client;
pub use config::{ClientKey, Config, ConfigError, Environment, Keys, ServerKey};
pub use error::{BuildError, Error, TransportKind};
pub use notification::{MAX_NOTIFICATION_BYTES, Notification, NotificationError, signature};
pub use purchase::{Customer, Expiry, ExpiryUnit, Item, Purchase};
pub use reference::{InvalidReference, ProviderOrderId, Reference, TransactionId};
pub use snap::{EnabledPayment, SnapCanceled, SnapRequest, SnapSession, SnapToken};
pub use status::{Action, FraudStatus, Refund, Status, TransactionStatus, VaNumber};
