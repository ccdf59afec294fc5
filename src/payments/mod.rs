//! Money on its way: attempts at paying, the provider's notices, and what they mean. Knows amounts and references, not
//! orders: a subject is a text such as `order:12` that the floors above understand.
//!
//! What it promises: no notice changes anything by itself, only an answer that we fetched does; money that came in is
//! told once, whatever is doubled, lost or out of order; and what fits nowhere is set aside for a person, never guessed.
//! What became of an attempt goes up through the outbox as `payment.paid`, `payment.closed`, `payment.reversed`,
//! `payment.refunded`, `payment.refund_denied`, `payment.disputed` and `payment.surplus`, each with an [`effect::Told`].
pub mod apart;
pub mod apply;
pub mod attempt;
pub mod charge;
mod closing;
pub mod effect;
pub mod inbox;
pub mod method;
pub mod midtrans;
pub mod provider;
pub mod reconcile;
pub mod refund;
pub mod schedule;
mod shown_code;
pub mod status;
pub mod web;

use std::sync::Arc;

/// How this shop talks to its payment provider.
pub struct Gate {
    pub provider: Arc<dyn provider::Provider>,
    /// Whose money it must be, when known.
    pub merchant_id: Option<String>,
}
