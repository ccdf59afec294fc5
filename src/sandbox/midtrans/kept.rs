//! Parts of the book that can tell what changed in them, so that a change is written down without all the rest.
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::{Result, Value, json};

/// A part of the book.
pub(super) trait Part {
    /// What changed since the last time; nothing when nothing did.
    fn changes(&mut self) -> Option<Value>;
    /// Makes a change that was told before.
    fn follow(&mut self, changes: Value) -> Result<()>;
}

/// A list that notes each of its changes.
pub(super) struct Kept<T> {
    rows: Vec<T>,
    moves: Vec<Move>,
}

/// One change of a list.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Move {
    /// A row stands there from now on; at the end if there was none.
    Put(usize, Value),
    /// The row there went, and those behind it moved up.
    Gone(usize),
}

impl<T: Serialize> Kept<T> {
    pub fn push(&mut self, row: T) {
        self.moves.push(Move::Put(self.rows.len(), json!(row)));
        self.rows.push(row);
    }

    /// Changes one row, if it is there.
    pub fn edit<R>(&mut self, at: usize, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let row = self.rows.get_mut(at)?;
        let result = change(row);
        let now = json!(row);
        match self.moves.last_mut() {
            Some(Move::Put(last, told)) if *last == at => *told = now,
            _ => self.moves.push(Move::Put(at, now)),
        }
        Some(result)
    }

    /// Takes one row out; it must be there.
    pub fn remove(&mut self, at: usize) -> T {
        self.moves.push(Move::Gone(at));
        self.rows.remove(at)
    }

    /// Takes out all that do not stay.
    pub fn retain(&mut self, mut stays: impl FnMut(&T) -> bool) {
        let mut at = 0;
        let moves = &mut self.moves;
        self.rows.retain(|row| {
            let stays = stays(row);
            match stays {
                true => at += 1,
                false => moves.push(Move::Gone(at)),
            }
            stays
        });
    }
}

impl<T: Serialize + DeserializeOwned> Part for &mut Kept<T> {
    fn changes(&mut self) -> Option<Value> {
        let moves = std::mem::take(&mut self.moves);
        (!moves.is_empty()).then(|| json!(moves))
    }

    fn follow(&mut self, changes: Value) -> Result<()> {
        for change in serde_json::from_value::<Vec<Move>>(changes)? {
            match change {
                Move::Put(at, row) if at < self.rows.len() => self.rows[at] = serde_json::from_value(row)?,
                Move::Put(_, row) => self.rows.push(serde_json::from_value(row)?),
                Move::Gone(at) if at < self.rows.len() => drop(self.rows.remove(at)),
                Move::Gone(at) => return Err(serde::de::Error::custom(format!("there is no row {at} to go"))),
            }
        }
        Ok(())
    }
}

/// Something small, told whole each time.
pub(super) struct Whole<'a, T>(pub &'a mut T);

impl<T: Serialize + DeserializeOwned> Part for Whole<'_, T> {
    fn changes(&mut self) -> Option<Value> {
        Some(json!(self.0))
    }

    fn follow(&mut self, changes: Value) -> Result<()> {
        *self.0 = serde_json::from_value(changes)?;
        Ok(())
    }
}

impl<T> Deref for Kept<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.rows
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), moves: Vec::new() }
    }
}

impl<T: Serialize> Serialize for Kept<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Kept<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Ok(Self { rows: Vec::deserialize(deserializer)?, moves: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Kept, Part};

    proptest! {
        #[test]
        fn whoever_follows_all_changes_has_the_same_list(
            acts in prop::collection::vec((0_u8..5, 0_usize..12, 0_i64..9, any::<bool>()), 0..80),
        ) {
            let (mut list, mut copy) = (Kept::<i64>::default(), Kept::<i64>::default());
            for (act, at, value, told) in acts {
                match act {
                    0 | 1 => list.push(value),
                    2 => _ = list.edit(at, |row| *row = value),
                    3 if at < list.len() => _ = list.remove(at),
                    3 => {}
                    _ => list.retain(|row| *row != value),
                }
                if told && let Some(changes) = (&mut list).changes() {
                    (&mut copy).follow(changes).unwrap();
                    prop_assert_eq!(&*copy, &*list);
                }
            }
            if let Some(changes) = (&mut list).changes() {
                (&mut copy).follow(changes).unwrap();
            }
            prop_assert_eq!(&*copy, &*list);
        }
    }
}
