//! Which payouts, and with whose keys.
use std::net::IpAddr;

use reqwest::Url;

use super::super::config::{SANDBOX_PREFIX, check_base};
use super::super::{ApproverKey, ConfigError, CreatorKey, Environment, MerchantKey};

/// The two halves of one merchant's payouts, and the keys that sign its notifications. Payout keys look alike in both
/// environments (`IRIS-…`), so a sandbox key in production can be told only when it starts with `SB-`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutKeys {
    /// Asks.
    pub creator: CreatorKey,
    /// Releases.
    pub approver: ApproverKey,
    /// Sign notifications; more than one while a key is being replaced, none when notifications are not used.
    pub merchant: Vec<MerchantKey>,
}

/// Why these settings would lose somebody's money, or reach nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayoutsConfigError {
    /// As with payments.
    #[error(transparent)]
    Address(#[from] ConfigError),
    /// A half is missing.
    #[error("the payout key of the {0} is empty")]
    EmptyKey(&'static str),
    /// One key that asks and releases is no second pair of eyes.
    #[error("the creator and the approver of payouts must not share a key")]
    SameKey,
    /// A test key where real money is meant.
    #[error("payouts are meant for production, but the key of the {0} is a sandbox key (SB-)")]
    SandboxKeyInProduction(&'static str),
    /// Keys over plain http are read by everybody on the way.
    #[error("{0} is plain http and not on this machine")]
    PlainFarAway(String),
}

/// Settings that have been checked against each other.
#[derive(Clone, Debug)]
pub struct PayoutsConfig {
    /// Both halves.
    pub keys: PayoutKeys,
    /// Which world.
    pub environment: Environment,
    /// Up to and including `/iris/api/v1`, no slash at the end.
    pub base: String,
}

impl PayoutsConfig {
    /// Checks keys and address against each other. `base` replaces the host of Midtrans, for a stand-in: payouts are then
    /// expected under `{base}/iris/api/v1`. Plain http is for this machine only, and never for production.
    pub fn new(environment: Environment, keys: PayoutKeys, base: Option<&str>) -> Result<Self, PayoutsConfigError> {
        let halves = [("creator", keys.creator.expose()), ("approver", keys.approver.expose())];
        for (who, key) in halves {
            if key.is_empty() {
                return Err(PayoutsConfigError::EmptyKey(who));
            }
            if environment == Environment::Production && key.starts_with(SANDBOX_PREFIX) {
                return Err(PayoutsConfigError::SandboxKeyInProduction(who));
            }
        }
        if keys.creator.expose() == keys.approver.expose() {
            return Err(PayoutsConfigError::SameKey);
        }
        let base = base.map_or(environment.app_host(), |base| base.trim_end_matches('/'));
        let url = check_base(environment, base)?;
        if url.scheme() == "http" && !(environment == Environment::Sandbox && is_here(&url)) {
            return Err(PayoutsConfigError::PlainFarAway(base.to_owned()));
        }
        Ok(Self { keys, environment, base: format!("{base}/iris/api/v1") })
    }

    /// Whether the calls stay on plain http, as they do towards a stand-in.
    pub(super) fn is_plain(&self) -> bool {
        self.base.starts_with("http://")
    }
}

fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || bare.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{
        ApproverKey, ConfigError, CreatorKey, Environment, MerchantKey, PayoutKeys, PayoutsConfig, PayoutsConfigError,
    };

    fn made(
        environment: Environment,
        creator: &str,
        approver: &str,
        base: Option<&str>,
    ) -> Result<String, PayoutsConfigError> {
        let keys = PayoutKeys {
            creator: CreatorKey::new(creator),
            approver: ApproverKey::new(approver),
            merchant: vec![MerchantKey::new("IRIS-merchant-rahasia")],
        };
        PayoutsConfig::new(environment, keys, base).map(|config| config.base)
    }

    #[test]
    fn keys_and_addresses_must_go_together() {
        use Environment::{Production, Sandbox};
        let of = |environment, base| made(environment, "IRIS-a", "IRIS-b", base);
        assert_eq!(of(Sandbox, None).as_deref(), Ok("https://app.sandbox.midtrans.com/iris/api/v1"));
        assert_eq!(of(Production, None).as_deref(), Ok("https://app.midtrans.com/iris/api/v1"));
        for here in ["http://127.0.0.1:80/s/", "http://localhost/s", "http://[::1]/s"] {
            assert!(of(Sandbox, Some(here)).is_ok(), "{here}");
            assert!(matches!(of(Production, Some(here)), Err(PayoutsConfigError::PlainFarAway(_))), "{here}");
        }
        assert!(matches!(of(Sandbox, Some("http://10.0.0.1")), Err(PayoutsConfigError::PlainFarAway(_))));
        let other = |result| matches!(result, Err(PayoutsConfigError::Address(ConfigError::BaseOfOtherEnvironment(_))));
        assert!(other(of(Sandbox, Some("https://app.midtrans.com"))));
        assert!(other(of(Production, Some("https://app.sandbox.midtrans.com"))));
        assert_eq!(made(Sandbox, "", "b", None), Err(PayoutsConfigError::EmptyKey("creator")));
        assert_eq!(made(Sandbox, "a", " ", None), Err(PayoutsConfigError::EmptyKey("approver")));
        assert_eq!(made(Sandbox, "a", "a", None), Err(PayoutsConfigError::SameKey));
        assert_eq!(made(Production, "a", "SB-b", None), Err(PayoutsConfigError::SandboxKeyInProduction("approver")));
    }
}
