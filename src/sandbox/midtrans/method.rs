//! The ways of paying this stand-in knows, with the real one's limits.
use std::ops::RangeInclusive;

use chrono::Duration;
use serde::{Deserialize, Serialize};

/// Banks with virtual accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bank {
    Bca,
    Bni,
    Bri,
    Permata,
    Cimb,
    Danamon,
    Bsi,
    Seabank,
    Saqu,
}

impl Bank {
    const ALL: [Bank; 9] = [
        Bank::Bri,
        Bank::Bca,
        Bank::Bni,
        Bank::Permata,
        Bank::Cimb,
        Bank::Danamon,
        Bank::Bsi,
        Bank::Seabank,
        Bank::Saqu,
    ];

    /// Name in the interface, name on the page, first digits of its numbers.
    fn facts(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Bank::Bca => ("bca", "BCA", "81278"),
            Bank::Bni => ("bni", "BNI", "9888"),
            Bank::Bri => ("bri", "BRI", "13060"),
            Bank::Permata => ("permata", "Permata", "8562"),
            Bank::Cimb => ("cimb", "CIMB Niaga", "2810"),
            Bank::Danamon => ("danamon", "Danamon", "8915"),
            Bank::Bsi => ("bsi", "BSI", "9347"),
            Bank::Seabank => ("seabank", "SeaBank", "8528"),
            Bank::Saqu => ("saqu", "Bank Saqu", "8823"),
        }
    }

    pub fn name(self) -> &'static str {
        self.facts().0
    }

    pub fn prefix(self) -> &'static str {
        self.facts().2
    }

    /// How many digits of its numbers a shop may choose.
    pub fn asked_digits(self) -> RangeInclusive<usize> {
        match self {
            Bank::Bca => 6..=11,
            Bank::Bni => 1..=8,
            Bank::Bri => 1..=13,
            Bank::Permata => 10..=10,
            Bank::Cimb | Bank::Danamon | Bank::Bsi | Bank::Saqu => 1..=12,
            Bank::Seabank => 1..=19,
        }
    }

    pub fn parse(word: &str) -> Option<Bank> {
        Bank::ALL.into_iter().find(|bank| bank.name().eq_ignore_ascii_case(word))
    }
}

/// A way of paying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Method {
    Qris,
    Va(Bank),
    Bill,
    Gopay,
    Shopeepay,
}

impl Method {
    pub fn all() -> Vec<Method> {
        let banks = Bank::ALL.into_iter().map(Method::Va);
        [Method::Qris, Method::Gopay, Method::Shopeepay].into_iter().chain(banks).chain([Method::Bill]).collect()
    }

    /// What a word in `enabled_payments` stands for; nothing for what the stand-in does not play.
    pub fn named_in_snap(word: &str) -> Vec<Method> {
        match word {
            "bank_transfer" => Bank::ALL.into_iter().map(Method::Va).chain([Method::Bill]).collect(),
            "other_va" => vec![Method::Va(Bank::Bni)],
            "qris" => vec![Method::Qris],
            word => Method::all().into_iter().filter(|method| method.snap_name() == word).collect(),
        }
    }

    pub fn snap_name(self) -> String {
        match self {
            Method::Qris => "other_qris".into(),
            Method::Va(bank) => format!("{}_va", bank.name()),
            Method::Bill => "echannel".into(),
            Method::Gopay => "gopay".into(),
            Method::Shopeepay => "shopeepay".into(),
        }
    }

    pub fn payment_type(self) -> &'static str {
        match self {
            Method::Qris => "qris",
            Method::Va(_) => "bank_transfer",
            Method::Bill => "echannel",
            Method::Gopay => "gopay",
            Method::Shopeepay => "shopeepay",
        }
    }

    /// As a person calls it.
    pub fn label(self) -> String {
        match self {
            Method::Qris => "QRIS".into(),
            Method::Va(bank) => format!("Transfer {}", bank.facts().1),
            Method::Bill => "Mandiri Bill".into(),
            Method::Gopay => "GoPay".into(),
            Method::Shopeepay => "ShopeePay".into(),
        }
    }

    pub fn is_bank(self) -> bool {
        matches!(self, Method::Va(_) | Method::Bill)
    }

    pub fn lifetime(self) -> Duration {
        if self.is_bank() { Duration::hours(24) } else { Duration::minutes(15) }
    }

    /// How short and how long a payment may stay open, in seconds.
    pub fn lifetimes(self) -> RangeInclusive<i64> {
        let days = if self.is_bank() { 180 } else { 7 };
        20..=days * 86_400
    }

    /// The amounts it takes, in rupiah.
    pub fn limits(self) -> RangeInclusive<i64> {
        match self {
            Method::Qris => 1..=10_000_000,
            Method::Gopay | Method::Shopeepay => 1..=20_000_000,
            Method::Va(Bank::Bca) => 10_000..=20_000_000_000,
            Method::Va(Bank::Bsi) => 1_000..=20_000_000_000,
            Method::Va(Bank::Cimb) => 1..=250_000_000,
            Method::Va(Bank::Seabank) => 10_000..=100_000_000,
            Method::Va(_) | Method::Bill => 1..=20_000_000_000,
        }
    }
}
