//! The worker: does what the outbox asks for and what time brings, in the web process or alone (`warong work`).
use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use crate::{
    app::App,
    db,
    error::Result,
    history, outbox,
    payments::{
        charge,
        effect::{Job, Told},
        inbox, reconcile,
    },
};
use entity::outbox as row;

/// How long the worker rests when nothing woke it.
const PAUSE: Duration = Duration::from_secs(1);

/// Works until the process ends.
pub async fn run(app: Arc<App>) {
    loop {
        match step(&app).await {
            Ok(0) => {
                timeout(PAUSE, app.db.work_queued()).await.ok();
            }
            Ok(_) => {}
            Err(e) => {
                tracing::error!("the worker stumbled: {e}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// One round: what is due now. Says how many pieces of work were done, well or not.
pub async fn step(app: &App) -> Result<usize> {
    let rows = outbox::claim(&app.db, app.clock.now(), 16).await?;
    for row in &rows {
        let outcome = perform(app, row).await;
        let tx = db::begin(&app.db).await?;
        match outcome {
            Ok(()) => outbox::done(&tx, app.clock.now(), row.id).await?,
            Err(e) => {
                tracing::warn!(kind = %row.kind, id = row.id, "will be tried again: {e}");
                outbox::failed(&tx, app.clock.now(), row, &e.to_string()).await?;
            }
        }
        tx.commit().await?;
    }
    let looked = reconcile::tick(&app.db, &app.clock, &app.payments).await?;
    Ok(rows.len() + looked)
}

/// What each kind of work means.
async fn perform(app: &App, row: &row::Model) -> Result<()> {
    match row.kind.as_str() {
        "payment.charge" => charge::make(&app.db, &app.clock, &app.payments, job(row)?).await,
        "payment.inbox" => inbox::handle(&app.db, &app.clock, &app.payments, job(row)?).await,
        "payment.paid" | "payment.closed" | "payment.reversed" | "payment.refunded" | "payment.disputed"
        | "payment.surplus" => note_payment(app, row).await,
        other => Err(anyhow::anyhow!("nobody does {other:?}").into()),
    }
}

fn job(row: &row::Model) -> Result<i64> {
    Ok(serde_json::from_value::<Job>(row.payload.clone())?.id)
}

/// What became of an attempt, for the record. What only a person can settle is also said in the log.
async fn note_payment(app: &App, row: &row::Model) -> Result<()> {
    let told: Told = serde_json::from_value(row.payload.clone())?;
    let verb = row.kind.trim_start_matches("payment.");
    if !matches!(verb, "paid" | "closed") {
        tracing::warn!(subject = told.subject, attempt = told.attempt_id, "a payment was {verb}");
    }
    let tx = db::begin(&app.db).await?;
    let subject = history::Subject("payment_attempt", told.attempt_id);
    history::remember(&tx, &app.clock, None, subject, verb, None, row.payload.clone()).await?;
    Ok(tx.commit().await?)
}
