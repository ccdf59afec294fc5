//! What our wallets at Midtrans held at the beginning and at the end of a period, to hold against our own books.
//!
//! Source: Midtrans' page "Merchant Balance Mutation API" (March 2026). Amounts there have parts of a rupiah.
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use serde_json::Value;

use super::answer::Answer;
use super::reference::escaped;
use super::{BuildError, Error, Sen, lenient};

/// From one moment to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BalancePeriod {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
}

impl BalancePeriod {
    /// Both ends to the second. `BuildError::Backwards` when it ends before it begins.
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Result<Self, BuildError> {
        if end < start { Err(BuildError::Backwards) } else { Ok(Self { start, end }) }
    }

    pub(super) fn query(self) -> String {
        format!("currency=IDR&start_time={}&end_time={}", iso(self.start), iso(self.end))
    }
}

/// `2026-03-02T00:00:00+07:00`, escaped: an unescaped `+` would arrive as a blank.
fn iso(at: DateTime<Utc>) -> String {
    let text = |at: DateTime<FixedOffset>| at.to_rfc3339_opts(SecondsFormat::Secs, false);
    escaped(&FixedOffset::east_opt(7 * 3600).map_or_else(|| text(at.into()), |zone| text(at.with_timezone(&zone))))
}

/// An amount at both ends of the period; `None` when the answer does not tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// At the beginning.
    pub opening: Option<Sen>,
    /// At the end.
    pub closing: Option<Sen>,
}

/// The same money, seen three ways.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// Ours to withdraw.
    pub effective: Span,
    /// Paid, but not ours to withdraw yet.
    pub pending: Span,
    /// Both together.
    pub overall: Span,
}

impl Balances {
    fn read(body: &Value) -> Self {
        let amount = |field: String| lenient::text(body, &field).as_deref().and_then(Sen::parse);
        let span = |kind| Span {
            opening: amount(format!("opening_balance_{kind}")),
            closing: amount(format!("closing_balance_{kind}")),
        };
        Self { effective: span("effective"), pending: span("pending"), overall: span("overall") }
    }
}

/// Whose money it is in there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalletSource {
    /// What buyers paid.
    Payin,
    /// What waits to be paid out.
    Iris,
    /// A word we have not met, in lower case.
    Other(String),
}

/// One of our wallets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wallet {
    /// Which.
    pub source: WalletSource,
    /// What it held.
    pub balances: Balances,
}

impl Wallet {
    fn read(body: &Value) -> Self {
        let source = match lenient::text(body, "source").unwrap_or_default().to_ascii_lowercase().as_str() {
            "payin" => WalletSource::Payin,
            "iris" => WalletSource::Iris,
            other => WalletSource::Other(other.to_owned()),
        };
        Self { source, balances: Balances::read(body) }
    }
}

/// How our balance changed over a period.
#[derive(Clone, Debug, PartialEq)]
pub struct BalanceMutation {
    /// Such as `IDR`.
    pub currency: Option<String>,
    /// Where it begins, as Midtrans understood us.
    pub start: Option<DateTime<Utc>>,
    /// Where it ends, as Midtrans understood us.
    pub end: Option<DateTime<Utc>>,
    /// All wallets together.
    pub total: Balances,
    /// Each wallet.
    pub wallets: Vec<Wallet>,
    /// The whole answer.
    pub raw: Value,
}

impl BalanceMutation {
    pub(super) fn read(answer: Answer) -> Result<Self, Error> {
        let time = |field| lenient::text(&answer.body, field).as_deref().and_then(lenient::time);
        let total = Balances::read(&answer.body);
        let wallets: Vec<Wallet> = lenient::list(&answer.body, "wallets").iter().map(Wallet::read).collect();
        // An empty balance is told as zero; an answer that tells nothing is none.
        if total == Balances::default() && wallets.is_empty() {
            return Err(answer.unparsable());
        }
        Ok(Self {
            currency: lenient::text(&answer.body, "currency"),
            start: time("start_time"),
            end: time("end_time"),
            total,
            wallets,
            raw: answer.body,
        })
    }

    /// The wallet of this source.
    pub fn wallet(&self, source: &WalletSource) -> Option<&Wallet> {
        self.wallets.iter().find(|wallet| wallet.source == *source)
    }
}
