//! What whoever receives an order sees: the page behind a carton's QR, for anybody who scans it, and the list of all
//! cartons behind the order's own link, where receiving is said.
use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::cartons::{CartonView, NoteView};
use super::{Tap, cargo::SailingView};
use crate::{
    accounts::visit::{Visit, done},
    app::App,
    db,
    error::{Error, Result},
    form::Form,
    orders::{docket::Docket, order as orders, web::keep_secret},
    page::{self, Page, Sample},
    wholesale::{carton, shipment},
};

#[derive(Serialize)]
struct CartonPage {
    order: String,
    carton: CartonView,
    all: usize,
    from: String,
    from_place: String,
    to: String,
    to_place: String,
    sent_at: Option<DateTime<Utc>>,
    notes: Vec<NoteView>,
}

#[derive(Serialize)]
struct ConsigneePage {
    number: String,
    url: String,
    cartons: Vec<CartonView>,
    received: usize,
    has_left: bool,
    sailing: Option<SailingView>,
    notes: Vec<NoteView>,
}

impl Page for CartonPage {
    const TEMPLATE: &'static str = "wholesale/carton.html";
    fn samples() -> Vec<CartonPage> {
        let page = |sent: bool| CartonPage {
            order: "K-2611-0042".into(),
            carton: CartonView { received_at: None, ..CartonView::sample() },
            all: 6,
            from: "e-Warong Kemuning Lor".into(),
            from_place: "Kemuning Lor, Kabupaten Jember".into(),
            to: "Toko Rimba".into(),
            to_place: "Kota Samarinda, Kalimantan Timur".into(),
            sent_at: sent.then_some(DateTime::UNIX_EPOCH),
            notes: vec![NoteView::sample()],
        };
        vec![page(true), page(false)]
    }
}

impl Page for ConsigneePage {
    const TEMPLATE: &'static str = "wholesale/consignee.html";
    fn samples() -> Vec<ConsigneePage> {
        let waits = CartonView { id: 2, number: 2, received_at: None, ..CartonView::sample() };
        let page = |has_left| ConsigneePage {
            number: "K-2611-0042".into(),
            url: "/pesanan/contoh".into(),
            cartons: vec![CartonView::sample(), waits.clone()],
            received: 1,
            has_left,
            sailing: Some(SailingView::sample()),
            notes: vec![NoteView::sample()],
        };
        vec![page(true), page(false)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<CartonPage>(), page::samples::<ConsigneePage>()].into_iter().flatten().collect()
}

async fn docket_of(app: &App, order_id: i64) -> Result<Docket> {
    let order = entity::order::Entity::find_by_id(order_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    Docket::read(&app.db, order.outlet_id, order_id).await
}

/// `GET /koli/{secret}`: no prices, no telephone, no street.
pub async fn carton(visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let row = carton::by_secret(&app.db, &secret).await?;
    let docket = docket_of(&app, row.order_id).await?;
    let cartons = carton::of_order(&app.db, row.order_id).await?;
    let packed = cartons.iter().find(|packed| packed.carton.id == row.id).ok_or(Error::NotFound)?;
    let mut view = CartonView::of(packed, &docket.lines, &BTreeMap::new());
    view.contents.retain(|content| content.pieces > 0);
    let place = orders::destination(&docket.order);
    let page = CartonPage {
        order: docket.number(),
        carton: view,
        all: cartons.len(),
        from: docket.outlet.name.clone(),
        from_place: app.brand.place(),
        to: docket.order.buyer_name.clone(),
        to_place: place.map(|region| format!("{}, {}", region.regency, region.province)).unwrap_or_default(),
        sent_at: docket.parcels.iter().filter(|p| p.stands()).filter_map(|p| p.parcel.sent_at).min(),
        notes: shipment::notes(&app.db, row.order_id).await?.iter().map(NoteView::of).collect(),
    };
    let mut answer = visit.page(&app.templates, &page)?;
    keep_secret(&mut answer);
    Ok(answer)
}

/// `GET /pesanan/{secret}/koli`
pub async fn list(visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let order = orders::by_secret(&app.db, &secret).await?;
    let docket = docket_of(&app, order.id).await?;
    let cartons = carton::of_order(&app.db, order.id).await?;
    let now = app.clock.now();
    let view = |packed: &carton::Packed| {
        let mut view = CartonView::of(packed, &docket.lines, &BTreeMap::new());
        view.contents.retain(|content| content.pieces > 0);
        view
    };
    let page = ConsigneePage {
        number: docket.number(),
        url: orders::url(&order),
        received: cartons.iter().filter(|packed| packed.carton.received_at.is_some()).count(),
        cartons: cartons.iter().map(view).collect(),
        has_left: docket.has_begun_to_leave(),
        sailing: shipment::of_order(&app.db, order.id).await?.map(|ship| SailingView::of(&ship, now)),
        notes: shipment::notes(&app.db, order.id).await?.iter().map(NoteView::of).collect(),
    };
    let mut answer = visit.page(&app.templates, &page)?;
    keep_secret(&mut answer);
    Ok(answer)
}

/// `POST /pesanan/{secret}/koli/{carton}/diterima`
pub async fn receive(path: Path<(String, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (secret, carton_id) = path.into_inner();
    let tx = db::begin(&app.db).await?;
    let order = orders::lock(&tx, &secret).await?;
    let docket = Docket::lock(&tx, order.outlet_id, order.id).await?;
    let url = format!("{}/koli", orders::url(&order));
    let tap = Tap::of(format!("received {}", order.id), &form);
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    match carton::receive(&tx, &app.clock, &docket, carton_id).await {
        Err(Error::Refused(refusal)) => return Ok(done(&url, refusal.said.key)),
        received => received?,
    }
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "quote.carton_received"))
}
