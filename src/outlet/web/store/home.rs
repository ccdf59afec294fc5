//! `/kelola/gudang`: all sembako, where it stands and what it is worth.
use std::collections::BTreeMap;

use actix_web::{HttpResponse, web::Data};
use serde::Serialize;

use super::{Until, goods, place_key, spoken, until};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    outlet::{
        advice, cost, expired,
        markdown::{self, NEAR_DAYS},
        store,
    },
    page::{Page, Sample, samples as samples_of},
    stock::reorder::Advice,
};
use entity::{Rupiah, lot, place};

#[derive(Default, Serialize)]
struct StorePage {
    rows: Vec<Row>,
    worth: Rupiah,
    /// Lots that wait to be thrown away, lots near their day, and goods to buy again.
    expired: usize,
    near: usize,
    to_buy: usize,
}

/// One item.
#[derive(Clone, Serialize)]
struct Row {
    item_id: i64,
    name: String,
    cover: Option<String>,
    all: String,
    /// Each place that has some: its words, and how much.
    places: Vec<(&'static str, String)>,
    worth: Rupiah,
    /// The nearest day of what is good.
    until: Option<Until>,
}

impl Page for StorePage {
    const TEMPLATE: &'static str = "store/home.html";
    fn samples() -> Vec<StorePage> {
        let day = chrono::NaiveDate::default();
        let row = Row {
            item_id: 9,
            name: "Beras medium curah".into(),
            cover: None,
            all: "142,5 kg".into(),
            places: vec![("store.place_shelf", "42,5 kg".into()), ("store.place_store", "100 kg".into())],
            worth: Rupiah(1_781_250),
            until: Some(until(day, day)),
        };
        let other = Row { until: None, places: Vec::new(), all: "0 kg".into(), ..row.clone() };
        let full = StorePage { rows: vec![row, other], worth: Rupiah(1_781_250), expired: 1, near: 2, to_buy: 3 };
        vec![StorePage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<StorePage>()
}

/// `GET /kelola/gudang`
pub(super) async fn show(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let (outlet_id, today) = (operator.outlet.id, app.clock.today());
    let goods = goods(&app.db, outlet_id).await?;
    let ids: Vec<i64> = goods.iter().map(|good| good.item.id).collect();
    let places: BTreeMap<i64, place::Kind> =
        store::known_places(&app.db, outlet_id).await?.into_iter().map(|place| (place.id, place.kind)).collect();
    let levels = store::levels(&app.db, &ids).await?;
    let near = markdown::near(&app.db, &app.clock, outlet_id, NEAR_DAYS).await?;
    let aside = expired::aside(&app.db, outlet_id).await?;
    let known = advice::of(&app.db, &app.clock, outlet_id, &ids).await?;
    let mut rows = Vec::with_capacity(goods.len());
    for good in goods {
        let heap = cost::heap(&app.db, good.item.id).await?;
        let words = |n| spoken(&app, operator.visit.lang, n, good.item.measure);
        let here = levels.iter().filter(|level| level.item_id == good.item.id && level.on_hand > 0);
        let mut places: Vec<_> =
            here.filter_map(|level| Some((*places.get(&level.place_id)?, level.on_hand))).collect();
        places.sort_by_key(|(kind, _)| place_key(*kind) != "store.place_shelf");
        let first = near.iter().filter(|lot| lot.item_id == good.item.id).filter_map(|lot: &lot::Model| lot.expires_on);
        rows.push(Row {
            item_id: good.item.id,
            name: good.name,
            cover: good.product.cover,
            all: words(heap.quantity),
            places: places.into_iter().map(|(kind, n)| (place_key(kind), words(n))).collect(),
            worth: heap.value,
            until: first.min().map(|day| until(day, today)),
        });
    }
    let to_buy = known.values().filter(|known| matches!(known.advice(), Advice::Order { .. })).count();
    let worth = rows.iter().map(|row| row.worth).sum();
    let page = StorePage { rows, worth, expired: aside.len(), near: near.len(), to_buy };
    operator.visit.page(&app.templates, &page)
}
