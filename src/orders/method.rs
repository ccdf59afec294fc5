//! Ways to pay: which are offered for an order, how long each leaves, and which go over the provider.
//!
//! Limits are the provider's (Midtrans, March 2026). A virtual account cannot be paid back through it, so it is not
//! offered where something must be made first. Cash on delivery and at pickup is given on trust; [`Past`] says how far.
use chrono::{DateTime, Duration, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{error::Result, locale::Said, payments::method as provider};
use entity::{
    Rupiah, order,
    order::{Delivery, Method, Payment, State},
    shipping_rate::Zone,
};

/// All ways, in the order they are shown.
pub const METHODS: [Method; 11] = [
    Method::Qris,
    Method::Cod,
    Method::PayAtPickup,
    Method::Gopay,
    Method::Shopeepay,
    Method::BriVa,
    Method::BniVa,
    Method::BcaVa,
    Method::MandiriBill,
    Method::PermataVa,
    Method::Transfer,
];

/// The name of a way in forms, words and rows.
pub fn code(method: Method) -> &'static str {
    match method {
        Method::Qris => "qris",
        Method::BriVa => "bri_va",
        Method::BniVa => "bni_va",
        Method::BcaVa => "bca_va",
        Method::PermataVa => "permata_va",
        Method::MandiriBill => "mandiri_bill",
        Method::Gopay => "gopay",
        Method::Shopeepay => "shopeepay",
        Method::Transfer => "transfer",
        Method::Cod => "cod",
        Method::PayAtPickup => "pay_at_pickup",
    }
}

/// The way of a name.
pub fn named(name: &str) -> Option<Method> {
    METHODS.into_iter().find(|method| code(*method) == name)
}

/// Whether money goes over the provider.
pub fn is_online(method: Method) -> bool {
    provider::is_at_provider(method)
}

/// Whether money is handed over with the goods, so that a person says yes to the order first.
pub fn is_cash(method: Method) -> bool {
    matches!(method, Method::Cod | Method::PayAtPickup)
}

/// Whether the bank takes the money through an account made for this order.
pub fn is_bank_account(method: Method) -> bool {
    matches!(method, Method::BriVa | Method::BniVa | Method::BcaVa | Method::PermataVa | Method::MandiriBill)
}

/// How long the goods are kept for somebody who pays this way; for cash, how long the outlet has to say yes.
pub fn window(method: Method) -> Duration {
    match method {
        Method::Qris | Method::Gopay | Method::Shopeepay => Duration::minutes(15),
        Method::Cod | Method::PayAtPickup => Duration::hours(48),
        _ => Duration::hours(24),
    }
}

/// What an order is, as far as paying for it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub total: Rupiah,
    pub delivery: Delivery,
    pub zone: Option<Zone>,
    /// Something must be made first, so money may have to go back.
    pub to_be_made: bool,
    /// The most cash a courier is trusted with.
    pub cod_max: Rupiah,
    pub past: Past,
}

/// Whether a way is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    Yes,
    /// No, and the buyer is told why.
    No(Said),
    /// It has nothing to do with this order.
    Hidden,
}

/// Judges one way for one order.
pub fn offered(method: Method, case: &Case) -> Offered {
    match method {
        Method::PayAtPickup if case.delivery == Delivery::Courier => return Offered::Hidden,
        // Where the parcel goes is not known yet, or it is fetched.
        Method::Cod if case.delivery == Delivery::Pickup || case.zone.is_none() => return Offered::Hidden,
        Method::Cod if !matches!(case.zone, Some(Zone::SameVillage | Zone::Jember)) => {
            return Offered::No(Said::new("pay.no_cod_so_far"));
        }
        Method::Cod if case.total > case.cod_max => {
            return Offered::No(Said::new("pay.no_above").with("max", case.cod_max));
        }
        Method::Cod if !case.past.allows_cod() => return Offered::No(Said::new("pay.no_cash_now")),
        Method::PayAtPickup if !case.past.allows_pickup() => return Offered::No(Said::new("pay.no_cash_now")),
        _ if is_bank_account(method) && case.to_be_made => return Offered::No(Said::new("pay.no_refund")),
        _ => {}
    }
    let Some(limits) = provider::limits(method) else { return Offered::Yes };
    match case.total {
        total if total < *limits.start() => Offered::No(Said::new("pay.no_below").with("min", *limits.start())),
        total if total > *limits.end() => Offered::No(Said::new("pay.no_above").with("max", *limits.end())),
        _ => Offered::Yes,
    }
}

/// What became of a phone's orders that were to be paid in cash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Cash on delivery that has not been paid yet.
    pub open_cod: usize,
    /// Pickups that have not been paid yet.
    pub open_pickups: usize,
    /// Orders the outlet had said yes to, and that were cancelled unpaid within the last half year.
    pub let_down: usize,
}

impl Past {
    /// One parcel at a time, and none after goods came back unpaid.
    fn allows_cod(self) -> bool {
        self.open_cod == 0 && self.let_down == 0
    }

    /// At most three pickups wait, and the outlet was let down at most once.
    fn allows_pickup(self) -> bool {
        self.open_pickups < 3 && self.let_down < 2
    }
}

/// Looks up what a phone did with orders to be paid in cash.
pub async fn past_of(db: &impl ConnectionTrait, phone: &str, now: DateTime<Utc>) -> Result<Past> {
    let orders = order::Entity::find()
        .filter(order::Column::BuyerPhone.eq(phone))
        .filter(order::Column::Method.is_in([Method::Cod, Method::PayAtPickup]))
        .filter(order::Column::Payment.eq(Payment::Unpaid))
        .order_by_desc(order::Column::Id)
        .limit(20)
        .all(db)
        .await?;
    Ok(judge(&orders, now))
}

fn judge(orders: &[order::Model], now: DateTime<Utc>) -> Past {
    let open = |method| orders.iter().filter(|o| o.state == State::Placed && o.method == method).count();
    let let_down = |o: &&order::Model| {
        let recent = o.closed_at.is_some_and(|at| now - at < Duration::days(183));
        o.state == State::Cancelled && o.confirmed_at.is_some() && recent
    };
    Past {
        open_cod: open(Method::Cod),
        open_pickups: open(Method::PayAtPickup),
        let_down: orders.iter().filter(let_down).count(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders::example;

    fn case(total: i64) -> Case {
        Case {
            total: Rupiah(total),
            delivery: Delivery::Courier,
            zone: Some(Zone::Jember),
            to_be_made: false,
            cod_max: Rupiah(500_000),
            past: Past::default(),
        }
    }

    fn is_offered(method: Method, case: &Case) -> bool {
        offered(method, case) == Offered::Yes
    }

    #[test]
    fn qris_ends_at_ten_million() {
        assert!(is_offered(Method::Qris, &case(10_000_000)));
        assert!(!is_offered(Method::Qris, &case(10_000_001)));
        assert!(is_offered(Method::Gopay, &case(20_000_000)) && !is_offered(Method::Gopay, &case(20_000_001)));
        assert!(is_offered(Method::BriVa, &case(20_000_001)));
    }

    #[test]
    fn bca_begins_at_ten_thousand() {
        assert!(!is_offered(Method::BcaVa, &case(9_999)) && is_offered(Method::BcaVa, &case(10_000)));
        assert!(is_offered(Method::BriVa, &case(9_999)));
    }

    #[test]
    fn what_must_be_made_is_not_paid_where_money_cannot_go_back() {
        let made = Case { to_be_made: true, ..case(74_000) };
        for method in METHODS.into_iter().filter(|m| is_bank_account(*m)) {
            assert!(!is_offered(method, &made), "{method:?}");
        }
        assert!(is_offered(Method::Qris, &made) && is_offered(Method::Gopay, &made));
    }

    #[test]
    fn cash_on_delivery_goes_no_further_than_jember_and_the_limit() {
        assert!(is_offered(Method::Cod, &case(500_000)) && !is_offered(Method::Cod, &case(500_001)));
        for zone in [Zone::Java, Zone::MaduraBali, Zone::OtherIslands] {
            assert!(!is_offered(Method::Cod, &Case { zone: Some(zone), ..case(74_000) }), "{zone:?}");
        }
        assert_eq!(offered(Method::Cod, &Case { delivery: Delivery::Pickup, ..case(1) }), Offered::Hidden);
        assert_eq!(offered(Method::PayAtPickup, &case(1)), Offered::Hidden);
    }

    #[test]
    fn cash_is_given_on_trust() {
        let now = DateTime::from_timestamp(1_795_250_000, 0).unwrap();
        let open = order::Model { method: Method::Cod, ..example::order() };
        let mut let_down = order::Model { state: State::Cancelled, confirmed_at: Some(now), ..open.clone() };
        let_down.closed_at = Some(now - Duration::days(10));
        let with = |orders: &[order::Model]| Case { past: judge(orders, now), ..case(74_000) };
        let pickup = |orders: &[order::Model]| Case { delivery: Delivery::Pickup, zone: None, ..with(orders) };
        assert!(is_offered(Method::Cod, &with(&[])));
        assert!(!is_offered(Method::Cod, &with(std::slice::from_ref(&open))));
        assert!(!is_offered(Method::Cod, &with(std::slice::from_ref(&let_down))));
        assert!(is_offered(Method::PayAtPickup, &pickup(std::slice::from_ref(&let_down))));
        assert!(!is_offered(Method::PayAtPickup, &pickup(&[let_down.clone(), let_down.clone()])));
        let never_accepted = order::Model { confirmed_at: None, ..let_down.clone() };
        assert!(is_offered(Method::Cod, &with(&[never_accepted])));
        let long_ago = order::Model { closed_at: Some(now - Duration::days(200)), ..let_down };
        assert!(is_offered(Method::Cod, &with(&[long_ago])));
    }
}
