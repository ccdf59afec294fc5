//! `/kelola/kios/{id}/kunjungan/{visit}`: what a visit found, what it brought, and taking it back.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::url;
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    once,
    page::{Page, Sample, samples as samples_of, see_other},
    wholesale::{
        kiosk,
        kiosk_visit::{self, Method, Told},
    },
};
use entity::Rupiah;

#[derive(Serialize)]
struct VisitedPage {
    kiosk_id: i64,
    kiosk: String,
    id: i64,
    number: String,
    at: DateTime<Utc>,
    lines: Vec<Line>,
    owed: Rupiah,
    commission: Rupiah,
    collected: Rupiah,
    by_transfer: bool,
    reference: Option<String>,
    reason: Option<String>,
    note: Option<String>,
    voided: Option<DateTime<Utc>>,
    void_reason: Option<String>,
    form: FormView,
}

#[derive(Serialize)]
struct Line {
    name: String,
    expected: i64,
    sold: i64,
    good: i64,
    damaged: i64,
    still: i64,
    missing: i64,
    missing_owed: bool,
    unit_price: Rupiah,
}

impl Page for VisitedPage {
    const TEMPLATE: &'static str = "wholesale/kiosk_visited.html";
    fn samples() -> Vec<VisitedPage> {
        let page = |voided| VisitedPage {
            kiosk_id: 1,
            kiosk: "Kios Bu Rahma".into(),
            id: 3,
            number: "V-2611-0003".into(),
            at: DateTime::UNIX_EPOCH,
            lines: vec![Line {
                name: "Keranjang sampah anyam".into(),
                expected: 12,
                sold: 7,
                good: 1,
                damaged: 1,
                still: 2,
                missing: 1,
                missing_owed: true,
                unit_price: Rupiah(32_000),
            }],
            owed: Rupiah(196_000),
            commission: Rupiah(28_000),
            collected: Rupiah(150_000),
            by_transfer: true,
            reference: Some("TRF-1".into()),
            reason: Some("Hilang".into()),
            note: Some("Minta besek lagi".into()),
            voided,
            void_reason: voided.map(|_| "Salah hitung".into()),
            form: FormView::default(),
        };
        vec![page(None), page(Some(DateTime::UNIX_EPOCH))]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<VisitedPage>()
}

/// `GET /kelola/kios/{id}/kunjungan/{visit}`
pub(super) async fn show(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *path, StatusCode::OK, FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    (id, visit): (i64, i64),
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let kiosk = kiosk::read(&app.db, operator.outlet.id, id).await?;
    let found = kiosk_visit::read(&app.db, id, visit).await?;
    let line = |line: &entity::kiosk_visit_line::Model| Line {
        name: line.name.clone(),
        expected: line.expected,
        sold: line.sold,
        good: line.good,
        damaged: line.damaged,
        still: line.still,
        missing: line.missing,
        missing_owed: line.missing_owed,
        unit_price: line.unit_price,
    };
    let lines = found.lines.iter().map(line).collect();
    let visit = found.visit;
    let page = VisitedPage {
        kiosk_id: id,
        kiosk: kiosk.name,
        id: visit.id,
        number: kiosk_visit::number(&visit),
        at: visit.visited_at,
        lines,
        owed: visit.owed,
        commission: visit.commission,
        collected: visit.collected,
        by_transfer: visit.method == Method::Transfer,
        reference: visit.reference,
        reason: visit.reason,
        note: visit.note,
        voided: visit.voided_at,
        void_reason: visit.void_reason,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `POST /kelola/kios/{id}/kunjungan/{visit}/batal`
pub(super) async fn void(
    operator: Operator,
    path: Path<(i64, i64)>,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    let (id, visit) = *path;
    let mut reader = form.read();
    let reason = reader.text("reason", 200);
    let view = |wrong: &Wrong| FormView::new(&form, wrong, app.templates.words(), operator.visit.lang);
    let reason = match reader.done(reason) {
        Ok(reason) => reason,
        Err(wrong) => return draw(&operator, &app, *path, StatusCode::UNPROCESSABLE_ENTITY, view(&wrong)).await,
    };
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let (scope, hash, here) =
        (format!("visit {visit} batal"), form.content_hash(), format!("{}/kunjungan/{visit}", url(id)));
    let tx = db::begin(&app.db).await?;
    kiosk::lock(&tx, operator.outlet.id, id).await?;
    if once::answered(&tx, &scope, key, &hash).await?.is_some() {
        return Ok(see_other(&here));
    }
    let told = Told { outlet: &operator.outlet, person_id: operator.person_id, at: app.clock.now(), source_key: key };
    match kiosk_visit::void(&tx, &app.clock, told, id, visit, &reason).await {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
            return draw(&operator, &app, *path, status, view(&Wrong::refusal("", refusal))).await;
        }
        voided => voided?,
    }
    once::remember(&tx, &app.clock, &scope, key, &hash, &here).await?;
    tx.commit().await?;
    Ok(done(&here, "kiosk.voided"))
}
