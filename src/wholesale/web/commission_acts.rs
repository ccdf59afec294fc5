//! What the operator does to a commission. Each act happens once, however often its button is tapped.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::commission;
use crate::{
    accounts::visit::Operator,
    app::App,
    db::{self, Tx},
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    once,
    page::see_other,
    wholesale::{
        assignment::{self, Answer},
        commission::Commission,
        round, upkeep,
    },
};

/// An act with what it needs to know.
enum Act {
    Answer(i64, Answer),
    Release(i64, String),
    Ask(i64, i64),
    GoRound,
    End(String),
}

impl Act {
    async fn carry_out(&self, tx: &Tx, app: &App, commission: &Commission, by: i64) -> Result<()> {
        let clock = &app.clock;
        match self {
            Act::Answer(part, said) => assignment::answer(tx, clock, commission, *part, *said, Some(by)).await,
            Act::Release(crafter, reason) => assignment::release(tx, clock, commission, *crafter, reason, by).await,
            Act::Ask(crafter, pieces) => round::ask_one(tx, clock, commission, *crafter, *pieces, by).await,
            Act::GoRound => match round::go_round(tx, clock, commission, Some(by)).await? {
                0 => Err(Refusal::conflict("commission.nobody_left").into()),
                _ => Ok(()),
            },
            Act::End(_) if commission.row.closed_at.is_some() => Err(Refusal::conflict("commission.over").into()),
            Act::End(reason) => upkeep::end(tx, clock, commission, reason, Some(by)).await,
        }
    }
}

/// Does an act of this operator on a commission of their outlet, once for each key of this form at this address.
async fn perform(operator: &Operator, app: &App, id: i64, form: &Form, act: &Act) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let commission = Commission::lock(&tx, operator.outlet.id, id).await?;
    let scope = format!("commission {}", operator.visit.shell.path);
    let hash = form.content_hash();
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(see_other(&answer));
    }
    act.carry_out(&tx, app, &commission, operator.person_id).await?;
    let answer = format!("/kelola/borongan/{id}");
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    }
    tx.commit().await?;
    Ok(see_other(&answer))
}

/// A button of the page: what is refused is said there.
async fn press(operator: &Operator, app: &App, id: i64, form: &Form, act: Act) -> Result<HttpResponse> {
    match perform(operator, app, id, form, &act).await {
        Err(Error::Refused(refusal)) => {
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
            refused(operator, app, id, form, status, &Wrong::refusal("", refusal)).await
        }
        done => done,
    }
}

async fn refused(
    operator: &Operator,
    app: &App,
    id: i64,
    form: &Form,
    status: StatusCode,
    wrong: &Wrong,
) -> Result<HttpResponse> {
    let view = FormView::new(form, wrong, app.templates.words(), operator.visit.lang);
    commission::draw(operator, app, id, status, view).await
}

/// What a form says, or the page again with the sentences beside it.
async fn press_if<T>(
    operator: &Operator,
    app: &App,
    id: i64,
    form: &Form,
    read: Result<T, Wrong>,
    act: impl FnOnce(T) -> Act,
) -> Result<HttpResponse> {
    match read {
        Ok(value) => press(operator, app, id, form, act(value)).await,
        Err(wrong) => {
            // Several small forms stand on the page: the sentence is said above them.
            let said = wrong.0.into_values().next();
            let wrong = said.map(|said| Wrong::field("", said)).unwrap_or_default();
            refused(operator, app, id, form, StatusCode::UNPROCESSABLE_ENTITY, &wrong).await
        }
    }
}

/// `POST /kelola/borongan/{id}/jawab/{part}`: the operator answers for a maker.
pub async fn answer(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, part) = path.into_inner();
    let read = read_answer(&form);
    press_if(&operator, &app, id, &form, read, |said| Act::Answer(part, said)).await
}

/// Yes to so many, or no.
pub(super) fn read_answer(form: &Form) -> Result<Answer, Wrong> {
    let mut reader = form.read();
    let answer = match reader.get("jawaban") {
        "tidak" => Answer::No,
        _ => Answer::Yes(reader.number("buah", 1, 1_000_000)),
    };
    reader.done(answer)
}

/// `POST /kelola/borongan/{id}/lepas/{crafter}`
pub async fn release(operator: Operator, path: Path<(i64, i64)>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (id, crafter) = path.into_inner();
    let mut reader = form.read();
    let reason = reader.text("sebab", 200);
    let read = reader.done(reason);
    press_if(&operator, &app, id, &form, read, |reason| Act::Release(crafter, reason)).await
}

/// `POST /kelola/borongan/{id}/tawarkan`
pub async fn ask(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let crafter = reader.choice("perajin", |text| text.parse::<i64>().ok());
    let pieces = reader.number("buah", 1, 1_000_000);
    let read = reader.done((crafter.unwrap_or_default(), pieces));
    press_if(&operator, &app, *id, &form, read, |(crafter, pieces)| Act::Ask(crafter, pieces)).await
}

/// `POST /kelola/borongan/{id}/edar`
pub async fn go_round(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    press(&operator, &app, *id, &form, Act::GoRound).await
}

/// `POST /kelola/borongan/{id}/selesai`
pub async fn end(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let reason = reader.text("sebab", 200);
    let read = reader.done(reason);
    press_if(&operator, &app, *id, &form, read, Act::End).await
}
