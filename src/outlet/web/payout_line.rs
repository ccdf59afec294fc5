//! One payout on its run's page: where it goes, how it stands, and what can be done with it.
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::payout_new;
use crate::bank_account::end_of;
use entity::{
    Rupiah, iris_payout,
    payout::{self, Shown, State as Payout, Way},
};

/// One payout as it stands.
#[derive(Clone, Serialize)]
pub(super) struct Line {
    pub id: i64,
    pub name: String,
    pub amount: Rupiah,
    pub way: &'static str,
    /// Where it goes: bank, whole number, holder.
    pub account: Option<String>,
    pub state: &'static str,
    pub badge: &'static str,
    pub reference: Option<String>,
    pub receiver: Option<String>,
    /// What shows that the payee knows of the cash: the words of it.
    pub shown: Option<&'static str>,
    /// Photos of who took the cash.
    pub photos: Vec<i64>,
    /// What was set off of their debts beside it.
    pub set_offs: Vec<Taken>,
    pub reason: Option<String>,
    pub paid_at: Option<DateTime<Utc>>,
    /// Owed again.
    pub is_owed_again: bool,
    pub asks_reference: bool,
    pub asks_receiver: bool,
    /// Has not gone yet, and may be given up.
    pub can_fail: bool,
    /// Has gone, and may come back.
    pub can_return: bool,
    pub iris: Option<AtMidtrans>,
}

/// What of one debt was set off.
#[derive(Clone, Serialize)]
pub(super) struct Taken {
    pub debt_id: i64,
    pub name: String,
    /// The words of its kind.
    pub key: &'static str,
    pub amount: Rupiah,
    pub is_undone: bool,
}

impl Taken {
    pub fn sample() -> Taken {
        Taken { debt_id: 3, name: "Bu Sati".into(), key: "debt.material", amount: Rupiah(6_000), is_undone: true }
    }
}

/// How it stands at Midtrans.
#[derive(Clone, Serialize)]
pub(super) struct AtMidtrans {
    pub word: &'static str,
    pub reference: Option<String>,
    pub trouble: Option<String>,
}

fn row(way: Way, state: Payout) -> payout::Model {
    payout::Model {
        id: 1,
        run_id: 7,
        outlet_id: 1,
        payee: "crafter:1".into(),
        name: "Bu Sati".into(),
        amount: Rupiah(21_280),
        way,
        bank: Some("BRI".into()),
        number: Some("002101000123507".into()),
        holder: Some("Sati".into()),
        state,
        reference: Some("TRX-1".into()),
        receiver: Some("Bu Sati".into()),
        proof: Some(Shown::Pin),
        reason: Some("rekening ditutup".into()),
        paid_at: Some(DateTime::<Utc>::UNIX_EPOCH),
        ended_at: Some(DateTime::<Utc>::UNIX_EPOCH),
    }
}

/// How a payout stands: its words and its colour.
fn standing(payout: &payout::Model) -> (&'static str, &'static str) {
    match (payout.state, payout.way) {
        (Payout::Waiting, _) => ("payout.waiting", "off"),
        (Payout::Approved, Way::Transfer) => ("payout.to_transfer", "wait"),
        (Payout::Approved, Way::Cash) => ("payout.to_hand_over", "wait"),
        (Payout::Approved, Way::Midtrans) => ("payout.with_midtrans", "wait"),
        (Payout::Paid, _) => ("payout.paid", ""),
        (Payout::Failed, _) => ("payout.failed", "urgent"),
        (Payout::Dropped, _) => ("payout.dropped", "off"),
    }
}

impl Line {
    /// An example for the test that draws all pages.
    pub fn sample(way: Way, state: Payout) -> Line {
        let at_midtrans = AtMidtrans {
            word: "payout.iris_queued",
            reference: Some("1d4f8423393005".into()),
            trouble: Some("Partner balance is insufficient".into()),
        };
        let iris = (way == Way::Midtrans).then_some(at_midtrans);
        Line { iris, set_offs: vec![Taken::sample()], photos: vec![1], ..Line::of(&row(way, state), None, true) }
    }

    pub fn of(row: &payout::Model, iris: Option<&iris_payout::Model>, may_act: bool) -> Line {
        let (state, badge) = standing(row);
        let to_do = may_act && row.state == Payout::Approved;
        let by_hand = row.way != Way::Midtrans;
        // The provider alone knows of what it has released.
        let is_held = iris.is_some_and(|iris| matches!(iris.status.as_deref(), None | Some("queued")));
        let account = match (&row.bank, &row.number, &row.holder) {
            (Some(bank), Some(number), Some(holder)) => {
                let shown = if may_act { number.clone() } else { format!("…{}", end_of(number)) };
                Some(format!("{bank} {shown}, {holder}"))
            }
            _ => None,
        };
        Line {
            id: row.id,
            name: row.name.clone(),
            amount: row.amount,
            way: payout_new::key(row.way),
            account,
            state,
            badge,
            reference: row.reference.clone(),
            receiver: row.receiver.clone(),
            shown: row.proof.map(|shown| match shown {
                Shown::Pin => "payout.shown_pin",
                Shown::Photo => "payout.shown_photo",
            }),
            photos: Vec::new(),
            set_offs: Vec::new(),
            reason: row.reason.clone(),
            paid_at: row.paid_at,
            is_owed_again: matches!(row.state, Payout::Failed | Payout::Dropped),
            asks_reference: to_do && row.way == Way::Transfer,
            asks_receiver: to_do && row.way == Way::Cash,
            can_fail: to_do && (by_hand || is_held),
            can_return: may_act && by_hand && row.state == Payout::Paid,
            iris: iris.map(AtMidtrans::of),
        }
    }
}

impl AtMidtrans {
    fn of(iris: &iris_payout::Model) -> AtMidtrans {
        let word = match iris.status.as_deref() {
            None => "payout.iris_asked",
            Some("queued") => "payout.iris_queued",
            Some("approved") => "payout.iris_approved",
            Some("processed") => "payout.iris_processed",
            Some("completed") => "payout.iris_completed",
            Some("rejected") => "payout.iris_rejected",
            Some(_) => "payout.iris_failed",
        };
        AtMidtrans { word, reference: iris.reference_no.clone(), trouble: iris.trouble.clone() }
    }
}
