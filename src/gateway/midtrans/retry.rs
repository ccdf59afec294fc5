//! When to send a call again, and after how long.
use std::time::Duration;

use rand::RngExt;

/// No call is sent more often than this.
pub(super) const TRIES: u32 = 3;

const FIRST_WAIT_MS: u64 = 400;

/// How long to wait after try number `tried` (from 1), shifted at random so that many callers do not return at once.
pub(super) fn wait(tried: u32) -> Duration {
    let base = FIRST_WAIT_MS.saturating_mul(3_u64.saturating_pow(tried.saturating_sub(1)));
    Duration::from_millis(rand::rng().random_range(base / 2..=base + base / 2))
}
