//! The words for states, methods and acts.
use serde_json::Value;

use crate::{
    locale::{Said, Say},
    orders::board::Todo,
};
use entity::{
    Rupiah, history,
    order::{Method, Model, Payment, State},
    parcel,
    shipping_rate::Zone,
};

pub fn method(method: Method) -> Said {
    Said::new(match method {
        Method::Qris => "counter.method_qris",
        Method::BriVa => "counter.method_bri_va",
        Method::BniVa => "counter.method_bni_va",
        Method::BcaVa => "counter.method_bca_va",
        Method::PermataVa => "counter.method_permata_va",
        Method::MandiriBill => "counter.method_mandiri_bill",
        Method::Gopay => "counter.method_gopay",
        Method::Shopeepay => "counter.method_shopeepay",
        Method::Transfer => "counter.method_transfer",
        Method::Cod => "counter.method_cod",
        Method::PayAtPickup => "counter.method_pay_at_pickup",
    })
}

/// How an order stands, in one word and one colour: the first thing that waits decides.
pub fn standing(order: &Model, todos: &[Todo]) -> (Said, &'static str) {
    match (todos.first(), order.state) {
        (Some(first), _) => (todo(*first), if *first == Todo::Refund { "urgent" } else { "wait" }),
        (None, State::Placed) if order.payment == Payment::Unpaid => (Said::new("counter.waits_for_money"), "off"),
        (None, State::Placed) if order.payment == Payment::PartPaid && order.balance_asked_at.is_some() => {
            (Said::new("wholesale.waits_for_balance"), "off")
        }
        (None, State::Placed) if order.owed > Rupiah::ZERO => (Said::new("wholesale.waits_for_balance"), "off"),
        (None, State::Placed) => (Said::new("counter.placed"), "wait"),
        (None, State::Completed) => (Said::new("counter.completed"), ""),
        (None, State::Cancelled) => (Said::new("counter.cancelled"), "off"),
        (None, State::Expired) => (Said::new("counter.expired"), "off"),
    }
}

pub fn todo(todo: Todo) -> Said {
    Said::new(match todo {
        Todo::Confirm => "counter.todo_confirm",
        Todo::Pack => "counter.todo_pack",
        Todo::Send => "counter.todo_send",
        Todo::Pickup => "counter.todo_pickup",
        Todo::Travel => "counter.todo_travel",
        Todo::Refund => "counter.todo_refund",
    })
}

pub fn payment(order: &Model) -> Said {
    Said::new(match order.payment {
        _ if order.owed > Rupiah::ZERO => "wholesale.on_terms",
        Payment::Unpaid => "counter.unpaid",
        Payment::PartPaid => "wholesale.part_paid",
        Payment::Paid => "counter.paid",
        Payment::RefundDue => "counter.refund_due",
        Payment::Refunded => "counter.refunded",
    })
}

pub fn parcel(state: parcel::State) -> Said {
    Said::new(match state {
        parcel::State::Packed => "counter.parcel_packed",
        parcel::State::Sent => "counter.parcel_sent",
        parcel::State::Ready => "counter.parcel_ready",
        parcel::State::Delivered => "counter.parcel_delivered",
        parcel::State::Returned => "counter.parcel_returned",
    })
}

pub fn zone(zone: Zone) -> Said {
    Said::new(match zone {
        Zone::SameVillage => "counter.zone_same_village",
        Zone::Jember => "counter.zone_jember",
        Zone::Java => "counter.zone_java",
        Zone::MaduraBali => "counter.zone_madura_bali",
        Zone::OtherIslands => "counter.zone_other_islands",
    })
}

/// Why something about money was set aside, for a person. The record keeps it in English, for whoever looks after the
/// service; what has no words here is shown as it was recorded.
pub fn riddle(reason: &str) -> Said {
    if let Some((theirs, ours)) =
        reason.strip_prefix("the amount is ").and_then(|rest| rest.split_once(", the bill says "))
    {
        let theirs = theirs.strip_suffix(".00").and_then(|whole| whole.parse().ok()).map(Rupiah);
        let said = Said::new("money.why_amount").with("ours", ours.to_owned());
        return said.with("theirs", theirs.map_or_else(|| "?".to_owned(), |amount| amount.to_string()));
    }
    let known = [
        ("nobody here knows order", "money.why_stranger"),
        ("tampered?", "money.why_tampered"),
        ("belongs to another attempt", "money.why_other_order"),
        ("is about another order", "money.why_other_order"),
        ("the currency is not IDR", "money.why_currency"),
        ("another merchant", "money.why_merchant"),
        ("fits nowhere", "money.why_misfit"),
        ("disputes it", "money.why_disputed"),
        ("its QRIS code is not shown", "money.why_code"),
    ];
    match known.into_iter().find(|(sign, _)| reason.contains(sign)) {
        Some((_, key)) => Said::new(key),
        None => Said::new("money.why_recorded").with("reason", reason.to_owned()),
    }
}

/// What happened, as a sentence with its values.
pub fn did(row: &history::Model) -> Said {
    let key = match row.verb.as_str() {
        "placed" => "counter.did_placed",
        "method_changed" => "counter.did_method_changed",
        "confirmed" => "counter.did_confirmed",
        "paid" => "counter.did_paid",
        "paid_too_little" => "counter.did_paid_too_little",
        "paid_for_nothing" => "counter.did_paid_for_nothing",
        "transfer_seen" => "counter.did_transfer_seen",
        "cash_received" => "counter.did_cash_received",
        "reversed" => "counter.did_reversed",
        "asked_at_counter" => "counter.did_asked_at_counter",
        "packed" => "counter.did_packed",
        "unpacked" => "counter.did_unpacked",
        "sent" => "counter.did_sent",
        "came_back" => "counter.did_came_back",
        "revived" => "counter.did_revived",
        "tracked" => "counter.did_tracked",
        "delivered" => "counter.did_delivered",
        "fetched" => "counter.did_fetched",
        "cod_collected" => "counter.did_cod_collected",
        "fell_short" => "counter.did_fell_short",
        "cancelled" => "counter.did_cancelled",
        "expired" => "counter.did_expired",
        "refunded" => "counter.did_refunded",
        "refund_asked" => "counter.did_refund_asked",
        "refund_denied" => "counter.did_refund_denied",
        "account_named" => "counter.did_account_named",
        "paid_back" => "counter.did_paid_back",
        "stray" => "counter.did_stray",
        "surplus_owed" => "counter.did_surplus_owed",
        "surplus_lost" => "counter.did_surplus_lost",
        "difference" => "counter.did_difference",
        "compensated" => "counter.did_compensated",
        "brought_back" => "intake.did_brought_back",
        "refund_proposed" => "counter.did_refund_proposed",
        "refund_approved" => "counter.did_refund_approved",
        "refund_refused" => "counter.did_refund_refused",
        "refund_returned" => "counter.did_refund_returned",
        "completed" => "counter.did_completed",
        "deposit_paid" => "wholesale.did_deposit_paid",
        "balance_paid" => "wholesale.did_balance_paid",
        "balance_asked" => "wholesale.did_balance_asked",
        "balance_lapsed" => "wholesale.did_balance_lapsed",
        "cartons" => "wholesale.did_cartons",
        "carton_received" => "wholesale.did_carton_received",
        "sailing_chosen" => "wholesale.did_sailing_chosen",
        "seen" => "wholesale.did_seen",
        "stepped_back" => "wholesale.did_stepped_back",
        "proof_sent" => "counter.did_proof_sent",
        "added" => "counter.did_added",
        "changed" => "counter.did_changed",
        _ => return Said::new("counter.did_other").with("what", row.verb.replace('_', " ")),
    };
    let said = Said::new(key);
    ["amount", "kept", "n", "name", "reason", "courier", "tracking", "reference"].into_iter().fold(
        said,
        |said, name| match row.detail.get(name) {
            Some(Value::Number(n)) if matches!(name, "amount" | "kept") => {
                said.with(name, Rupiah(n.as_i64().unwrap_or(0)))
            }
            Some(Value::Number(n)) => said.with(name, n.as_i64().unwrap_or(0)),
            Some(Value::String(text)) => said.with(name, text.as_str()),
            _ => said.with(name, Say::Text(String::new())),
        },
    )
}

#[cfg(test)]
mod tests {
    use super::riddle;

    #[test]
    fn what_the_record_says_is_said_in_words() {
        let amount = riddle("the amount is 24000.00, the bill says Rp25.000");
        assert_eq!(amount.key, "money.why_amount");
        assert_eq!(riddle("nobody here knows order UEP-1").key, "money.why_stranger");
        assert_eq!(riddle("code 201 does not go with \"settlement\": tampered?").key, "money.why_tampered");
        assert_eq!(riddle("transaction x is about another order").key, "money.why_other_order");
        assert_eq!(riddle("Cancelled while Paid fits nowhere").key, "money.why_misfit");
        assert_eq!(riddle("something new").key, "money.why_recorded");
    }
}
