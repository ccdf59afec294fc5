//! What is printed: packing lists and address labels, by the browser's own printing.
use actix_web::{
    HttpResponse,
    web::{Data, Path, Query},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::view::{self, Content};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    orders::{
        board::{self, Todo},
        docket::{Docket, open},
        handover,
    },
    page::{self, Page, Sample},
};
use entity::{
    Rupiah,
    order::{Delivery, Method},
};

/// What has to be found on the shelf for one order.
#[derive(Serialize)]
struct Sheet {
    id: i64,
    number: String,
    name: String,
    pickup: bool,
    service: Option<String>,
    note: Option<String>,
    placed_at: DateTime<Utc>,
    ready_on: Option<NaiveDate>,
    contents: Vec<Content>,
}

impl Sheet {
    fn of(docket: &Docket) -> Sheet {
        let order = &docket.order;
        let content = |line: &entity::order_line::Model| Content { pieces: open(line), name: view::name_of(line) };
        Sheet {
            id: order.id,
            number: docket.number(),
            name: order.buyer_name.clone(),
            pickup: order.delivery == Delivery::Pickup,
            service: docket.service.clone(),
            note: order.note.clone(),
            placed_at: order.placed_at,
            ready_on: order.ready_on,
            contents: docket.lines.iter().map(content).filter(|content| content.pieces > 0).collect(),
        }
    }
}

#[derive(Serialize)]
struct PackingPage {
    /// Everything together, for one walk along the shelf; empty for a single order.
    together: Vec<Content>,
    sheets: Vec<Sheet>,
}

impl Page for PackingPage {
    const TEMPLATE: &'static str = "counter/packing.html";
    fn samples() -> Vec<PackingPage> {
        let dockets = [Docket::sample(), Docket::sample()];
        vec![
            PackingPage { together: together(&dockets), sheets: dockets.iter().map(Sheet::of).collect() },
            PackingPage { together: Vec::new(), sheets: vec![Sheet::of(&dockets[0])] },
            PackingPage { together: Vec::new(), sheets: Vec::new() },
        ]
    }
}

#[derive(Serialize)]
struct LabelPage {
    id: i64,
    /// "a6" or "58".
    size: &'static str,
    labels: Vec<Label>,
}

/// What is stuck on one parcel.
#[derive(Serialize)]
struct Label {
    /// "1/2" where there are several parcels.
    part: Option<String>,
    number: String,
    name: String,
    phone: String,
    address: Vec<String>,
    pickup: bool,
    service: Option<String>,
    grams: i64,
    /// To be collected by the courier.
    cash: Rupiah,
    outlet: String,
    outlet_phone: String,
    outlet_address: String,
}

impl Page for LabelPage {
    const TEMPLATE: &'static str = "counter/label.html";
    fn samples() -> Vec<LabelPage> {
        let mut cod = Docket::sample();
        cod.order.method = Method::Cod;
        let label = |docket, part: Option<String>| Label { part, ..Label::of(docket, Rupiah(74_000)) };
        let labels = vec![label(&cod, Some("1/2".into())), label(&cod, Some("2/2".into()))];
        vec![
            LabelPage { id: 42, size: "a6", labels: vec![Label::of(&Docket::sample(), Rupiah::ZERO)] },
            LabelPage { id: 42, size: "58", labels },
        ]
    }
}

impl Label {
    fn of(docket: &Docket, cash: Rupiah) -> Label {
        let (order, outlet) = (&docket.order, &docket.outlet);
        Label {
            part: None,
            number: docket.number(),
            name: order.buyer_name.clone(),
            phone: order.buyer_phone.clone(),
            address: view::address(docket),
            pickup: order.delivery == Delivery::Pickup,
            service: docket.service.clone(),
            grams: order.chargeable_grams,
            cash,
            outlet: outlet.name.clone(),
            outlet_phone: outlet.phone.clone(),
            outlet_address: format!("{}, RT {} / RW {}", outlet.address, outlet.rt, outlet.rw),
        }
    }
}

pub fn samples() -> Vec<Sample> {
    [page::samples::<PackingPage>(), page::samples::<LabelPage>()].into_iter().flatten().collect()
}

/// The pieces of all orders by name.
fn together(dockets: &[Docket]) -> Vec<Content> {
    let mut sums = std::collections::BTreeMap::new();
    for line in dockets.iter().flat_map(|docket| &docket.lines).filter(|line| open(line) > 0) {
        *sums.entry(view::name_of(line)).or_insert(0) += open(line);
    }
    sums.into_iter().map(|(name, pieces)| Content { pieces, name }).collect()
}

/// `GET /kelola/pesanan/{id}/kemas`
pub async fn packing(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, *id).await?;
    let page = PackingPage { together: Vec::new(), sheets: vec![Sheet::of(&docket)] };
    operator.visit.page(&app.templates, &page)
}

/// `GET /kelola/pesanan/kemas`: all orders that wait to be packed, and their pieces together.
pub async fn packing_of_all(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let waiting = board::waiting(&app.db, &operator.outlet, app.clock.now()).await?;
    let to_pack = waiting.into_iter().filter(|waiting| waiting.todos.contains(&Todo::Pack));
    let dockets: Vec<Docket> = to_pack.map(|waiting| waiting.docket).collect();
    let page = PackingPage { together: together(&dockets), sheets: dockets.iter().map(Sheet::of).collect() };
    operator.visit.page(&app.templates, &page)
}

/// The paper a label is for.
#[derive(Deserialize)]
pub struct Paper {
    #[serde(default)]
    kertas: String,
}

/// `GET /kelola/pesanan/{id}/label?kertas=a6|58`: one for each parcel that waits, or one before anything is packed.
pub async fn label(operator: Operator, id: Path<i64>, paper: Query<Paper>, app: Data<App>) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, *id).await?;
    let size = if paper.kertas == "58" { "58" } else { "a6" };
    let all = docket.parcels.iter().filter(|packed| packed.stands()).count();
    let mut labels = Vec::new();
    for (n, packed) in docket.parcels.iter().filter(|packed| packed.stands()).enumerate() {
        if !packed.is_handed_over() {
            let part = (all > 1).then(|| format!("{}/{all}", n + 1));
            labels.push(Label { part, ..Label::of(&docket, handover::cash_at_door(&app.db, &docket, packed).await?) });
        }
    }
    if labels.is_empty() {
        let owes_cash = docket.order.method == Method::Cod && docket.open_pieces() > 0;
        labels.push(Label::of(&docket, if owes_cash { docket.still_due() } else { Rupiah::ZERO }));
    }
    operator.visit.page(&app.templates, &LabelPage { id: *id, size, labels })
}
