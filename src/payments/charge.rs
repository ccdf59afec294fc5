//! Makes the charge of an attempt, outside any transaction, under a key that was stored before the call.
use chrono::Duration;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict,
};

use super::{
    Gate,
    apply::{self, Checked},
    attempt::{self, Details, is_live},
    inbox,
    provider::{Charge, Failure, Opened},
    schedule, shown_code,
};
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::Result,
    secret,
};
use entity::{
    Rupiah,
    payment_attempt::{self, Model, State},
    payment_call, payment_transaction,
};

const ENDPOINT: &str = "charge";
/// How long the provider remembers a key.
const KEY_LIVES: Duration = Duration::minutes(5);

/// The job `payment.charge`. Done again after a crash or a lost answer, it makes no second charge.
pub async fn make(db: &Db, clock: &Clock, gate: &Gate, attempt_id: i64) -> Result<()> {
    let row = attempt::by_id(db, attempt_id).await?;
    let call = call_of(db, attempt_id).await?;
    if call.as_ref().is_some_and(|call| call.answered_at.is_some()) {
        return Ok(());
    }
    if !is_live(&row) {
        return called_off(db, clock, gate, &row, call.is_some()).await;
    }
    if call.is_none() && clock.now() >= row.expires_at {
        let tx = db::begin(db).await?;
        attempt::give_up(&tx, clock, attempt_id).await?;
        return Ok(tx.commit().await?);
    }
    let details: Details = serde_json::from_value(row.details.clone())?;
    let call = match call {
        // The key is forgotten by now: whether the first call worked, only the status can say.
        Some(call) if clock.now() - call.sent_at >= KEY_LIVES => {
            if gate.provider.status(&row.provider_order_id).await != Err(Failure::NotFound) {
                return adopt(db, clock, gate, &row).await;
            }
            call
        }
        Some(call) => call,
        None => sending(db, clock, &row).await?,
    };
    match gate.provider.charge(&Charge { attempt: &row, details: &details }, &call.idempotency_key).await {
        Ok(opened) => opened_well(db, clock, gate, &row, &opened).await,
        Err(Failure::Duplicate) => adopt(db, clock, gate, &row).await,
        Err(Failure::Refused(reason)) => {
            tracing::error!(attempt = row.provider_order_id, "the charge was refused: {reason}");
            let tx = db::begin(db).await?;
            answered(&tx, clock, attempt_id, &format!("refused: {reason}")).await?;
            attempt::give_up(&tx, clock, attempt_id).await?;
            Ok(tx.commit().await?)
        }
        Err(failure) => Err(anyhow::anyhow!("the charge of {}: {failure}", row.provider_order_id).into()),
    }
}

async fn call_of(db: &impl ConnectionTrait, attempt_id: i64) -> Result<Option<payment_call::Model>> {
    Ok(payment_call::Entity::find()
        .filter(payment_call::Column::AttemptId.eq(attempt_id))
        .filter(payment_call::Column::Endpoint.eq(ENDPOINT))
        .one(db)
        .await?)
}

/// Stores the key of the call that is about to be made.
async fn sending(db: &Db, clock: &Clock, row: &Model) -> Result<payment_call::Model> {
    let body = serde_json::json!([row.provider_order_id, row.amount, row.method, row.details]);
    let tx = db::begin(db).await?;
    let call = payment_call::ActiveModel {
        idempotency_key: Set(uuid::Uuid::new_v4().to_string()),
        attempt_id: Set(row.id),
        endpoint: Set(ENDPOINT.to_owned()),
        body_hash: Set(secret::sha256(body.to_string().as_bytes())),
        sent_at: Set(clock.now()),
        ..Default::default()
    };
    let call = payment_call::Entity::insert(call).exec_with_returning(&tx).await?;
    tx.commit().await?;
    Ok(call)
}

async fn answered(tx: &Tx, clock: &Clock, attempt_id: i64, answer: &str) -> Result<()> {
    if let Some(call) = call_of(tx, attempt_id).await? {
        let change = payment_call::ActiveModel {
            id: Set(call.id),
            answered_at: Set(Some(clock.now())),
            answer: Set(Some(answer.chars().take(500).collect())),
            ..Default::default()
        };
        payment_call::Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

/// Keeps what the buyer needs to pay. If the attempt was closed while the call was under way, the charge is ended.
async fn opened_well(db: &Db, clock: &Clock, gate: &Gate, row: &Model, opened: &Opened) -> Result<()> {
    shown_code::look(db, clock, row, &opened.show).await?;
    let tx = db::begin(db).await?;
    let all = attempt::lock_subject(&tx, &row.subject).await?;
    let Some(mut now_row) = all.into_iter().find(|other| other.id == row.id) else {
        return Err(anyhow::anyhow!("attempt {} has gone", row.id).into());
    };
    if let Some(transaction_id) = &opened.transaction_id {
        tie(&tx, clock, row, transaction_id).await?;
    }
    apply::fill(&mut now_row, &opened.show);
    if now_row.state == State::Created {
        now_row.state = State::Pending;
    }
    let live = is_live(&now_row);
    if live {
        now_row.next_check_at = schedule::next(&now_row, clock.now());
    }
    let columns = payment_attempt::ActiveModel::from(now_row).reset_all();
    payment_attempt::Entity::update(columns).exec(&tx).await?;
    answered(&tx, clock, row.id, "opened").await?;
    tx.commit().await?;
    match live {
        true => Ok(()),
        false => end_at_provider(db, clock, gate, row).await,
    }
}

/// Says whose a transaction is before anybody asks about it.
async fn tie(tx: &Tx, clock: &Clock, row: &Model, transaction_id: &str) -> Result<()> {
    let kept = payment_transaction::ActiveModel {
        transaction_id: Set(transaction_id.to_owned()),
        attempt_id: Set(row.id),
        status: Set("pending".to_owned()),
        gross: Set(row.amount),
        refunded: Set(Rupiah::ZERO),
        apart: Set(false),
        fetched: Set(serde_json::json!({})),
        updated_at: Set(clock.now()),
        ..Default::default()
    };
    payment_transaction::Entity::insert(kept)
        .on_conflict(OnConflict::column(payment_transaction::Column::TransactionId).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// An earlier call of ours worked, but its answer was lost: what the buyer needs comes from the status. A QR code does
/// not come again; such a charge is ended, so that the buyer can be given a new one.
async fn adopt(db: &Db, clock: &Clock, gate: &Gate, row: &Model) -> Result<()> {
    let checked = apply::check(db, clock, gate, row.id, None).await?;
    if let Checked::Lost(reason) = &checked {
        return Err(anyhow::anyhow!("the status of {}: {reason}", row.provider_order_id).into());
    }
    if let Checked::SetAside(reason) = &checked {
        inbox::set_aside(db, clock, &row.provider_order_id, reason).await?;
    }
    let tx = db::begin(db).await?;
    answered(&tx, clock, row.id, &format!("adopted: {checked:?}")).await?;
    if matches!(checked, Checked::Unknown | Checked::SetAside(_)) {
        attempt::give_up(&tx, clock, row.id).await?;
    }
    tx.commit().await?;
    let row = attempt::by_id(db, row.id).await?;
    let nothing_to_show = row.qr_string.is_none() && row.va_number.is_none() && row.bill_key.is_none();
    if is_live(&row) && nothing_to_show && row.redirect_url.is_none() {
        end_at_provider(db, clock, gate, &row).await?;
    }
    Ok(())
}

/// The attempt was closed before its charge was made. A call that was sent and never answered may have worked.
async fn called_off(db: &Db, clock: &Clock, gate: &Gate, row: &Model, was_sent: bool) -> Result<()> {
    if was_sent {
        end_at_provider(db, clock, gate, row).await?;
        let tx = db::begin(db).await?;
        answered(&tx, clock, row.id, "called off").await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Expires at the provider, then looks: it may just have been paid.
async fn end_at_provider(db: &Db, clock: &Clock, gate: &Gate, row: &Model) -> Result<()> {
    match gate.provider.expire(&row.provider_order_id).await {
        Ok(()) | Err(Failure::TooLate) => match apply::check(db, clock, gate, row.id, None).await? {
            Checked::Lost(reason) => Err(anyhow::anyhow!("the status of {}: {reason}", row.provider_order_id).into()),
            _ => Ok(()),
        },
        Err(Failure::NotFound) => Ok(()),
        Err(failure) => Err(anyhow::anyhow!("ending {}: {failure}", row.provider_order_id).into()),
    }
}
