//! `/kelola/perajin`: the operator writes down the households of the outlet, with or without a phone.
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data, Path},
};
use sea_orm::{EntityTrait, QuerySelect};
use serde::Serialize;
use serde_json::json;

use super::{answered, asked, beside, keep_answer};
use crate::{
    accounts::{
        crafter::{self, A_PAGE, FirstSecret, Household},
        person,
        pin::Pin,
        visit::{self, Operator},
    },
    app::App,
    db::{self, Tx},
    error::Result,
    form::{Form, FormView, Reader, Wrong},
    history::{self, Subject},
    page::{Page, national_phone},
};
use entity::{crafter as row, outlet};

/// Under this name an answer to "register" is kept.
const SCOPE: &str = "register-crafter";

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/kelola/perajin").get(list).post(create))
        .route("/kelola/perajin/baru", web::get().to(new))
        .service(web::resource("/kelola/perajin/{id}").get(show).post(edit));
}

/// All households of the outlet.
#[derive(Serialize)]
pub struct CraftersPage {
    sought: String,
    count: u64,
    crafters: Vec<CrafterLine>,
    page: u64,
    pages: u64,
}

#[derive(Serialize)]
struct CrafterLine {
    id: i64,
    name: String,
    face: Option<String>,
    dusun: String,
    group_name: Option<String>,
    phone: Option<String>,
}

impl Page for CraftersPage {
    const TEMPLATE: &'static str = "accounts/crafters.html";
    fn samples() -> Vec<CraftersPage> {
        let line = |phone: Option<&str>| CrafterLine {
            id: 1,
            name: "Pak Marsuki".into(),
            face: None,
            dusun: "Rayap".into(),
            group_name: Some("Krajan Makmur".into()),
            phone: phone.map(str::to_owned),
        };
        vec![
            CraftersPage {
                sought: String::new(),
                count: 82,
                crafters: vec![line(None), line(Some("6281200000002"))],
                page: 2,
                pages: 3,
            },
            CraftersPage { sought: "xyz".into(), count: 0, crafters: Vec::new(), page: 1, pages: 1 },
        ]
    }
}

async fn list(operator: Operator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let asked = asked(&request);
    let sought: String = asked.get("q").chars().take(80).collect();
    let page = asked.get("hal").parse().ok().filter(|n| (1..10_000).contains(n)).unwrap_or(1);
    let (found, count) = crafter::list(&app.db, operator.outlet.id, &sought, page).await?;
    let crafters = found
        .into_iter()
        .map(|(crafter, person)| CrafterLine {
            id: crafter.id,
            name: crafter.name,
            face: crafter.face,
            dusun: crafter.dusun,
            group_name: crafter.group_name,
            phone: person.and_then(|person| person.phone),
        })
        .collect();
    let pages = count.div_ceil(A_PAGE).max(1);
    operator.visit.page(&app.templates, &CraftersPage { sought, count, crafters, page, pages })
}

/// What is known of a household, to be written down or corrected.
#[derive(Serialize)]
pub struct CrafterFormPage {
    form: FormView,
    /// Where the form goes.
    action: String,
    /// The household as it is; absent while it is new.
    crafter: Option<Known>,
}

#[derive(Serialize)]
struct Known {
    id: i64,
    name: String,
    slug: String,
    face: Option<String>,
    phone: Option<String>,
}

impl Page for CrafterFormPage {
    const TEMPLATE: &'static str = "accounts/crafter_form.html";
    fn samples() -> Vec<CrafterFormPage> {
        let known = Known {
            id: 1,
            name: "Bu Sati".into(),
            slug: "bu-sati".into(),
            face: None,
            phone: Some("6281200000002".into()),
        };
        vec![
            CrafterFormPage { form: FormView::default(), action: "/kelola/perajin".into(), crafter: None },
            CrafterFormPage { form: FormView::default(), action: "/kelola/perajin/1".into(), crafter: Some(known) },
        ]
    }
}

async fn new(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let page = CrafterFormPage { form: FormView::default(), action: "/kelola/perajin".into(), crafter: None };
    operator.visit.page(&app.templates, &page)
}

/// The fields of a household.
fn read(reader: &mut Reader<'_>) -> Household {
    let phone = (!reader.get("phone").is_empty()).then(|| reader.phone("phone"));
    Household {
        name: reader.text("name", 80),
        phone,
        dusun: reader.text("dusun", 60),
        rt: neighbourhood(reader, "rt"),
        rw: neighbourhood(reader, "rw"),
        group_name: reader.optional("group_name", 80),
        story: reader.lines("story", 1000),
    }
}

/// RT and RW are written with three digits: "3" is 003.
fn neighbourhood(reader: &mut Reader<'_>, name: &'static str) -> String {
    let number = reader.optional_number(name, 0, 999);
    number.map_or_else(String::new, |n| format!("{n:03}"))
}

/// A PIN for the first sign-in, if the operator typed one; it only makes sense with a phone.
fn first_pin(reader: &mut Reader<'_>, phone: Option<&str>) -> Option<Pin> {
    let typed = reader.get("pin_new");
    if typed.is_empty() {
        return None;
    }
    match Pin::chosen(typed, phone) {
        Ok(pin) => Some(pin),
        Err(refusal) => {
            reader.refuse("pin_new", refusal.said);
            None
        }
    }
}

async fn create(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let household = read(&mut reader);
    let pin = first_pin(&mut reader, household.phone.as_deref());
    let wrong = match reader.done(()) {
        Err(wrong) => wrong,
        Ok(()) => match register(&operator, &form, &app, &household, pin).await? {
            Ok(url) => return Ok(visit::done(&url, "counter.crafter_registered")),
            Err(wrong) => wrong,
        },
    };
    let form = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    let page = CrafterFormPage { form, action: "/kelola/perajin".into(), crafter: None };
    operator.visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &page)
}

async fn register(
    operator: &Operator,
    form: &Form,
    app: &App,
    household: &Household,
    pin: Option<Pin>,
) -> Result<Result<String, Wrong>> {
    let (clock, outlet, by) = (&app.clock, &operator.outlet, Some(operator.person_id));
    let secret = match pin {
        Some(pin) => Some(FirstSecret { hash: pin.hash().await?, until: Some(person::lent_until(clock)) }),
        None => None,
    };
    let tx = db::begin(&app.db).await?;
    take_turns(&tx, outlet.id).await?;
    if let Some(url) = answered(&tx, SCOPE, form).await? {
        return Ok(Ok(url));
    }
    let made = match beside("phone", crafter::register(&tx, clock, outlet, by, household, secret).await)? {
        Ok(made) => made,
        Err(wrong) => return Ok(Err(wrong)),
    };
    let detail = json!({ "outlet": outlet.id, "crafter": made.id });
    let subject = Subject("person", made.person_id);
    history::remember(&tx, clock, Some(outlet.village_id), subject, "crafter_registered", by, detail).await?;
    let url = format!("/kelola/perajin/{}", made.id);
    keep_answer(&tx, clock, SCOPE, form, &url).await?;
    tx.commit().await?;
    Ok(Ok(url))
}

/// Two taps at the same moment come one after the other.
async fn take_turns(tx: &Tx, outlet_id: i64) -> Result<()> {
    outlet::Entity::find_by_id(outlet_id).lock_exclusive().one(tx).await?;
    Ok(())
}

async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let crafter = crafter::in_outlet(&app.db, operator.outlet.id, *id).await?;
    let person = person::get(&app.db, crafter.person_id).await?;
    let mut form = Form::of([
        ("name", crafter.name.as_str()),
        ("phone", &person.phone.as_deref().map(national_phone).unwrap_or_default()),
        ("dusun", &crafter.dusun),
        ("rt", &crafter.rt),
        ("rw", &crafter.rw),
        ("story", &crafter.story),
    ]);
    form.set("group_name", crafter.group_name.clone().unwrap_or_default());
    operator.visit.page(&app.templates, &form_of(&crafter, person.phone, FormView::blank(&form)))
}

fn form_of(crafter: &row::Model, phone: Option<String>, form: FormView) -> CrafterFormPage {
    let known = Known {
        id: crafter.id,
        name: crafter.name.clone(),
        slug: crafter.slug.clone(),
        face: crafter.face.clone(),
        phone,
    };
    CrafterFormPage { form, action: format!("/kelola/perajin/{}", crafter.id), crafter: Some(known) }
}

async fn edit(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let crafter = crafter::in_outlet(&app.db, operator.outlet.id, *id).await?;
    let mut reader = form.read();
    let household = read(&mut reader);
    let wrong = match reader.done(()) {
        Err(wrong) => wrong,
        Ok(()) => match change(&operator, &app, &crafter, &household).await? {
            Ok(()) => return Ok(visit::done("/kelola/perajin", "counter.crafter_changed")),
            Err(wrong) => wrong,
        },
    };
    let phone = person::get(&app.db, crafter.person_id).await?.phone;
    let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    let page = form_of(&crafter, phone, view);
    operator.visit.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &page)
}

async fn change(
    operator: &Operator,
    app: &App,
    crafter: &row::Model,
    household: &Household,
) -> Result<Result<(), Wrong>> {
    let tx = db::begin(&app.db).await?;
    if let Err(wrong) =
        beside("phone", crafter::edit(&tx, &app.clock, crafter, household, Some(operator.person_id)).await)?
    {
        return Ok(Err(wrong));
    }
    let (by, village) = (Some(operator.person_id), Some(crafter.village_id));
    let (subject, detail) = (Subject("person", crafter.person_id), json!({ "crafter": crafter.id }));
    history::remember(&tx, &app.clock, village, subject, "crafter_changed", by, detail).await?;
    tx.commit().await?;
    Ok(Ok(()))
}
