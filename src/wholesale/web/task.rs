//! `/tugas-anyam/{secret}`: what a household is asked to make, and its answer in one tap. Whoever holds the link may
//! answer; nobody signs in.
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    commission_acts::read_answer,
    commission_view::{TaskView, cover_of, reason},
};
use crate::{
    accounts::visit::Visit,
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    notifications::whatsapp,
    once,
    page::{self, Page, Sample, see_other},
    wholesale::{
        assignment::{self, Answer},
        commission::Commission,
    },
};
use entity::{assignment as part, assignment::State, crafter, outlet};
use sea_orm::EntityTrait;

#[derive(Serialize)]
struct TaskPage {
    task: TaskView,
    /// "offered", "accepted", "done", "declined", "late", "released".
    stands: &'static str,
    name: String,
    outlet: String,
    whatsapp: String,
    form: FormView,
}

impl Page for TaskPage {
    const TEMPLATE: &'static str = "wholesale/task.html";
    fn samples() -> Vec<TaskPage> {
        let page = |stands, form| TaskPage {
            task: TaskView::sample(stands),
            stands,
            name: "Bu Sati".into(),
            outlet: "e-Warong Kemuning Lor".into(),
            whatsapp: "https://wa.me/6281200000001".into(),
            form,
        };
        let mut refused = FormView::default();
        refused.errors.insert("buah".into(), "Paling banyak 30.".into());
        let all = ["offered", "accepted", "done", "declined", "late", "released"];
        let mut pages: Vec<TaskPage> = all.into_iter().map(|stands| page(stands, FormView::default())).collect();
        pages.push(page("offered", refused));
        pages
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<TaskPage>()
}

/// `GET /tugas-anyam/{secret}`
pub async fn show(visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    draw(&visit, &app, &secret, StatusCode::OK, FormView::default()).await
}

async fn draw(visit: &Visit, app: &App, secret: &str, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let (part, whole) = assignment::by_secret(&app.db, &app.clock, secret).await?;
    let crafter = crafter::Entity::find_by_id(part.crafter_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let outlet = outlet::Entity::find_by_id(whole.row.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let cover = cover_of(&app.db, whole.row.item_id).await?;
    let stands = stands(app, &part, &whole);
    // After a yes the page shows all that the household makes of it, whichever link it came by.
    let (pieces, delivered) = match stands {
        "accepted" | "done" => (whole.accepted_by(part.crafter_id), whole.delivered_by(part.crafter_id)),
        _ => (part.offered, 0),
    };
    let over = || whole.row.close_reason.as_deref().unwrap_or("task.order_cancelled");
    let why = part.reason.as_deref().or_else(|| (stands != "accepted").then(over));
    let task = TaskView {
        url: assignment::url(&part),
        goods: whole.goods(),
        cover,
        state: "offered",
        pieces,
        delivered,
        left: pieces - delivered,
        percent: delivered.saturating_mul(100).checked_div(pieces).unwrap_or(100),
        price: part.price,
        total: part.price.times(pieces).unwrap_or_default(),
        due_on: part.due_on,
        answer_by: part.answer_by,
        reason: reason(app.templates.words(), visit.lang, why),
    };
    let page = TaskPage {
        task,
        stands,
        name: crafter.name,
        outlet: outlet.name,
        whatsapp: whatsapp::link(&outlet.phone, ""),
        form,
    };
    let mut answer = visit.page_with(status, &app.templates, &page)?;
    // The address is the key: no search engine keeps it.
    let hidden = header::HeaderValue::from_static("noindex, nofollow");
    answer.headers_mut().insert(header::HeaderName::from_static("x-robots-tag"), hidden);
    Ok(answer)
}

/// How the household stands with this offer now, before the worker has looked.
fn stands(app: &App, part: &part::Model, whole: &Commission) -> &'static str {
    match part.state {
        State::Declined => "declined",
        State::Released => "released",
        State::Silent => "late",
        State::Accepted if whole.delivered_by(part.crafter_id) >= whole.accepted_by(part.crafter_id) => "done",
        _ if whole.is_over() => "released",
        State::Offered if part.answer_by <= app.clock.now() => "late",
        State::Offered => "offered",
        State::Accepted => "accepted",
    }
}

/// `POST /tugas-anyam/{secret}`: one tap for all of it, a number for less, or no.
pub async fn answer(visit: Visit, secret: Path<String>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let said = match read_answer(&form) {
        Ok(said) => said,
        Err(wrong) => return refused(&visit, &app, &secret, &form, StatusCode::UNPROCESSABLE_ENTITY, &wrong).await,
    };
    match keep(&app, &secret, &form, said).await {
        Err(Error::Refused(refusal)) => {
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
            let name = if refusal.said.key == "task.at_most" { "buah" } else { "" };
            refused(&visit, &app, &secret, &form, status, &Wrong::refusal(name, refusal)).await
        }
        done => done,
    }
}

async fn refused(
    visit: &Visit,
    app: &App,
    secret: &str,
    form: &Form,
    status: StatusCode,
    wrong: &Wrong,
) -> Result<HttpResponse> {
    draw(visit, app, secret, status, FormView::new(form, wrong, app.templates.words(), visit.lang)).await
}

async fn keep(app: &App, secret: &str, form: &Form, said: Answer) -> Result<HttpResponse> {
    let (part, _) = assignment::by_secret(&app.db, &app.clock, secret).await?;
    let tx = db::begin(&app.db).await?;
    let whole = Commission::lock_any(&tx, part.commission_id).await?;
    let scope = format!("assignment {}", part.id);
    let hash = form.content_hash();
    let url = assignment::url(&part);
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(see_other(&answer));
    }
    assignment::answer(&tx, &app.clock, &whole, part.id, said, None).await?;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &url).await?;
    }
    tx.commit().await?;
    Ok(see_other(&url))
}
