//! `/kelola/pesanan/{id}/barang-kembali`: the buyer brings something back. Good pieces go back on the shelf, broken ones are
//! written off at once, with who bears it.
use std::collections::HashMap;

use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use crate::{
    accounts::{visit, visit::Operator},
    app::App,
    collection::departure::{self, Bearer, Departure},
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    once,
    orders::{brought_back, docket::Docket},
    page::{self, Page, Sample},
    secret,
};
use entity::{crafter, lot, lot::Grade};

#[derive(Serialize)]
struct BringBackPage {
    id: i64,
    number: String,
    parts: Vec<Part>,
    form: FormView,
}

/// Pieces of one lot.
#[derive(Clone, Serialize)]
struct Part {
    id: i64,
    name: String,
    quantity: i64,
    owner: Option<String>,
    grade: &'static str,
}

impl Page for BringBackPage {
    const TEMPLATE: &'static str = "counter/brought_back.html";
    fn samples() -> Vec<BringBackPage> {
        let part = |id, owner: Option<&str>| Part {
            id,
            name: "Keranjang sampah anyam".into(),
            quantity: 3,
            owner: owner.map(str::to_owned),
            grade: "A",
        };
        let page = |parts| BringBackPage { id: 42, number: "K-2611-0042".into(), parts, form: FormView::default() };
        vec![page(vec![part(1, Some("Bu Sati")), part(2, None)]), page(Vec::new())]
    }
}

pub fn samples() -> Vec<Sample> {
    page::samples::<BringBackPage>()
}

/// `GET /kelola/pesanan/{id}/barang-kembali`
pub async fn ask(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, FormView::default(), StatusCode::OK).await
}

async fn draw(operator: &Operator, app: &App, id: i64, form: FormView, status: StatusCode) -> Result<HttpResponse> {
    let docket = Docket::read(&app.db, operator.outlet.id, id).await?;
    let parts = brought_back::parts(&app.db, &docket).await?;
    let lots = lot::Entity::find().filter(lot::Column::Id.is_in(parts.iter().map(|(part, _)| part.lot_id)));
    let grades: HashMap<i64, Option<Grade>> =
        lots.all(&app.db).await?.into_iter().map(|lot| (lot.id, lot.grade)).collect();
    let owners = crafter::Entity::find()
        .filter(crafter::Column::Id.is_in(parts.iter().filter_map(|(part, _)| part.crafter_id)))
        .all(&app.db)
        .await?;
    let owner = |id: Option<i64>| owners.iter().find(|row| Some(row.id) == id).map(|row| row.name.clone());
    let name = |item_id: i64| {
        let line = docket.lines.iter().find(|line| line.item_id == item_id);
        line.map(super::view::name_of).unwrap_or_default()
    };
    let part = |(part, left): &(entity::earning::Model, i64)| Part {
        id: part.id,
        name: name(part.item_id),
        quantity: *left,
        owner: owner(part.crafter_id),
        grade: if grades.get(&part.lot_id) == Some(&Some(Grade::B)) { "B" } else { "A" },
    };
    let page = BringBackPage { id, number: docket.number(), parts: parts.iter().map(part).collect(), form };
    operator.visit.page_with(status, &app.templates, &page)
}

/// What came back.
struct Came {
    earning_id: i64,
    quantity: i64,
    broken: Option<Bearer>,
    reason: String,
}

fn read(form: &Form) -> Result<Came, Wrong> {
    let mut reader = form.read();
    let earning_id = reader.choice("part", |text| text.parse().ok()).unwrap_or_default();
    let quantity = reader.number("pieces", 1, 100_000);
    let broken = reader.choice("how", |text| match text {
        "good" => Some(None),
        "broken_outlet" => Some(Some(Bearer::Outlet)),
        "broken_owner" => Some(Some(Bearer::Owner)),
        _ => None,
    });
    let reason = reader.text("reason", 200);
    reader.done(Came { earning_id, quantity, broken: broken.flatten(), reason })
}

/// `POST /kelola/pesanan/{id}/barang-kembali`
pub async fn take(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (wrong, status) = match read(&form) {
        Err(wrong) => (wrong, StatusCode::UNPROCESSABLE_ENTITY),
        Ok(came) => match taken(&operator, &app, *id, &form, &came).await {
            Ok(()) => return Ok(visit::done(&format!("/kelola/pesanan/{id}"), "intake.brought_back")),
            Err(Error::Refused(no)) => {
                let status = Error::Refused(no.clone()).status_code();
                (Wrong::refusal("pieces", no), status)
            }
            Err(other) => return Err(other),
        },
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    draw(&operator, &app, *id, view, status).await
}

async fn taken(operator: &Operator, app: &App, id: i64, form: &Form, came: &Came) -> Result<()> {
    let tx = db::begin(&app.db).await?;
    let docket = Docket::lock(&tx, operator.outlet.id, id).await?;
    let (scope, hash) = (format!("bring back {id}"), form.content_hash());
    if let Some(key) = form.request_key() {
        if once::answered(&tx, &scope, key, &hash).await?.is_some() {
            return Ok(());
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, "").await?;
    }
    let key = form.request_key().map_or_else(secret::short_token, str::to_owned);
    let source_key = format!("back:{id}:{key}");
    let (pieces, by) = ((came.earning_id, came.quantity), operator.person_id);
    let lot_id = brought_back::take(&tx, &app.clock, &docket, pieces, &came.reason, (by, &source_key)).await?;
    if let Some(bearer) = came.broken {
        let (what, key) = ((lot_id, came.quantity), format!("{source_key}:broken"));
        let how = Departure::Broken(bearer);
        departure::depart(&tx, &app.clock, &operator.outlet, what, how, &came.reason, (by, &key)).await?;
    }
    Ok(tx.commit().await?)
}
