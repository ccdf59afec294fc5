//! `/kelola/gudang/barang/{item}`: one kind of goods, place by place and lot by lot.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::{Until, place_key, places, spoken, until};
use crate::{
    accounts::visit::Operator,
    app::App,
    clock,
    error::Result,
    form::FormView,
    outlet::{advice, cost, markdown, repacking, store},
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, item::Measure, place};

#[derive(Serialize)]
struct ItemPage {
    item_id: i64,
    name: String,
    measure: Measure,
    all: String,
    worth: Rupiah,
    /// Of a kilogram, a litre or a piece, on average.
    each: Rupiah,
    /// Days that what is here lasts, when enough was sold to tell.
    cover_days: Option<i64>,
    places: Vec<Place>,
    lots: Vec<Lot>,
    form: FormView,
    /// Whether the reserve would be more than is lawful to keep.
    asks: bool,
}

#[derive(Clone, Serialize)]
struct Place {
    id: i64,
    key: &'static str,
    quantity: String,
    promised: Option<String>,
    /// Whether goods are carried from and to it.
    is_open: bool,
}

#[derive(Clone, Serialize)]
struct Lot {
    place: &'static str,
    quantity: String,
    until: Option<Until>,
    batch: Option<String>,
    came: chrono::NaiveDate,
    /// What it is sold for while its day is near.
    price: Option<Rupiah>,
}

impl Page for ItemPage {
    const TEMPLATE: &'static str = "store/item.html";
    fn samples() -> Vec<ItemPage> {
        let day = chrono::NaiveDate::default();
        let shelf = Place {
            id: 1,
            key: "store.place_shelf",
            quantity: "42,5 kg".into(),
            promised: Some("5 kg".into()),
            is_open: true,
        };
        let store = Place { id: 2, key: "store.place_store", promised: None, ..shelf.clone() };
        let lot = Lot {
            place: "store.place_shelf",
            quantity: "42,5 kg".into(),
            until: Some(until(day, day)),
            batch: Some("B-12".into()),
            came: day,
            price: Some(Rupiah(11_000)),
        };
        let plain = Lot { until: None, batch: None, price: None, ..lot.clone() };
        let page = |asks: bool, lots| ItemPage {
            item_id: 9,
            name: "Beras medium curah".into(),
            measure: Measure::Gram,
            all: "142,5 kg".into(),
            worth: Rupiah(1_781_250),
            each: Rupiah(12_500),
            cover_days: asks.then_some(5),
            places: vec![shelf.clone(), store.clone()],
            lots,
            form: FormView::default(),
            asks,
        };
        vec![page(true, vec![lot, plain]), page(false, Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<ItemPage>()
}

/// `GET /kelola/gudang/barang/{item}`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, (StatusCode::OK, false), FormView::default()).await
}

/// The page, as it was typed where it was.
pub(super) async fn draw(
    operator: &Operator,
    app: &App,
    item_id: i64,
    (status, asks): (StatusCode, bool),
    form: FormView,
) -> Result<HttpResponse> {
    let (outlet_id, today) = (operator.outlet.id, app.clock.today());
    let (item, name) = repacking::sembako(&app.db, outlet_id, item_id).await?;
    let own = places(app, outlet_id).await?;
    let levels = store::levels(&app.db, &[item_id]).await?;
    let heap = cost::heap(&app.db, item_id).await?;
    let open = markdown::open(&app.db, outlet_id).await?;
    let words = |quantity| spoken(app, operator.visit.lang, quantity, item.measure);
    let place = |place: &place::Model| {
        let level = levels.iter().find(|level| level.place_id == place.id);
        let (on_hand, promised) = level.map_or((0, 0), |level| (level.on_hand, level.promised));
        Place {
            id: place.id,
            key: place_key(place.kind),
            quantity: words(on_hand),
            promised: (promised > 0).then(|| words(promised)),
            is_open: place.kind != place::Kind::Expired,
        }
    };
    let lots = store::lots(&app.db, item_id).await?;
    let lot = |lot: &entity::lot::Model| {
        let place = own.iter().find(|place| place.id == lot.place_id)?;
        let mut marked = open.iter().filter(|one| !markdown::rests(one, item.price));
        Some(Lot {
            place: place_key(place.kind),
            quantity: words(lot.remaining),
            until: lot.expires_on.map(|day| until(day, today)),
            batch: lot.batch.clone(),
            came: clock::local_date(lot.received_at),
            price: marked.find(|one| one.lot_id == lot.id).map(|one| one.price),
        })
    };
    let known = advice::of_item(&app.db, &app.clock, outlet_id, item_id).await?;
    let page = ItemPage {
        item_id,
        name,
        measure: item.measure,
        all: words(heap.quantity),
        worth: heap.value,
        each: markdown::cost_of(&heap, item.measure),
        cover_days: known.per_day().map(|per_day| (known.here as f64 / per_day).floor() as i64),
        places: own.iter().map(place).collect(),
        lots: lots.iter().filter_map(lot).collect(),
        form,
        asks,
    };
    operator.visit.page_with(status, &app.templates, &page)
}
