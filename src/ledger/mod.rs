//! Money in double entry. An entry has two or more postings that sum to zero, a key that makes it happen once, and is
//! never changed: a mistake is reversed by another entry.
//!
//! Only *guarded* accounts keep a balance, changed and judged in one statement, because they may not go below zero.
//! All others are sums of their postings, so that no busy row is shared by everyone.
mod account;
mod entry;
mod written;

pub use account::{Book, balance, balance_of, by_subject, is_posted, of_kind, posted};
pub use entry::{Line, NewEntry, post, post_all, reverse};
pub use written::{Written, written};
