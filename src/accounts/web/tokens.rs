//! `/admin/token`: ways in for programs, each with one role of one person.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use serde_json::json;

use super::Places;
use crate::{
    accounts::{
        role, token,
        visit::{self, Administrator},
    },
    app::App,
    db,
    error::{Refusal, Result},
    form::{Form, FormView, Wrong},
    history::{self, Subject},
    locale::Said,
    page::Page,
};
use entity::{person, person_role};

/// Roles offered in the menu; with more people than this, tokens are for staff only anyway.
const OFFERED: u64 = 200;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource("/admin/token").get(show).post(issue))
        .route("/admin/token/{id}/cabut", web::post().to(revoke));
}

/// All tokens in force, and the new one, shown once.
#[derive(Serialize)]
pub struct TokensPage {
    form: FormView,
    fresh: Option<String>,
    tokens: Vec<TokenLine>,
    offered: Vec<Offered>,
}

#[derive(Serialize)]
struct TokenLine {
    id: i64,
    name: String,
    person: String,
    role: &'static str,
    place: String,
    created_at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Offered {
    id: i64,
    person: String,
    role: &'static str,
    place: String,
}

impl Page for TokensPage {
    const TEMPLATE: &'static str = "accounts/tokens.html";
    fn samples() -> Vec<TokensPage> {
        let line = TokenLine {
            id: 1,
            name: "Papan harga desa".into(),
            person: "Pak Hariyanto".into(),
            role: "role.village_officer",
            place: "Kemuning Lor".into(),
            created_at: DateTime::UNIX_EPOCH,
        };
        let offered = Offered {
            id: 3,
            person: "Bu Siti Aminah".into(),
            role: "role.operator",
            place: "e-Warong Kemuning Lor".into(),
        };
        vec![TokensPage {
            form: FormView::default(),
            fresh: Some("warong_0123".into()),
            tokens: vec![line],
            offered: vec![offered],
        }]
    }
}

async fn show(administrator: Administrator, app: Data<App>) -> Result<HttpResponse> {
    draw(StatusCode::OK, &administrator, &app, FormView::default(), None).await
}

async fn draw(
    status: StatusCode,
    administrator: &Administrator,
    app: &App,
    form: FormView,
    fresh: Option<String>,
) -> Result<HttpResponse> {
    let places = Places::read(&app.db).await?;
    let tokens = token::list(&app.db).await?;
    let page = TokensPage {
        form,
        fresh,
        tokens: tokens
            .into_iter()
            .map(|listed| TokenLine {
                id: listed.token.id,
                name: listed.token.name,
                person: listed.person.name,
                role: role::key(listed.role.role),
                place: places.name(&listed.role),
                created_at: listed.token.created_at,
            })
            .collect(),
        offered: offered(app, &places).await?,
    };
    administrator.page_with(status, &app.templates, &page)
}

async fn offered(app: &App, places: &Places) -> Result<Vec<Offered>> {
    let staff = role::ALL.into_iter().filter(|role| role::is_staff(*role));
    let roles = person_role::Entity::find()
        .filter(person_role::Column::RevokedAt.is_null())
        .filter(person_role::Column::Role.is_in(staff))
        .find_also_related(person::Entity)
        .order_by_asc(person_role::Column::Id)
        .limit(OFFERED)
        .all(&app.db)
        .await?;
    Ok(roles
        .into_iter()
        .filter_map(|(held, person)| {
            let person = person.filter(|person| person.disabled_at.is_none())?.name;
            Some(Offered { id: held.id, person, role: role::key(held.role), place: places.name(&held) })
        })
        .collect())
}

/// The token is shown on the answer itself, since it is kept nowhere.
async fn issue(administrator: Administrator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let name = reader.text("name", 80);
    let role_id = reader.choice("role", |id| id.parse::<i64>().ok());
    let wrong = match (reader.done(()), role_id) {
        (Ok(()), Some(id)) => match make(&administrator, &form, &app, id, &name).await? {
            Ok(fresh) => {
                return draw(StatusCode::OK, &administrator, &app, FormView::default(), Some(fresh)).await;
            }
            Err(wrong) => wrong,
        },
        (Ok(()), None) => Wrong::default(),
        (Err(wrong), _) => wrong,
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), administrator.lang);
    draw(StatusCode::UNPROCESSABLE_ENTITY, &administrator, &app, view, None).await
}

async fn make(
    administrator: &Administrator,
    form: &Form,
    app: &App,
    role_id: i64,
    name: &str,
) -> Result<Result<String, Wrong>> {
    let key = form.request_key().ok_or_else(|| Refusal::conflict("form.stale"))?;
    let tx = db::begin(&app.db).await?;
    let held = person_role::Entity::find_by_id(role_id).one(&tx).await?;
    let Some(held) = held.filter(|held| held.revoked_at.is_none() && role::is_staff(held.role)) else {
        return Ok(Err(Wrong::field("role", Said::new("form.not_offered"))));
    };
    let (token, new) = token::issue(&tx, &app.clock, &app.config.secret, &held, name, key).await?;
    if new {
        let (subject, detail) = (Subject("person", held.person_id), json!({ "person_role": held.id, "name": name }));
        let by = Some(administrator.person_id);
        history::remember(&tx, &app.clock, held.village_id, subject, "token_issued", by, detail).await?;
    }
    tx.commit().await?;
    Ok(Ok(token))
}

async fn revoke(administrator: Administrator, id: Path<i64>, _form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let (held, was_good) = token::revoke(&tx, &app.clock, *id).await?;
    if was_good {
        let (subject, detail) = (Subject("person", held.person_id), json!({ "token": *id }));
        let by = Some(administrator.person_id);
        history::remember(&tx, &app.clock, held.village_id, subject, "token_revoked", by, detail).await?;
    }
    tx.commit().await?;
    Ok(visit::done("/admin/token", "admin.token_revoked"))
}
