//! `/kelola/gudang/hitung`: a place to count, and the counts there were.
use actix_web::{HttpResponse, web::Data};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{
    acts::{Act, perform},
    place_key, places,
};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    error::Result,
    form::Form,
    outlet::count::{self, State},
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, person, place};

/// So many counts are on the page.
const LATEST: u64 = 20;

#[derive(Default, Serialize)]
struct CountsPage {
    places: Vec<Place>,
    sheets: Vec<Sheet>,
}

#[derive(Serialize)]
struct Place {
    id: i64,
    key: &'static str,
    /// Whether somebody is counting it.
    is_open: bool,
}

#[derive(Clone, Serialize)]
struct Sheet {
    id: i64,
    place: &'static str,
    who: String,
    at: DateTime<Utc>,
    state: &'static str,
    badge: &'static str,
    /// What all differences are worth, once it is booked.
    worth: Option<Rupiah>,
}

impl Page for CountsPage {
    const TEMPLATE: &'static str = "store/counts.html";
    fn samples() -> Vec<CountsPage> {
        let place = |id, key, is_open| Place { id, key, is_open };
        let sheet = |state, worth| Sheet {
            id: 3,
            place: "store.place_shelf",
            who: "Bu Siti Aminah".into(),
            at: DateTime::UNIX_EPOCH,
            state: state_key(state).0,
            badge: state_key(state).1,
            worth,
        };
        let sheets =
            vec![sheet(State::Open, None), sheet(State::Booked, Some(Rupiah(-51_715))), sheet(State::CalledOff, None)];
        let places = vec![place(1, "store.place_shelf", true), place(2, "store.place_store", false)];
        vec![CountsPage::default(), CountsPage { places, sheets }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<CountsPage>()
}

pub(super) fn state_key(state: State) -> (&'static str, &'static str) {
    match state {
        State::Open => ("count.state_open", "badge--wait"),
        State::Booked => ("count.state_booked", ""),
        State::CalledOff => ("count.state_called_off", "badge--off"),
    }
}

/// `GET /kelola/gudang/hitung`
pub(super) async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let outlet_id = operator.outlet.id;
    let places = places(&app, outlet_id).await?;
    let sheets = count::list(&app.db, outlet_id, LATEST).await?;
    let is_open =
        |place: &place::Model| sheets.iter().any(|sheet| sheet.place_id == place.id && sheet.state == State::Open);
    let countable = places.iter().filter(|place| place.kind != place::Kind::Expired);
    let row = |place: &place::Model| Place { id: place.id, key: place_key(place.kind), is_open: is_open(place) };
    let mut page = CountsPage { places: countable.map(row).collect(), sheets: Vec::new() };
    for sheet in &sheets {
        let who = person::Entity::find_by_id(sheet.closed_by.unwrap_or(sheet.opened_by)).one(&app.db).await?;
        let worth = match sheet.state {
            State::Booked => {
                Some(count::differences(&app.db, sheet).await?.iter().map(|one| one.worth).sum::<Rupiah>())
            }
            _ => None,
        };
        let place = places.iter().find(|place| place.id == sheet.place_id);
        page.sheets.push(Sheet {
            id: sheet.id,
            place: place.map_or("store.place_shelf", |place| place_key(place.kind)),
            who: who.map(|person| person.name).unwrap_or_default(),
            at: sheet.closed_at.unwrap_or(sheet.opened_at),
            state: state_key(sheet.state).0,
            badge: state_key(sheet.state).1,
            worth,
        });
    }
    operator.visit.page(&app.templates, &page)
}

/// `POST /kelola/gudang/hitung`
pub(super) async fn open(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let place_id = form.get("tempat").parse().unwrap_or_default();
    match perform(&operator, &app, &form, &Act::Open(place_id)).await? {
        Ok(answer) => Ok(answer),
        Err(no) => Ok(done("/kelola/gudang/hitung", no.said.key)),
    }
}
