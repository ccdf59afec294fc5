//! What is sold: products and their items, pictures, the makers' pages, and search.
//!
//! A *product* is a draft until its maker submits it, and shown once an operator approves it; it is withdrawn, never
//! deleted. Its sizes are *items*; every price an item had stays in the books. A *photo* waits until the worker has
//! made it fit for small phones. Whatever buyers can see counts the shop's version up. What is on the shelves is kept
//! in memory only to be found; prices and stock are read from the database for each page.
pub mod capacity;
pub mod category;
pub mod item;
pub mod maker;
pub mod measure;
pub mod photo;
pub mod price;
pub mod product;
pub mod search;
pub mod shelf;
pub mod show;
pub mod slug;
pub mod watch;
pub mod web;

use serde_json::Value;

use crate::{
    clock::Clock,
    db::Tx,
    error::Result,
    history::{self, Subject},
};

/// On which side of the counter somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Crafter,
    Operator,
    /// Somebody who bought, with the picture of a transfer.
    Buyer,
}

/// Who does something to a product, for the history. A crafter acts on their own goods, an operator on all of the
/// outlet.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    pub person_id: Option<i64>,
    pub village_id: Option<i64>,
    pub side: Side,
}

impl Hand {
    pub(crate) async fn remember(
        &self,
        tx: &Tx,
        clock: &Clock,
        subject: Subject,
        verb: &str,
        detail: Value,
    ) -> Result<()> {
        history::remember(tx, clock, self.village_id, subject, verb, self.person_id, detail).await
    }
}
