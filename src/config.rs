//! Settings come from the environment and nowhere else; README lists each with its default.
use std::{env, fmt, fs, io, net::IpAddr, path::PathBuf};

use crate::secret::Secret;

/// Demonstration fills an empty folder with a village and shows its sign-ins; production does neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Env {
    Demo,
    Production,
}

/// Keys of a Midtrans merchant. Never shown.
#[derive(Clone)]
pub struct MidtransKeys {
    pub server: String,
    pub client: String,
    pub production: bool,
    /// The key that is being replaced: notices signed with it are still believed.
    pub server_before: Option<String>,
    /// Whose money it must be, if set.
    pub merchant_id: Option<String>,
}

/// Keys of payouts through Midtrans: who asks, who releases, and who signs notices. Never shown.
#[derive(Clone)]
pub struct PayoutKeys {
    pub creator: String,
    pub approver: String,
    pub merchant: String,
}

/// Whether payouts may go through Midtrans, and with whose keys.
#[derive(Clone, Debug, Default)]
pub enum Payouts {
    #[default]
    Off,
    /// With the stand-in and its own keys.
    StandIn,
    Real(PayoutKeys),
}

#[derive(Clone, Debug)]
pub struct Config {
    pub env: Env,
    pub bind: String,
    pub data: PathBuf,
    pub database_url: String,
    pub redis_url: Option<String>,
    /// Where people reach the shop, without a slash at the end.
    pub public_url: String,
    pub secret: Secret,
    pub midtrans: Option<MidtransKeys>,
    pub payouts: Payouts,
    /// Makes the chance of the stand-in's first day one that can be repeated.
    pub sandbox_seed: Option<u64>,
    pub smtp_url: Option<String>,
    /// The certificate of an authority of one's own that the mail server is signed by.
    pub smtp_ca: Option<PathBuf>,
    pub mail_from: String,
    /// Ready pages for guests are kept in memory and dropped at any change of stock or price.
    pub page_cache: bool,
    /// Worker threads of the web server.
    pub workers: usize,
    /// Proxies that are believed when they say whom they ask for; those on this machine always are.
    pub proxies: Vec<IpAddr>,
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{0} must be set when WARONG_ENV=production")]
    Missing(&'static str),
    #[error("{name} is \"{value}\": {expected}")]
    Invalid { name: &'static str, value: String, expected: &'static str },
    #[error("{0} must be set when MIDTRANS_PAYOUTS=on with MIDTRANS_SERVER_KEY")]
    PayoutKey(&'static str),
    #[error("MIDTRANS_ENV={0} does not go with a key that {1} \"SB-\"")]
    MidtransMixed(&'static str, &'static str),
    #[error("the data folder {0} cannot be used: {1}")]
    Data(PathBuf, io::Error),
}

impl Config {
    /// Reads `.env` and the environment. Every missing secret of a production server is named at once.
    pub fn from_env() -> Result<Config, Vec<ConfigError>> {
        dotenvy::dotenv().ok();
        Config::read(&|name| env::var(name).ok().filter(|value| !value.is_empty()))
    }

    /// The same from any source of names and values.
    pub fn read(var: &dyn Fn(&str) -> Option<String>) -> Result<Config, Vec<ConfigError>> {
        let mut wrong = Vec::new();
        let env = match var("WARONG_ENV").as_deref() {
            None | Some("demo") => Env::Demo,
            Some("production") => Env::Production,
            Some(other) => {
                wrong.push(ConfigError::Invalid {
                    name: "WARONG_ENV",
                    value: other.into(),
                    expected: "use demo or production",
                });
                Env::Production
            }
        };
        let data = PathBuf::from(var("WARONG_DATA").unwrap_or_else(|| "data".into()));
        if let Err(e) = fs::create_dir_all(&data) {
            return Err(vec![ConfigError::Data(data, e)]);
        }
        let bind = var("WARONG_BIND").unwrap_or_else(|| "127.0.0.1:8080".into());
        let secret = match (var("WARONG_SECRET"), env) {
            (Some(text), _) if text.len() >= 32 => Secret::new(text.into_bytes()),
            (Some(text), _) => {
                wrong.push(ConfigError::Invalid {
                    name: "WARONG_SECRET",
                    value: format!("{} characters", text.len()),
                    expected: "use at least 32 random characters",
                });
                Secret::new(vec![0; 32])
            }
            (None, Env::Production) => {
                wrong.push(ConfigError::Missing("WARONG_SECRET"));
                Secret::new(vec![0; 32])
            }
            (None, Env::Demo) => match Secret::kept_in(&data.join("secret")) {
                Ok(secret) => secret,
                Err(e) => return Err(vec![ConfigError::Data(data, e)]),
            },
        };
        let midtrans = midtrans(var, env, &mut wrong);
        let payouts = payouts(var, midtrans.is_some(), &mut wrong);
        let public_url = match (var("PUBLIC_URL"), env) {
            // Over plain http cookies could be read on the way; only this machine may talk so.
            (Some(url), env)
                if url.starts_with("https://")
                    || (url.starts_with("http://") && (env == Env::Demo || is_this_machine(&url))) =>
            {
                url.trim_end_matches('/').to_owned()
            }
            (Some(url), _) => {
                let expected = "begin with https:// in production";
                wrong.push(ConfigError::Invalid { name: "PUBLIC_URL", value: url, expected });
                String::new()
            }
            (None, Env::Production) => {
                wrong.push(ConfigError::Missing("PUBLIC_URL"));
                String::new()
            }
            (None, Env::Demo) => format!("http://{bind}"),
        };
        let workers = match var("WARONG_WORKERS").map(|text| (text.parse::<usize>(), text)) {
            None => std::thread::available_parallelism().map_or(2, usize::from).min(4),
            Some((Ok(n), _)) if (1..=64).contains(&n) => n,
            Some((_, text)) => {
                wrong.push(ConfigError::Invalid {
                    name: "WARONG_WORKERS",
                    value: text,
                    expected: "use a number from 1 to 64",
                });
                1
            }
        };
        let sandbox_seed = match var("SANDBOX_SEED").map(|text| (text.parse::<u64>(), text)) {
            None => None,
            Some((Ok(seed), _)) => Some(seed),
            Some((_, text)) => {
                let expected = "use a whole number";
                wrong.push(ConfigError::Invalid { name: "SANDBOX_SEED", value: text, expected });
                None
            }
        };
        let listed = var("WARONG_PROXIES").unwrap_or_default();
        let mut proxies = Vec::new();
        for text in listed.split(',').map(str::trim).filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(address) => proxies.push(address),
                Err(_) => wrong.push(ConfigError::Invalid {
                    name: "WARONG_PROXIES",
                    value: text.into(),
                    expected: "use addresses with commas between them",
                }),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Config {
            env,
            database_url: var("DATABASE_URL")
                .unwrap_or_else(|| format!("sqlite://{}?mode=rwc", data.join("warong.db").display())),
            redis_url: var("REDIS_URL"),
            bind,
            data,
            public_url,
            secret,
            midtrans,
            payouts,
            sandbox_seed,
            smtp_url: var("SMTP_URL"),
            smtp_ca: var("SMTP_CA").map(PathBuf::from),
            mail_from: var("MAIL_FROM").unwrap_or_else(|| "Warong UEP <warong@localhost>".into()),
            page_cache: var("WARONG_PAGE_CACHE").as_deref() != Some("off"),
            workers,
            proxies,
        })
    }

    pub fn is_production(&self) -> bool {
        self.env == Env::Production
    }

    /// Where mails lie when no server takes them.
    pub fn mail_folder(&self) -> PathBuf {
        self.data.join("mail")
    }

    /// Whether mails may be read at `/sandbox/mail`.
    pub fn shows_mail(&self) -> bool {
        self.smtp_url.is_none() && !self.is_production()
    }
}

fn is_this_machine(url: &str) -> bool {
    let host = url.trim_start_matches("http://").split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.starts_with("127.")
}

/// A production URL never meets a sandbox key, nor the reverse: money would go nowhere, or for real.
fn midtrans(var: &dyn Fn(&str) -> Option<String>, env: Env, wrong: &mut Vec<ConfigError>) -> Option<MidtransKeys> {
    let server = var("MIDTRANS_SERVER_KEY");
    if server.is_none() && env == Env::Production {
        wrong.push(ConfigError::Missing("MIDTRANS_SERVER_KEY"));
    }
    let server = server?;
    let production = match var("MIDTRANS_ENV").as_deref() {
        Some("production") => true,
        None | Some("sandbox") => false,
        Some(other) => {
            wrong.push(ConfigError::Invalid {
                name: "MIDTRANS_ENV",
                value: other.into(),
                expected: "use sandbox or production",
            });
            return None;
        }
    };
    match (production, server.starts_with("SB-")) {
        (true, true) => wrong.push(ConfigError::MidtransMixed("production", "begins with")),
        (false, false) => wrong.push(ConfigError::MidtransMixed("sandbox", "does not begin with")),
        _ => {}
    }
    Some(MidtransKeys {
        server,
        client: var("MIDTRANS_CLIENT_KEY").unwrap_or_default(),
        production,
        server_before: var("MIDTRANS_SERVER_KEY_BEFORE"),
        merchant_id: var("MIDTRANS_MERCHANT_ID"),
    })
}

/// Off unless it is asked for: new merchants may not have payouts at all.
fn payouts(var: &dyn Fn(&str) -> Option<String>, is_real: bool, wrong: &mut Vec<ConfigError>) -> Payouts {
    match var("MIDTRANS_PAYOUTS").as_deref() {
        None | Some("off") => return Payouts::Off,
        Some("on") if !is_real => return Payouts::StandIn,
        Some("on") => {}
        Some(other) => {
            let expected = "use on or off";
            wrong.push(ConfigError::Invalid { name: "MIDTRANS_PAYOUTS", value: other.into(), expected });
            return Payouts::Off;
        }
    }
    let mut key = |name| {
        let key = var(name);
        if key.is_none() {
            wrong.push(ConfigError::PayoutKey(name));
        }
        key.unwrap_or_default()
    };
    Payouts::Real(PayoutKeys {
        creator: key("MIDTRANS_PAYOUT_CREATOR_KEY"),
        approver: key("MIDTRANS_PAYOUT_APPROVER_KEY"),
        merchant: key("MIDTRANS_PAYOUT_MERCHANT_KEY"),
    })
}

impl fmt::Debug for PayoutKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayoutKeys")
    }
}

impl fmt::Debug for MidtransKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MidtransKeys {{ production: {} }}", self.production)
    }
}
