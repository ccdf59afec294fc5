//! `/kelola/kios/{id}/rekening`: everything between the outlet and a kiosk in its order, with what it owed after each.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{show::Terms, url};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    page::{Page, Sample, samples as samples_of},
    wholesale::{
        kiosk,
        kiosk_drop::{self, Drop},
        kiosk_visit::{self, Visit},
    },
};
use entity::Rupiah;

#[derive(Serialize)]
struct StatementPage {
    id: i64,
    kiosk: Terms,
    outlet: String,
    rows: Vec<Row>,
    owes: Rupiah,
}

/// A delivery or a visit.
#[derive(Serialize)]
struct Row {
    at: DateTime<Utc>,
    number: String,
    url: String,
    is_drop: bool,
    voided: bool,
    /// Delivered, or counted as sold.
    pieces: i64,
    owed: Rupiah,
    collected: Rupiah,
    owes: Rupiah,
}

impl Page for StatementPage {
    const TEMPLATE: &'static str = "wholesale/kiosk_statement.html";
    fn samples() -> Vec<StatementPage> {
        let row = |is_drop, voided| Row {
            at: DateTime::UNIX_EPOCH,
            number: "V-2611-0003".into(),
            url: "/kelola/kios/1/kunjungan/3".into(),
            is_drop,
            voided,
            pieces: 12,
            owed: Rupiah(196_000),
            collected: Rupiah(150_000),
            owes: Rupiah(46_000),
        };
        let page = |rows| StatementPage {
            id: 1,
            kiosk: Terms::sample(),
            outlet: "e-Warong Kemuning Lor".into(),
            rows,
            owes: Rupiah(46_000),
        };
        vec![page(Vec::new()), page(vec![row(true, false), row(false, false), row(false, true)])]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<StatementPage>()
}

fn of_drop(drop: &Drop) -> Row {
    Row {
        at: drop.drop.at,
        number: kiosk_drop::number(&drop.drop),
        url: format!("/kiriman/{}", drop.drop.secret),
        is_drop: true,
        voided: false,
        pieces: drop.lines.iter().map(|line| line.quantity).sum(),
        owed: Rupiah::ZERO,
        collected: Rupiah::ZERO,
        owes: Rupiah::ZERO,
    }
}

fn of_visit(kiosk_id: i64, visit: &Visit) -> Row {
    let one = &visit.visit;
    Row {
        at: one.recorded_at,
        number: kiosk_visit::number(one),
        url: format!("{}/kunjungan/{}", url(kiosk_id), one.id),
        is_drop: false,
        voided: one.voided_at.is_some(),
        pieces: visit.lines.iter().map(|line| line.sold).sum(),
        owed: one.owed,
        collected: one.collected,
        owes: Rupiah::ZERO,
    }
}

/// `GET /kelola/kios/{id}/rekening`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let kiosk = kiosk::read(&app.db, operator.outlet.id, *id).await?;
    let drops = kiosk_drop::of_kiosk(&app.db, kiosk.id).await?;
    let visits = kiosk_visit::of_kiosk(&app.db, kiosk.id).await?;
    let mut rows: Vec<Row> =
        drops.iter().map(of_drop).chain(visits.iter().map(|visit| of_visit(kiosk.id, visit))).collect();
    rows.sort_by_key(|row| row.at);
    let mut owes = Rupiah::ZERO;
    for row in &mut rows {
        if !row.voided {
            owes += row.owed - row.collected;
        }
        row.owes = owes;
    }
    let page = StatementPage {
        id: kiosk.id,
        kiosk: Terms::of(&kiosk),
        outlet: operator.outlet.name.clone(),
        rows,
        owes: kiosk::owes(&app.db, kiosk.id).await?,
    };
    operator.visit.page(&app.templates, &page)
}
