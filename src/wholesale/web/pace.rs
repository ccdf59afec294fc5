//! `/karya/kemampuan` and `/kelola/perajin/{id}/kemampuan`: how many of what a household makes in a week, as it says
//! itself or as the operator writes down.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use crate::{
    accounts::{
        crafter as households,
        visit::{Crafter, Operator, Visit, done},
    },
    app::App,
    catalogue::capacity,
    db,
    error::Result,
    form::{Form, whole_number},
    locale::Said,
    page::{self, Page, Sample},
};
use entity::{crafter, item, pace, product};

/// More than this nobody weaves in a week.
const MOST: i64 = 10_000;
/// So many goods are on the list.
const LONGEST: u64 = 120;

#[derive(Serialize)]
struct PacePage {
    /// Where its form goes.
    here: String,
    name: String,
    own: bool,
    makes: Vec<Row>,
    others: Vec<Row>,
    refused: bool,
}

/// One size of a product, with what was said of it.
#[derive(Clone, Serialize)]
struct Row {
    item_id: i64,
    goods: String,
    cover: Option<String>,
    per_week: String,
    wrong: String,
}

impl Page for PacePage {
    const TEMPLATE: &'static str = "wholesale/pace.html";
    fn samples() -> Vec<PacePage> {
        let row = Row {
            item_id: 1,
            goods: "Keranjang sampah anyam, Besar".into(),
            cover: Some("p0123456789abcdef0123".into()),
            per_week: "14".into(),
            wrong: String::new(),
        };
        let other = Row { per_week: String::new(), cover: None, wrong: "Tulis angka saja.".into(), ..row.clone() };
        let page = |own, makes, others, refused| PacePage {
            here: "/karya/kemampuan".into(),
            name: "Bu Sati".into(),
            own,
            makes,
            others,
            refused,
        };
        vec![page(true, vec![row.clone()], vec![other.clone()], false), page(false, vec![row, other], Vec::new(), true)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<PacePage>()
}

/// `GET /karya/kemampuan`
pub async fn own(crafter: Crafter, app: Data<App>) -> Result<HttpResponse> {
    draw(&crafter.visit, &app, &crafter.crafter, true, None).await
}

/// `GET /kelola/perajin/{id}/kemampuan`
pub async fn of_household(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let household = households::in_outlet(&app.db, operator.outlet.id, *id).await?;
    draw(&operator.visit, &app, &household, false, None).await
}

/// `POST /karya/kemampuan`
pub async fn keep_own(crafter: Crafter, form: Form, app: Data<App>) -> Result<HttpResponse> {
    keep(&crafter.visit, &app, &crafter.crafter, true, &form, crafter.person_id, "/karya").await
}

/// `POST /kelola/perajin/{id}/kemampuan`
pub async fn keep_for_household(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let household = households::in_outlet(&app.db, operator.outlet.id, *id).await?;
    let back = format!("/kelola/perajin/{}", household.id);
    keep(&operator.visit, &app, &household, false, &form, operator.person_id, &back).await
}

fn address(household: &crafter::Model, own: bool) -> String {
    if own { "/karya/kemampuan".into() } else { format!("/kelola/perajin/{}/kemampuan", household.id) }
}

fn field(item_id: i64) -> String {
    format!("minggu_{item_id}")
}

/// What can be made here: sizes of craft goods of the household's outlet, its own first.
async fn goods(
    db: &impl ConnectionTrait,
    household: &crafter::Model,
) -> Result<Vec<(item::Model, product::Model, Option<i64>)>> {
    let rows = item::Entity::find()
        .find_also_related(product::Entity)
        .filter(item::Column::ArchivedAt.is_null())
        .filter(product::Column::OutletId.eq(household.outlet_id))
        .filter(product::Column::CrafterId.is_not_null())
        .filter(product::Column::State.eq(product::State::Published))
        .order_by_asc(product::Column::Name)
        .order_by_asc(item::Column::Position)
        .order_by_asc(item::Column::Id)
        .limit(LONGEST)
        .all(db)
        .await?;
    let said = pace::Entity::find().filter(pace::Column::CrafterId.eq(household.id)).all(db).await?;
    let goods = |(item, product): (item::Model, Option<product::Model>)| {
        let product = product?;
        let mine = product.crafter_id == Some(household.id);
        let said = said.iter().find(|said| said.item_id == item.id).map(|said| said.pieces_per_week);
        let per_week = said.or(product.pieces_per_week.filter(|_| mine));
        Some((item, product, per_week))
    };
    Ok(rows.into_iter().filter_map(goods).collect())
}

async fn draw(
    visit: &Visit,
    app: &App,
    household: &crafter::Model,
    own: bool,
    typed: Option<&Form>,
) -> Result<HttpResponse> {
    let (mut makes, mut others) = (Vec::new(), Vec::new());
    for (item, product, per_week) in goods(&app.db, household).await? {
        let name = field(item.id);
        let known = per_week.map(|n| n.to_string()).unwrap_or_default();
        let shown = typed.filter(|form| form.has(&name)).map_or(known, |form| form.get(&name).to_owned());
        let is_wrong = typed.is_some() && !shown.is_empty() && read(&shown).is_none();
        let row = Row {
            item_id: item.id,
            goods: if item.name.is_empty() { product.name.clone() } else { format!("{}, {}", product.name, item.name) },
            cover: product.cover.clone(),
            per_week: shown,
            wrong: if is_wrong {
                app.say(visit.lang, &Said::new("task.pace_wrong").with("max", MOST))
            } else {
                String::new()
            },
        };
        if per_week.is_some() || product.crafter_id == Some(household.id) { makes.push(row) } else { others.push(row) }
    }
    let page = PacePage {
        here: address(household, own),
        name: household.name.clone(),
        own,
        makes,
        others,
        refused: typed.is_some(),
    };
    let status = if typed.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    visit.page_with(status, &app.templates, &page)
}

fn read(text: &str) -> Option<i64> {
    whole_number(text).filter(|n| *n <= MOST)
}

async fn keep(
    visit: &Visit,
    app: &App,
    household: &crafter::Model,
    own: bool,
    form: &Form,
    by: i64,
    back: &str,
) -> Result<HttpResponse> {
    let goods = goods(&app.db, household).await?;
    let mut said = Vec::new();
    for (item, _, known) in &goods {
        let text = form.get(&field(item.id));
        let new = match text {
            // An emptied field takes back what was said; one that was never filled says nothing.
            "" if form.has(&field(item.id)) && known.is_some() => 0,
            "" => continue,
            text => match read(text) {
                Some(n) => n,
                None => return draw(visit, app, household, own, Some(form)).await,
            },
        };
        if *known != Some(new) {
            said.push((item.id, new));
        }
    }
    let tx = db::begin(&app.db).await?;
    for (item_id, per_week) in said {
        capacity::say(&tx, &app.clock, household.id, item_id, per_week, by).await?;
    }
    tx.commit().await?;
    Ok(done(back, "task.pace_kept"))
}
