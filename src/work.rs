//! The worker: does what the outbox asks for and what time brings, in the web process or alone (`warong work`).
use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use tokio::time::timeout;

use crate::{
    accounts::session,
    app::App,
    catalogue::{self, photo},
    db,
    error::Result,
    history::{self, seal},
    notifications::mail::{self, Mail},
    orders, outbox,
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
    let mut minute_due = app.clock.now();
    loop {
        if app.clock.now() >= minute_due {
            minute_due = app.clock.now() + chrono::Duration::minutes(1);
            if let Err(e) = minute(&app).await {
                tracing::error!("the worker's minute went wrong: {e}");
            }
        }
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

/// Makes kept pages old when another process changed what they show. Ends with the service.
pub async fn watch(app: Weak<App>) {
    let mut last = None;
    while let Some(app) = app.upgrade() {
        match catalogue::watch::signature(&app.db).await {
            Ok(now) => {
                if last.as_ref().is_some_and(|last| *last != now) {
                    app.db.bump_shown();
                }
                last = Some(now);
            }
            Err(e) => tracing::warn!("cannot see what others change: {e}"),
        }
        drop(app);
        tokio::time::sleep(PAUSE).await;
    }
}

/// What time brings: history is sealed and sessions that are over are forgotten.
pub async fn minute(app: &App) -> Result<()> {
    seal::seal(&app.db, &app.clock).await?;
    let tx = db::begin(&app.db).await?;
    session::sweep(&tx, &app.clock).await?;
    Ok(tx.commit().await?)
}

/// One round: what is due now. Says how many pieces of work were done, well or not.
pub async fn step(app: &App) -> Result<usize> {
    let expired = orders::expiry::expire_due(&app.db, &app.clock, &app.payments).await?;
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
    Ok(rows.len() + expired + looked)
}

/// What each kind of work means.
async fn perform(app: &App, row: &row::Model) -> Result<()> {
    match row.kind.as_str() {
        mail::SEND => write_and_send(app, row).await,
        "photo.prepare" => photo::prepare(&app.db, &app.clock, &app.files, row).await,
        "payment.charge" => charge::make(&app.db, &app.clock, &app.payments, job(row)?).await,
        "payment.inbox" => inbox::handle(&app.db, &app.clock, &app.payments, job(row)?).await,
        "payment.paid" | "payment.closed" | "payment.reversed" | "payment.refunded" | "payment.disputed"
        | "payment.surplus" => note_payment(app, row).await,
        other => Err(anyhow::anyhow!("nobody does {other:?}").into()),
    }
}

/// Writes a mail from what it is about as that is now, and sends it.
async fn write_and_send(app: &App, row: &row::Model) -> Result<()> {
    let asked: Mail = serde_json::from_value(row.payload.clone())?;
    let letter = orders::notify::letter(&app.db, app.templates.words(), &app.config.public_url, &asked).await?;
    mail::send(&app.post, &app.config.mail_from, row, &letter).await
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
    if let Some(order_id) = orders::order::existing(&tx, &told.subject).await? {
        match verb {
            // Money for an order that is paid or over is owed back: the order decides which it is.
            "paid" | "surplus" => {
                orders::settle::mark_paid(&tx, &app.clock, order_id, &row.unique_key, told.amount).await?;
            }
            "reversed" => orders::settle::reversed(&tx, &app.clock, order_id, &row.unique_key, told.amount).await?,
            _ => {}
        }
    }
    let subject = history::Subject("payment_attempt", told.attempt_id);
    history::remember(&tx, &app.clock, None, subject, verb, None, row.payload.clone()).await?;
    Ok(tx.commit().await?)
}
