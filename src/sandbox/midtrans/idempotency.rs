//! Answers that are given again when the same call comes again.
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::answers::Reply;

const KEPT_MINUTES: i64 = 5;
const MAX_CHARS: usize = 46;

/// Successful answers by key, shared between endpoints as at Midtrans: a key that is used again for another call gets
/// the first call's answer.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Remembered(Vec<(String, DateTime<Utc>, Reply)>);

impl Remembered {
    pub fn get(&self, key: &str, now: DateTime<Utc>) -> Option<Reply> {
        self.0.iter().find(|(known, at, _)| known == key && is_fresh(*at, now)).map(|(_, _, reply)| reply.clone())
    }

    /// Remembers a success; a key that is too long is ignored without a word.
    pub fn put(&mut self, key: &str, reply: &Reply, now: DateTime<Utc>) {
        self.0.retain(|(_, at, _)| is_fresh(*at, now));
        if key.len() <= MAX_CHARS && reply.is_success() {
            self.0.push((key.to_owned(), now, reply.clone()));
        }
    }
}

fn is_fresh(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now - at < Duration::minutes(KEPT_MINUTES)
}
