//! What a till judges by itself, with nobody answering: ceilings, goods past their day, limits of families, old prices.
use entity::Rupiah;
use serde_json::json;

use super::counter::{HERE, Stall};

/// Gives the phone other provisions, as if the outlet had told it so four days ago.
fn told(change: &str) -> String {
    format!(
        "const done = arguments[0]; (async () => {{ \
         const asked = indexedDB.open('kelola'); const db = await new Promise((on) => {{ asked.onsuccess = () => on(asked.result); }}); \
         const kept = db.transaction('kept', 'readwrite').objectStore('kept'); \
         const got = kept.get('till-bekal'); const bekal = await new Promise((on) => {{ got.onsuccess = () => on(got.result); }}); \
         const item = (name) => bekal.items.find((one) => one.name === name); const today = new Date(Date.now() + 7 * 3600000).toISOString().slice(0, 10); \
         {change} \
         const put = kept.put(bekal, 'till-bekal'); put.onsuccess = () => done('told'); }})().catch((fault) => done(String(fault)))"
    )
}

#[actix_web::test]
async fn the_law_the_day_and_a_family_s_card_are_judged_without_signal() {
    let mut stall = Stall::begun().await;
    stall.shop.goes_dark().await;
    let change = "bekal.fetched -= 4 * 24 * 3600000; bekal.at = new Date(bekal.fetched).toISOString(); \
         Object.assign(item('Minyak goreng 1 liter'), { commodity: 'minyak uji', content: 1000, content_unit: 'millilitre' }); \
         Object.assign(item('Gula pasir 1 kg'), { commodity: 'gula uji', content: 1000, content_unit: 'gram' }); \
         Object.assign(item('Beras SPHP 5 kg'), { commodity: 'beras uji', content: 5000, content_unit: 'gram' }); \
         bekal.rows = [ \
             { commodity: 'minyak uji', force: 'ceiling', high: 99000, per: 'litre', from: '2020-01-01', to: null, instrument: 'Aturan lama' }, \
             { commodity: 'minyak uji', force: 'ceiling', high: 10000, per: 'litre', from: today, to: today, instrument: 'Aturan hari ini' }, \
             { commodity: 'minyak uji', force: 'ceiling', high: 99000, per: 'litre', from: '2999-01-01', to: null, instrument: 'Aturan nanti' }, \
             { commodity: 'gula uji', force: 'band', high: 12000, per: 'kilogram', from: null, to: null, instrument: 'Acuan' }]; \
         bekal.limits = [{ commodity: 'beras uji', most: 10000, days: 1, from: '2020-01-01', to: null }]; \
         bekal.used = [['AC4K7PRM', 'commodity:beras uji', new Date().toISOString(), 10000]]; \
         item('Garam setengah kilo').lots = [['2020-01-01', 9]]; item('Telur ayam 1 kg').lots = []; \
         item('Tepung terigu 1 kg').markdowns = [{ id: 7, price: 9000, until: today, left: 1 }];";
    assert_eq!(stall.runs(&told(change)).await, json!("told"));
    stall.phone.open(HERE).await;
    stall.phone.find(".till-tile").await;
    stall.phone.sees("4 hari lalu").await;
    stall.phone.sees("Sudah lama").await;
    stall.phone.fits().await;
    stall.phone.picture("till-judged").await;

    let (oil, sugar, eggs) = (
        stall.price("Minyak goreng 1 liter").await,
        stall.price("Gula pasir 1 kg").await,
        stall.price("Telur ayam 1 kg").await,
    );
    // The rule of today stands, not the one before it nor the one to come.
    stall.taps_on("Minyak goreng 1 liter").await;
    stall.phone.sees(&format!("tidak boleh dijual {}", Rupiah(oil))).await;
    stall.phone.sees("Rp10.000 (Aturan hari ini)").await;
    stall.taps_on("Baik").await;
    stall.taps_on("Garam setengah kilo").await;
    stall.phone.sees("sudah kedaluwarsa, jadi tidak boleh dijual").await;
    stall.taps_on("Baik").await;
    stall.comes_to(0).await;
    // A band warns and lets it be sold; what the books do not have is asked about once.
    stall.taps_on("Gula pasir 1 kg").await;
    stall.phone.sees("di atas harga acuan Rp12.000").await;
    stall.comes_to(sugar).await;
    stall.taps_on("Telur ayam 1 kg").await;
    stall.phone.sees("sudah habis").await;
    stall.taps_on("Barangnya ada").await;
    stall.taps_on("Telur ayam 1 kg").await;
    stall.comes_to(sugar + 2 * eggs).await;
    // One is left at the lower price.
    stall.taps_on("hampir kedaluwarsa").await;
    stall.taps_on("hampir kedaluwarsa").await;
    stall.phone.sees("dengan harga ini tinggal 1").await;
    stall.taps_on("Baik").await;

    // A family that had its part today, one with a slip in its card, and one that gets a pack and then waits.
    stall.taps_on("Beras SPHP 5 kg").await;
    stall.phone.type_in("#f-card", "AC4K-7PRR").await;
    stall.taps_on("Baik").await;
    stall.phone.sees("salah ketiknya").await;
    stall.phone.type_in("#f-card", "ac4k 7prm").await;
    stall.taps_on("Baik").await;
    stall.phone.sees("Bisa lagi mulai").await;
    stall.taps_on("Baik").await;
    stall.shop.is_back();
    stall.ends().await;
}
