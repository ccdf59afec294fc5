//! Reading fields as Midtrans really sends them: absent, null, a number where a text was promised, and back.
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use entity::Rupiah;
use serde_json::Value;

/// The field as text, exactly as received; `None` for absent, null and empty.
pub(super) fn text(body: &Value, field: &str) -> Option<String> {
    match body.get(field)? {
        Value::String(s) if !s.is_empty() => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        Value::Bool(b) => Some(b.to_string()),
        _ => None,
    }
}

/// The field as a list; a single object counts as a list of one.
pub(super) fn list<'a>(body: &'a Value, field: &str) -> &'a [Value] {
    match body.get(field) {
        Some(Value::Array(values)) => values,
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    }
}

/// `"275000.00"`, `"275000"` or `275000`; anything with a real fraction is no rupiah.
pub(super) fn rupiah(text: &str) -> Option<Rupiah> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    if !fraction.bytes().all(|b| b == b'0') {
        return None;
    }
    whole.parse().ok().map(Rupiah)
}

/// `2026-01-01 10:05:12` in GMT+7, with or without an offset behind it; RFC 3339 too.
pub(super) fn time(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S %z").or(DateTime::parse_from_rfc3339(text)) {
        return Some(at.to_utc());
    }
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok()?;
    let zone = FixedOffset::east_opt(7 * 3600)?;
    Some(local.and_local_timezone(zone).single()?.to_utc())
}

#[cfg(test)]
mod tests {
    use super::{Rupiah, rupiah, time};

    #[test]
    fn only_whole_rupiah_are_rupiah() {
        assert_eq!(rupiah("275000.00"), Some(Rupiah(275_000)));
        assert_eq!(rupiah("275000"), Some(Rupiah(275_000)));
        assert_eq!(rupiah("1500.50"), None);
        assert_eq!(rupiah(""), None);
        assert_eq!(rupiah("Rp5"), None);
    }

    #[test]
    fn times_without_a_zone_are_in_jakarta() {
        let expected = time("2026-01-01T03:05:12Z");
        assert!(expected.is_some());
        assert_eq!(time("2026-01-01 10:05:12"), expected);
        assert_eq!(time("2026-01-01 10:05:12 +0700"), expected);
        assert_eq!(time("kemarin"), None);
    }
}
