//! Mails: queued in the transaction of what they tell of, written and sent after it.
use serde::{Deserialize, Serialize};

use crate::{
    clock::Clock,
    db::Tx,
    error::Result,
    gateway::mail::{Letter, Outcome, Post},
    locale::{Lang, Words, fill},
    outbox,
};
use entity::outbox as row;

/// The kind of work that writes and sends a mail.
pub const SEND: &str = "mail.send";

/// A mail still to be written: whom it goes to, what it is about, and in which language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    pub to: String,
    /// Names the words: `letter.{template}` and `letter.{template}_subject`.
    pub template: String,
    pub order_id: i64,
    pub language: Lang,
}

/// Queues a mail; the same key is sent once.
pub async fn queue(tx: &Tx, clock: &Clock, key: &str, mail: &Mail) -> Result<()> {
    outbox::queue(tx, clock.now(), SEND, &format!("mail:{key}"), mail).await?;
    Ok(())
}

/// Words of a mail, whose keys are only known when it is written; an unknown key falls back to `fallback`.
pub fn say(words: &Words, lang: Lang, key: &str, fallback: &str, values: &[(&str, &str)]) -> String {
    let text = words.text(lang, key, None).or_else(|| words.text(lang, fallback, None)).unwrap_or_default();
    fill(text, |name| values.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
}

/// Sends a letter. What will never arrive is written down and given up; everything else is tried again by the outbox.
pub async fn send(post: &Post, from: &str, work: &row::Model, letter: &Letter) -> Result<()> {
    match post.send(from, &work.unique_key, work.created_at, letter).await {
        Outcome::Sent => Ok(()),
        Outcome::Refused(reason) => {
            tracing::warn!(work = work.id, "a mail was refused for good: {reason}");
            Ok(())
        }
        Outcome::Later(reason) => Err(anyhow::anyhow!("mail: {reason}").into()),
    }
}
