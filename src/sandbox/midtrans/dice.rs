//! Chance, from a seed: with the same seed the same calls give the same keys, ids, numbers and disorder again.
use std::{cell::RefCell, collections::BTreeMap};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha512};
use uuid::{Builder, Uuid};

const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Every kind of throw is counted on its own, so that one more question in between changes no number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Dice {
    seed: u64,
    thrown: RefCell<BTreeMap<String, u64>>,
}

impl Default for Dice {
    fn default() -> Self {
        Self::of(None)
    }
}

impl Dice {
    /// Begins anew with this seed, else with one nobody knows.
    pub fn of(seed: Option<u64>) -> Self {
        Self { seed: seed.unwrap_or_else(rand::random), thrown: RefCell::default() }
    }

    /// The next throw of its kind.
    fn throw(&self, kind: &str) -> u128 {
        let mut thrown = self.thrown.borrow_mut();
        let count = thrown.entry(kind.to_owned()).or_default();
        *count += 1;
        self.look(kind, *count)
    }

    /// Throw number `count` of its kind, without counting it.
    fn look(&self, kind: &str, count: u64) -> u128 {
        let hash = Sha512::digest(format!("{} {kind} {count}", self.seed));
        hash.iter().take(16).fold(0, |number, byte| (number << 8) | u128::from(*byte))
    }

    pub fn uuid(&self, kind: &str) -> Uuid {
        Builder::from_random_bytes(self.throw(kind).to_be_bytes()).into_uuid()
    }

    /// From 0 to below `bound`.
    pub fn below(&self, kind: &str, bound: u32) -> u32 {
        (self.throw(kind) % u128::from(bound.max(1))) as u32
    }

    /// From 0 to below `bound`, always the same for one thing.
    pub fn fixed(&self, kind: &str, thing: u64, bound: u32) -> u32 {
        (self.look(kind, thing) % u128::from(bound.max(1))) as u32
    }

    /// At most 30 decimal digits.
    pub fn digits(&self, kind: &str, count: usize) -> String {
        format!("{:030}", self.throw(kind)).chars().rev().take(count).collect()
    }

    /// At most 30 hexadecimal digits.
    pub fn hex(&self, kind: &str, count: usize) -> String {
        format!("{:032x}", self.throw(kind)).chars().take(count).collect()
    }

    pub fn letters(&self, kind: &str, count: usize) -> String {
        let letter = || LETTERS.get(self.below(kind, LETTERS.len() as u32) as usize).copied().unwrap_or(b'A');
        (0..count).map(|_| char::from(letter())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Dice;

    #[test]
    fn a_seed_says_everything() {
        let throws = |seed| {
            let dice = Dice::of(Some(seed));
            (dice.uuid("x").to_string(), dice.digits("x", 12), dice.letters("x", 24), dice.below("x", 100))
        };
        assert_eq!(throws(7), throws(7));
        assert_ne!(throws(7), throws(8));
        assert_ne!(Dice::of(None).uuid("x"), Dice::of(None).uuid("x"));
        let dice = Dice::of(Some(7));
        let (first, other) = (dice.uuid("x"), dice.uuid("y"));
        assert_ne!(first, other);
        assert_ne!(first, dice.uuid("x"));
        assert_eq!(dice.fixed("x", 1, 1_000), dice.fixed("x", 1, 1_000));
        assert_eq!((dice.digits("x", 12).len(), dice.hex("x", 14).len(), dice.letters("x", 36).len()), (12, 14, 36));
        assert_eq!(first.get_version_num(), 4);
    }
}
