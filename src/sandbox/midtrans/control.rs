//! What a test, or a person at the console, orders the stand-in to do. All parts are optional and done in this order:
//! withdraw, seed, set, notify, answers, chaos, clock. A notice goes out if the transaction moved or if `notify` is
//! there, which says how.
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    answers::Reply,
    bill,
    chaos::Chaos,
    core_web::HttpLayer,
    dial::Dial,
    dice::Dice,
    manner::Manner,
    payout::{Payout, Standing},
    purse::Wallet,
    refund::Bank,
    state::Desk,
    transaction::{State, clock_text},
};

const MAX_ADVANCE_S: i64 = 4_000 * 86_400;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    order_id: Option<String>,
    transaction_id: Option<String>,
    /// A payout instead.
    reference_no: Option<String>,
    set: Option<Map<String, Value>>,
    notify: Option<Manner>,
    status_answer: Option<Dial>,
    /// What the bank says when a refund of this transaction is asked for.
    refund_answer: Option<Bank>,
    /// What goes wrong for all; parts that are not named are calm again.
    chaos: Option<Chaos>,
    /// Which HTTP status business codes travel under, for all.
    pub http: Option<HttpLayer>,
    clock_advance_s: Option<i64>,
    /// Chance begins anew with it; keys that were given out stay.
    seed: Option<u64>,
    /// So many rupiah of what buyers paid go to the merchant's bank, as when they are drawn on the dashboard.
    withdraw: Option<i64>,
}

/// Why not: HTTP status and sentence.
pub(super) type Refusal = (u16, String);

fn refuse<T>(sentence: impl Into<String>) -> Result<T, Refusal> {
    Err((400, sentence.into()))
}

/// Does it, or nothing. Answers with what is then true.
pub(super) fn obey(desk: &mut Desk, order: &Order) -> Result<Value, Refusal> {
    let complaint = order.notify.as_ref().and_then(Manner::complaint);
    if let Some(complaint) = complaint.or_else(|| order.chaos.as_ref().and_then(Chaos::complaint)) {
        return refuse(complaint);
    }
    let advance = order.clock_advance_s.unwrap_or(0);
    if !(0..=MAX_ADVANCE_S).contains(&advance) {
        return refuse(format!("clock_advance_s is between 0 and {MAX_ADVANCE_S}"));
    }
    let lies_there = desk.book.purse.balance(Wallet::Payin, |_| true);
    if order.withdraw.is_some_and(|amount| !(1..=lies_there).contains(&amount)) {
        return refuse(format!("withdraw is between 1 and {lies_there}"));
    }
    let at = find(desk, order)?;
    if let Some(amount) = order.withdraw {
        desk.book.purse.book(desk.now, Wallet::Payin, -amount, "withdrawal");
    }
    if let Some(seed) = order.seed {
        desk.book.dice = Dice::of(Some(seed));
    }
    let payout = order.reference_no.as_deref();
    match (at, payout) {
        (_, Some(reference_no)) => change_payout(desk, reference_no, order)?,
        (Some(at), None) => change(desk, at, order),
        (None, None) if order.set.is_some() || order.notify.is_some() || order.refund_answer.is_some() => {
            return refuse("say which transaction: order_id or transaction_id");
        }
        (None, None) => desk.book.status_answer = order.status_answer.unwrap_or(desk.book.status_answer),
    }
    if let Some(chaos) = &order.chaos {
        desk.book.chaos = chaos.clone();
    }
    desk.book.touch();
    desk.advance(advance);
    let transaction = at.and_then(|at| desk.book.at(at)).map(|t| Reply::truth(t, desk.book).body);
    let payout = payout.and_then(|reference_no| desk.book.payout(reference_no)).map(Payout::details);
    Ok(json!({"now": clock_text(desk.now), "transaction": transaction, "payout": payout}))
}

fn find(desk: &Desk, order: &Order) -> Result<Option<usize>, Refusal> {
    let find = |id: &String| desk.book.find(id).ok_or_else(|| (404, format!("no transaction has the id {id}")));
    let at = order.transaction_id.as_ref().or(order.order_id.as_ref()).map(find).transpose()?;
    let is_of = |order_id: &String| at.and_then(|at| desk.book.at(at)).is_some_and(|t| t.bill.order_id == *order_id);
    match (&order.transaction_id, &order.order_id) {
        (Some(_), Some(order_id)) if !is_of(order_id) => refuse("this transaction_id is not of this order_id"),
        _ => Ok(at),
    }
}

fn change(desk: &mut Desk, at: usize, order: &Order) {
    if let Some(answer) = order.status_answer {
        desk.book.edit(at, |t| t.status_answer = answer);
    }
    if let Some(bank) = order.refund_answer {
        desk.book.edit(at, |t| t.bank = bank);
    }
    let manner = order.notify.clone().unwrap_or_default();
    let moved = order.set.as_ref().is_some_and(|fields| set(desk, at, fields, &manner));
    if !moved && order.notify.is_some() {
        desk.book.tell(at, &manner, desk.now);
    }
}

/// A payout's status happens as if its bank had done it; `completed` may still become `failed`.
fn change_payout(desk: &mut Desk, reference_no: &str, order: &Order) -> Result<(), Refusal> {
    if desk.book.payout(reference_no).is_none() {
        return Err((404, format!("no payout has the reference {reference_no}")));
    }
    let manner = order.notify.clone().unwrap_or_default();
    let mut fields = order.set.clone().unwrap_or_default();
    let standing = fields.get("status").and_then(Value::as_str).and_then(Standing::parse);
    if standing.is_some() {
        fields.remove("status");
    }
    desk.book.edit_payout(reference_no, |payout| payout.overlay.extend(fields));
    let moved = standing.is_some_and(|to| desk.book.move_payout(reference_no, to, desk.now, &manner));
    if !moved && order.notify.is_some() {
        desk.book.tell_payout(reference_no, desk.now, &manner);
    }
    Ok(())
}

/// Lays fields over what is told of a transaction. A known status is more than a word: it happens, as if the bank had
/// done it. Tells whether it did.
fn set(desk: &mut Desk, at: usize, fields: &Map<String, Value>, manner: &Manner) -> bool {
    let mut fields = fields.clone();
    let word = fields.get("transaction_status").and_then(Value::as_str).map(str::to_owned);
    let state = word.as_deref().and_then(State::parse);
    if let Some(gross) = fields.get_mut("gross_amount")
        && let (true, Some(whole)) = (gross.is_number(), bill::whole(gross))
    {
        *gross = format!("{whole}.00").into();
    }
    let is_plain = state.is_some_and(|state| Some(state.word()) == word.as_deref());
    if is_plain {
        fields.remove("transaction_status");
    }
    let given_refunds = fields.contains_key("refunds");
    desk.book.edit(at, |t| {
        if is_plain {
            t.overlay.remove("transaction_status");
        }
        t.overlay.extend(fields);
    });
    desk.book.reckon(at, desk.now);
    match (state, word) {
        (Some(state), _) => desk.book.force(at, state, !given_refunds, desk.now, manner),
        (None, Some(_)) => {
            desk.book.tell(at, manner, desk.now);
            true
        }
        (None, None) => false,
    }
}
