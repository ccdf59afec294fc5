//! Counters that guard what can be guessed: in this process, or in Redis when several nodes share the work.
//!
//! A Redis that does not answer never stops the shop: counting then goes on in this process.
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};

use crate::secret::sha256;

/// How many counters are kept before old ones are swept out.
const KEPT: usize = 50_000;

/// Short-lived shared counts.
pub struct Cache {
    local: Mutex<HashMap<String, (u32, Instant)>>,
    redis: Option<ConnectionManager>,
    prefix: String,
}

impl Cache {
    /// Redis is connected to when first used, so the service starts without it.
    /// `installation` keeps the counts of shops that share a Redis apart; nodes of one shop say the same.
    pub fn open(redis_url: Option<&str>, installation: &str) -> anyhow::Result<Cache> {
        let redis = match redis_url {
            None => None,
            Some(url) => {
                let config = ConnectionManagerConfig::new()
                    .set_number_of_retries(1)
                    .set_connection_timeout(Some(Duration::from_secs(1)))
                    .set_response_timeout(Some(Duration::from_millis(500)));
                Some(ConnectionManager::new_lazy_with_config(redis::Client::open(url)?, config)?)
            }
        };
        Ok(Cache {
            local: Mutex::default(),
            redis,
            prefix: format!("warong:{}", &sha256(installation.as_bytes())[..12]),
        })
    }

    /// Counts one more of `key`; false once there were more than `max` within the window.
    pub async fn allows(&self, key: &str, max: u32, window: Duration) -> bool {
        match self.count_shared(key, window).await {
            Some(count) => count <= max,
            None => self.count_local(key, window) <= max,
        }
    }

    /// Whether `key` was counted `max` times or more, without counting this look.
    pub async fn reached(&self, key: &str, max: u32) -> bool {
        if let Some(redis) = &self.redis {
            let mut redis = redis.clone();
            let count: redis::RedisResult<Option<u32>> =
                redis::cmd("GET").arg(self.shared(key)).query_async(&mut redis).await;
            if let Ok(count) = count {
                return count.unwrap_or(0) >= max;
            }
        }
        let local = self.local.lock().unwrap_or_else(PoisonError::into_inner);
        local.get(key).is_some_and(|(count, until)| *count >= max && *until > Instant::now())
    }

    /// Forgets a count, as after a sign-in that worked.
    pub async fn forget(&self, key: &str) {
        if let Some(redis) = &self.redis {
            let mut redis = redis.clone();
            let forgotten: redis::RedisResult<()> =
                redis::cmd("DEL").arg(self.shared(key)).query_async(&mut redis).await;
            if let Err(e) = forgotten {
                tracing::warn!(error = %e, "redis did not forget a count");
            }
        }
        self.local.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    /// Whether Redis answers; true when none is set.
    pub async fn ping(&self) -> bool {
        let Some(redis) = &self.redis else { return true };
        let mut redis = redis.clone();
        redis::cmd("PING").query_async::<String>(&mut redis).await.is_ok()
    }

    async fn count_shared(&self, key: &str, window: Duration) -> Option<u32> {
        let mut redis = self.redis.as_ref()?.clone();
        let script = redis::Script::new(
            "local n = redis.call('INCR', KEYS[1]) if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end return n",
        );
        match script.key(self.shared(key)).arg(window.as_millis() as u64).invoke_async(&mut redis).await {
            Ok(count) => Some(count),
            Err(e) => {
                tracing::warn!(error = %e, "redis did not count; counting here");
                None
            }
        }
    }

    fn shared(&self, key: &str) -> String {
        format!("{}:{key}", self.prefix)
    }

    fn count_local(&self, key: &str, window: Duration) -> u32 {
        let mut local = self.local.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if local.len() > KEPT {
            local.retain(|_, (_, until)| *until > now);
        }
        let entry = local.entry(key.to_owned()).or_insert((0, now + window));
        if entry.1 <= now {
            *entry = (0, now + window);
        }
        entry.0 = entry.0.saturating_add(1);
        entry.0
    }
}
