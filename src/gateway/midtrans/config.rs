//! Which Midtrans, and whether its keys and addresses go together.
use reqwest::Url;

use super::{ClientKey, Keys, ServerKey};

pub(super) const SANDBOX_PREFIX: &str = "SB-";

/// The two worlds of Midtrans. Money is real in one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Play money; also the embedded stand-in.
    Sandbox,
    /// Real money.
    Production,
}

impl Environment {
    pub(super) fn app_host(self) -> &'static str {
        match self {
            Environment::Sandbox => "https://app.sandbox.midtrans.com",
            Environment::Production => "https://app.midtrans.com",
        }
    }

    fn api_host(self) -> &'static str {
        match self {
            Environment::Sandbox => "https://api.sandbox.midtrans.com",
            Environment::Production => "https://api.midtrans.com",
        }
    }
}

impl std::str::FromStr for Environment {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        match text.to_ascii_lowercase().as_str() {
            "sandbox" => Ok(Environment::Sandbox),
            "production" => Ok(Environment::Production),
            _ => Err(ConfigError::UnknownEnvironment(text.to_owned())),
        }
    }
}

/// Why these settings would lose somebody's money, or reach nobody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// A test key where real money is meant.
    #[error("MIDTRANS_ENV says production, but the key is a sandbox key (SB-)")]
    SandboxKeyInProduction,
    /// A live key where a test is meant.
    #[error("MIDTRANS_ENV says sandbox, but the key is not a sandbox key (SB-)")]
    ProductionKeyInSandbox,
    /// An address of the other environment.
    #[error("the Midtrans address {0} belongs to the other environment")]
    BaseOfOtherEnvironment(String),
    /// Not an address.
    #[error("{0} is not an http or https address")]
    InvalidBase(String),
    /// No key to sign with.
    #[error("the Midtrans server key is empty")]
    EmptyKey,
    /// A word other than sandbox or production.
    #[error("MIDTRANS_ENV is sandbox or production, not {0}")]
    UnknownEnvironment(String),
}

/// Settings that have been checked against each other.
#[derive(Clone, Debug)]
pub struct Config {
    /// Signs calls and checks notifications.
    pub server_key: ServerKey,
    /// For pages.
    pub client_key: ClientKey,
    /// Which world.
    pub environment: Environment,
    /// Up to and including `/snap/v1`, no slash at the end.
    pub snap_base: String,
    /// Before `/v2/…`, no slash at the end.
    pub core_base: String,
}

impl Config {
    /// Checks keys and addresses against each other. `base` replaces the hosts of Midtrans, for the stand-in: Snap is
    /// then expected under `{base}/snap/v1` and Core under `{base}/v2`.
    pub fn new(environment: Environment, keys: Keys, base: Option<&str>) -> Result<Self, ConfigError> {
        if keys.server.expose().is_empty() {
            return Err(ConfigError::EmptyKey);
        }
        // Only pages with Midtrans' own script need the client key, so it may stay empty.
        for key in [keys.server.expose(), keys.client.expose()].into_iter().filter(|key| !key.is_empty()) {
            match (environment, key.starts_with(SANDBOX_PREFIX)) {
                (Environment::Production, true) => return Err(ConfigError::SandboxKeyInProduction),
                (Environment::Sandbox, false) => return Err(ConfigError::ProductionKeyInSandbox),
                _ => {}
            }
        }
        let base = base.map(|b| b.trim_end_matches('/'));
        if let Some(base) = base {
            check_base(environment, base)?;
        }
        Ok(Self {
            server_key: keys.server,
            client_key: keys.client,
            environment,
            snap_base: format!("{}/snap/v1", base.unwrap_or(environment.app_host())),
            core_base: base.unwrap_or(environment.api_host()).to_owned(),
        })
    }

    /// Whether the calls stay on plain http, as they do towards the stand-in.
    pub(super) fn is_plain(&self) -> bool {
        self.core_base.starts_with("http://")
    }
}

/// Whether `base` is an http or https address that is not one of the other environment.
pub(super) fn check_base(environment: Environment, base: &str) -> Result<Url, ConfigError> {
    let invalid = || ConfigError::InvalidBase(base.to_owned());
    let url = Url::parse(base).map_err(|_| invalid())?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid());
    }
    let host = url.host_str().ok_or_else(invalid)?.to_ascii_lowercase();
    let belongs_to = match host.strip_suffix("midtrans.com") {
        Some(rest) if rest.ends_with("sandbox.") => environment == Environment::Sandbox,
        Some(rest) if rest.is_empty() || rest.ends_with('.') => environment == Environment::Production,
        _ => true,
    };
    if belongs_to { Ok(url) } else { Err(ConfigError::BaseOfOtherEnvironment(base.to_owned())) }
}

#[cfg(test)]
mod tests {
    use super::{ClientKey, Config, ConfigError, Environment, Keys, ServerKey};

    fn keys(prefix: &str) -> Keys {
        Keys {
            server: ServerKey::new(format!("{prefix}Mid-server-rahasia")),
            client: ClientKey::new(format!("{prefix}Mid-client-rahasia")),
        }
    }

    fn refused(environment: Environment, prefix: &str, base: Option<&str>) -> Option<ConfigError> {
        Config::new(environment, keys(prefix), base).err()
    }

    #[test]
    fn keys_of_one_world_are_refused_in_the_other() {
        use Environment::{Production, Sandbox};
        assert_eq!(refused(Production, "SB-", None), Some(ConfigError::SandboxKeyInProduction));
        assert_eq!(refused(Sandbox, "", None), Some(ConfigError::ProductionKeyInSandbox));
        assert_eq!(refused(Sandbox, "SB-", None), None);
        assert_eq!(refused(Production, "", None), None);
        let live = Some("https://api.midtrans.com");
        assert!(matches!(refused(Sandbox, "SB-", live), Some(ConfigError::BaseOfOtherEnvironment(_))));
        let play = Some("https://app.sandbox.midtrans.com");
        assert!(matches!(refused(Production, "", play), Some(ConfigError::BaseOfOtherEnvironment(_))));
        assert_eq!(refused(Sandbox, "SB-", Some("http://127.0.0.1:8080/sandbox/midtrans/")), None);
    }

    #[test]
    fn debug_shows_no_key() -> Result<(), ConfigError> {
        let config = Config::new(Environment::Sandbox, keys("SB-"), Some("http://127.0.0.1:1/s/"))?;
        assert!(!format!("{config:?}").contains("rahasia"));
        assert_eq!(config.snap_base, "http://127.0.0.1:1/s/snap/v1");
        Ok(())
    }
}
