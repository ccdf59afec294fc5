//! Selling with nobody answering.
use entity::{device_event, sale_conflict};
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};
use serde_json::json;

use super::counter::{HERE, Stall};

/// What they buy, in turns; every second one takes salt with it.
const GOODS: [&str; 5] =
    ["Minyak goreng 1 liter", "Beras medium 5 kg", "Garam setengah kilo", "Gula pasir 1 kg", "Telur ayam 1 kg"];
/// Fifty buyers, each with one or two things, as fast as the page lets them.
const FIFTY: &str = "const done = arguments[0]; (async () => { \
     const see = async (css) => { for (let n = 0; n < 1500; n += 1) { const it = document.querySelector(css); \
         if (it && !it.hidden && !it.disabled) return it; await new Promise((on) => setTimeout(on, 10)); } \
         throw new Error(`${css}\\n${document.body.innerText}`); }; \
     const goods = ['Minyak goreng 1 liter', 'Beras medium 5 kg', 'Garam setengah kilo', 'Gula pasir 1 kg', 'Telur ayam 1 kg']; \
     const tile = (name) => [...document.querySelectorAll('.till-tile')].find((one) => one.textContent.includes(name)); \
     for (let n = 0; n < 50; n += 1) { \
         await see('.till-tile'); tile(goods[n % 5]).click(); if (n % 2) tile('Garam setengah kilo').click(); \
         await new Promise((on) => setTimeout(on, 5)); \
         document.querySelector('dialog [data-answer=yes]')?.click(); await new Promise((on) => setTimeout(on, 20)); \
         (await see('.till-cart__pay')).click(); (await see('.till-exact')).click(); (await see('.till-next')).click(); } \
     await see('.till-tile'); tile(goods[0]).click(); await new Promise((on) => setTimeout(on, 500)); done('done'); \
     })().catch((fault) => done(String(fault)))";

#[actix_web::test]
async fn fifty_sales_without_signal_are_fifty_sales_once() {
    let mut stall = Stall::begun().await;
    stall.phone.sees("Semua terkirim").await;
    stall.shop.goes_dark().await;
    stall.phone.open(HERE).await;
    stall.phone.find(".till-tile").await;
    stall.phone.sees("tanpa sinyal").await;
    stall.phone.driver.set_script_timeout(std::time::Duration::from_secs(180)).await.expect("time");
    assert_eq!(stall.runs(FIFTY).await, json!("done"));
    stall.phone.sees("50 belum terkirim").await;
    assert!(stall.sales().await.is_empty());

    // The page dies, the browser is closed and opened again: all of it is there, the open basket too.
    let Stall { shop, phone, taps } = stall;
    let phone = phone.dies_and_comes_back().await;
    let mut stall = Stall { shop, phone, taps };
    stall.phone.open(HERE).await;
    stall.phone.find(".till-tile").await;
    stall.phone.sees("50 belum terkirim").await;
    stall.comes_to(stall.price(GOODS[0]).await).await;
    let opened =
        stall.runs("const done = arguments[0]; done(performance.getEntriesByName('till-open')[0].startTime)").await;
    assert!(opened.as_f64().is_some_and(|ms| ms < 1_000.0), "opened without signal in {opened} ms");
    stall.phone.picture("till-away").await;

    stall.shop.is_back();
    stall.phone.open(HERE).await;
    stall.phone.sees("Semua terkirim").await;
    let sales = stall.sales().await;
    assert_eq!(sales.len(), 50);
    let sum = |of: &dyn Fn(usize) -> i64| (0..50).map(of).sum::<i64>();
    let mut prices = Vec::new();
    for goods in GOODS {
        prices.push(stall.price(goods).await);
    }
    let asked = sum(&|n| prices[n % 5] + if n % 2 == 1 { prices[2] } else { 0 });
    assert_eq!(sales.iter().map(|(sale, _, _)| sale.total.0).sum::<i64>(), asked);
    let numbers: std::collections::HashSet<_> = sales.iter().map(|(sale, _, _)| sale.till_number.clone()).collect();
    assert_eq!(numbers.len(), 50);

    // Every batch once more, as if no answer had ever come: nothing changes.
    let db = &stall.shop.app.db;
    let odd = sale_conflict::Entity::find().count(db).await.expect("a count");
    let events = device_event::Entity::find().order_by_desc(device_event::Column::Id).all(db).await.expect("a read");
    let device = events[0].device_id;
    let again = format!(
        "const done = arguments[0]; (async () => {{ \
         const asked = indexedDB.open('kelola'); const db = await new Promise((on) => {{ asked.onsuccess = () => on(asked.result); }}); \
         const all = await new Promise((on) => {{ const got = db.transaction('events').objectStore('events').getAll(); got.onsuccess = () => on(got.result); }}); \
         const {{ csrf }} = await (await fetch('/api/v1/sync')).json(); const verdicts = []; \
         for (const list of [all, [...all].reverse(), all.slice(7, 20), all]) {{ \
             const events = list.map(({{ counter, id, kind, recorded_at, person, body, signature }}) => ({{ counter, id, kind, recorded_at, person, body, signature }})); \
             const answer = await fetch('/api/v1/sync', {{ method: 'POST', headers: {{ 'content-type': 'application/json', 'x-csrf-token': csrf }}, \
                 body: JSON.stringify({{ device: {device}, now: new Date().toISOString(), events }}) }}); \
             verdicts.push(...(await answer.json()).events.map((one) => one.verdict)); }} \
         done([...new Set(verdicts)]); }})().catch((fault) => done(String(fault)))"
    );
    assert_eq!(stall.runs(&again).await, json!(["accepted"]));
    assert_eq!(stall.sales().await.len(), 50);
    let db = &stall.shop.app.db;
    assert_eq!(sale_conflict::Entity::find().count(db).await.expect("a count"), odd);
    assert_eq!(device_event::Entity::find().count(db).await.expect("a count"), events.len() as u64);
    stall.taps_on("Bayar").await;
    stall.taps_on("Uang pas").await;
    stall.phone.sees("Terkirim").await;
    assert_eq!(stall.sales().await.len(), 51);
    stall.ends().await;
}
