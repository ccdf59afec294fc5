//! `/kelola/kios`: all kiosks, what stands there, what they owe, when somebody was there last.
use actix_web::{HttpResponse, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    page::{Page, Sample, samples as samples_of},
    wholesale::{kiosk, kiosk_visit},
};
use entity::Rupiah;

#[derive(Serialize)]
struct KiosksPage {
    rows: Vec<Row>,
    pieces: i64,
    owed: Rupiah,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    town: String,
    pieces: i64,
    owes: Rupiah,
    visited: Option<DateTime<Utc>>,
    closed: bool,
}

impl Page for KiosksPage {
    const TEMPLATE: &'static str = "wholesale/kiosks.html";
    fn samples() -> Vec<KiosksPage> {
        let row = Row {
            id: 1,
            name: "Kios Bu Rahma".into(),
            town: "Kota Balikpapan".into(),
            pieces: 24,
            owes: Rupiah(189_000),
            visited: Some(DateTime::UNIX_EPOCH),
            closed: false,
        };
        let new = Row { visited: None, owes: Rupiah::ZERO, pieces: 0, name: "Kios Pak Amir".into(), ..row.copy() };
        let closed = Row { closed: true, owes: Rupiah::ZERO, pieces: 0, ..row.copy() };
        let page = |rows: Vec<Row>| KiosksPage { rows, pieces: 24, owed: Rupiah(189_000) };
        vec![page(Vec::new()), page(vec![row, new, closed])]
    }
}

impl Row {
    fn copy(&self) -> Row {
        Row { name: self.name.clone(), town: self.town.clone(), ..*self }
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<KiosksPage>()
}

/// `GET /kelola/kios`
pub(super) async fn show(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let mut rows = Vec::new();
    for one in kiosk::list(&app.db, operator.outlet.id).await? {
        let visits = kiosk_visit::of_kiosk(&app.db, one.id).await?;
        let standing = visits.iter().filter(|visit| visit.visit.voided_at.is_none());
        rows.push(Row {
            pieces: kiosk::stands(&app.db, &one).await?.values().sum(),
            owes: kiosk::owes(&app.db, one.id).await?,
            visited: standing.map(|visit| visit.visit.visited_at).max(),
            closed: one.closed_at.is_some(),
            id: one.id,
            name: one.name,
            town: one.town,
        });
    }
    let page = KiosksPage {
        pieces: rows.iter().map(|row| row.pieces).sum(),
        owed: rows.iter().map(|row| row.owes).sum(),
        // Closed ones stand below those that sell.
        rows: {
            rows.sort_by_key(|row| row.closed);
            rows
        },
    };
    operator.visit.page(&app.templates, &page)
}
