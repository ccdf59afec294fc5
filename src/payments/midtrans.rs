//! Midtrans as our provider.
use chrono::{DateTime, Duration, Utc};
use serde_json::Value;

use super::{
    provider::{
        Charge, Failure, Fee, GiveBack, Given, Instructions, Notice, Opened, Provider, Returned, Sen, Verified,
    },
    status::Seen,
};
use crate::gateway::midtrans::{
    BalancePeriod, Bank, BuildError, CallOptions, ChargeRequest, Client, Customer, Error, Expiry, ExpiryUnit,
    FraudStatus, IdempotencyKey, Item, Method, Notification, ProviderOrderId, Purchase, QrisAcquirer, RefundKey,
    RefundOutcome, RefundRequest, ServerKey, Status, TransactionId, TransactionStatus, WalletSource,
};
use entity::{Rupiah, order};

/// Calls Midtrans, or the stand-in in its place.
pub struct Midtrans {
    client: Client,
    public_url: String,
    keys: Vec<ServerKey>,
}

impl Midtrans {
    /// `public_url` is where a wallet's app finds the page it sends the buyer back to. Notices may be signed with any of
    /// the keys; more than one while a key is being replaced.
    pub fn new(client: Client, public_url: &str, keys: Vec<ServerKey>) -> Midtrans {
        Midtrans { client, public_url: public_url.to_owned(), keys }
    }
}

#[async_trait::async_trait]
impl Provider for Midtrans {
    async fn charge(&self, charge: &Charge<'_>, key: &str) -> Result<Opened, Failure> {
        let request = request(charge, &self.public_url)?;
        let key = IdempotencyKey::parse(key).map_err(|e| Failure::Refused(e.to_string()))?;
        let status = self.client.charge(&request, &CallOptions::keyed(key)).await.map_err(failure)?;
        Ok(Opened {
            transaction_id: status.transaction_id.as_ref().map(|id| id.as_str().to_owned()),
            show: instructions(&status),
        })
    }

    async fn status(&self, id: &str) -> Result<Verified, Failure> {
        verified(self.client.status(&reference(id)?).await.map_err(failure)?)
    }

    async fn cancel(&self, id: &str) -> Result<(), Failure> {
        self.client.cancel(&reference(id)?).await.map(drop).map_err(failure)
    }

    async fn refund(&self, wish: &GiveBack<'_>) -> Result<Given, Failure> {
        let key = RefundKey::parse(wish.key).map_err(|e| Failure::Refused(e.to_string()))?;
        let request = RefundRequest::new(key, wish.amount).map_err(refused)?.reason(wish.reason);
        match self.client.refund(&reference(wish.id)?, &request).await.map_err(failure)? {
            RefundOutcome::Accepted(_) => Ok(Given::Accepted),
            RefundOutcome::DuplicateKey => Ok(Given::Known),
            RefundOutcome::Denied { message }
            | RefundOutcome::NotAllowed { message }
            | RefundOutcome::AmountOrFunds { message } => Ok(Given::Denied(message)),
        }
    }

    async fn expire(&self, id: &str) -> Result<(), Failure> {
        self.client.expire(&reference(id)?).await.map(drop).map_err(failure)
    }

    async fn held(&self, at: DateTime<Utc>) -> Result<Option<Sen>, Failure> {
        let period = BalancePeriod::new(at - Duration::minutes(1), at).map_err(refused)?;
        let mutation = self.client.balance_mutation(&period).await.map_err(failure)?;
        let payin = mutation.wallet(&WalletSource::Payin).map_or(mutation.total, |wallet| wallet.balances);
        Ok(payin.overall.closing.or(payin.effective.closing).map(|sen| Sen(sen.0)))
    }

    fn read(&self, bytes: &[u8]) -> Option<Notice> {
        notice(bytes)
    }

    fn is_signed(&self, _headers: &Value, bytes: &[u8]) -> bool {
        is_signed(&self.keys, bytes)
    }
}

/// Reads a notice of Midtrans, whoever signed it.
pub fn notice(bytes: &[u8]) -> Option<Notice> {
    let read = Notification::parse(bytes).ok()?;
    let claim = read.claim;
    let word = claim.transaction_status.as_str();
    let fits = code_fits(&read.status_code, seen(&claim));
    Some(Notice {
        oddity: (!fits).then(|| format!("code {} does not go with {word:?}: tampered?", read.status_code)),
        order_id: read.order_id,
        transaction_id: claim.transaction_id.map(|id| id.as_str().to_owned()),
        currency: claim.currency,
        merchant_id: claim.merchant_id,
    })
}

/// Whether one of the keys signed it.
pub fn is_signed(keys: &[ServerKey], bytes: &[u8]) -> bool {
    Notification::parse(bytes).is_ok_and(|read| read.verify(keys))
}

/// Whether a notice's code and word go together. A captured notice with another word in it shows here first.
fn code_fits(code: &str, seen: Seen) -> bool {
    use Seen::*;
    match seen {
        Pending => matches!(code, "200" | "201"),
        Paid | Refunded | PartlyRefunded => code == "200",
        Cancelled | Expired | Denied | Failed => matches!(code, "200" | "202" | "407"),
        // Nobody has written down which code these come with.
        ChargedBack | PartlyChargedBack | Unknown => true,
    }
}

/// Both kinds of id stand in the same place of the address and have the same letters.
fn reference(id: &str) -> Result<TransactionId, Failure> {
    TransactionId::parse(id).map_err(|e| Failure::Refused(e.to_string()))
}

fn request(charge: &Charge<'_>, public_url: &str) -> Result<ChargeRequest, Failure> {
    let attempt = charge.attempt;
    let details = charge.details;
    let order_id = ProviderOrderId::parse(&attempt.provider_order_id).map_err(|e| Failure::Refused(e.to_string()))?;
    let lines = details
        .lines
        .iter()
        .map(|line| {
            let item = Item::new(&line.id, &line.name, line.price, line.quantity);
            line.maker.as_deref().map_or_else(|| item.clone(), |maker| item.clone().made_by(maker))
        })
        .collect();
    let bill = Purchase::new(order_id, attempt.amount, lines).map_err(refused)?;
    let mut customer = Customer::named(&details.name).phone(&details.phone);
    if let Some(email) = &details.email {
        customer = customer.email(email);
    }
    let return_to = format!("{public_url}{}", details.return_url);
    let seconds = (attempt.expires_at - attempt.created_at).num_seconds();
    // Counted from when the provider hears of it: its clock and ours may differ.
    let expiry = Expiry { duration: u32::try_from(seconds).unwrap_or(0), unit: ExpiryUnit::Second, start: None };
    ChargeRequest::new(bill, method(attempt.method, &return_to)?).customer(customer).expiry(expiry).map_err(refused)
}

fn method(method: order::Method, return_url: &str) -> Result<Method, Failure> {
    let account = |bank| Method::VirtualAccount { bank, va_number: None };
    Ok(match method {
        order::Method::Qris => Method::Qris(QrisAcquirer::default()),
        order::Method::BriVa => account(Bank::Bri),
        order::Method::BniVa => account(Bank::Bni),
        order::Method::BcaVa => account(Bank::Bca),
        order::Method::PermataVa => account(Bank::Permata),
        order::Method::MandiriBill => Method::MandiriBill { info1: "Belanja:".into(), info2: "Warong UEP".into() },
        order::Method::Gopay => Method::Gopay { callback_url: Some(return_url.to_owned()) },
        order::Method::Shopeepay => Method::Shopeepay { callback_url: return_url.to_owned() },
        order::Method::Transfer | order::Method::Cod | order::Method::PayAtPickup => {
            return Err(Failure::Refused("this method does not go through the provider".into()));
        }
    })
}

fn refused(e: BuildError) -> Failure {
    Failure::Refused(e.to_string())
}

fn failure(e: Error) -> Failure {
    match e {
        Error::NotFound => Failure::NotFound,
        Error::Duplicate => Failure::Duplicate,
        Error::Forbidden { .. } => Failure::TooLate,
        Error::Validation { .. } | Error::NotActive { .. } | Error::Refused { .. } | Error::TooLarge { .. } => {
            Failure::Refused(e.to_string())
        }
        // A wrong key is our fault and will be put right: nothing is decided by it.
        _ => Failure::Lost(e.to_string()),
    }
}

fn instructions(status: &Status) -> Instructions {
    Instructions {
        token: None,
        redirect_url: status.action("deeplink-redirect").map(str::to_owned),
        qr_string: status.qr_string.clone(),
        va_number: status.va_number().map(str::to_owned),
        bill_key: status.bill_key.clone(),
        biller_code: status.biller_code.clone(),
    }
}

/// Reads an answer of Get Status, or the claim of a notice, in our words.
pub fn verified(status: Status) -> Result<Verified, Failure> {
    let Some(transaction_id) = &status.transaction_id else {
        return Err(Failure::Lost("an answer without a transaction id".into()));
    };
    Ok(Verified {
        transaction_id: transaction_id.as_str().to_owned(),
        order_id: status.order_id.clone(),
        seen: seen(&status),
        word: status.transaction_status.as_str().to_owned(),
        fraud: status.fraud_status.as_ref().map(|fraud| fraud.as_str().to_owned()),
        amount: status.gross_amount.as_deref().and_then(Sen::parse),
        fee: fee(&status.metadata),
        currency: status.currency.clone(),
        merchant_id: status.merchant_id.clone(),
        issuer: status.issuer.clone(),
        acquirer: status.acquirer.clone(),
        settled_at: status.settlement_time,
        refunded: refunded(&status),
        refunds: status
            .refunds
            .iter()
            .map(|refund| Returned {
                key: refund.refund_key.clone(),
                amount: refund.amount.unwrap_or_default(),
                confirmed: refund.bank_confirmed_at.is_some(),
            })
            .collect(),
        show: instructions(&status),
        raw: status.raw,
    })
}

/// How much went back in all: what the list of refunds comes to, or the sum beside it where that tells more. A whole
/// refund without any figure is the whole.
fn refunded(status: &Status) -> Rupiah {
    let listed = status.refunds.iter().filter_map(|refund| refund.amount).fold(Rupiah::ZERO, |sum, part| sum + part);
    match seen(status) {
        Seen::Refunded | Seen::PartlyRefunded => {}
        _ => return listed,
    }
    match std::cmp::max(listed, status.refund_amount.unwrap_or_default()) {
        Rupiah::ZERO if seen(status) == Seen::Refunded => status.gross.unwrap_or_default(),
        told => told,
    }
}

/// The word and the fraud check, read together.
pub fn seen(status: &Status) -> Seen {
    match (&status.transaction_status, &status.fraud_status) {
        (TransactionStatus::Pending | TransactionStatus::Authorize, _) => Seen::Pending,
        (TransactionStatus::Capture, None | Some(FraudStatus::Accept)) => Seen::Paid,
        (TransactionStatus::Capture, Some(FraudStatus::Challenge)) => Seen::Pending,
        (TransactionStatus::Capture, Some(FraudStatus::Deny)) => Seen::Denied,
        (TransactionStatus::Capture, Some(FraudStatus::Other(_))) => Seen::Unknown,
        (TransactionStatus::Settlement, None | Some(FraudStatus::Accept)) => Seen::Paid,
        (TransactionStatus::Settlement, Some(_)) => Seen::Unknown,
        (TransactionStatus::Deny, _) => Seen::Denied,
        (TransactionStatus::Cancel, _) => Seen::Cancelled,
        (TransactionStatus::Expire, _) => Seen::Expired,
        (TransactionStatus::Failure, _) => Seen::Failed,
        (TransactionStatus::Refund, _) => Seen::Refunded,
        (TransactionStatus::PartialRefund, _) => Seen::PartlyRefunded,
        (TransactionStatus::Chargeback, _) => Seen::ChargedBack,
        (TransactionStatus::PartialChargeback, _) => Seen::PartlyChargedBack,
        (TransactionStatus::Other(_), _) => Seen::Unknown,
    }
}

fn fee(metadata: &Value) -> Option<Fee> {
    let info = metadata.get("extra_info")?.get("gross_amount_info")?;
    let amount = |name: &str| match info.get(name)? {
        Value::String(text) => Sen::parse(text),
        Value::Number(number) => Sen::parse(&number.to_string()),
        _ => None,
    };
    Some(Fee { original: amount("original_amount")?, fee: amount("customer_imposed_payment_fee")? })
}

#[cfg(test)]
mod tests {
    use super::{Seen, code_fits};

    #[test]
    fn a_code_that_does_not_go_with_its_word_shows() {
        assert!(code_fits("200", Seen::Paid));
        assert!(!code_fits("201", Seen::Paid));
        assert!(!code_fits("202", Seen::Paid));
        assert!(!code_fits("202", Seen::Pending));
        assert!(code_fits("202", Seen::Expired));
        assert!(!code_fits("201", Seen::Denied));
    }
}
