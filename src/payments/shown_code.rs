//! The last look at a QRIS code before a buyer sees it: one that is broken, or asks for another amount than the bill,
//! is never shown. A person is told instead.
use super::{inbox, provider::Instructions};
use crate::{
    clock::Clock,
    db::Db,
    error::Result,
    gateway::qris::{Amount, Payload},
};
use entity::{Rupiah, payment_attempt::Model};

/// The code, if it may be shown for a bill of this amount.
pub(super) fn sound(amount: Rupiah, code: Option<String>) -> Option<String> {
    code.filter(|code| fault(amount, code).is_none())
}

/// Sets aside what an answer brought, if its code may not be shown. The same fault is kept once.
pub(super) async fn look(db: &Db, clock: &Clock, row: &Model, show: &Instructions) -> Result<()> {
    let Some(reason) = show.qr_string.as_deref().and_then(|code| fault(row.amount, code)) else { return Ok(()) };
    inbox::set_aside(db, clock, &row.provider_order_id, &format!("its QRIS code is not shown: {reason}")).await
}

fn fault(amount: Rupiah, code: &str) -> Option<String> {
    let asked = match Payload::parse(code) {
        Ok(payload) => payload.amount(),
        Err(wrong) => return Some(wrong.to_string()),
    };
    match asked.and_then(Amount::whole) {
        Some(asked) if asked == amount => None,
        Some(asked) => Some(format!("it asks for {asked}, the bill says {amount}")),
        None => Some(format!("it names no amount in whole rupiah, the bill says {amount}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "00020101021226670015COM.EXAMPLE.WWW01189360099900000000010215UEP0000000000010303UMI51440014ID.CO.QRIS.WWW0215ID10200000000000303UMI52045411530336054062750005802ID5917E-WARONG UEP DEMO6006JEMBER61056819162210517UEP-20260101-0001630410D4";
    const PRINTED: &str = "00020101021126670015COM.EXAMPLE.WWW01189360099900000000010215UEP0000000000010303UMI51440014ID.CO.QRIS.WWW0215ID10200000000000303UMI5204541153033605802ID5917E-WARONG UEP DEMO6006JEMBER610568191630455EA";

    #[test]
    fn only_a_whole_code_over_the_amount_of_the_bill_is_shown() {
        let shown = |amount, code: &str| sound(Rupiah(amount), Some(code.into())).is_some();
        assert!(shown(275_000, CODE));
        assert!(!shown(275_001, CODE) && !shown(275_000, PRINTED) && !shown(275_000, ""));
        assert!(!shown(275_001, &CODE.replace("275000", "275001")), "the checksum is of the other amount");
        assert_eq!(fault(Rupiah(5), CODE).unwrap(), "it asks for Rp275.000, the bill says Rp5");
    }
}
