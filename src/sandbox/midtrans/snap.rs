//! Snap sessions: a page that waits for its buyer to pick a method.
use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    bill::{self, Bill, Lifetime},
    book::Opening,
    door::Call,
    event::Route,
    method::Method,
    state::Desk,
    transaction::{State, clock_text},
};

/// One page.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Session {
    pub token: String,
    pub bill: Bill,
    methods: Vec<Method>,
    lifetime: Option<Lifetime>,
    /// The digits asked for, by method.
    #[serde(default)]
    asked_numbers: BTreeMap<String, String>,
    /// When the page closes. Nobody is told, and a number already shown stays payable.
    pub until: DateTime<Utc>,
    pub canceled_at: Option<DateTime<Utc>>,
    route: Route,
}

/// What a person who opens a page finds.
pub(super) enum Door {
    /// Ways to pay.
    Choice(Session),
    /// A method is picked; this is its transaction.
    Picked(String),
    /// Canceled, or replaced by a newer page for the same order.
    Canceled(Session),
    /// Too late.
    Closed(Session),
    /// Never heard of.
    Unknown,
}

impl Session {
    /// The methods that can carry this amount.
    pub fn choices(&self) -> impl Iterator<Item = Method> {
        self.methods.iter().copied().filter(|method| method.limits().contains(&self.bill.gross))
    }
}

/// A refusal: HTTP status and sentence.
pub(super) type Refusal = (u16, Vec<String>);

/// `POST /snap/v1/transactions`. Closes an older page of the same order that nobody has used.
pub(super) fn create(desk: &mut Desk, body: &Value, call: &Call) -> Result<Value, Refusal> {
    let bill = Bill::read(body).map_err(|wrong| (400, wrong))?;
    let complaint = |sentence: String| (400, vec![sentence]);
    let lifetime = bill::lifetime(body, "expiry").map_err(complaint)?;
    let page = bill::lifetime(body, "page_expiry").map_err(complaint)?;
    match desk.book.holder_of(&bill.order_id) {
        Some(state) if state.was_paid() => Err(complaint(
            "transaction_details.order_id has been paid and utilized, please use another order ID".into(),
        ))?,
        Some(_) => Err(complaint("transaction_details.order_id sudah digunakan".into()))?,
        None => {}
    }
    let now = desk.now;
    for at in 0..desk.book.sessions.len() {
        if desk.book.sessions[at].bill.order_id == bill.order_id {
            desk.book.sessions.edit(at, |old| *old.canceled_at.get_or_insert(now));
        }
    }
    let token = desk.book.dice.uuid("token").to_string();
    let until = [page, lifetime.filter(|lifetime| lifetime.start.is_some())]
        .into_iter()
        .flatten()
        .next()
        .map_or(now + Duration::hours(24), |lifetime| lifetime.end(now));
    desk.book.sessions.push(Session {
        token: token.clone(),
        bill,
        methods: methods(&body["enabled_payments"]),
        asked_numbers: asked_numbers(body),
        lifetime,
        until,
        canceled_at: None,
        route: call.route.clone(),
    });
    desk.book.touch();
    Ok(json!({"redirect_url": format!("{}/snap/v3/redirection/{token}", desk.mount), "token": token}))
}

/// As in `bri_va.va_number`.
fn asked_numbers(body: &Value) -> BTreeMap<String, String> {
    let number = |method: Method| {
        let name = method.snap_name();
        body[&name]["va_number"].as_str().map(|number| (name.clone(), number.to_owned()))
    };
    Method::all().into_iter().filter_map(number).collect()
}

fn methods(enabled: &Value) -> Vec<Method> {
    let Some(words) = enabled.as_array().filter(|words| !words.is_empty()) else { return Method::all() };
    let mut methods: Vec<Method> = Vec::new();
    for method in words.iter().filter_map(Value::as_str).flat_map(Method::named_in_snap) {
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    methods
}

/// `POST /snap/v1/transactions/{token}/cancel`.
pub(super) fn cancel(desk: &mut Desk, token: &str) -> Result<Value, Refusal> {
    let picked = desk.book.of_session(token).is_some_and(|t| t.state.is_open() || t.state.was_paid());
    let now = desk.now;
    let refused = |http, sentence: &str| Err((http, vec![sentence.to_owned()]));
    match desk.book.sessions.iter().position(|s| s.token == token) {
        None => refused(404, "token not found"),
        Some(at) if desk.book.sessions[at].canceled_at.is_some() => refused(400, "token already canceled"),
        Some(_) if picked => refused(400, "Transaction is on progress"),
        Some(at) => {
            desk.book.sessions.edit(at, |session| session.canceled_at = Some(now));
            desk.book.touch();
            Ok(json!({"canceled_at": clock_text(now)}))
        }
    }
}

/// What stands behind a token now. After a refused payment the buyer may choose again.
pub(super) fn door(desk: &Desk, token: &str) -> Door {
    let Some(session) = desk.book.sessions.iter().find(|s| s.token == token) else { return Door::Unknown };
    match desk.book.of_session(token) {
        Some(transaction) if transaction.state != State::Deny => Door::Picked(transaction.id.clone()),
        _ if session.canceled_at.is_some() => Door::Canceled(session.clone()),
        _ if session.until <= desk.now => Door::Closed(session.clone()),
        _ => Door::Choice(session.clone()),
    }
}

/// The buyer picks a method: only now does a transaction exist. Gives its id, also when it was picked before.
pub(super) fn pick(desk: &mut Desk, token: &str, word: &str) -> Option<String> {
    let session = match door(desk, token) {
        Door::Choice(session) => session,
        Door::Picked(id) => return Some(id),
        _ => return None,
    };
    let method = session.choices().find(|method| method.snap_name() == word)?;
    // The order may meanwhile have been charged by Core.
    if desk.book.holder_of(&session.bill.order_id).is_some() {
        return None;
    }
    let opening = Opening {
        bill: session.bill,
        method,
        lifetime: session.lifetime,
        route: session.route,
        asked_number: session.asked_numbers.get(word).cloned(),
        acquirer: None,
        snap_token: Some(session.token),
    };
    let at = desk.book.open(opening, desk.now);
    desk.book.at(at).map(|transaction| transaction.id.clone())
}
