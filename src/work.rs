//! The worker: does what the outbox asks for and what time brings, in the web process or alone (`warong work`).
use std::{
    convert::Infallible,
    sync::{
        Arc, Weak,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::time::timeout;

use crate::{
    accounts::{outlet, session},
    app::App,
    catalogue::{self, photo},
    check, db,
    error::Result,
    history::{self, seal},
    notifications::mail::{self, Mail},
    once, orders,
    outbox::{self, Lane},
    outlet::{bill, expired, iris, iris_inbox, market, price_rule},
    payments::{
        attempt, charge,
        effect::{self, Job, Told},
        inbox, reconcile, refund,
    },
    wholesale::{self, upkeep},
};
use entity::{outbox as row, photo::Subject};

/// How long the worker rests when nothing woke it.
const PAUSE: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// How many rows a lane takes at once.
const AT_ONCE: u64 = 8;

/// Works until the process ends, in lanes beside each other: a slow provider keeps no mail waiting, and many photos keep
/// nobody from paying.
pub async fn run(app: Arc<App>) {
    tokio::join!(lane(&app, Lane::Money), lane(&app, Lane::Rest), minutes(&app));
}

async fn lane(app: &App, lane: Lane) {
    let mut queued = app.db.work_queued();
    loop {
        match step_of(app, lane).await {
            Ok(0) => {
                timeout(PAUSE, queued.changed()).await.ok();
            }
            Ok(_) => {}
            Err(e) => {
                tracing::error!("the worker stumbled: {e}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn minutes(app: &App) {
    loop {
        if let Err(e) = minute(app).await {
            tracing::error!("the worker's minute went wrong: {e}");
        }
        tokio::time::sleep(MINUTE).await;
    }
}

/// Makes kept pages old when another process changed what they show, and knows where the shop is. Ends with the service.
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
        match outlet::place(&app.db).await {
            Ok(place) if !place.is_empty() && app.brand.set(&place) => app.db.bump_shown(),
            Ok(_) => {}
            Err(e) => tracing::warn!("cannot see where this is: {e}"),
        }
        drop(app);
        tokio::time::sleep(PAUSE).await;
    }
}

/// What time brings: history is sealed, the money matched each night, what expired put aside, and what is over forgotten.
pub async fn minute(app: &App) -> Result<()> {
    seal::seal(&app.db, &app.clock).await?;
    if orders::matching::is_due(&app.db, &app.clock).await? {
        let broken = check::first_broken(&app.db).await?;
        orders::matching::run(&app.db, &app.clock, &app.payments, broken).await?;
    }
    upkeep::tick(&app.db, &app.clock).await?;
    price_rule::each_morning(&app.db, &app.clock).await?;
    expired::put_aside(&app.db, &app.clock).await?;
    market::tick(&app.db, &app.clock).await?;
    let tx = db::begin(&app.db).await?;
    session::sweep(&tx, &app.clock).await?;
    outbox::sweep(&tx, app.clock.now()).await?;
    once::sweep(&tx, app.clock.now()).await?;
    orders::cart::sweep(&tx, app.clock.now()).await?;
    wholesale::quote::expire_due(&tx, &app.clock).await?;
    Ok(tx.commit().await?)
}

/// One round of everything that is due now. Says how many pieces of work were done, well or not.
pub async fn step(app: &App) -> Result<usize> {
    Ok(step_of(app, Lane::Money).await? + step_of(app, Lane::Rest).await?)
}

async fn step_of(app: &App, lane: Lane) -> Result<usize> {
    let expired = match lane {
        Lane::Money => orders::expiry::expire_due(&app.db, &app.clock, &app.payments).await?,
        Lane::Rest => 0,
    };
    let rows = outbox::claim(&app.db, app.clock.now(), lane, AT_ONCE).await?;
    let at = AtomicUsize::new(0);
    tokio::select! {
        done = do_all(app, &rows, &at) => done?,
        never = hold(app, &rows, &at) => match never {},
    }
    let looked = match lane {
        Lane::Money => reconcile::tick(&app.db, &app.clock, &app.payments).await? + payouts(app).await?,
        Lane::Rest => 0,
    };
    Ok(rows.len() + expired + looked)
}

/// Does the claimed rows one after the other; `at` says where it is.
async fn do_all(app: &App, rows: &[row::Model], at: &AtomicUsize) -> Result<()> {
    for (n, row) in rows.iter().enumerate() {
        at.store(n, Ordering::Relaxed);
        // Whoever was not heard of for long may have lost the rest of its rows to another worker.
        if !outbox::is_still_mine(&app.db, row).await? {
            continue;
        }
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
    Ok(())
}

/// Keeps what is not done yet from other workers, as long as this one lives.
async fn hold(app: &App, rows: &[row::Model], at: &AtomicUsize) -> Infallible {
    loop {
        tokio::time::sleep(outbox::BEAT).await;
        let rest = rows.get(at.load(Ordering::Relaxed)..).unwrap_or_default();
        if let Err(e) = outbox::hold(&app.db, app.clock.now(), rest).await {
            tracing::warn!("cannot say that work goes on: {e}");
        }
    }
}

/// One round of payouts that are due, where they may go through Midtrans.
async fn payouts(app: &App) -> Result<usize> {
    match &app.payouts {
        Some(door) => iris::tick(&app.db, &app.clock, door).await,
        None => Ok(0),
    }
}

/// What each kind of work means.
async fn perform(app: &App, row: &row::Model) -> Result<()> {
    match row.kind.as_str() {
        mail::SEND => write_and_send(app, row).await,
        "photo.prepare" => prepare_photo(app, row).await,
        "payment.charge" => charge::make(&app.db, &app.clock, &app.payments, job(row)?).await,
        "payment.refund" => refund::make(&app.db, &app.clock, &app.payments, job(row)?).await,
        "payment.payout" => match &app.payouts {
            Some(door) => iris::push(&app.db, &app.clock, door, job(row)?).await.map(drop),
            None => Err(anyhow::anyhow!("payouts through Midtrans are switched off").into()),
        },
        "payment.payout_inbox" => match &app.payouts {
            Some(door) => iris_inbox::handle(&app.db, &app.clock, door, job(row)?).await,
            None => Err(anyhow::anyhow!("payouts through Midtrans are switched off").into()),
        },
        effect if effect::ALL.contains(&effect) => note_payment(app, row).await,
        other => Err(anyhow::anyhow!("nobody does {other:?}").into()),
    }
}

/// Makes a picture ready; one that proves a transfer brings its order before a person.
async fn prepare_photo(app: &App, row: &row::Model) -> Result<()> {
    let Some(ready) = photo::prepare(&app.db, &app.clock, &app.files, row).await? else { return Ok(()) };
    if ready.subject == Subject::Proof {
        let tx = db::begin(&app.db).await?;
        orders::order::proof_came(&tx, &app.clock, ready.subject_id).await?;
        tx.commit().await?;
    }
    Ok(())
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

/// What became of an attempt, for the record; done in the same transaction as it is ticked off, so that it happens once.
/// What only a person can settle is put before one.
async fn note_payment(app: &App, row: &row::Model) -> Result<()> {
    let told: Told = serde_json::from_value(row.payload.clone())?;
    let verb = row.kind.trim_start_matches("payment.");
    if !matches!(verb, "paid" | "closed") {
        tracing::warn!(subject = told.subject, attempt = told.attempt_id, "a payment was {verb}");
    }
    let tx = db::begin(&app.db).await?;
    if !outbox::take(&tx, row).await? {
        return Ok(());
    }
    let order = orders::order::existing(&tx, &told.subject).await?;
    // Money is taken back only after it came: one subject's news keep their order, whoever works on them.
    let waits = outbox::earlier(&tx, row, &effect::ALL).await?;
    if waits.iter().any(|before| effect::is_about(before, &told.subject)) {
        return Err(anyhow::anyhow!("earlier news of {} come first", told.subject).into());
    }
    if let Some(order_id) = order {
        match verb {
            // Money for an order that is paid or over is owed back: the order decides which it is.
            "paid" | "surplus" => {
                orders::settle::mark_paid(&tx, &app.clock, order_id, &row.unique_key, told.amount, told.method).await?;
            }
            "refunded" => orders::settle::refunded(&tx, &app.clock, order_id, &row.unique_key, &told).await?,
            "refund_denied" => orders::settle::refund_denied(&tx, &app.clock, order_id, told.refunded).await?,
            "reversed" => orders::settle::reversed(&tx, &app.clock, order_id, &row.unique_key, told.amount).await?,
            _ => {}
        }
    }
    if let Some(bill_id) = bill::existing(&tx, &told.subject).await? {
        bill::told(&tx, &app.clock, bill_id, verb, &row.unique_key, &told).await?;
    }
    if verb == "disputed" {
        let reason = format!("the buyer's bank disputes it: {}", told.word.as_deref().unwrap_or("chargeback"));
        inbox::keep_aside(&tx, &app.clock, &attempt::by_id(&tx, told.attempt_id).await?.provider_order_id, &reason)
            .await?;
    }
    let subject = history::Subject("payment_attempt", told.attempt_id);
    history::remember(&tx, &app.clock, None, subject, verb, None, row.payload.clone()).await?;
    outbox::done(&tx, app.clock.now(), row.id).await?;
    Ok(tx.commit().await?)
}
