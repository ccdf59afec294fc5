//! Ends what runs out of time, and carries notifications to the shop.
use std::{sync::Arc, time::Duration};

use reqwest::{StatusCode, header, redirect};
use tokio::{task::JoinSet, time::sleep};

use super::{event::Delivery, state::Sandbox};

/// How long changes gather before they are told.
const GATHER: Duration = Duration::from_millis(50);
/// How often the clock is looked at when nothing happens.
const TICK: Duration = Duration::from_secs(1);
/// How long the shop may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
const MAX_REDIRECTS: usize = 5;

impl Sandbox {
    /// Works until it is dropped. Spawn it once beside the server.
    pub async fn run(self: Arc<Self>) {
        let mut under_way = JoinSet::new();
        loop {
            tokio::select! {
                () = self.changed.notified() => sleep(GATHER).await,
                Some(_) = under_way.join_next() => {}
                () = sleep(TICK) => {}
            }
            self.send_due(&mut under_way).await;
        }
    }

    /// Does now what `run` would do by and by: ends what is over, delivers what is due, and waits for the answers.
    pub async fn tick(self: &Arc<Self>) {
        let mut under_way = JoinSet::new();
        loop {
            self.send_due(&mut under_way).await;
            if under_way.join_next().await.is_none() {
                return;
            }
        }
    }

    /// What a notification tells is in the file already, so that a crash cannot make it untrue.
    async fn send_due(self: &Arc<Self>, under_way: &mut JoinSet<()>) {
        let due = self.with(|desk| desk.book.outbox.take_due(desk.now));
        let sandbox = self.clone();
        match tokio::task::spawn_blocking(move || sandbox.save_if_long()).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the Midtrans stand-in cannot write its file"),
            Err(error) => tracing::error!(%error, "the Midtrans stand-in stopped while writing"),
        }
        for delivery in due {
            under_way.spawn(self.clone().deliver(delivery));
        }
    }

    async fn deliver(self: Arc<Self>, delivery: Delivery) {
        let mut request = self
            .http
            .post(&delivery.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json");
        if let Some(signature) = &delivery.iris_signature {
            request = request.header("Iris-Signature", signature);
        }
        let sent = request.body(delivery.body).send().await;
        let answer = sent.ok().map(|response| response.status().as_u16());
        tracing::debug!(transaction = delivery.transaction_id, ?answer, "stand-in notification");
        self.with(|desk| {
            desk.book.outbox.answered(delivery.number, answer, desk.now, &desk.book.dice);
            desk.book.touch();
        });
    }
}

/// Follows only the two redirects that keep a POST a POST.
pub(super) fn http() -> Result<reqwest::Client, reqwest::Error> {
    // Somebody else in the process may have chosen a provider before us, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        reqwest::Client::builder().user_agent("Veritrans").timeout(PATIENCE).no_proxy().redirect(
            redirect::Policy::custom(|attempt| {
                let keeps = matches!(attempt.status(), StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT);
                if keeps && attempt.previous().len() <= MAX_REDIRECTS { attempt.follow() } else { attempt.stop() }
            }),
        )
    };
    // A machine without certificates can still reach its own loopback.
    builder().build().or_else(|_| builder().tls_certs_only([]).build())
}
