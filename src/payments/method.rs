//! What a way of paying allows: how much, for how long, and whether money can be given back.
use std::ops::RangeInclusive;

use chrono::Duration;

use entity::{Rupiah, order::Method};

/// All methods that go through the provider, in the order they are offered.
pub const AT_PROVIDER: [Method; 8] = [
    Method::Qris,
    Method::BriVa,
    Method::BniVa,
    Method::BcaVa,
    Method::PermataVa,
    Method::MandiriBill,
    Method::Gopay,
    Method::Shopeepay,
];

/// Whether the provider takes the money; the others are settled between people.
pub fn is_at_provider(method: Method) -> bool {
    AT_PROVIDER.contains(&method)
}

/// What one payment may come to (Midtrans, transaction limits, March 2026); `None` when the provider is not asked.
pub fn limits(method: Method) -> Option<RangeInclusive<Rupiah>> {
    let (least, most) = match method {
        Method::Qris => (1, 10_000_000),
        Method::Gopay | Method::Shopeepay => (1, 20_000_000),
        Method::BcaVa => (10_000, 20_000_000_000),
        Method::BriVa | Method::BniVa | Method::PermataVa | Method::MandiriBill => (1, 20_000_000_000),
        Method::Transfer | Method::Cod | Method::PayAtPickup => return None,
    };
    Some(Rupiah(least)..=Rupiah(most))
}

/// Whether this amount can be paid this way.
pub fn takes(method: Method, amount: Rupiah) -> bool {
    amount > Rupiah::ZERO && limits(method).is_none_or(|range| range.contains(&amount))
}

/// Whether the provider can send money back the way it came; a virtual account never can.
pub fn is_refundable(method: Method) -> bool {
    matches!(method, Method::Qris | Method::Gopay | Method::Shopeepay)
}

/// Banks that may take a settlement back within minutes: nothing is packed before this has passed.
pub fn packing_waits(method: Method) -> Duration {
    match method {
        Method::PermataVa | Method::MandiriBill => Duration::minutes(10),
        _ => Duration::zero(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_offered_only_within_its_limits() {
        assert!(takes(Method::Qris, Rupiah(10_000_000)));
        assert!(!takes(Method::Qris, Rupiah(10_000_001)));
        assert!(!takes(Method::BcaVa, Rupiah(9_999)));
        assert!(!takes(Method::BriVa, Rupiah(0)));
        assert!(takes(Method::Cod, Rupiah(50_000_000)));
    }

    #[test]
    fn every_method_at_the_provider_has_limits() {
        assert!(AT_PROVIDER.iter().all(|method| limits(*method).is_some() && is_at_provider(*method)));
        assert!(!is_at_provider(Method::Transfer));
    }
}
