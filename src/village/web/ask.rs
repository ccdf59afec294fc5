//! `/karya/surat` and `/kelola/perajin/{id}/surat`: a crafter asks for the business letter, or the operator for them.
use actix_web::{
    HttpResponse, ResponseError,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::Datelike;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;

use super::{file, perform, view::LetterView};
use crate::{
    accounts::{
        crafter,
        visit::{self, Crafter, Operator, Visit},
    },
    app::App,
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong},
    locale::Said,
    page::Page,
    village::letter::{self, Wish},
};
use entity::{business_letter::State, crafter as row, product, village};

/// The letters of one household, and the form for the next one.
#[derive(Serialize)]
pub struct LetterAskPage {
    /// The address of this page.
    here: String,
    name: String,
    /// Whether the household itself is looking.
    mine: bool,
    letters: Vec<LetterView>,
    may_ask: bool,
    form: FormView,
}

impl Page for LetterAskPage {
    const TEMPLATE: &'static str = "village/letter_ask.html";
    fn samples() -> Vec<LetterAskPage> {
        let page = |mine, letters, may_ask| LetterAskPage {
            here: "/karya/surat".into(),
            name: "Bu Sati".into(),
            mine,
            letters,
            may_ask,
            form: FormView::default(),
        };
        let all = LetterView::samples();
        vec![page(true, Vec::new(), true), page(true, all.clone(), false), page(false, all, true)]
    }
}

/// Whoever asks, and for which household.
struct Asker {
    visit: Visit,
    by: i64,
    crafter: row::Model,
    mine: bool,
}

impl Asker {
    fn own(crafter: Crafter) -> Asker {
        Asker { visit: crafter.visit, by: crafter.person_id, crafter: crafter.crafter, mine: true }
    }

    /// The operator for a household of the outlet; another outlet's does not exist.
    async fn at_counter(operator: Operator, app: &App, id: i64) -> Result<Asker> {
        let crafter = crafter::in_outlet(&app.db, operator.outlet.id, id).await?;
        Ok(Asker { visit: operator.visit, by: operator.person_id, crafter, mine: false })
    }

    fn here(&self) -> String {
        if self.mine { "/karya/surat".to_owned() } else { format!("/kelola/perajin/{}/surat", self.crafter.id) }
    }

    async fn draw(&self, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
        let letters = letter::of_crafter(&app.db, self.crafter.id).await?;
        let today = app.clock.today();
        let page = LetterAskPage {
            here: self.here(),
            name: self.crafter.name.clone(),
            mine: self.mine,
            may_ask: letter::may_ask(&letters, today).is_ok(),
            letters: letters.iter().map(|letter| LetterView::of(letter, today)).collect(),
            form,
        };
        self.visit.page_with(status, &app.templates, &page)
    }

    /// The page before anybody typed, with what is known filled in.
    async fn blank(&self, app: &App) -> Result<HttpResponse> {
        let last = letter::of_crafter(&app.db, self.crafter.id).await?.into_iter().next();
        let form = match last {
            Some(last) => Form::of([
                ("nama", last.name),
                ("usaha", last.business),
                ("sejak", last.since.map(|year| year.to_string()).unwrap_or_default()),
            ]),
            None => Form::of([("nama", self.crafter.name.clone()), ("usaha", business(app, self.crafter.id).await?)]),
        };
        self.draw(app, StatusCode::OK, FormView::blank(&form)).await
    }

    async fn ask(&self, app: &App, form: &Form) -> Result<HttpResponse> {
        let mut reader = form.read();
        let wish = read(&mut reader, i64::from(app.clock.today().year()));
        let (status, wrong) = match reader.done(wish) {
            Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
            Ok(wish) => {
                let scope = format!("letter.ask {}", self.crafter.id);
                let asked = perform(app, form, &scope, async |tx| {
                    letter::ask(tx, &app.clock, &self.crafter, &wish, self.by).await?;
                    Ok(self.here())
                });
                match asked.await {
                    Ok(url) => return Ok(visit::done(&url, "letter.was_asked")),
                    Err(Error::Refused(refusal)) => {
                        (Error::Refused(refusal.clone()).status_code(), Wrong::refusal("", refusal))
                    }
                    Err(e) => return Err(e),
                }
            }
        };
        let view = FormView::new(form, &wrong, app.templates.words(), self.visit.lang);
        self.draw(app, status, view).await
    }

    async fn withdraw(&self, app: &App, form: &Form, id: i64) -> Result<HttpResponse> {
        let scope = format!("letter.withdraw {id}");
        let url = perform(app, form, &scope, async |tx| {
            letter::withdraw(tx, &app.clock, self.crafter.id, id, self.by).await?;
            Ok(self.here())
        });
        Ok(visit::done(&url.await?, "letter.was_withdrawn"))
    }

    async fn pdf(&self, app: &App, id: i64) -> Result<HttpResponse> {
        let letters = letter::of_crafter(&app.db, self.crafter.id).await?;
        let letter = letters.into_iter().find(|letter| letter.id == id && letter.state == State::Issued);
        let letter = letter.ok_or(Error::NotFound)?;
        let village = village::Entity::find_by_id(letter.village_id).one(&app.db).await?.ok_or(Error::NotFound)?;
        file(app, letter, village).await
    }
}

/// What the household makes, as far as the shop knows.
async fn business(app: &App, crafter_id: i64) -> Result<String> {
    let goods: Vec<String> = product::Entity::find()
        .select_only()
        .column(product::Column::Name)
        .filter(product::Column::CrafterId.eq(crafter_id))
        .filter(product::Column::State.eq(product::State::Published))
        .order_by_asc(product::Column::Id)
        .limit(4)
        .into_tuple()
        .all(&app.db)
        .await?;
    if goods.is_empty() {
        return Ok(String::new());
    }
    let goods = goods.join(", ").to_lowercase();
    Ok(format!("Kerajinan anyaman bambu: {goods}").chars().take(160).collect())
}

fn read(reader: &mut Reader<'_>, this_year: i64) -> Wish {
    Wish {
        name: reader.text("nama", 80),
        business: reader.text("usaha", 160),
        since: since(reader, this_year),
        purpose: reader.optional("keperluan", 100),
    }
}

/// The year the business began, or nothing.
fn since(reader: &mut Reader<'_>, this_year: i64) -> Option<i64> {
    let typed = reader.get("sejak").to_owned();
    let year = typed.parse().ok().filter(|year| (1930..=this_year).contains(year));
    if year.is_none() && !typed.is_empty() {
        reader.refuse("sejak", Said::new("letter.odd_year"));
    }
    year
}

/// `GET /karya/surat`
pub async fn mine(crafter: Crafter, app: Data<App>) -> Result<HttpResponse> {
    Asker::own(crafter).blank(&app).await
}

/// `POST /karya/surat`
pub async fn ask_mine(crafter: Crafter, form: Form, app: Data<App>) -> Result<HttpResponse> {
    Asker::own(crafter).ask(&app, &form).await
}

/// `POST /karya/surat/{letter}/tarik`
pub async fn withdraw_mine(crafter: Crafter, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    Asker::own(crafter).withdraw(&app, &form, *id).await
}

/// `GET /karya/surat/{letter}/surat.pdf`
pub async fn pdf_of_mine(crafter: Crafter, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    Asker::own(crafter).pdf(&app, *id).await
}

/// `GET /kelola/perajin/{crafter}/surat`
pub async fn theirs(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    Asker::at_counter(operator, &app, *id).await?.blank(&app).await
}

/// `POST /kelola/perajin/{crafter}/surat`
pub async fn ask_theirs(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    Asker::at_counter(operator, &app, *id).await?.ask(&app, &form).await
}

/// `POST /kelola/perajin/{crafter}/surat/{letter}/tarik`
pub async fn withdraw_theirs(
    operator: Operator,
    ids: Path<(i64, i64)>,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    Asker::at_counter(operator, &app, ids.0).await?.withdraw(&app, &form, ids.1).await
}

/// `GET /kelola/perajin/{crafter}/surat/{letter}/surat.pdf`
pub async fn pdf_of_theirs(operator: Operator, ids: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    Asker::at_counter(operator, &app, ids.0).await?.pdf(&app, ids.1).await
}
