//! What happened, and whom to tell.
use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::dice::Dice;

/// Minutes between one try and the next.
const LADDER: [i64; 5] = [2, 10, 30, 90, 210];

/// Where the notifications of one transaction go, as the headers of its request said.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) enum Route {
    /// The address that is set for everybody.
    #[default]
    Usual,
    /// That one and these.
    Append(Vec<String>),
    /// Only these.
    Override(Vec<String>),
    /// The address for payouts.
    Payout,
}

impl Route {
    fn addresses(self, usual: &str, payout: &str) -> Vec<String> {
        match self {
            Route::Usual => vec![usual.to_owned()],
            Route::Append(more) => std::iter::once(usual.to_owned()).chain(more).collect(),
            Route::Override(instead) => instead,
            Route::Payout => vec![payout.to_owned()],
        }
    }
}

/// Something that happened to a transaction, with the notification as it was true at that moment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    pub transaction_id: String,
    pub body: String,
    pub route: Route,
    /// What stands in the header of a payout's callback.
    #[serde(default)]
    pub iris_signature: Option<String>,
    /// How often it is told.
    #[serde(default = "once")]
    pub times: usize,
    /// Not before.
    #[serde(default)]
    pub due: Option<DateTime<Utc>>,
}

fn once() -> usize {
    1
}

/// One notification on its way to one address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Delivery {
    pub number: u64,
    pub transaction_id: String,
    pub url: String,
    pub body: String,
    #[serde(default)]
    pub iris_signature: Option<String>,
    /// How often it was sent without success.
    pub failed: usize,
    pub due: DateTime<Utc>,
    /// A restart forgets this, so what was cut off is sent again.
    #[serde(skip)]
    pub under_way: bool,
}

/// Everything that waits to be told.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Outbox {
    events: Vec<Event>,
    deliveries: Vec<Delivery>,
    last_number: u64,
}

impl Outbox {
    pub fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Turns what happened into deliveries.
    pub fn plan(&mut self, usual: &str, payout: &str, now: DateTime<Utc>) {
        for event in std::mem::take(&mut self.events) {
            let addresses = event.route.addresses(usual, payout);
            for url in std::iter::repeat_n(addresses, event.times).flatten() {
                self.last_number += 1;
                self.deliveries.push(Delivery {
                    number: self.last_number,
                    transaction_id: event.transaction_id.clone(),
                    url,
                    body: event.body.clone(),
                    iris_signature: event.iris_signature.clone(),
                    failed: 0,
                    due: event.due.unwrap_or(now),
                    under_way: false,
                });
            }
        }
    }

    /// Hands out what is due. Of one transaction only one notification is under way to one address, so that they
    /// usually arrive in order; only copies of one may race each other.
    pub fn take_due(&mut self, now: DateTime<Utc>) -> Vec<Delivery> {
        let key = |d: &Delivery| (d.transaction_id.clone(), d.url.clone());
        let mut busy: HashMap<_, String> =
            self.deliveries.iter().filter(|d| d.under_way).map(|d| (key(d), d.body.clone())).collect();
        // What is due first goes first; a delay may have turned the order round.
        self.deliveries.sort_by_key(|delivery| delivery.due);
        let mut taken = Vec::new();
        for delivery in &mut self.deliveries {
            if delivery.under_way || delivery.due > now {
                continue;
            }
            if *busy.entry(key(delivery)).or_insert_with(|| delivery.body.clone()) == delivery.body {
                delivery.under_way = true;
                taken.push(delivery.clone());
            }
        }
        taken
    }

    /// Notes how a delivery went: `answer` is the HTTP status, nothing when nobody answered in time.
    pub fn answered(&mut self, number: u64, answer: Option<u16>, now: DateTime<Utc>, dice: &Dice) {
        let Some(at) = self.deliveries.iter().position(|d| d.number == number) else { return };
        let delivery = &mut self.deliveries[at];
        delivery.under_way = false;
        if delivery.failed >= retries(answer) {
            self.deliveries.remove(at);
            return;
        }
        let wait = Duration::minutes(LADDER[delivery.failed]);
        delivery.due =
            now + wait + Duration::seconds(dice.fixed(&format!("shift {number}"), delivery.failed as u64, 21).into());
        delivery.failed += 1;
    }

    /// How many notifications are still on their way.
    pub fn waiting(&self) -> usize {
        self.events.len() + self.deliveries.len()
    }
}

/// How often Midtrans tries again after such an answer.
fn retries(answer: Option<u16>) -> usize {
    match answer {
        Some(200..=299 | 301..=303) => 0,
        Some(500) => 1,
        Some(400 | 404) => 2,
        Some(503) => 4,
        _ => LADDER.len(),
    }
}
