//! What a QRIS code says: fields of tag, length and value, with a checksum at the end. The merchant in it does not
//! exist, so that no real wallet can send real money to it.
use std::fmt::Write;

const ACQUIRER: &str = "936009990000000001";
const MERCHANT: &str = "UEP000000000001";
const NATIONAL: &str = "ID1020000000000";

/// A code that can be paid once, for this many rupiah, under a reference of at most 25 characters.
pub(super) fn payload(gross: i64, reference: &str) -> String {
    let account = [("00", "COM.EXAMPLE.WWW"), ("01", ACQUIRER), ("02", MERCHANT), ("03", "UMI")];
    let national = [("00", "ID.CO.QRIS.WWW"), ("02", NATIONAL), ("03", "UMI")];
    let reference: String = reference.chars().take(25).collect();
    let mut code = fields(&[
        ("00", "01"),
        ("01", "12"),
        ("26", &fields(&account)),
        ("51", &fields(&national)),
        ("52", "5411"),
        ("53", "360"),
        ("54", &gross.to_string()),
        ("58", "ID"),
        ("59", "E-WARONG UEP DEMO"),
        ("60", "JEMBER"),
        ("61", "68191"),
        ("62", &fields(&[("05", &reference)])),
    ]);
    code.push_str("6304");
    let sum = crc(code.as_bytes());
    let _ = write!(code, "{sum:04X}");
    code
}

/// Whether the checksum at the end belongs to what stands before it.
pub(super) fn is_sound(code: &str) -> bool {
    code.len()
        .checked_sub(4)
        .and_then(|at| code.split_at_checked(at))
        .is_some_and(|(said, sum)| said.ends_with("6304") && sum == format!("{:04X}", crc(said.as_bytes())))
}

fn fields(list: &[(&str, &str)]) -> String {
    list.iter().map(|(tag, value)| format!("{tag}{:02}{value}", value.len())).collect()
}

/// CRC-16/CCITT-FALSE.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |sum, byte| {
        (0..8).fold(sum ^ (u16::from(*byte) << 8), |sum, _| match sum & 0x8000 {
            0 => sum << 1,
            _ => (sum << 1) ^ 0x1021,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{crc, is_sound, payload};

    #[test]
    fn the_checksum_is_the_one_the_standard_names() {
        assert_eq!(crc(b"123456789"), 0x29B1);
        let expected = "00020101021226670015COM.EXAMPLE.WWW01189360099900000000010215UEP0000000000010303UMI51440014ID.CO.QRIS.WWW0215ID10200000000000303UMI52045411530336054062750005802ID5917E-WARONG UEP DEMO6006JEMBER61056819162210517UEP-20260101-0001630410D4";
        assert_eq!(payload(275_000, "UEP-20260101-0001"), expected);
        assert!(is_sound(expected));
        assert!(!is_sound(&expected.replace("275000", "275001")));
        assert!(!is_sound("é") && !is_sound(""));
    }
}
