//! `/grosir`: what a reseller gets, the form to become one, and for those who are, their prices and quotes.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};
use serde::{Deserialize, Serialize};

use super::{QuoteRow, Tap, refused, status_of};
use crate::{
    accounts::{
        outlet::outlets,
        visit::{Person, Visit, done},
    },
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    page::{self, Page, Sample},
    wholesale::{
        quote,
        reseller::{self, Business, State},
        tier::{self, Priced},
    },
};
use entity::{Rupiah, outlet};

/// Something with its prices by quantity.
#[derive(Clone, Serialize)]
pub(super) struct PriceRow {
    pub name: String,
    pub slug: String,
    pub price: Rupiah,
    pub tiers: Vec<Step>,
}

#[derive(Clone, Serialize)]
pub(super) struct Step {
    pub from: i64,
    pub price: Rupiah,
}

impl PriceRow {
    pub fn of(priced: &Priced) -> PriceRow {
        PriceRow {
            name: priced.name(),
            slug: priced.product.slug.clone(),
            price: priced.item.price,
            tiers: priced
                .tiers
                .iter()
                .map(|tier| Step { from: tier.from_pieces, price: tier.price.min(priced.item.price) })
                .collect(),
        }
    }

    pub fn sample() -> PriceRow {
        let step = |from, price| Step { from, price: Rupiah(price) };
        PriceRow {
            name: "Keranjang sampah anyam".into(),
            slug: "keranjang-sampah".into(),
            price: Rupiah(28_000),
            tiers: vec![step(12, 26_000), step(60, 24_500), step(300, 23_000)],
        }
    }
}

#[derive(Serialize)]
struct JoinPage {
    outlet: String,
    outlet_id: i64,
    others: Vec<(i64, String)>,
    signed: bool,
    /// asked, approved, refused or suspended; empty before anybody asked.
    state: &'static str,
    business: String,
    reason: Option<String>,
    may_ask: bool,
    rows: Vec<PriceRow>,
    quotes: Vec<QuoteRow>,
    form: FormView,
}

impl Page for JoinPage {
    const TEMPLATE: &'static str = "wholesale/join.html";
    fn samples() -> Vec<JoinPage> {
        let page = |signed, state, may_ask| JoinPage {
            outlet: "e-Warong Kemuning Lor".into(),
            outlet_id: 1,
            others: vec![(2, "e-Warong Rayap".into())],
            signed,
            state,
            business: "Toko Rimba".into(),
            reason: Some("Belum ada tokonya".into()),
            may_ask,
            rows: vec![PriceRow::sample()],
            quotes: vec![QuoteRow::sample()],
            form: FormView::default(),
        };
        vec![
            page(false, "", false),
            page(true, "", true),
            page(true, "asked", true),
            page(true, "refused", true),
            page(true, "suspended", false),
            page(true, "approved", false),
        ]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<JoinPage>()
}

/// Which outlet is meant where there are several.
#[derive(Deserialize)]
pub(super) struct Where {
    warong: Option<i64>,
}

/// The outlet asked for, or the first one, and the others.
pub(super) async fn outlet_of(app: &App, asked: Option<i64>) -> Result<(outlet::Model, Vec<outlet::Model>)> {
    let mut all = outlets(&app.db, None).await?;
    all.sort_by_key(|outlet| outlet.id);
    let at = match asked {
        Some(id) => all.iter().position(|outlet| outlet.id == id).ok_or(Error::NotFound)?,
        None => 0,
    };
    if all.is_empty() {
        return Err(Error::NotFound);
    }
    let outlet = all.remove(at);
    Ok((outlet, all))
}

fn code(state: State) -> &'static str {
    match state {
        State::Asked => "asked",
        State::Approved => "approved",
        State::Refused => "refused",
        State::Suspended => "suspended",
    }
}

/// `GET /grosir`
pub async fn show(visit: Visit, query: Query<Where>, app: Data<App>) -> Result<HttpResponse> {
    draw(&visit, &app, query.warong, StatusCode::OK, FormView::default()).await
}

async fn draw(
    visit: &Visit,
    app: &App,
    asked: Option<i64>,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let (outlet, others) = outlet_of(app, asked).await?;
    let known = match &visit.signed {
        Some(signed) => reseller::of_person(&app.db, outlet.id, signed.id).await?,
        None => None,
    };
    let approved = known.as_ref().filter(|row| row.state == State::Approved);
    let rows = tier::list(&app.db, outlet.id, approved.is_some()).await?;
    let today = app.clock.today();
    let quotes = match approved {
        Some(row) => quote::of_reseller(&app.db, row.id).await?,
        None => Vec::new(),
    };
    let page = JoinPage {
        outlet: outlet.name,
        outlet_id: outlet.id,
        others: others.into_iter().map(|other| (other.id, other.name)).collect(),
        signed: visit.signed.is_some(),
        state: known.as_ref().map_or("", |row| code(row.state)),
        business: known.as_ref().map_or(String::new(), |row| row.business.clone()),
        reason: known.as_ref().and_then(|row| row.reason.clone()),
        may_ask: visit.signed.is_some()
            && known.as_ref().is_none_or(|row| matches!(row.state, State::Asked | State::Refused)),
        rows: rows.iter().filter(|priced| !priced.tiers.is_empty()).map(PriceRow::of).collect(),
        quotes: quotes.iter().map(|quote| QuoteRow::of(quote, quote::url(&quote.row), today)).collect(),
        form,
    };
    visit.page_with(status, &app.templates, &page)
}

/// `POST /grosir`: asks to become a reseller.
pub async fn ask(person: Person, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut read = form.read();
    let outlet_id = read.optional_number("warong", 1, i64::MAX);
    let said = Business { name: read.text("usaha", 80), town: read.text("kota", 80), sells: read.text("jual", 300) };
    let (status, wrong) = match read.done(said) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(said) => match keep(&person, &app, &form, outlet_id, &said).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
            answer => return answer,
        },
    };
    let view = refused(&person.visit, &app, &form, &wrong);
    draw(&person.visit, &app, outlet_id, status, view).await
}

async fn keep(
    person: &Person,
    app: &App,
    form: &Form,
    outlet_id: Option<i64>,
    said: &Business,
) -> Result<HttpResponse> {
    let (outlet, _) = outlet_of(app, outlet_id).await?;
    let url = match outlet_id {
        Some(id) => format!("/grosir?warong={id}"),
        None => "/grosir".into(),
    };
    let tap = Tap::of(format!("reseller {}", person.signed.id), form);
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    reseller::ask(&tx, &app.clock, &outlet, person.signed.id, said).await?;
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "reseller.asked_now"))
}
