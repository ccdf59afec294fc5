//! `/kelola/gudang/pesan`: what to buy again, how much, and why.
use actix_web::{HttpResponse, web::Data};
use serde::Serialize;

use super::{goods, spoken};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    locale::{Lang, Said},
    outlet::{
        advice::{self, Known},
        pack as packing, weighed,
    },
    page::{Page, Sample, samples as samples_of},
    stock::reorder::{Advice, Cap, MOST_WEEKS},
};
use entity::{item::Measure, pack};

#[derive(Default, Serialize)]
struct AdvicePage {
    /// What to buy now, what can wait, and what nobody can tell yet.
    buy: Vec<Row>,
    wait: Vec<Row>,
    unknown: Vec<Row>,
    weeks: u64,
}

#[derive(Clone, Serialize)]
struct Row {
    item_id: i64,
    name: String,
    cover: Option<String>,
    here: String,
    /// How long it lasts, in whole days.
    cover_days: Option<i64>,
    /// How much to buy, and how many packs that is.
    order: String,
    packs: Option<String>,
    /// Buy again when so much is left.
    point: Option<String>,
    why: String,
}

impl Page for AdvicePage {
    const TEMPLATE: &'static str = "store/advice.html";
    fn samples() -> Vec<AdvicePage> {
        let row = Row {
            item_id: 9,
            name: "Beras medium curah".into(),
            cover: None,
            here: "170 kg".into(),
            cover_days: Some(4),
            order: "468 kg".into(),
            packs: Some("10 karung".into()),
            point: Some("172 kg".into()),
            why: "Tinggal 4 hari, dan barang baru datang kira-kira 3 hari lagi.".into(),
        };
        let unknown = Row { cover_days: None, packs: None, point: None, ..row.clone() };
        let full =
            AdvicePage { buy: vec![row.clone()], wait: vec![row], unknown: vec![unknown], weeks: advice::DAYS / 7 };
        vec![AdvicePage { weeks: advice::DAYS / 7, ..AdvicePage::default() }, full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<AdvicePage>()
}

/// `GET /kelola/gudang/pesan`
pub(super) async fn show(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let goods = goods(&app.db, operator.outlet.id).await?;
    let ids: Vec<i64> = goods.iter().map(|good| good.item.id).collect();
    let known = advice::of(&app.db, &app.clock, operator.outlet.id, &ids).await?;
    let packs = packing::of(&app.db, &ids).await?;
    let mut page = AdvicePage { weeks: advice::DAYS / 7, ..AdvicePage::default() };
    for good in goods {
        let Some(known) = known.get(&good.item.id) else { continue };
        let measure = good.item.measure;
        let words = |n| spoken(&app, operator.visit.lang, n, measure);
        let order = match known.advice() {
            Advice::Order { quantity, .. } => whole(quantity, measure),
            _ => 0,
        };
        let pack = packs.iter().find(|pack| pack.item_id == good.item.id && pack.quantity > 0);
        let row = Row {
            item_id: good.item.id,
            name: good.name,
            cover: good.product.cover,
            here: words(known.here),
            cover_days: known.per_day().map(|per_day| (known.here as f64 / per_day).floor() as i64),
            order: words(order),
            packs: pack.filter(|_| order > 0).map(|pack| in_packs(order, pack)),
            point: known.plan().map(|plan| words(whole(plan.reorder_point, measure))),
            why: why(&app, operator.visit.lang, known, measure),
        };
        match known.advice() {
            Advice::Order { .. } => page.buy.push(row),
            Advice::Wait { .. } => page.wait.push(row),
            Advice::Unknown => page.unknown.push(row),
        }
    }
    page.buy.sort_by_key(|row| row.cover_days);
    page.wait.sort_by_key(|row| row.cover_days);
    operator.visit.page(&app.templates, &page)
}

/// Rounded up to whole kilograms, litres or pieces: nobody buys grams of a sack.
fn whole(quantity: f64, of: Measure) -> i64 {
    let one = weighed::priced(of);
    (quantity / one as f64).ceil() as i64 * one
}

fn in_packs(order: i64, pack: &pack::Model) -> String {
    format!("{} {}", (order + pack.quantity - 1) / pack.quantity, pack.name)
}

/// The reason, in one sentence.
fn why(app: &App, lang: Lang, known: &Known, measure: Measure) -> String {
    let said = match (known.advice(), known.plan()) {
        (Advice::Unknown, _) | (_, None) => {
            Said::new("advice.unknown").with("n", known.days_sold as i64).with("days", known.days as i64)
        }
        (Advice::Wait { cover_days }, Some(plan)) if known.here as f64 > plan.reorder_point => {
            let said = if cover_days > MOST_WEEKS * 7.0 { "advice.too_much" } else { "advice.wait_in" };
            let point = spoken(app, lang, whole(plan.reorder_point, measure), measure);
            Said::new(said).with("n", cover_days.floor() as i64).with("point", point)
        }
        (Advice::Wait { .. }, Some(_)) => Said::new("advice.keeps_no_longer"),
        (Advice::Order { cover_days, quantity }, Some(plan)) => {
            let key = match plan.capped {
                None => "advice.order",
                Some(Cap::ShelfLife) => "advice.order_keeps",
                Some(Cap::Hoarding) => "advice.order_law",
            };
            let lasts = known.per_day().map_or(0, |per_day| ((known.here as f64 + quantity) / per_day).floor() as i64);
            Said::new(key).with("n", cover_days.floor() as i64).with("lead", known.lead_days).with("lasts", lasts)
        }
    };
    app.say(lang, &said)
}
