//! What the till weighs, and how fast it answers.
use serde_json::json;

use super::counter::{HERE, Stall};
use crate::support::Browser;

/// HTML, style and script of the first load together, compressed.
const MOST: usize = 60_000;
/// How long adding an item may take on a slow phone, in milliseconds; nine times of ten.
const ANSWER: f64 = 50.0;
const ROUNDS: usize = 4;

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
         done([times, frames]); })()";
    // What else runs on this machine only adds to it: the quietest of some rounds is what the till takes.
    let mut nine_of_ten = f64::INFINITY;
    for _ in 0..ROUNDS {
        let seen = stall.runs(look).await;
        let [times, frames] = [&seen[0], &seen[1]].map(|times| {
            let mut times: Vec<f64> = times.as_array().expect("times").iter().filter_map(|one| one.as_f64()).collect();
            times.sort_by(f64::total_cmp);
            times
        });
        println!("{bytes} bytes; adding an item: {times:.1?} ms; until the frame after it: {frames:.1?} ms");
        assert!(times.len() >= 15, "{seen}");
        nine_of_ten = nine_of_ten.min(times[times.len() * 9 / 10]);
        if nine_of_ten <= ANSWER {
            break;
        }
    }
    assert!(nine_of_ten <= ANSWER, "{nine_of_ten} ms");
    stall.phone.open(HERE).await;
    stall.ends().await;
}

/// How many bytes come over the wire for an address.
async fn packed(guest: &Browser, path: &str) -> usize {
    let answer = guest.clone().raw(path, &[("accept-encoding", "br")]).await;
    assert_eq!(answer.status().as_u16(), 200, "{path}");
    answer.bytes().await.expect("bytes").len()
}
