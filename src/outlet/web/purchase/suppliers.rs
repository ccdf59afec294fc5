//! `/kelola/belanja/pemasok`: who the outlet buys from, and what each is owed.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use serde::Serialize;

use super::{
    acts::{status_of, view},
    read::new_supplier,
    said,
};
use crate::{
    accounts::visit::{BookReader, Treasurer, Visit, done},
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    once,
    outlet::supplier::{self, NewSupplier},
    page::{self, Page, Sample, see_other},
};
use entity::Rupiah;

#[derive(Default, Serialize)]
struct SuppliersPage {
    suppliers: Vec<Row>,
    /// Whom nobody buys from any more.
    away: Vec<Row>,
    owed: Rupiah,
    kinds: Vec<(&'static str, &'static str)>,
    may_act: bool,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    name: String,
    kind: &'static str,
    place: Option<String>,
    owed: Rupiah,
}

impl Page for SuppliersPage {
    const TEMPLATE: &'static str = "outlet/suppliers.html";
    fn samples() -> Vec<SuppliersPage> {
        let row = |owed| Row {
            id: 1,
            name: "UD Sumber".into(),
            kind: "supplier.kind_wholesaler",
            place: Some("Pasar Tanjung".into()),
            owed: Rupiah(owed),
        };
        let full = SuppliersPage {
            suppliers: vec![row(1_425_000), row(0), row(-20_000)],
            away: vec![row(0)],
            owed: Rupiah(1_425_000),
            kinds: kinds(),
            may_act: true,
            form: FormView::default(),
        };
        vec![SuppliersPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<SuppliersPage>()
}

pub(super) fn kinds() -> Vec<(&'static str, &'static str)> {
    said::KINDS.map(|(code, kind)| (code, said::kind_key(kind))).to_vec()
}

/// `GET /kelola/belanja/pemasok`
pub async fn list(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let form = FormView::blank(&Form::of([("pemasok_jenis", "grosir")]));
    draw(&reader.visit, &app, reader.outlet.id, reader.may_act, StatusCode::OK, form).await
}

/// `POST /kelola/belanja/pemasok`
pub async fn add(treasurer: Treasurer, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let new = new_supplier(&mut reader, &form);
    let (status, wrong) = match reader.done(new) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(None) => return Err(Error::NotFound),
        Ok(Some(new)) => match write_down(&treasurer, &app, &form, &new).await {
            Err(Error::Refused(refusal)) => {
                let field = if refusal.said.key.starts_with("supplier.known") { "pemasok_nama" } else { "" };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            done => return done,
        },
    };
    let form = view(&treasurer, &app, &form, &wrong);
    draw(&treasurer.visit, &app, treasurer.outlet.id, true, status, form).await
}

async fn write_down(treasurer: &Treasurer, app: &App, form: &Form, new: &NewSupplier) -> Result<HttpResponse> {
    let outlet_id = treasurer.outlet.id;
    let (scope, hash) = (format!("supplier {outlet_id}"), form.content_hash());
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
        return Ok(see_other(&answer));
    }
    let added = supplier::add(&tx, &app.clock, outlet_id, new).await?;
    let answer = format!("/kelola/belanja/pemasok/{}", added.id);
    once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    tx.commit().await?;
    Ok(done(&answer, "supplier.added"))
}

async fn draw(
    visit: &Visit,
    app: &App,
    outlet_id: i64,
    may_act: bool,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let (mut suppliers, mut away) = (Vec::new(), Vec::new());
    for one in supplier::all(&app.db, outlet_id).await? {
        let owed = supplier::owed(&app.db, one.id).await?;
        let of = if one.archived_at.is_some() { &mut away } else { &mut suppliers };
        of.push(Row { id: one.id, name: one.name, kind: said::kind_key(one.kind), place: one.place, owed });
    }
    let owed = suppliers.iter().map(|one| one.owed).filter(|owed| *owed > Rupiah::ZERO).sum();
    let page = SuppliersPage { suppliers, away, owed, kinds: kinds(), may_act, form };
    visit.page_with(status, &app.templates, &page)
}
