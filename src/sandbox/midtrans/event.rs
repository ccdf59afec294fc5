//! What happened, and whom to tell.
use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::{dice::Dice, kept::Kept};

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
pub(super) struct Event {
    pub transaction_id: String,
    pub body: String,
    pub route: Route,
    /// What stands in the header of a payout's callback.
    pub iris_signature: Option<String>,
    /// How often it is told.
    pub times: usize,
    /// Not before.
    pub due: DateTime<Utc>,
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
}

/// Everything that waits to be told.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Outbox {
    pub(super) deliveries: Kept<Delivery>,
    pub(super) last_number: u64,
    /// Where notifications go that name no address.
    #[serde(skip)]
    pub usual: String,
    /// Where callbacks of payouts go.
    #[serde(skip)]
    pub payout: String,
    /// Numbers of what is being sent. A restart forgets them, so what was cut off is sent again.
    #[serde(skip)]
    under_way: HashSet<u64>,
}

impl Outbox {
    /// Turns what happened into deliveries.
    pub fn push(&mut self, event: Event) {
        let addresses = event.route.addresses(&self.usual, &self.payout);
        for url in std::iter::repeat_n(addresses, event.times).flatten() {
            self.last_number += 1;
            self.deliveries.push(Delivery {
                number: self.last_number,
                transaction_id: event.transaction_id.clone(),
                url,
                body: event.body.clone(),
                iris_signature: event.iris_signature.clone(),
                failed: 0,
                due: event.due,
            });
        }
    }

    /// Hands out what is due. Of one transaction only one notification is under way to one address, so that they
    /// usually arrive in order; only copies of one may race each other.
    pub fn take_due(&mut self, now: DateTime<Utc>) -> Vec<Delivery> {
        let key = |d: &Delivery| (d.transaction_id.clone(), d.url.clone());
        let (sent, waiting): (Vec<_>, Vec<_>) =
            self.deliveries.iter().partition(|delivery| self.under_way.contains(&delivery.number));
        let mut busy: HashMap<_, String> = sent.into_iter().map(|d| (key(d), d.body.clone())).collect();
        let mut due: Vec<&Delivery> = waiting.into_iter().filter(|delivery| delivery.due <= now).collect();
        // What is due first goes first; a delay may have turned the order round.
        due.sort_by_key(|delivery| delivery.due);
        due.retain(|d| *busy.entry(key(d)).or_insert_with(|| d.body.clone()) == d.body);
        let taken: Vec<Delivery> = due.into_iter().cloned().collect();
        self.under_way.extend(taken.iter().map(|delivery| delivery.number));
        taken
    }

    /// Notes how a delivery went: `answer` is the HTTP status, nothing when nobody answered in time.
    pub fn answered(&mut self, number: u64, answer: Option<u16>, now: DateTime<Utc>, dice: &Dice) {
        self.under_way.remove(&number);
        let Some(at) = self.deliveries.iter().position(|d| d.number == number) else { return };
        if self.deliveries[at].failed >= retries(answer) {
            self.deliveries.remove(at);
            return;
        }
        let shift = dice.fixed(&format!("shift {number}"), self.deliveries[at].failed as u64, 21);
        self.deliveries.edit(at, |delivery| {
            delivery.due = now + Duration::minutes(LADDER[delivery.failed]) + Duration::seconds(shift.into());
            delivery.failed += 1;
        });
    }

    /// How many notifications are still on their way.
    pub fn waiting(&self) -> usize {
        self.deliveries.len()
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
