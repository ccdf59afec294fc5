//! `/kelola/belanja`: what is owed to suppliers at one glance, and what was bought.
use actix_web::{HttpResponse, web::Data};
use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    accounts::visit::BookReader,
    app::App,
    error::Result,
    outlet::{purchase, supplier},
    page::{self, Page, Sample},
};
use entity::Rupiah;

/// So many of the latest purchases are on the page.
const LATEST: u64 = 60;

#[derive(Default, Serialize)]
struct PurchasesPage {
    owed: Rupiah,
    /// Whom something is owed, the most first.
    suppliers: Vec<Owed>,
    purchases: Vec<Row>,
    may_act: bool,
}

#[derive(Serialize)]
pub(super) struct Owed {
    pub id: i64,
    pub name: String,
    pub owed: Rupiah,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    number: String,
    supplier: String,
    bought_on: NaiveDate,
    total: Rupiah,
    is_reversed: bool,
}

impl Page for PurchasesPage {
    const TEMPLATE: &'static str = "outlet/purchases.html";
    fn samples() -> Vec<PurchasesPage> {
        let row = |is_reversed| Row {
            id: 7,
            number: "B-2611-0007".into(),
            supplier: "UD Sumber".into(),
            bought_on: NaiveDate::default(),
            total: Rupiah(1_925_000),
            is_reversed,
        };
        let full = PurchasesPage {
            owed: Rupiah(1_425_000),
            suppliers: vec![Owed { id: 1, name: "UD Sumber".into(), owed: Rupiah(1_425_000) }],
            purchases: vec![row(false), row(true)],
            may_act: true,
        };
        vec![PurchasesPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PurchasesPage>()
}

/// `GET /kelola/belanja`
pub async fn list(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let (db, outlet_id) = (&app.db, reader.outlet.id);
    let mut suppliers = Vec::new();
    for one in supplier::list(db, outlet_id).await? {
        let owed = supplier::owed(db, one.id).await?;
        if owed > Rupiah::ZERO {
            suppliers.push(Owed { id: one.id, name: one.name, owed });
        }
    }
    suppliers.sort_by_key(|one| -one.owed.0);
    let row = |(one, supplier): (purchase::Model, Option<supplier::Model>)| Row {
        id: one.id,
        number: purchase::number(&one),
        supplier: supplier.map(|supplier| supplier.name).unwrap_or_default(),
        bought_on: one.bought_on,
        total: one.total,
        is_reversed: one.reversed_at.is_some(),
    };
    let page = PurchasesPage {
        owed: suppliers.iter().map(|one| one.owed).sum(),
        purchases: purchase::list(db, outlet_id, LATEST).await?.into_iter().map(row).collect(),
        suppliers,
        may_act: reader.may_act,
    };
    reader.visit.page(&app.templates, &page)
}
