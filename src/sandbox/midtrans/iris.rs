//! Payouts: what a creator prepares and an approver lets go, each with a key of their own.
use std::collections::HashSet;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    answers::hex_sha512,
    beneficiary::Beneficiary,
    book::Book,
    event::{Event, Route},
    kept::Kept,
    later::Later,
    manner::Manner,
    payout::{self, Payout, Standing, iso},
    purse::Wallet,
    state::Desk,
    transaction::jakarta,
};

/// From approved to processed, and from there to the end.
const STEP: Duration = Duration::minutes(1);
const MAX_KEY: usize = 100;

/// Everything about money out.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Desks {
    pub payouts: Kept<Payout>,
    pub beneficiaries: Kept<Beneficiary>,
    /// Answers by key, with the day they were given and what was asked.
    pub(super) remembered: Kept<(String, NaiveDate, String, u16, Value)>,
}

/// HTTP status and body.
pub(super) type Answer = (u16, Value);

fn refused(http: u16, message: &str, errors: impl Into<Value>) -> Answer {
    (http, json!({"error_message": message, "errors": errors.into()}))
}

/// Gives the first answer again to the same key and body, until midnight UTC; the same key with another body is a fault.
pub(super) fn once(desk: &mut Desk, key: Option<&str>, body: &Value, work: impl FnOnce(&mut Desk) -> Answer) -> Answer {
    let Some(key) = key.filter(|key| key.len() <= MAX_KEY) else { return work(desk) };
    let (today, asked) = (desk.now.date_naive(), hex_sha512(body.to_string().as_bytes()));
    desk.book.iris.remembered.retain(|(_, day, ..)| *day == today);
    if let Some((_, _, before, http, answer)) = desk.book.iris.remembered.iter().find(|(known, ..)| known == key) {
        return match *before == asked {
            true => (*http, answer.clone()),
            false => refused(400, "idempotency-key is not unique", "idempotency-key is not unique"),
        };
    }
    let (http, answer) = work(desk);
    if http < 300 {
        desk.book.iris.remembered.push((key.to_owned(), today, asked, http, answer.clone()));
        desk.book.touch();
    }
    (http, answer)
}

/// `POST /beneficiaries`, `PATCH /beneficiaries/{alias}`.
pub(super) fn keep_beneficiary(desk: &mut Desk, alias: Option<&str>, body: &Value) -> Answer {
    let message = if alias.is_some() { "An error occurred when updating beneficiary" } else { CREATING };
    let all = &mut desk.book.iris.beneficiaries;
    let at = alias.map(|alias| all.iter().position(|b| b.alias_name == alias));
    if at == Some(None) {
        return refused(404, message, vec!["Beneficiary not found"]);
    }
    let at = at.flatten();
    let new = match Beneficiary::read(body, at.and_then(|at| all.get(at))) {
        Ok(new) => new,
        Err(wrong) => return refused(400, message, wrong),
    };
    let others = || all.iter().enumerate().filter(|(other, _)| Some(*other) != at).map(|(_, b)| b);
    let taken: Vec<&str> = [
        (others().any(|b| b.alias_name == new.alias_name), "Alias name has already been taken"),
        (others().any(|b| b.account == new.account && b.bank == new.bank), "Account has already been taken"),
    ]
    .into_iter()
    .filter_map(|(taken, sentence)| taken.then_some(sentence))
    .collect();
    if !taken.is_empty() {
        return refused(400, message, taken);
    }
    match at {
        Some(at) => drop(all.edit(at, |old| *old = new)),
        None => all.push(new),
    }
    desk.book.touch();
    match alias {
        Some(_) => (200, json!({"status": "updated"})),
        None => (201, json!({"status": "created"})),
    }
}

const CREATING: &str = "An error occurred when creating beneficiary";

/// `GET /account_validation`: whose account it is.
pub(super) fn validate_account(desk: &Desk, bank: &str, account: &str) -> Answer {
    if !payout::is_bank(bank) || !payout::is_account(bank, account) || payout::is_missing(account) {
        let errors = json!({"account": ["Account does not exist"]});
        return refused(400, "An error occurred when doing account validation", errors);
    }
    let known = desk.book.iris.beneficiaries.iter().find(|b| b.bank == bank && b.account == account);
    let last = account.get(account.len().saturating_sub(4)..).unwrap_or_default();
    let name = known.map_or_else(|| format!("PEMILIK REKENING {last}"), |b| b.name.to_uppercase());
    (200, json!({"account_name": name, "account_no": account, "bank_name": bank}))
}

/// `POST /payouts`.
pub(super) fn create(desk: &mut Desk, body: &Value) -> Answer {
    const MESSAGE: &str = "An error occurred when creating payouts";
    let Some(list) = body["payouts"].as_array().filter(|list| !list.is_empty()) else {
        return refused(400, MESSAGE, "payouts can't be blank");
    };
    let read: Vec<Result<Payout, String>> =
        list.iter().map(|entry| Payout::read(entry, desk.now, &desk.book.dice)).collect();
    let errors: Map<String, Value> = read
        .iter()
        .enumerate()
        .filter_map(|(at, payout)| Some((at.to_string(), json!([payout.as_ref().err()?]))))
        .collect();
    if !errors.is_empty() {
        return refused(400, MESSAGE, errors);
    }
    let payouts: Vec<Payout> = read.into_iter().flatten().collect();
    let answer: Vec<Value> =
        payouts.iter().map(|p| json!({"status": p.standing, "reference_no": p.reference_no})).collect();
    payouts.into_iter().for_each(|payout| desk.book.iris.payouts.push(payout));
    desk.book.touch();
    (201, json!({"payouts": answer}))
}

/// `POST /payouts/approve` and `/payouts/reject`: all of them, or none.
pub(super) fn decide(desk: &mut Desk, body: &Value, approve: bool) -> Answer {
    let message = match approve {
        true => "An error occurred when approving payouts",
        false => "An error occurred when rejecting payouts",
    };
    let listed: HashSet<&str> =
        body["reference_nos"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if listed.is_empty() {
        return refused(400, message, "reference_nos can't be blank");
    }
    if !approve && body["reject_reason"].as_str().is_none_or(str::is_empty) {
        return refused(400, message, "reject_reason can't be blank");
    }
    let mut sum = 0;
    for reference_no in &listed {
        match desk.book.payout(reference_no) {
            Some(payout) if payout.standing == Standing::Queued => sum += payout.amount,
            Some(_) => return refused(400, message, format!("{reference_no}: payout is already processed")),
            None => return refused(404, message, format!("{reference_no}: payout not found")),
        }
    }
    if approve && sum > desk.book.purse.balance(Wallet::Iris, |_| true) {
        return refused(400, message, "Partner balance is insufficient");
    }
    let standing = if approve { Standing::Approved } else { Standing::Rejected };
    for reference_no in listed {
        desk.book.move_payout(reference_no, standing, desk.now, &Manner::default());
    }
    (202, json!({"status": "ok"}))
}

/// `GET /statements`: what moved, day by day in UTC.
pub(super) fn statements(desk: &Desk, from: Option<&str>, to: Option<&str>) -> Answer {
    let day = |text: Option<&str>| text.and_then(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    let (from, to) = (day(from), day(to));
    let inside = |at: DateTime<Utc>| {
        let on = at.date_naive();
        from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
    };
    let list: Vec<Value> = desk
        .book
        .purse
        .of(Wallet::Iris)
        .filter(|movement| inside(movement.at))
        .map(|movement| {
            json!({
                "reference_no": movement.about,
                "type": "Payout",
                "status": if movement.amount < 0 { "debit" } else { "credit" },
                "amount": format!("{}.0", movement.amount.abs()),
                "account": "IRIS",
                "created_at": iso(movement.at),
            })
        })
        .collect();
    (200, list.into())
}

impl Book {
    pub fn payout(&self, reference_no: &str) -> Option<&Payout> {
        self.iris.payouts.iter().find(|payout| payout.reference_no == reference_no)
    }

    pub fn edit_payout(&mut self, reference_no: &str, change: impl FnOnce(&mut Payout)) {
        if let Some(at) = self.iris.payouts.iter().position(|payout| payout.reference_no == reference_no) {
            self.iris.payouts.edit(at, change);
            self.touch();
        }
    }

    /// Moves a payout, and its money, and tells of it. `false` when it stood there already.
    pub fn move_payout(&mut self, reference_no: &str, to: Standing, now: DateTime<Utc>, manner: &Manner) -> bool {
        let Some(payout) = self.payout(reference_no).filter(|payout| payout.standing != to) else { return false };
        let before = payout.taken();
        let next = match to {
            Standing::Approved => Some(Standing::Processed),
            Standing::Processed if payout::is_missing(&payout.account) => Some(Standing::Failed),
            Standing::Processed => Some(Standing::Completed),
            _ => None,
        };
        self.edit_payout(reference_no, |payout| {
            payout.standing = to;
            payout.updated_at = now;
            payout.error = match to {
                Standing::Failed => payout.error.take().or(Some(("001".into(), "Account does not exist".into()))),
                _ => None,
            };
        });
        let taken = self.payout(reference_no).map_or(before, Payout::taken);
        if let Some(next) = next {
            let reference_no = reference_no.to_owned();
            self.diary.note(now + STEP, Later::Payout { reference_no, from: to, to: next });
        }
        self.purse.book(now, Wallet::Iris, before - taken, reference_no);
        self.tell_payout(reference_no, now, manner);
        true
    }

    pub fn tell_payout(&mut self, reference_no: &str, now: DateTime<Utc>, manner: &Manner) {
        let Some(payout) = self.payout(reference_no) else { return };
        let manner = &self.chaos.upon(manner, now, now, &self.dice);
        let (body, signature) = payout.notice(manner, &self.keys);
        self.outbox.push(Event {
            transaction_id: reference_no.to_owned(),
            body,
            route: Route::Payout,
            iris_signature: Some(signature),
            times: manner.times,
            due: now + manner.delay(),
        });
        self.touch();
    }
}

/// Top-ups go here.
pub(super) fn channels(desk: &Desk) -> Value {
    let number = format!("9999{}", jakarta(desk.now, "%Y%m%d"));
    json!([{"id": 1, "virtual_account_type": "mandiri_bill_key", "virtual_account_number": number}])
}
