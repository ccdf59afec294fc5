//! The server does not start when real money could meet play money.
use warong::config::{Config, ConfigError};

fn refusals(environment: &str, server: &str) -> Vec<ConfigError> {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let read = Config::read(&|name| match name {
        "WARONG_DATA" => Some(data.clone()),
        "MIDTRANS_ENV" => Some(environment.to_owned()).filter(|text| !text.is_empty()),
        "MIDTRANS_SERVER_KEY" => Some(server.to_owned()),
        _ => None,
    });
    read.err().unwrap_or_default()
}

#[test]
fn a_key_of_the_other_world_stops_the_server_and_is_not_shown() {
    for (environment, server) in [
        ("production", "SB-Mid-server-rahasia"),
        ("sandbox", "Mid-server-rahasia"),
        ("", "Mid-server-rahasia"),
        ("lain", "SB-Mid-server-rahasia"),
    ] {
        let wrong = refusals(environment, server);
        assert_eq!(wrong.len(), 1, "{environment} {server}");
        let said = format!("{} {:?}", wrong[0], wrong[0]);
        assert!(said.contains("MIDTRANS_ENV") || said.contains("Mixed"), "{said}");
        assert!(!said.contains("rahasia"), "{said}");
    }
    for (environment, server) in
        [("production", "Mid-server-x"), ("sandbox", "SB-Mid-server-x"), ("", "SB-Mid-server-x")]
    {
        assert!(refusals(environment, server).is_empty(), "{environment} {server}");
    }
}

#[test]
fn a_seed_is_a_number() {
    let seed = |text: &'static str| {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().display().to_string();
        Config::read(&|name| match name {
            "WARONG_DATA" => Some(data.clone()),
            "SANDBOX_SEED" => Some(text.to_owned()),
            _ => None,
        })
        .map(|config| config.sandbox_seed)
        .ok()
    };
    assert_eq!(seed("7"), Some(Some(7)));
    assert_eq!((seed("tujuh"), seed("-1")), (None, None));
}
