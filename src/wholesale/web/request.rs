//! `/grosir/minta` and `/kelola/penawaran/baru`: what is wanted, how many, and where it goes. The reseller asks for a
//! quote; the operator writes one down for somebody who rang.
use actix_web::{HttpResponse, http::StatusCode, web::Data};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{Tap, join, refused, status_of};
use crate::{
    accounts::{
        person,
        visit::{Operator, Person, Visit, done},
    },
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong, whole_number},
    locale::Said,
    orders::carriage::{Place, places},
    page::{self, Page, Sample, see_other},
    region::Code,
    wholesale::{
        quote::{self, Asked, MOST_PIECES},
        reseller,
        tier::{self, Priced},
    },
};
use entity::{outlet, village};

#[derive(Clone, Serialize)]
struct Row {
    id: i64,
    price: join::PriceRow,
    typed: String,
}

#[derive(Serialize)]
struct RequestPage {
    /// Where the form goes and where it leads back to.
    action: &'static str,
    back: &'static str,
    at_desk: bool,
    rows: Vec<Row>,
    places: Vec<Place>,
    not_found: bool,
    form: FormView,
}

impl Page for RequestPage {
    const TEMPLATE: &'static str = "wholesale/request.html";
    fn samples() -> Vec<RequestPage> {
        let place = Code::parse("64.72.02.1001").ok().and_then(|code| Place::of_code(&code));
        let page = |at_desk: bool| RequestPage {
            action: if at_desk { "/kelola/penawaran/baru" } else { "/grosir/minta" },
            back: if at_desk { "/kelola/grosir" } else { "/grosir" },
            at_desk,
            rows: vec![Row { id: 1, price: join::PriceRow::sample(), typed: "60".into() }],
            places: place.clone().into_iter().collect(),
            not_found: at_desk,
            form: FormView::default(),
        };
        vec![page(false), page(true)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<RequestPage>()
}

/// Who fills the form in.
enum Side<'a> {
    Reseller(&'a Person, reseller::Model),
    Desk(&'a Operator),
}

impl Side<'_> {
    fn visit(&self) -> &Visit {
        match self {
            Side::Reseller(person, _) => &person.visit,
            Side::Desk(operator) => &operator.visit,
        }
    }

    fn is_desk(&self) -> bool {
        matches!(self, Side::Desk(_))
    }
}

/// `GET /grosir/minta`
pub async fn blank(person: Person, app: Data<App>) -> Result<HttpResponse> {
    let (outlet, reseller) = match of(&person, &app).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    draw(&Side::Reseller(&person, reseller), &app, &outlet, StatusCode::OK, &Form::default(), &Wrong::default()).await
}

/// The outlet that agreed to this reseller; everybody else is shown how to become one.
async fn of(person: &Person, app: &App) -> Result<Result<(outlet::Model, reseller::Model), HttpResponse>> {
    let (first, others) = join::outlet_of(app, None).await?;
    for outlet in std::iter::once(first).chain(others) {
        if let Some(row) = reseller::approved(&app.db, outlet.id, person.signed.id).await? {
            return Ok(Ok((outlet, row)));
        }
    }
    Ok(Err(see_other("/grosir")))
}

/// `GET /kelola/penawaran/baru`
pub async fn blank_at_desk(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let outlet = operator.outlet.clone();
    draw(&Side::Desk(&operator), &app, &outlet, StatusCode::OK, &Form::default(), &Wrong::default()).await
}

async fn draw(
    side: &Side<'_>,
    app: &App,
    outlet: &outlet::Model,
    status: StatusCode,
    form: &Form,
    wrong: &Wrong,
) -> Result<HttpResponse> {
    let priced = tier::list(&app.db, outlet.id, true).await?;
    let village = village::Entity::find_by_id(outlet.village_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let near = Code::parse(&village.code).map_err(anyhow::Error::new)?;
    let chosen = Code::parse(form.get("desa")).ok().and_then(|code| Place::of_code(&code));
    let chosen = chosen.map(|place| Place { chosen: true, ..place });
    let sought = form.get("tujuan");
    let mut found = if sought.is_empty() { Vec::new() } else { places(sought, &near) };
    found.retain(|place| chosen.as_ref().is_none_or(|chosen| chosen.code != place.code));
    let not_found = !sought.is_empty() && found.is_empty() && chosen.is_none();
    let row = |priced: &Priced| Row {
        id: priced.item.id,
        price: join::PriceRow::of(priced),
        typed: form.get(&format!("n_{}", priced.item.id)).chars().take(12).collect(),
    };
    let at_desk = side.is_desk();
    let page = RequestPage {
        action: if at_desk { "/kelola/penawaran/baru" } else { "/grosir/minta" },
        back: if at_desk { "/kelola/grosir" } else { "/grosir" },
        at_desk,
        rows: priced.iter().map(row).collect(),
        places: chosen.into_iter().chain(found).collect(),
        not_found,
        form: refused(side.visit(), app, form, wrong),
    };
    side.visit().page_with(status, &app.templates, &page)
}

/// `POST /grosir/minta`
pub async fn ask(person: Person, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (outlet, reseller) = match of(&person, &app).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    take(&Side::Reseller(&person, reseller), &app, &outlet, &form).await
}

/// `POST /kelola/penawaran/baru`
pub async fn ask_at_desk(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let outlet = operator.outlet.clone();
    take(&Side::Desk(&operator), &app, &outlet, &form).await
}

async fn take(side: &Side<'_>, app: &App, outlet: &outlet::Model, form: &Form) -> Result<HttpResponse> {
    if form.has("cari") {
        return draw(side, app, outlet, StatusCode::OK, form, &Wrong::default()).await;
    }
    let (status, wrong) = match read(side, app, form).await? {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(asked) => match keep(side, app, outlet, form, &asked).await {
            Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
            answer => return answer,
        },
    };
    draw(side, app, outlet, status, form, &wrong).await
}

async fn read(side: &Side<'_>, app: &App, form: &Form) -> Result<Result<Asked, Wrong>> {
    let mut read = form.read();
    let (buyer_name, buyer_phone) = match side {
        Side::Desk(_) => (read.text("nama", 80), read.phone("hp")),
        Side::Reseller(person, row) => {
            let phone = person::get(&app.db, person.signed.id).await?.phone.unwrap_or_default();
            (row.business.clone(), phone)
        }
    };
    let wants = wants(form).unwrap_or_else(|said| {
        read.refuse("barang", said);
        Vec::new()
    });
    let code = Code::parse(form.get("desa")).ok().filter(|code| crate::region::find(code).is_some());
    if code.is_none() {
        read.refuse("tujuan", Said::new("checkout.choose_village"));
    }
    let street = read.text("jalan", 120);
    let note = read.optional("catatan", 300);
    let region_code = code.map(|code| code.to_string()).unwrap_or_default();
    Ok(read.done(Asked { buyer_name, buyer_phone, region_code, street, note, wants }))
}

/// Items and pieces that were typed.
fn wants(form: &Form) -> Result<Vec<(i64, i64)>, Said> {
    let mut wants = Vec::new();
    for (name, typed) in form.pairs() {
        let Some(id) = name.strip_prefix("n_").and_then(|id| id.parse::<i64>().ok()) else { continue };
        match whole_number(typed.trim()) {
            _ if typed.trim().is_empty() => {}
            None => return Err(Said::new("form.not_a_number")),
            Some(0) => {}
            Some(n) if n > MOST_PIECES => return Err(Said::new("form.at_most").with("max", MOST_PIECES)),
            Some(n) => wants.push((id, n)),
        }
    }
    if wants.is_empty() { Err(Said::new("quote.nothing_asked")) } else { Ok(wants) }
}

async fn keep(side: &Side<'_>, app: &App, outlet: &outlet::Model, form: &Form, asked: &Asked) -> Result<HttpResponse> {
    let (by, known) = match side {
        Side::Reseller(person, row) => (person.signed.id, Some(row.clone())),
        Side::Desk(operator) => {
            let somebody = person::by_phone(&app.db, &asked.buyer_phone).await?;
            let known = match somebody {
                Some(somebody) => reseller::approved(&app.db, outlet.id, somebody.id).await?,
                None => None,
            };
            (operator.person_id, known)
        }
    };
    let tap = Tap::of(format!("quote {by}"), form);
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    // Suspended while the form was being filled in.
    if let (Side::Reseller(person, _), true) = (side, known.is_some())
        && reseller::approved(&tx, outlet.id, person.signed.id).await?.is_none()
    {
        return Err(Refusal::conflict("reseller.is_suspended").into());
    }
    let quote = quote::begin(&tx, &app.clock, outlet, known.as_ref(), asked, by).await?;
    let url = match side {
        Side::Reseller(..) => quote::url(&quote.row),
        Side::Desk(_) => format!("/kelola/penawaran/{}", quote.row.id),
    };
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "quote.begun"))
}
