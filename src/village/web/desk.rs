//! `/desa/surat`: the village officer sees who asks for a business letter, issues it or says why not, and revokes.
use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{file, perform, view::LetterView};
use crate::{
    accounts::visit::{self, VillageOfficer},
    app::App,
    db::Tx,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    page::Page,
    village::{
        letter::{self, MONTHS},
        register::{self, Count, Of},
    },
};
use entity::{
    business_letter::{Model, State},
    person_role::Role,
    village,
};

const HERE: &str = "/desa/surat";

/// What waits and what was decided.
#[derive(Serialize)]
pub struct LetterDeskPage {
    waiting: Vec<LetterView>,
    decided: Vec<LetterView>,
    makers: i64,
    without: i64,
}

impl Page for LetterDeskPage {
    const TEMPLATE: &'static str = "village/letter_desk.html";
    fn samples() -> Vec<LetterDeskPage> {
        let mut decided = LetterView::samples();
        let waiting = decided.split_off(decided.len() - 5);
        vec![
            LetterDeskPage { waiting, decided, makers: 18, without: 7 },
            LetterDeskPage { waiting: Vec::new(), decided: Vec::new(), makers: 0, without: 0 },
        ]
    }
}

/// One letter, with what can be done to it.
#[derive(Serialize)]
pub struct LetterPage {
    letter: LetterView,
    village: String,
    months: Vec<u32>,
    issue: FormView,
    refuse: FormView,
    revoke: FormView,
}

impl Page for LetterPage {
    const TEMPLATE: &'static str = "village/letter_show.html";
    fn samples() -> Vec<LetterPage> {
        let page = |letter| LetterPage {
            letter,
            village: "Kemuning Lor".into(),
            months: MONTHS.to_vec(),
            issue: FormView::default(),
            refuse: FormView::default(),
            revoke: FormView::default(),
        };
        LetterView::samples().into_iter().map(page).collect()
    }
}

/// The villages whose officer this is.
pub(super) fn villages(officer: &VillageOfficer) -> Vec<i64> {
    let held = officer.visit.signed.iter().flat_map(|signed| &signed.roles);
    held.filter(|held| held.role == Role::VillageOfficer).filter_map(|held| held.village_id).collect()
}

/// `GET /desa/surat`
pub async fn list(officer: VillageOfficer, app: Data<App>) -> Result<HttpResponse> {
    let villages = villages(&officer);
    let today = app.clock.today();
    let waiting = register::letters(&app.db, &villages, &[State::Asked]).await?;
    let decided = register::letters(&app.db, &villages, &[State::Issued, State::Revoked, State::Refused]).await?;
    let mut sum = Count::default();
    for id in &villages {
        let count = register::count(&app.db, Of::Village(*id), today).await?;
        sum = Count { makers: sum.makers + count.makers, without: sum.without + count.without };
    }
    let page = LetterDeskPage {
        waiting: waiting.iter().map(|letter| LetterView::of(letter, today)).collect(),
        decided: decided.iter().map(|letter| LetterView::of(letter, today)).collect(),
        makers: sum.makers,
        without: sum.without,
    };
    officer.visit.page(&app.templates, &page)
}

/// What was typed in which of the forms, and what is wrong with it.
enum Typed {
    Nothing,
    Issue(FormView),
    Refuse(FormView),
    Revoke(FormView),
}

async fn draw(
    officer: &VillageOfficer,
    app: &App,
    letter: &Model,
    status: StatusCode,
    typed: Typed,
) -> Result<HttpResponse> {
    let village = village::Entity::find_by_id(letter.village_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let head = letter::last_head(&app.db, village.id).await?.unwrap_or_default();
    let blank = FormView::blank(&Form::of([("kepala", head.as_str())]));
    let (mut issue, mut refuse, mut revoke) = (blank, FormView::default(), FormView::default());
    match typed {
        Typed::Nothing => {}
        Typed::Issue(form) => issue = form,
        Typed::Refuse(form) => refuse = form,
        Typed::Revoke(form) => revoke = form,
    }
    let view = LetterView::of(letter, app.clock.today());
    let page = LetterPage { letter: view, village: village.name, months: MONTHS.to_vec(), issue, refuse, revoke };
    officer.visit.page_with(status, &app.templates, &page)
}

/// `GET /desa/surat/{letter}`
pub async fn show(officer: VillageOfficer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let letter = letter::in_villages(&app.db, &villages(&officer), *id).await?;
    draw(&officer, &app, &letter, StatusCode::OK, Typed::Nothing).await
}

/// `GET /desa/surat/{letter}/surat.pdf`
pub async fn pdf(officer: VillageOfficer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let letter = letter::in_villages(&app.db, &villages(&officer), *id).await?;
    if letter.number.is_none() {
        return Err(Error::NotFound);
    }
    let village = village::Entity::find_by_id(letter.village_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    file(&app, letter, village).await
}

/// An act on a letter of the officer's villages. What is refused is said on its page, in the form it came from.
async fn act(
    officer: &VillageOfficer,
    app: &App,
    letter: &Model,
    form: &Form,
    (verb, said, typed): (&'static str, &'static str, fn(FormView) -> Typed),
    wrong: Option<Wrong>,
    act: impl AsyncFnOnce(&Tx) -> Result<()>,
) -> Result<HttpResponse> {
    let (status, wrong) = match wrong {
        Some(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        None => {
            let scope = format!("letter.{verb} {}", letter.id);
            let here = format!("{HERE}/{}", letter.id);
            let done = perform(app, form, &scope, async |tx| {
                act(tx).await?;
                Ok(here)
            });
            match done.await {
                Ok(url) => return Ok(visit::done(&url, said)),
                Err(Error::Refused(refusal)) => {
                    (Error::Refused(refusal.clone()).status_code(), Wrong::refusal("", refusal))
                }
                Err(e) => return Err(e),
            }
        }
    };
    let view = FormView::new(form, &wrong, app.templates.words(), officer.visit.lang);
    let now = letter::in_villages(&app.db, &villages(officer), letter.id).await?;
    draw(officer, app, &now, status, typed(view)).await
}

/// `POST /desa/surat/{letter}/setuju`
pub async fn issue(officer: VillageOfficer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let letter = letter::in_villages(&app.db, &villages(&officer), *id).await?;
    let mut reader = form.read();
    let head = reader.text("kepala", 80);
    let months = reader.choice("bulan", |text| MONTHS.into_iter().find(|months| months.to_string() == text));
    let wrong = reader.done(()).err();
    let (village, by) = (letter.village_id, officer.person_id);
    let what = ("issue", "letter.was_issued", Typed::Issue as fn(FormView) -> Typed);
    act(&officer, &app, &letter, &form, what, wrong, async |tx| {
        let months = months.unwrap_or(MONTHS[0]);
        letter::issue(tx, &app.clock, village, letter.id, &head, months, by).await.map(drop)
    })
    .await
}

/// `POST /desa/surat/{letter}/tolak`
pub async fn refuse(officer: VillageOfficer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let letter = letter::in_villages(&app.db, &villages(&officer), *id).await?;
    let mut reader = form.read();
    let reason = reader.text("sebab", 200);
    let wrong = reader.done(()).err();
    let (village, by) = (letter.village_id, officer.person_id);
    let what = ("refuse", "letter.was_refused", Typed::Refuse as fn(FormView) -> Typed);
    act(&officer, &app, &letter, &form, what, wrong, async |tx| {
        letter::refuse(tx, &app.clock, village, letter.id, &reason, by).await
    })
    .await
}

/// `POST /desa/surat/{letter}/cabut`
pub async fn revoke(officer: VillageOfficer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let letter = letter::in_villages(&app.db, &villages(&officer), *id).await?;
    let mut reader = form.read();
    let reason = reader.text("sebab", 200);
    let wrong = reader.done(()).err();
    let (village, by) = (letter.village_id, officer.person_id);
    let what = ("revoke", "letter.was_revoked", Typed::Revoke as fn(FormView) -> Typed);
    act(&officer, &app, &letter, &form, what, wrong, async |tx| {
        letter::revoke(tx, &app.clock, village, letter.id, &reason, by).await
    })
    .await
}
