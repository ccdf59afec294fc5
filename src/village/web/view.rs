//! A letter as pages show it.
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::village::letter::{self, Worth};
use entity::business_letter::{Model, State};

/// A letter with its standing as a word and a colour.
#[derive(Clone, Serialize)]
pub(super) struct LetterView {
    pub id: i64,
    pub standing: &'static str,
    pub tone: &'static str,
    pub number: Option<String>,
    pub name: String,
    pub home: String,
    pub business: String,
    pub since: Option<i64>,
    pub purpose: Option<String>,
    pub asked_at: DateTime<Utc>,
    pub issued_on: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub reason: Option<String>,
    pub is_asked: bool,
    pub is_good: bool,
    /// It has a number, so there is a paper of it.
    pub is_paper: bool,
    /// The path where it is checked.
    pub check: Option<String>,
}

impl LetterView {
    pub fn of(row: &Model, today: NaiveDate) -> LetterView {
        let worth = letter::worth(row, today);
        let (standing, tone) = match (row.state, worth) {
            (State::Asked, _) => ("letter.asked", "wait"),
            (State::Withdrawn, _) => ("letter.withdrawn", "off"),
            (State::Refused, _) => ("letter.refused", "urgent"),
            (_, Some(Worth::Good)) => ("letter.good", ""),
            (_, Some(Worth::Expired)) => ("letter.expired", "off"),
            _ => ("letter.revoked", "urgent"),
        };
        LetterView {
            id: row.id,
            standing,
            tone,
            number: row.number.clone(),
            name: row.name.clone(),
            home: crate::village::letter_pdf::home(row),
            business: row.business.clone(),
            since: row.since,
            purpose: row.purpose.clone(),
            asked_at: row.asked_at,
            issued_on: row.issued_on,
            valid_until: row.valid_until,
            reason: row.reason.clone(),
            is_asked: row.state == State::Asked,
            is_good: worth == Some(Worth::Good),
            is_paper: worth.is_some(),
            check: row.secret.as_ref().map(|secret| format!("/surat/{secret}")),
        }
    }

    /// One letter of each standing.
    pub fn samples() -> Vec<LetterView> {
        let today = NaiveDate::default();
        let row = |state, until: Option<NaiveDate>| Model {
            id: 1,
            village_id: 1,
            crafter_id: 1,
            state,
            name: "Sati'ah".into(),
            dusun: "Krajan".into(),
            rt: "002".into(),
            rw: "001".into(),
            business: "Kerajinan anyaman bambu".into(),
            since: until.map(|_| 1998),
            purpose: until.map(|_| "pengajuan KUR".into()),
            asked_by: 1,
            asked_at: DateTime::default(),
            decided_by: None,
            decided_at: None,
            reason: (until.is_none()).then(|| "Nama belum sama dengan KTP".into()),
            year: None,
            sequence: None,
            number: until.map(|_| "470/012/35.09.22.2001/XI/2026".into()),
            secret: until.map(|_| "a".repeat(22)),
            issued_on: until,
            valid_until: until,
            head_name: until.map(|_| "H. Sutrisno".into()),
            revoked_by: None,
            revoked_at: None,
        };
        let before = today.pred_opt();
        [
            row(State::Asked, None),
            row(State::Issued, Some(today)),
            row(State::Issued, before),
            row(State::Revoked, before),
            row(State::Refused, None),
            row(State::Withdrawn, None),
        ]
        .iter()
        .map(|row| LetterView::of(row, today))
        .collect()
    }
}
