//! Answers that are given again when the same call comes again.
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::{answers::Reply, state::Desk};

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

/// Gives the first answer again when the key has been seen, whatever is asked this time.
pub(super) fn once(desk: &mut Desk, key: Option<&str>, work: impl FnOnce(&mut Desk) -> Reply) -> Reply {
    let Some(key) = key else { return work(desk) };
    if let Some(reply) = desk.book.remembered.get(key, desk.now) {
        return reply;
    }
    let reply = work(desk);
    desk.book.remembered.put(key, &reply, desk.now);
    desk.book.touch();
    reply
}
