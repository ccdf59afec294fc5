//! When to send a call again, and after how long.
use std::time::Duration;

use rand::RngExt;

use super::Error;

/// No call is sent more often than this.
pub(super) const TRIES: u32 = 3;

const FIRST_WAIT_MS: u64 = 400;

/// An answer, and the failure of an earlier try that may have taken effect: a refusal then says less than it seems to.
pub(super) struct Answered<T> {
    pub answer: T,
    pub perhaps_done: Option<Error>,
}

/// Sends a call until it is answered, refused for good, or tried often enough. When the last try says nothing of the
/// call itself (nobody at the door, too many calls) but an earlier one may have taken effect, the earlier one is told:
/// the caller must not think that nothing happened.
pub(super) async fn again<T, F: Future<Output = Result<T, Error>>>(
    tries: u32,
    send: impl Fn() -> F,
) -> Result<Answered<T>, Error> {
    let mut tried = 1;
    let mut perhaps_done = None;
    loop {
        match send().await {
            Ok(answer) => return Ok(Answered { answer, perhaps_done }),
            Err(error) if error.may_retry() && tried < tries => {
                if error.is_uncertain() {
                    perhaps_done = Some(error);
                }
                tokio::time::sleep(wait(tried)).await;
                tried += 1;
            }
            Err(error) if error.says_nothing() => return Err(perhaps_done.unwrap_or(error)),
            Err(error) => return Err(error),
        }
    }
}

/// How long to wait after try number `tried` (from 1), shifted at random so that many callers do not return at once.
fn wait(tried: u32) -> Duration {
    let base = FIRST_WAIT_MS.saturating_mul(3_u64.saturating_pow(tried.saturating_sub(1)));
    Duration::from_millis(rand::rng().random_range(base / 2..=base + base / 2))
}
