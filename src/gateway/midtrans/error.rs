//! Every way a call can end badly, told apart by what the caller should do next.
use entity::Rupiah;

/// A request that Midtrans would refuse, caught before it leaves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The lines say one thing, the total another.
    #[error("the lines add up to {sum}, the bill says {gross}")]
    SumDiffers {
        /// What the lines come to.
        sum: Rupiah,
        /// What the bill says.
        gross: Rupiah,
    },
    /// A total of zero or less needs no payment.
    #[error("there is nothing to pay")]
    NothingToPay,
    /// A line with no pieces.
    #[error("every line needs a quantity of at least one")]
    Quantity,
    /// A line without a name.
    #[error("every line needs a name")]
    NamelessItem,
    /// More rupiah than can be counted.
    #[error("an amount is out of range")]
    OutOfRange,
    /// An expiry of zero.
    #[error("a payment must stay open for some time")]
    NoTime,
    /// A refund, capture or payout of zero or less.
    #[error("the amount must be at least one rupiah")]
    NoAmount,
    /// A payout to nobody.
    #[error("a payout needs the name of a person")]
    NamelessPayee,
    /// A period that ends before it begins.
    #[error("the period ends before it begins")]
    Backwards,
}

/// Where on the way a call was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportKind {
    /// Nobody answered the door: the call was certainly not made.
    Connect,
    /// No answer in time: the call may have been made.
    Timeout,
    /// Cut off on the way: the call may have been made.
    Other,
}

/// How a call failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// 400: Midtrans does not understand or accept the request.
    #[error("Midtrans refused the request: {}", messages.join("; "))]
    Validation {
        /// In Midtrans' words.
        messages: Vec<String>,
    },
    /// 401: the key is wrong or for the other environment.
    #[error("Midtrans does not accept our key")]
    Unauthorized,
    /// 402: this way of paying is not switched on for us.
    #[error("this payment method is not active: {message}")]
    NotActive {
        /// In Midtrans' words.
        message: String,
    },
    /// 404: no such transaction. For Snap also: the buyer has not picked a method yet, which is not a failure.
    #[error("Midtrans knows no such transaction")]
    NotFound,
    /// 406: the order id, or the alias of a beneficiary, is taken. After a lost answer this means that the first call
    /// worked: ask for its status.
    #[error("this id is already in use")]
    Duplicate,
    /// Payouts: this idempotency key came before, with another body. What was sent then may have been done.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    /// 412: the transaction is past the point where this may be done; it may just have been paid.
    #[error("the transaction can no longer be changed: {message}")]
    Forbidden {
        /// In Midtrans' words.
        message: String,
    },
    /// 414: amount or funds do not allow the refund.
    #[error("the refund was refused: {message}")]
    RefundRejected {
        /// In Midtrans' words.
        message: String,
    },
    /// 429: too many calls.
    #[error("Midtrans asks us to slow down")]
    RateLimited,
    /// HTTP 202: the same call with the same key is still running. Ask for the status before anything else.
    #[error("the same call is still running")]
    InProgress,
    /// 5xx: broken on their side.
    #[error("Midtrans is out of order ({code}): {message}")]
    Server {
        /// The business code, else the HTTP status.
        code: u16,
        /// In Midtrans' words.
        message: String,
    },
    /// Any other refusal.
    #[error("Midtrans refused ({code}): {message}")]
    Refused {
        /// The business code, else the HTTP status.
        code: u16,
        /// In Midtrans' words.
        message: String,
    },
    /// The call or its answer was lost on the way.
    #[error("Midtrans could not be reached ({kind:?})")]
    Transport {
        /// Where it was lost.
        kind: TransportKind,
        /// What the network said, without the address.
        source: reqwest::Error,
    },
    /// An answer that is no answer.
    #[error("Midtrans answered {http} with something unreadable: {excerpt}")]
    Unparsable {
        /// The HTTP status.
        http: u16,
        /// Its first words.
        excerpt: String,
    },
    /// More than the 16 KB Midtrans takes.
    #[error("the request has {bytes} bytes, Midtrans takes 16384")]
    TooLarge {
        /// How large it was.
        bytes: usize,
    },
}

impl Error {
    /// Whether sending the same call again may help: no connection, no answer in time, 429, 500, 503, 505. Nothing else
    /// is ever sent twice, and these only where a second sending cannot become a second payment.
    pub fn may_retry(&self) -> bool {
        match self {
            Error::RateLimited => true,
            Error::Server { code, .. } => matches!(code, 500 | 503 | 505),
            Error::Transport { kind, .. } => matches!(kind, TransportKind::Connect | TransportKind::Timeout),
            _ => false,
        }
    }

    /// Whether this try never came as far as being judged, so that it tells nothing of the tries before it.
    pub(super) fn says_nothing(&self) -> bool {
        matches!(self, Error::RateLimited | Error::Transport { kind: TransportKind::Connect, .. })
    }

    /// Whether the call may have taken effect although it failed: ask for the status before doing anything else.
    pub fn is_uncertain(&self) -> bool {
        match self {
            Error::Transport { kind, .. } => *kind != TransportKind::Connect,
            Error::Duplicate
            | Error::KeyReused
            | Error::InProgress
            | Error::Server { .. }
            | Error::Unparsable { .. } => true,
            _ => false,
        }
    }
}

impl From<reqwest::Error> for Error {
    fn from(source: reqwest::Error) -> Self {
        let kind = match &source {
            e if e.is_connect() => TransportKind::Connect,
            e if e.is_timeout() => TransportKind::Timeout,
            _ => TransportKind::Other,
        };
        Error::Transport { kind, source: source.without_url() }
    }
}
