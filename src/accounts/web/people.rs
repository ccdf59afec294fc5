//! `/admin`: everybody the installation knows, and somebody new.
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{self, Data},
};
use serde::Serialize;
use serde_json::json;

use super::{Places, RoleView, answered, asked, keep_answer};
use crate::{
    accounts::{
        person,
        pin::Pin,
        role,
        visit::{self, Administrator},
    },
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    history::{self, Subject},
    page::Page,
};

/// So many are shown; who is not among them is sought more exactly.
const SHOWN: u64 = 50;
/// Under this name an answer to "write down a person" is kept.
const SCOPE: &str = "create-person";

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/admin", web::get().to(list))
        .route("/admin/orang/baru", web::get().to(new))
        .route("/admin/orang", web::post().to(create));
}

/// People by name or phone.
#[derive(Serialize)]
pub struct PeoplePage {
    sought: String,
    count: u64,
    people: Vec<PersonLine>,
}

#[derive(Serialize)]
struct PersonLine {
    id: i64,
    name: String,
    phone: Option<String>,
    roles: Vec<RoleView>,
    disabled: bool,
}

impl Page for PeoplePage {
    const TEMPLATE: &'static str = "accounts/people.html";
    fn samples() -> Vec<PeoplePage> {
        let line = PersonLine {
            id: 1,
            name: "Pak Hariyanto".into(),
            phone: Some("6281200000004".into()),
            roles: vec![RoleView { id: 1, key: "role.village_officer", place: "Kemuning Lor".into() }],
            disabled: true,
        };
        vec![
            PeoplePage { sought: String::new(), count: 1, people: vec![line] },
            PeoplePage { sought: "xyz".into(), count: 0, people: Vec::new() },
        ]
    }
}

async fn list(administrator: Administrator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let sought: String = asked(&request).get("q").chars().take(80).collect();
    let (people, count) = person::search(&app.db, &sought, SHOWN).await?;
    let places = Places::read(&app.db).await?;
    let held = role::of_people(&app.db, &people.iter().map(|person| person.id).collect::<Vec<_>>()).await?;
    let people = people
        .into_iter()
        .map(|person| PersonLine {
            roles: held.iter().filter(|held| held.person_id == person.id).map(|held| places.view(held)).collect(),
            id: person.id,
            name: person.name,
            phone: person.phone,
            disabled: person.disabled_at.is_some(),
        })
        .collect();
    administrator.page(&app.templates, &PeoplePage { sought, count, people })
}

/// Name, phone and a PIN for a week.
#[derive(Serialize)]
pub struct NewPersonPage {
    form: FormView,
}

impl Page for NewPersonPage {
    const TEMPLATE: &'static str = "accounts/new_person.html";
    fn samples() -> Vec<NewPersonPage> {
        vec![NewPersonPage { form: FormView::default() }]
    }
}

async fn new(administrator: Administrator, app: Data<App>) -> Result<HttpResponse> {
    administrator.page(&app.templates, &NewPersonPage { form: FormView::default() })
}

async fn create(administrator: Administrator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let (name, phone) = (reader.text("name", 80), reader.phone("phone"));
    let pin = match Pin::chosen(form.get("pin_new"), Some(&phone)) {
        Ok(pin) => Some(pin),
        Err(refusal) => {
            reader.refuse("pin_new", refusal.said);
            None
        }
    };
    let wrong = match (reader.done(()), pin) {
        (Ok(()), Some(pin)) => match write_down(&administrator, &form, &app, &name, &phone, pin).await? {
            Ok(url) => return Ok(visit::done(&url, "admin.person_created")),
            Err(wrong) => wrong,
        },
        (Ok(()), None) => Wrong::default(),
        (Err(wrong), _) => wrong,
    };
    let form = FormView::new(&form, &wrong, app.templates.words(), administrator.lang);
    administrator.page_with(StatusCode::UNPROCESSABLE_ENTITY, &app.templates, &NewPersonPage { form })
}

async fn write_down(
    administrator: &Administrator,
    form: &Form,
    app: &App,
    name: &str,
    phone: &str,
    pin: Pin,
) -> Result<Result<String, Wrong>> {
    let (clock, by) = (&app.clock, Some(administrator.person_id));
    let hash = pin.hash().await?;
    let tx = db::begin(&app.db).await?;
    if let Some(url) = answered(&tx, SCOPE, form).await? {
        return Ok(Ok(url));
    }
    let id = match person::create(&tx, clock, name, Some(phone), None).await {
        Ok(id) => id,
        Err(Error::Refused(refusal)) => {
            // A second tap at the same moment waited for the first one to be written down.
            drop(tx);
            let tx = db::begin(&app.db).await?;
            return Ok(match answered(&tx, SCOPE, form).await? {
                Some(url) => Ok(url),
                None => Err(Wrong::refusal("phone", refusal)),
            });
        }
        Err(e) => return Err(e),
    };
    person::set_secret(&tx, id, hash, Some(person::lent_until(clock))).await?;
    history::remember(&tx, clock, None, Subject("person", id), "registered", by, json!({})).await?;
    let url = format!("/admin/orang/{id}");
    keep_answer(&tx, clock, SCOPE, form, &url).await?;
    tx.commit().await?;
    Ok(Ok(url))
}
