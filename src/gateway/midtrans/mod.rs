//! Midtrans, the payment provider: Snap, the Core API, payouts, and the notifications they send us.
//!
//! What it promises: a request that leaves here is one Midtrans can accept (amounts that add up, names that fit, order
//! ids that survive a URL), an answer that comes in is read for what it means and not for its HTTP status, and no key
//! is ever printed. It decides nothing about orders: that is for the floors above.
mod answer;
mod balance;
mod call;
mod capture;
mod charge;
mod client;
mod config;
mod error;
mod keys;
mod lenient;
mod notification;
pub mod payouts;
mod purchase;
mod reference;
mod refund;
mod refund_call;
mod refund_key;
mod retry;
mod sen;
mod snap;
mod status;
mod wire;

pub use balance::{BalanceMutation, BalancePeriod, Balances, Span, Wallet, WalletSource};
pub use call::{CallOptions, IdempotencyKey, InvalidIdempotencyKey, InvalidNotificationUrls, NotificationUrls};
pub use capture::CaptureRequest;
pub use charge::{Bank, ChargeRequest, Method, QrisAcquirer};
pub use client::Client;
pub use config::{Config, ConfigError, Environment};
pub use error::{BuildError, Error, TransportKind};
pub use keys::{ApproverKey, ClientKey, CreatorKey, Keys, MerchantKey, ServerKey};
pub use notification::{MAX_NOTIFICATION_BYTES, Notification, NotificationError, signature};
pub use purchase::{Customer, Expiry, ExpiryUnit, Item, Purchase};
pub use reference::{InvalidReference, ProviderOrderId, Reference, TransactionId};
pub use refund::Refund;
pub use refund_call::{AcceptedRefund, RefundOutcome, RefundRequest};
pub use refund_key::{InvalidRefundKey, RefundKey};
pub use sen::Sen;
pub use snap::{EnabledPayment, SnapCanceled, SnapRequest, SnapSession, SnapToken};
pub use status::{Action, FraudStatus, Status, Switching, TransactionStatus, VaNumber};
