//! Both codes of the specification, what must be refused, and what must hold for any code.
use proptest::prelude::*;

use super::{Account, Amount, Criteria, Extra, Kind, Merchant, Payload, Tip, Wrong, crc, draw};
use entity::Rupiah;

const STATIC: &str = "00020101021126670015COM.EXAMPLE.WWW01189360099900000000010215UEP0000000000010303UMI51440014ID.CO.QRIS.WWW0215ID10200000000000303UMI5204541153033605802ID5917E-WARONG UEP DEMO6006JEMBER610568191630455EA";
pub(super) const DYNAMIC: &str = "00020101021226670015COM.EXAMPLE.WWW01189360099900000000010215UEP0000000000010303UMI51440014ID.CO.QRIS.WWW0215ID10200000000000303UMI52045411530336054062750005802ID5917E-WARONG UEP DEMO6006JEMBER61056819162210517UEP-20260101-0001630410D4";

fn account() -> Account {
    Account {
        tag: 26,
        guid: "COM.EXAMPLE.WWW".into(),
        pan: Some("936009990000000001".into()),
        merchant_id: Some("UEP000000000001".into()),
        criteria: Some(Criteria::Micro),
    }
}

fn merchant() -> Merchant {
    let register = Account {
        tag: 51,
        guid: "ID.CO.QRIS.WWW".into(),
        pan: None,
        merchant_id: Some("ID1020000000000".into()),
        criteria: Some(Criteria::Micro),
    };
    Merchant {
        accounts: vec![account(), register],
        category: "5411".into(),
        name: "E-WARONG UEP DEMO".into(),
        city: "JEMBER".into(),
        postcode: Some("68191".into()),
    }
}

fn named(reference: &str) -> Extra {
    Extra { reference: Some(reference.into()), ..Extra::default() }
}

/// A code with whatever stands between its begin and its end, and a checksum that fits.
fn sealed(fields: &str) -> String {
    let open = format!("{fields}6304");
    format!("{open}{:04X}", crc(open.as_bytes()))
}

fn with(fields: &str) -> Result<Payload, Wrong> {
    Payload::parse(&sealed(&format!("000201010211{fields}5204541153033605802ID5904TOKO6006JEMBER")))
}

#[test]
fn the_checksum_is_the_one_the_standard_names() {
    assert_eq!(crc(b"123456789"), 0x29B1);
}

#[test]
fn both_codes_of_the_specification_are_read_built_and_written_byte_for_byte() {
    for text in [STATIC, DYNAMIC] {
        assert_eq!(Payload::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(merchant().printed(&Extra::default()).unwrap().to_string(), STATIC);
    assert_eq!(merchant().asking(Rupiah(275_000), &named("UEP-20260101-0001")).unwrap().to_string(), DYNAMIC);
}

#[test]
fn a_code_says_who_gets_how_much_for_what() {
    let code: Payload = DYNAMIC.parse().unwrap();
    assert_eq!((code.kind(), code.amount().and_then(Amount::whole)), (Kind::Dynamic, Some(Rupiah(275_000))));
    assert_eq!(code.accounts(), merchant().accounts);
    assert_eq!((code.name(), code.city(), code.postcode()), ("E-WARONG UEP DEMO", "JEMBER", Some("68191")));
    assert_eq!((code.category(), code.country(), code.tip()), ("5411", "ID", None));
    assert_eq!(code.extra(), named("UEP-20260101-0001"));
    let code: Payload = STATIC.parse().unwrap();
    assert_eq!((code.kind(), code.amount(), code.extra()), (Kind::Static, None, Extra::default()));
}

#[test]
fn a_printed_code_with_an_amount_is_a_dynamic_one_and_says_the_rest_as_before() {
    let code = Payload::parse(STATIC).unwrap().with_amount(Rupiah(275_000)).unwrap();
    let text = code.to_string();
    assert!(text.starts_with("000201010212") && text.contains("53033605406275000") && text.contains("2750005802ID"));
    assert_eq!(Payload::parse(&text), Ok(code.clone()));
    assert_eq!(code.accounts(), merchant().accounts);
    let other = code.with_amount(Rupiah(1)).unwrap();
    assert_eq!(other.amount().and_then(Amount::whole), Some(Rupiah(1)));
    assert_eq!(other.to_string().matches("5401").count(), 1);
    for wrong in [0, -1, 10_000_000_000_000] {
        assert_eq!(code.with_amount(Rupiah(wrong)), Err(Wrong::Amount(wrong.to_string())));
    }
}

#[test]
fn a_tip_and_fields_nobody_knows_stand_as_they_came() {
    let text = sealed("0002018004ABCD26070003ABC520454115303360540510.5055020256035005802ID5904TOKO6006JEMBER9902ZZ");
    let code = Payload::parse(&text).unwrap();
    assert_eq!(code.to_string(), text);
    assert_eq!(code.tip(), Some(Tip::Fixed(Amount::parse("500").unwrap())));
    assert_eq!((code.amount().unwrap().whole(), code.get(80), code.get(99)), (None, Some("ABCD"), Some("ZZ")));
    assert_eq!(with("550201").unwrap().tip(), Some(Tip::Asked));
    assert_eq!(with("55020357041.25").unwrap().tip(), Some(Tip::Percent("1.25".into())));
    for wrong in ["550202", "550203", "550209"] {
        assert!(matches!(with(wrong), Err(Wrong::Tip(_))), "{wrong}");
    }
}

#[test]
fn what_is_no_code_is_refused_with_a_sentence() {
    let lower = DYNAMIC.replace("10D4", "10d4");
    for (text, wrong) in [
        ("", Wrong::NoChecksum),
        ("6304", Wrong::NoChecksum),
        (&DYNAMIC[..DYNAMIC.len() - 1], Wrong::NoChecksum),
        ("0002016304D4D4é", Wrong::NotAscii),
        ("\u{0}", Wrong::NotAscii),
        (&lower, Wrong::Checksum { expected: "10D4".into(), found: "10d4".into() }),
        (&sealed(""), Wrong::Version),
        (&sealed("000202"), Wrong::Version),
        (&sealed("010211000201"), Wrong::Version),
        (&sealed("000201010213"), Wrong::Kind("13".into())),
        (&sealed("000201010"), Wrong::BrokenOff("010".into())),
        (&sealed("000201AB02XX"), Wrong::BrokenOff("AB02".into())),
        (&sealed("000201+10211"), Wrong::BrokenOff("+102".into())),
        (&sealed("0002010100"), Wrong::Empty(1)),
        (&sealed("0002010199X"), Wrong::Overlong { tag: 1, length: 99, left: 1 }),
        (&sealed("000201010211010211"), Wrong::Twice(1)),
        (&sealed("0002015204541153033605802ID5904TOKO"), Wrong::Missing(60)),
    ] {
        let refused = Payload::parse(text).unwrap_err();
        assert_eq!(refused, wrong, "{text}");
        assert!(refused.to_string().len() > 10);
    }
    assert_eq!(with("6304ABCD"), Err(Wrong::Twice(63)));
    assert_eq!(with("6304ABCD").unwrap_err().to_string(), "field 63 stands in the code twice");
    let overlong = Box::new(Wrong::Overlong { tag: 0, length: 9, left: 2 });
    assert_eq!(with("26060009AB"), Err(Wrong::Inside { tag: 26, wrong: overlong }));
    let dollars = sealed("0002015204541153038405802ID5904TOKO6006JEMBER");
    assert_eq!(Payload::parse(&dollars), Err(Wrong::Currency("840".into())));
}

#[test]
fn an_amount_is_digits_with_at_most_one_point() {
    for (text, hundredths) in [("275000", 27_500_000), ("275000.00", 27_500_000), ("10.5", 1_050), ("98.", 9_800)] {
        assert_eq!(
            Amount::parse(text),
            Amount::parse(&format!("{}.{:02}", hundredths / 100, hundredths % 100)),
            "{text}"
        );
    }
    for wrong in ["1e5", "", ".", ".5", "-5", "+5", "1,5", "1.234", "1.2.3", " 5", "12345678901234", "１"] {
        assert_eq!(Amount::parse(wrong), Err(Wrong::Amount(wrong.into())));
    }
    assert_eq!(with("54031e5"), Err(Wrong::Amount("1e5".into())));
    assert_eq!(with("541412345678901234"), Err(Wrong::Amount("12345678901234".into())));
    assert_eq!(with("5409275000.00").unwrap().amount().and_then(Amount::whole), Some(Rupiah(275_000)));
}

#[test]
fn what_does_not_fit_is_refused_and_never_cut() {
    let none = Extra::default();
    let refused = |merchant: Merchant| merchant.printed(&none).unwrap_err();
    let (long, town) = ("E-WARONG UEP KEMUNING LOR 1", "KABUPATEN JEMBER");
    assert_eq!(refused(Merchant { name: long.into(), ..merchant() }), Wrong::TooLong { tag: 59, most: 25, length: 27 });
    assert_eq!(refused(Merchant { city: town.into(), ..merchant() }), Wrong::TooLong { tag: 60, most: 15, length: 16 });
    assert_eq!(refused(Merchant { name: "KAFÉ".into(), ..merchant() }), Wrong::Unfit { tag: 59, text: "KAFÉ".into() });
    assert_eq!(refused(Merchant { city: String::new(), ..merchant() }), Wrong::Unfit { tag: 60, text: String::new() });
    assert_eq!(refused(Merchant { category: "54".into(), ..merchant() }), Wrong::Unfit { tag: 52, text: "54".into() });
    assert_eq!(refused(Merchant { accounts: vec![], ..merchant() }), Wrong::Missing(26));
    assert_eq!(refused(Merchant { accounts: vec![account(), account()], ..merchant() }), Wrong::Twice(26));
    let card = Account { tag: 4, ..account() };
    assert!(matches!(refused(Merchant { accounts: vec![card], ..merchant() }), Wrong::Unfit { tag: 4, .. }));
    let long = named("UEP-20260101-0001-0000001x");
    assert_eq!(merchant().printed(&long), Err(Wrong::TooLong { tag: 5, most: 25, length: 26 }));
    assert_eq!(merchant().asking(Rupiah::ZERO, &none), Err(Wrong::Amount("0".into())));
}

#[test]
fn a_qr_code_is_small_and_whole() {
    let qr = draw(DYNAMIC).unwrap();
    assert!(qr.path.len() < 9_000, "{} bytes", qr.path.len());
    // The three corners: seven dark squares from the quiet zone on, at the left and at the right.
    assert!(qr.path.starts_with("M4 4.5h7"), "{}", &qr.path[..40]);
    let top = qr.path.split("M4 5.5").next().unwrap();
    assert!(top.ends_with("h7"), "{top}");
}

fn text(most: usize) -> impl Strategy<Value = String> {
    proptest::string::string_regex(&format!("[ -~]{{1,{most}}}")).unwrap()
}

prop_compose! {
    fn any_account(tag: u8)(guid in text(32), pan in proptest::option::of("[0-9]{1,19}"), id in proptest::option::of(text(15)),
        criteria in proptest::option::of(0_usize..4)) -> Account {
        let all = [Criteria::Micro, Criteria::Small, Criteria::Middle, Criteria::Large];
        Account { tag, guid, pan, merchant_id: id, criteria: criteria.map(|n| all[n]) }
    }
}

prop_compose! {
    fn any_code()(first in any_account(26), second in any_account(51), category in "[0-9]{4}", name in text(25), city in text(15),
        postcode in proptest::option::of(text(10)), bill in proptest::option::of(text(10)), store in proptest::option::of(text(10)),
        reference in proptest::option::of(text(25)), purpose in proptest::option::of(text(20)),
        amount in proptest::option::of(1_i64..=9_999_999_999_999)) -> (Merchant, Extra, Option<Rupiah>) {
        let merchant = Merchant { accounts: vec![first, second], category, name, city, postcode };
        (merchant, Extra { bill, store, reference, terminal: None, purpose }, amount.map(Rupiah))
    }
}

proptest! {
    #[test]
    fn what_was_built_is_read_back_the_same((merchant, extra, amount) in any_code()) {
        let code = match amount {
            Some(amount) => merchant.asking(amount, &extra).unwrap(),
            None => merchant.printed(&extra).unwrap(),
        };
        let read = Payload::parse(&code.to_string()).unwrap();
        prop_assert_eq!(&read, &code);
        prop_assert_eq!((read.accounts(), read.name(), read.city()), (merchant.accounts, &*merchant.name, &*merchant.city));
        prop_assert_eq!((read.extra(), read.amount().and_then(Amount::whole)), (extra, amount));
        prop_assert_eq!(read.to_string(), code.to_string());
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), tail in "[0-9]{0,60}", cut in 0_usize..250) {
        let _ = Payload::parse(&text);
        let _ = Payload::parse(&sealed(&text));
        // Whatever passes is written back as it was, also where a checksum was made to fit nonsense.
        for text in [sealed(&tail), sealed(&format!("000201{tail}")), sealed(DYNAMIC.get(..cut).unwrap_or(DYNAMIC))] {
            if let Ok(code) = Payload::parse(&text) {
                prop_assert_eq!(code.to_string(), text);
            }
        }
    }

    #[test]
    fn one_character_changed_is_never_another_amount((merchant, extra, amount) in any_code(), at in any::<prop::sample::Index>(), other in " |[!-~]|é") {
        let code = merchant.asking(amount.unwrap_or(Rupiah(1)), &extra).unwrap();
        let text = code.to_string();
        let at = at.index(text.len());
        let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
        match Payload::parse(&changed) {
            Ok(read) => prop_assert_eq!((read, &changed), (code, &text)),
            Err(_) => prop_assert!(changed != text),
        }
    }
}
