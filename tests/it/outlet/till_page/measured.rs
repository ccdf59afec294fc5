//! What the till weighs, and how fast it answers.
use serde_json::json;

use super::counter::{HERE, Stall};
use crate::support::Browser;

/// HTML, style and script of the first load together, compressed.
const MOST: usize = 60_000;
/// How long adding an item may take on a slow phone, in milliseconds; in the middle of many, since others use this machine.
const ANSWER: f64 = 50.0;

#[actix_web::test]
async fn a_till_weighs_little_and_answers_at_once_on_a_slow_phone() {
    let stall = Stall::begun().await;
    let mut guest = stall.shop.browser();
    let frame = guest.get("/kelola/kasir/kerangka").await;
    frame.is(200);
    let mut bytes = packed(&guest, "/kelola/kasir/kerangka").await;
    let files =
        frame.body.split('<').filter(|tag| tag.contains("stylesheet") || tag.starts_with("script type=\"module\""));
    for tag in files {
        let from = ["href=\"", "src=\""].iter().find_map(|name| tag.split(name).nth(1)?.split('"').next());
        bytes += packed(&guest, from.expect("an address")).await;
    }
    assert!(bytes <= MOST, "the till weighs {bytes} bytes");

    // Six times slower than here. From the tap until style and layout are done, each of twenty different goods.
    let slow = json!({ "rate": 6 });
    stall.phone.driver.cdp().send_raw("Emulation.setCPUThrottlingRate", slow).await.expect("a slow phone");
    let look = "const done = arguments[0]; (async () => { const times = [], frames = []; \
         const tiles = [...document.querySelectorAll('.till-tile--posted:not(.till-tile--off)')].filter((one) => !/\\/kg|kartu/.test(one.textContent)).slice(0, 20); \
         for (const tile of tiles) { await new Promise((on) => setTimeout(on, 120)); \
             const before = performance.now(); tile.click(); document.querySelector('.till-cart__foot').getBoundingClientRect(); \
             times.push(performance.now() - before); \
             await new Promise((on) => requestAnimationFrame(() => setTimeout(on))); frames.push(performance.now() - before); } \
         done([times, frames.sort((a, b) => a - b)[frames.length >> 1]]); })()";
    let seen = stall.runs(look).await;
    let mut times: Vec<f64> = seen[0].as_array().expect("times").iter().filter_map(|time| time.as_f64()).collect();
    times.sort_by(f64::total_cmp);
    println!("{bytes} bytes; adding an item: {times:.1?} ms; a frame later, in the middle: {} ms", seen[1]);
    assert!(times.len() >= 15, "{seen}");
    assert!(times[times.len() / 2] <= ANSWER, "{times:.1?}");
    stall.phone.open(HERE).await;
    stall.ends().await;
}

/// How many bytes come over the wire for an address.
async fn packed(guest: &Browser, path: &str) -> usize {
    let answer = guest.clone().raw(path, &[("accept-encoding", "br")]).await;
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.bytes().await.expect("bytes").len()
}
