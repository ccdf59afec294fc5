//! From an answer of the provider to a change of state: asked for outside any transaction, judged inside one.
use chrono::{DateTime, Utc};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, QuerySelect, sea_query::OnConflict};

use super::{
    Gate, apart, attempt,
    effect::{self, Effect},
    provider::{Failure, Instructions, Sen, Verified},
    refund, schedule, shown_code,
    status::{self, Act, Seen},
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::Result,
};
use entity::{
    Rupiah,
    payment_attempt::{ActiveModel, Entity, Model, State},
    payment_transaction,
};

/// How often an answer that was overtaken by a newer one is asked for anew.
const OVERTAKEN: usize = 3;
/// How long to wait before an answer that does not fit is asked for again.
const DOUBT: chrono::Duration = chrono::Duration::seconds(2);

/// What a look at the provider came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Checked {
    /// The attempt now stands so.
    Stands(State),
    /// The answer did not fit; it will be asked for again in a moment.
    Doubtful,
    /// A newer answer had been applied already.
    Overtaken,
    /// The provider knows nothing of it: not chosen yet, or never sent.
    Unknown,
    /// No answer.
    Lost(String),
    /// A person must look, and nothing was changed.
    SetAside(String),
}

/// Asks the provider about an attempt and applies the answer. `transaction_id` as a notice named it, if one did.
pub async fn check(
    db: &Db,
    clock: &Clock,
    gate: &Gate,
    attempt_id: i64,
    transaction_id: Option<&str>,
) -> Result<Checked> {
    let mut checked = Checked::Overtaken;
    for _ in 0..OVERTAKEN {
        let (row, ticket) = ticket(db, attempt_id).await?;
        let verified = match fetch(db, gate, &row, transaction_id).await? {
            Ok(verified) => verified,
            Err(Failure::NotFound) => return Ok(Checked::Unknown),
            Err(failure) => return Ok(Checked::Lost(failure.to_string())),
        };
        shown_code::look(db, clock, &row, &verified.show).await?;
        let tx = db::begin(db).await?;
        checked = apply(&tx, clock, gate, attempt_id, ticket, &verified).await?;
        tx.commit().await?;
        if checked != Checked::Overtaken {
            break;
        }
    }
    Ok(checked)
}

/// A number for one look, taken before it, so that answers can be told older from newer.
pub async fn ticket(db: &Db, attempt_id: i64) -> Result<(Model, i64)> {
    let tx = db::begin(db).await?;
    let row = Entity::find_by_id(attempt_id).lock_exclusive().one(&tx).await?;
    let mut row = row.ok_or_else(|| anyhow::anyhow!("there is no payment attempt {attempt_id}"))?;
    row.fetch_seq += 1;
    let change = ActiveModel { id: Set(row.id), fetch_seq: Set(row.fetch_seq), ..Default::default() };
    Entity::update(change).exec(&tx).await?;
    tx.commit().await?;
    let ticket = row.fetch_seq;
    Ok((row, ticket))
}

/// Get Status. Where the answer carries the transaction id in place of ours, it is about this attempt only if asking by
/// our own order id leads to the same transaction: the id in a notice is not covered by its signature.
async fn fetch(
    db: &Db,
    gate: &Gate,
    row: &Model,
    transaction_id: Option<&str>,
) -> Result<std::result::Result<Verified, Failure>> {
    let id = match transaction_id {
        Some(id) => id.to_owned(),
        None => attempt::asked_by(db, row).await?,
    };
    let mut verified = match gate.provider.status(&id).await {
        Ok(verified) => verified,
        Err(failure) => return Ok(Err(failure)),
    };
    let nameless = verified.order_id.as_deref() == Some(verified.transaction_id.as_str());
    if nameless && attempt::tied(db, &verified.transaction_id).await?.is_none() {
        match gate.provider.status(&row.provider_order_id).await {
            Ok(same) if same.transaction_id == verified.transaction_id => {
                verified.order_id = Some(row.provider_order_id.clone());
            }
            Ok(_) => {}
            Err(failure) => return Ok(Err(failure)),
        }
    }
    Ok(Ok(verified))
}

/// Applies an answer that was asked for with `ticket`, with all attempts of the subject locked.
pub async fn apply(
    tx: &Tx,
    clock: &Clock,
    gate: &Gate,
    attempt_id: i64,
    ticket: i64,
    verified: &Verified,
) -> Result<Checked> {
    let subject = attempt::by_id(tx, attempt_id).await?.subject;
    let all = attempt::lock_subject(tx, &subject).await?;
    let Some(row) = all.iter().find(|row| row.id == attempt_id) else {
        return Err(anyhow::anyhow!("attempt {attempt_id} has gone").into());
    };
    let tied = attempt::tied(tx, &verified.transaction_id).await?;
    if let Some(tied) = tied.as_ref().filter(|tied| tied.apart && tied.attempt_id == row.id) {
        return apart::heard(tx, clock, row, tied, verified).await;
    }
    if let Some(reason) = complaint(gate, row, tied.as_ref(), verified) {
        return Ok(Checked::SetAside(reason));
    }
    if ticket < row.applied_seq {
        return Ok(Checked::Overtaken);
    }
    keep_transaction(tx, clock.now(), row, verified).await?;
    let paid_elsewhere = all.iter().any(|other| other.id != row.id && attempt::has_paid(other));
    act(tx, clock.now(), row, ticket, verified, paid_elsewhere).await
}

/// Why an answer is not about this attempt, or not about its amount.
fn complaint(
    gate: &Gate,
    row: &Model,
    tied: Option<&payment_transaction::Model>,
    verified: &Verified,
) -> Option<String> {
    let is_tied = tied.is_some_and(|tied| tied.attempt_id == row.id);
    let is_ours = verified.order_id.as_deref() == Some(row.provider_order_id.as_str());
    if tied.is_some() && !is_tied {
        return Some(format!("transaction {} belongs to another attempt", verified.transaction_id));
    }
    if !is_tied && !is_ours {
        return Some(format!("transaction {} is about another order", verified.transaction_id));
    }
    if verified.currency.as_deref().is_some_and(|currency| currency != "IDR") {
        return Some("the currency is not IDR".into());
    }
    if let (Some(theirs), Some(ours)) = (&verified.merchant_id, &gate.merchant_id)
        && theirs != ours
    {
        return Some("the money is another merchant's".into());
    }
    if !amount_agrees(row.amount, verified) {
        let told =
            verified.amount.map_or("nothing readable".into(), |sen| format!("{}.{:02}", sen.0 / 100, sen.0 % 100));
        return Some(format!("the amount is {told}, the bill says {}", row.amount));
    }
    None
}

/// The amounts are the same, or a fee laid on the buyer explains the difference to the last rupiah.
fn amount_agrees(ours: Rupiah, verified: &Verified) -> bool {
    let (Some(ours), Some(gross)) = (Sen::of(ours), verified.amount) else { return false };
    let explained = |fee: super::provider::Fee| {
        fee.fee.0 > 0 && fee.original == ours && gross.0.checked_sub(fee.original.0) == Some(fee.fee.0)
    };
    gross == ours || verified.fee.is_some_and(explained)
}

/// Writes down what was fetched, and so ties the transaction to its attempt.
pub(super) async fn keep_transaction(tx: &Tx, now: DateTime<Utc>, row: &Model, verified: &Verified) -> Result<()> {
    use payment_transaction::Column;
    let kept = payment_transaction::ActiveModel {
        transaction_id: Set(verified.transaction_id.clone()),
        attempt_id: Set(row.id),
        status: Set(verified.word.clone()),
        fraud: Set(verified.fraud.clone()),
        gross: Set(Rupiah(verified.amount.map_or(0, |sen| sen.0 / 100))),
        refunded: Set(verified.refunded),
        apart: Set(false),
        issuer: Set(verified.issuer.clone()),
        acquirer: Set(verified.acquirer.clone()),
        settled_at: Set(verified.settled_at),
        fetched: Set(verified.raw.clone()),
        updated_at: Set(now),
        ..Default::default()
    };
    let news = [
        Column::Status,
        Column::Fraud,
        Column::Gross,
        Column::Refunded,
        Column::Issuer,
        Column::Acquirer,
        Column::SettledAt,
        Column::Fetched,
        Column::UpdatedAt,
    ];
    payment_transaction::Entity::insert(kept)
        .on_conflict(OnConflict::column(Column::TransactionId).update_columns(news).to_owned())
        .exec_without_returning(tx)
        .await?;
    refund::are_told(tx, now, row.id, &verified.refunds).await
}

/// The table, then what follows from it.
async fn act(
    tx: &Tx,
    now: DateTime<Utc>,
    row: &Model,
    ticket: i64,
    verified: &Verified,
    paid_elsewhere: bool,
) -> Result<Checked> {
    let id = Some(verified.transaction_id.as_str());
    let of_another = row.paid_by.as_deref().is_some_and(|paid_by| Some(paid_by) != id);
    let (act, of_second) = match of_another {
        true => judge_second(tx, row, verified).await?,
        false => (status::judge(row.state, verified.seen, row.doubts > 0), Vec::new()),
    };
    let mut next = row.clone();
    next.applied_seq = ticket;
    next.state = status::after(row.state, act);
    next.doubts = i64::from(act == Act::LookAgain);
    let effect = |name| Effect { name, transaction_id: id, ..Effect::default() };
    let refund = Effect { refunded: verified.refunded, ..effect("refunded") };
    let dispute = Effect { word: Some(&verified.word), ..effect("disputed") };
    let paid = |late| Effect { late, ..effect(if paid_elsewhere { "surplus" } else { "paid" }) };
    let mut effects = of_second;
    match act {
        _ if of_another => {}
        Act::Pay { late } => effects.push(paid(late)),
        Act::Refund { unbooked: true } => effects.extend([paid(row.state == State::Closed), refund]),
        Act::Refund { unbooked: false } => effects.push(refund),
        Act::Dispute { unbooked: true } => effects.extend([paid(row.state == State::Closed), dispute]),
        Act::Dispute { unbooked: false } | Act::Record => effects.push(dispute),
        Act::Close => effects.push(effect("closed")),
        Act::Reverse => effects.push(effect("reversed")),
        Act::Ignore | Act::Wait | Act::LookAgain | Act::SetAside => {}
    }
    for effect in effects {
        effect::tell(tx, now, row, effect).await?;
    }
    if verified.seen.saw_money() && !matches!(act, Act::Ignore | Act::LookAgain | Act::SetAside) {
        next.paid_by = id.map(str::to_owned);
        next.paid_at = next.paid_at.or(verified.settled_at).or(Some(now));
    }
    if act == Act::Reverse {
        next.reversals += 1;
    }
    save(tx, now, row, next, act, &verified.show).await?;
    Ok(match act {
        Act::LookAgain => Checked::Doubtful,
        Act::SetAside => Checked::SetAside(format!("{:?} while {:?} fits nowhere", verified.seen, row.state)),
        _ => Checked::Stands(status::after(row.state, act)),
    })
}

/// Another transaction under the same order id than the one the money came by: it cannot undo what that one did. After
/// a reversal it may pay anew; otherwise its money is surplus, and leaves again by itself.
async fn judge_second<'a>(tx: &Tx, row: &Model, verified: &'a Verified) -> Result<(Act, Vec<Effect<'a>>)> {
    let id = &verified.transaction_id;
    let effect = |name| Effect { name, transaction_id: Some(id), ..Effect::default() };
    let refund = Effect { refunded: verified.refunded, ..effect("refunded") };
    let dispute = Effect { word: Some(&verified.word), ..effect("disputed") };
    let came = effect::told(tx, row.id, "paid", id).await? + effect::told(tx, row.id, "surplus", id).await?;
    let left = effect::told(tx, row.id, "reversed", id).await?;
    let in_hand = came > left;
    let is_partly_back = effect::told(tx, row.id, "refunded", id).await? > 0;
    let surplus = Some(effect("surplus")).filter(|_| !in_hand).into_iter();
    Ok(match (row.state, verified.seen) {
        (_, Seen::Unknown) => (Act::SetAside, Vec::new()),
        (State::Reversed, Seen::Paid) if in_hand => (Act::Pay { late: true }, Vec::new()),
        (State::Reversed, Seen::Paid) => (Act::Pay { late: true }, vec![Effect { late: true, ..effect("paid") }]),
        // Taken back and here again: too odd to book by itself.
        (_, seen) if seen.saw_money() && !in_hand && left > 0 => (Act::SetAside, Vec::new()),
        (_, Seen::Paid) => (Act::Ignore, surplus.collect()),
        (_, Seen::Refunded | Seen::PartlyRefunded) => (Act::Ignore, surplus.chain([refund]).collect()),
        (_, Seen::ChargedBack | Seen::PartlyChargedBack) => (Act::Ignore, surplus.chain([dispute]).collect()),
        (_, Seen::Denied) if in_hand && is_partly_back => (Act::SetAside, Vec::new()),
        (_, Seen::Denied) if in_hand => (Act::Ignore, vec![effect("reversed")]),
        _ => (Act::Ignore, Vec::new()),
    })
}

async fn save(tx: &Tx, now: DateTime<Utc>, row: &Model, mut next: Model, act: Act, show: &Instructions) -> Result<()> {
    fill(&mut next, show);
    next.next_check_at = match act {
        Act::LookAgain => Some(now + DOUBT),
        _ => schedule::next(&next, now),
    };
    if next != *row {
        let columns = ActiveModel::from(next).reset_all();
        Entity::update(columns).exec(tx).await?;
    }
    Ok(())
}

/// Keeps what the buyer needs to pay; an answer that leaves something out takes nothing away.
pub(super) fn fill(row: &mut Model, show: &Instructions) {
    let show = show.clone();
    row.token = show.token.or(row.token.take());
    row.redirect_url = show.redirect_url.or(row.redirect_url.take());
    row.qr_string = shown_code::sound(row.amount, show.qr_string).or(row.qr_string.take());
    row.va_number = show.va_number.or(row.va_number.take());
    row.bill_key = show.bill_key.or(row.bill_key.take());
    row.biller_code = show.biller_code.or(row.biller_code.take());
}
