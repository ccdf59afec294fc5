//! The official clients, unchanged, against the stand-in inside a running shop. They are fetched from outside, so only
//! where `OFFICIAL_CLIENTS=1` says so.
use std::{env, time::Duration};

use tokio::process::Command;

use crate::support::Shop;

#[actix_web::test]
async fn the_official_clients_notice_no_difference() {
    if env::var("OFFICIAL_CLIENTS").as_deref() != Ok("1") {
        return;
    }
    let shop = Shop::empty().await;
    let script = format!("{}/tests/clients", env!("CARGO_MANIFEST_DIR"));
    let base = format!("{}/sandbox/midtrans", shop.base);
    let run = Command::new(script).arg(base).output();
    let output = tokio::time::timeout(Duration::from_secs(300), run).await.unwrap().unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let heard = said(&output.stdout);
    assert!(output.status.success(), "{heard}\n{}", said(&output.stderr));
    // Every exchange of the recordings, and none skipped.
    assert!(heard.contains("Python client: 15 calls") && heard.contains("Node client: 24 calls"), "{heard}");
    shop.close().await;
}
