//! `/kelola/jemput`: whose goods are ready, in walking order; noted by the crafter's own tap or by the operator for them.
use std::collections::HashMap;

use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Serialize;

use super::sheet;
use crate::{
    accounts::{crafter as households, visit, visit::Operator},
    app::App,
    collection::{
        amount,
        pickup::{self, Neighbourhood, Waiting},
    },
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    notifications::whatsapp,
    page::{Page, Sample, samples as drawn},
};
use entity::{item, product};

pub(super) fn samples() -> Vec<Sample> {
    [drawn::<PickupsPage>(), drawn::<ReadyPage>(), drawn::<WalkPage>()].into_iter().flatten().collect()
}

#[derive(Serialize)]
struct PickupsPage {
    stops: Vec<Stop>,
    households: usize,
}

/// One neighbourhood on the way.
#[derive(Serialize)]
struct Stop {
    name: String,
    homes: Vec<Home>,
}

#[derive(Clone, Serialize)]
struct Home {
    crafter_id: i64,
    name: String,
    face: Option<String>,
    phone: Option<String>,
    whatsapp: Option<String>,
    lines: Vec<Line>,
}

#[derive(Clone, Serialize)]
struct Line {
    id: i64,
    product_id: i64,
    goods: String,
    cover: Option<String>,
    quantity: i64,
    since: DateTime<Utc>,
    days: i64,
    /// Where it is taken in: its form, or first its sizes.
    take_in: String,
}

impl Page for PickupsPage {
    const TEMPLATE: &'static str = "collection/pickups.html";

    fn samples() -> Vec<PickupsPage> {
        let line = |cover: Option<&str>, days| Line {
            id: 3,
            product_id: 7,
            goods: "Keranjang sampah anyam".into(),
            cover: cover.map(str::to_owned),
            quantity: 6,
            since: DateTime::UNIX_EPOCH,
            days,
            take_in: "/kelola/setoran/baru?perajin=4&barang=9".into(),
        };
        let home = |phone: Option<&str>| Home {
            crafter_id: 4,
            name: "Bu Sati".into(),
            face: None,
            phone: phone.map(str::to_owned),
            whatsapp: phone.map(|_| "https://wa.me/6281200000002?text=halo".into()),
            lines: vec![line(Some("p0123456789abcdef0123"), 0), line(None, 3)],
        };
        let stop = Stop { name: "RT 3, Krajan".into(), homes: vec![home(Some("6281200000002")), home(None)] };
        vec![PickupsPage { stops: vec![stop], households: 2 }, PickupsPage { stops: Vec::new(), households: 0 }]
    }
}

/// `GET /kelola/jemput`
pub(super) async fn list(operator: Operator, app: web::Data<App>) -> Result<HttpResponse> {
    let now = app.clock.now();
    let mut stops: Vec<(Neighbourhood, Stop)> = Vec::new();
    let mut households = 0;
    let waiting = pickup::list(&app.db, operator.outlet.id).await?;
    let sizes = sizes(&app.db, &waiting).await?;
    for one in waiting {
        let at = Neighbourhood::of(&one.crafter);
        if stops.last().is_none_or(|(known, _)| *known != at) {
            stops.push((at, Stop { name: sheet::home(&one.crafter), homes: Vec::new() }));
        }
        let Some((_, stop)) = stops.last_mut() else { continue };
        if stop.homes.last().is_none_or(|home| home.crafter_id != one.crafter.id) {
            households += 1;
            stop.homes.push(Home {
                crafter_id: one.crafter.id,
                name: one.crafter.name.clone(),
                face: one.crafter.face.clone(),
                whatsapp: one.phone.as_deref().map(|phone| whatsapp::link(phone, "")),
                phone: one.phone.clone(),
                lines: Vec::new(),
            });
        }
        let Some(home) = stop.homes.last_mut() else { continue };
        home.lines.push(Line {
            id: one.pickup.id,
            product_id: one.product.id,
            goods: one.product.name,
            cover: one.product.cover,
            quantity: one.pickup.quantity,
            since: one.pickup.since,
            days: pickup::days(one.pickup.since, now),
            take_in: match sizes.get(&one.product.id).map(Vec::as_slice) {
                Some([only]) => format!("/kelola/setoran/baru?perajin={}&barang={only}", one.crafter.id),
                _ => format!("/kelola/setoran/baru?perajin={}", one.crafter.id),
            },
        });
    }
    let page = PickupsPage { stops: stops.into_iter().map(|(_, stop)| stop).collect(), households };
    operator.visit.page(&app.templates, &page)
}

/// The sizes of each product.
async fn sizes(db: &impl ConnectionTrait, waiting: &[Waiting]) -> Result<HashMap<i64, Vec<i64>>> {
    let rows = item::Entity::find()
        .filter(item::Column::ProductId.is_in(waiting.iter().map(|one| one.product.id)))
        .filter(item::Column::ArchivedAt.is_null())
        .all(db)
        .await?;
    let mut sizes: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in rows {
        sizes.entry(row.product_id).or_default().push(row.id);
    }
    Ok(sizes)
}

/// How many are ready of what was chosen.
#[derive(Serialize)]
struct ReadyPage {
    crafter_id: i64,
    crafter: String,
    face: Option<String>,
    home: String,
    product_id: i64,
    goods: String,
    cover: Option<String>,
    form: FormView,
}

impl Page for ReadyPage {
    const TEMPLATE: &'static str = "collection/ready.html";

    fn samples() -> Vec<ReadyPage> {
        vec![ReadyPage {
            crafter_id: 4,
            crafter: "Bu Sati".into(),
            face: None,
            home: "RT 3, Krajan".into(),
            product_id: 7,
            goods: "Keranjang sampah anyam".into(),
            cover: None,
            form: FormView::default(),
        }]
    }
}

/// `GET /kelola/jemput/baru/{crafter}/{product}`
pub(super) async fn ask(operator: Operator, path: web::Path<(i64, i64)>, app: web::Data<App>) -> Result<HttpResponse> {
    let (crafter_id, product_id) = path.into_inner();
    draw(&operator, &app, (crafter_id, product_id), FormView::default(), StatusCode::OK).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    (crafter_id, product_id): (i64, i64),
    form: FormView,
    status: StatusCode,
) -> Result<HttpResponse> {
    let crafter = households::in_outlet(&app.db, operator.outlet.id, crafter_id).await?;
    let product = product::Entity::find_by_id(product_id).one(&app.db).await?;
    let product = product.filter(|product| product.outlet_id == operator.outlet.id).ok_or(Error::NotFound)?;
    let page = ReadyPage {
        crafter_id,
        crafter: crafter.name.clone(),
        face: crafter.face.clone(),
        home: sheet::home(&crafter),
        product_id,
        goods: product.name,
        cover: product.cover,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `POST /kelola/jemput`: the operator notes it for somebody.
pub(super) async fn note(operator: Operator, form: Form, app: web::Data<App>) -> Result<HttpResponse> {
    let id = |name: &str| form.get(name).parse::<i64>().unwrap_or_default();
    let (crafter_id, product_id) = (id("crafter_id"), id("product_id"));
    let crafter = households::in_outlet(&app.db, operator.outlet.id, crafter_id).await?;
    let mut reader = form.read();
    let quantity = reader.number("quantity", 1, amount::MOST);
    let wrong = match reader.done(()) {
        Err(wrong) => wrong,
        Ok(()) => {
            let tx = db::begin(&app.db).await?;
            match pickup::say(&tx, &app.clock, &crafter, product_id, quantity, operator.person_id).await {
                Ok(()) => {
                    tx.commit().await?;
                    return Ok(visit::done("/kelola/jemput", "intake.ready_noted"));
                }
                Err(Error::Refused(no)) => Wrong::refusal("quantity", no),
                Err(fault) => return Err(fault),
            }
        }
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    draw(&operator, &app, (crafter_id, product_id), view, StatusCode::UNPROCESSABLE_ENTITY).await
}

/// `POST /kelola/jemput/{id}/batal`
pub(super) async fn call_off(
    operator: Operator,
    id: web::Path<i64>,
    _form: Form,
    app: web::Data<App>,
) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    pickup::call_off(&tx, &app.clock, operator.outlet.id, *id, operator.person_id).await?;
    tx.commit().await?;
    Ok(visit::done("/kelola/jemput", "intake.ready_called_off"))
}

/// The order of the way.
#[derive(Serialize)]
struct WalkPage {
    places: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    /// The number beside it, as it was typed.
    position: String,
    is_odd: bool,
    dusun: String,
    rw: String,
    rt: String,
}

impl Place {
    fn new(home: Neighbourhood, position: String) -> Place {
        let Neighbourhood { dusun, rw, rt } = home;
        let is_odd = !position.is_empty() && position.parse::<i64>().is_err();
        Place { position, is_odd, dusun, rw, rt }
    }
}

impl Page for WalkPage {
    const TEMPLATE: &'static str = "collection/walk.html";

    fn samples() -> Vec<WalkPage> {
        let home = |rt: &str| Neighbourhood { dusun: "Krajan".into(), rw: "1".into(), rt: rt.into() };
        let places = vec![Place::new(home("3"), "1".into()), Place::new(home(""), "dua".into())];
        vec![WalkPage { places }, WalkPage { places: Vec::new() }]
    }
}

/// `GET /kelola/jemput/urutan`
pub(super) async fn walk(operator: Operator, app: web::Data<App>) -> Result<HttpResponse> {
    let all = pickup::neighbourhoods(&app.db, operator.outlet.id).await?;
    let place = |(home, now): (_, usize)| Place::new(home, now.to_string());
    let page = WalkPage { places: all.into_iter().zip(1..).map(place).collect() };
    operator.visit.page(&app.templates, &page)
}

/// `POST /kelola/jemput/urutan`: the numbers beside the neighbourhoods; of the same number the earlier comes first.
pub(super) async fn put_in_order(operator: Operator, form: Form, app: web::Data<App>) -> Result<HttpResponse> {
    let known = pickup::neighbourhoods(&app.db, operator.outlet.id).await?;
    let typed = |home: &Neighbourhood| form.get(&format!("urut_{}_{}_{}", home.dusun, home.rw, home.rt)).to_owned();
    let page = WalkPage { places: known.iter().map(|home| Place::new(home.clone(), typed(home))).collect() };
    if page.places.iter().any(|place| place.is_odd) {
        return operator.visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &page);
    }
    // A place without a number stays where it was.
    let mut places: Vec<(i64, Neighbourhood)> =
        known.into_iter().zip(1_i64..).map(|(home, now)| (typed(&home).parse().unwrap_or(now), home)).collect();
    places.sort_by_key(|(position, _)| *position);
    let order: Vec<Neighbourhood> = places.into_iter().map(|(_, home)| home).collect();
    let tx = db::begin(&app.db).await?;
    pickup::walk_in_order(&tx, operator.outlet.id, &order).await?;
    tx.commit().await?;
    Ok(visit::done("/kelola/jemput", "intake.walk_saved"))
}
