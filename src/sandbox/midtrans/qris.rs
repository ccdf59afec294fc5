//! The codes of the stand-in. The merchant in them does not exist, so that no real wallet can send real money to it.
use crate::gateway::qris::{Account, Criteria, Extra, Merchant, Payload};
use entity::Rupiah;

/// A code that can be paid once, for this many rupiah, under the first 25 characters of a reference.
pub(super) fn payload(gross: i64, reference: &str) -> String {
    let reference = reference.chars().take(25).collect();
    let extra = Extra { reference: Some(reference), ..Extra::default() };
    merchant().asking(Rupiah(gross), &extra).map(|code| code.to_string()).unwrap_or_default()
}

/// Whether the text is a code that a wallet would read.
pub(super) fn is_sound(code: &str) -> bool {
    Payload::parse(code).is_ok()
}

fn merchant() -> Merchant {
    let account = |tag, guid: &str, pan: Option<&str>, id: &str| Account {
        tag,
        guid: guid.into(),
        pan: pan.map(str::to_owned),
        merchant_id: Some(id.into()),
        criteria: Some(Criteria::Micro),
    };
    Merchant {
        accounts: vec![
            account(26, "COM.EXAMPLE.WWW", Some("936009990000000001"), "UEP000000000001"),
            account(51, "ID.CO.QRIS.WWW", None, "ID1020000000000"),
        ],
        category: "5411".into(),
        name: "E-WARONG UEP DEMO".into(),
        city: "JEMBER".into(),
        postcode: Some("68191".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::{is_sound, payload};

    #[test]
    fn a_charge_becomes_the_code_that_the_specification_shows() {
        let expected = "00020101021226670015COM.EXAMPLE.WWW01189360099900000000010215UEP0000000000010303UMI51440014ID.CO.QRIS.WWW0215ID10200000000000303UMI52045411530336054062750005802ID5917E-WARONG UEP DEMO6006JEMBER61056819162210517UEP-20260101-0001630410D4";
        assert_eq!(payload(275_000, "UEP-20260101-0001"), expected);
        assert!(is_sound(expected) && is_sound(&payload(1, &"x".repeat(80))));
        assert!(!is_sound(&expected.replace("275000", "275001")) && !is_sound(""));
    }
}
