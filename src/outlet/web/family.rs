//! `/kelola/keluarga`: a family shows its KK and gets a card with a code; a lost card is replaced. Nobody's name is asked,
//! and the number of the KK stands in no address.
use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Data, Path, Query},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{market::view::amount, payout_acts::status_of, perform::perform};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    clock, db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong},
    gateway::qris::{Picture, draw as draw_code},
    locale::{self, Said},
    outlet::{
        card_code::Code,
        device,
        family::{self, Kk},
        market::{self, hold, hold::Asked},
    },
    page::{self, Page, Sample, see_other},
};
use entity::{family_purchase as purchase, item, item::Measure, product};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

const HERE: &str = "/kelola/keluarga";
const TEN_MINUTES: Duration = Duration::from_secs(600);
/// So many numbers one person may look up in ten minutes, and so many cards.
const NUMBERS: u32 = 60;
const CARDS: u32 = 200;

/// Routes of this page.
pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.service(web::resource(HERE).get(list).post(register))
        .route("/kelola/keluarga/cari", web::post().to(find))
        .route("/kelola/kasir/keluarga", web::post().to(look_up))
        .route("/kelola/kasir/keluarga/selesai", web::post().to(let_go))
        .route("/kelola/keluarga/{id}", web::get().to(show))
        .route("/kelola/keluarga/{id}/hilang", web::post().to(replace))
        .route("/kelola/keluarga/{id}/kartu", web::get().to(card));
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<FamiliesPage>(), page::samples::<FamilyPage>(), page::samples::<CardPage>()]
        .into_iter()
        .flatten()
        .collect()
}

#[derive(Default, Serialize)]
struct FamiliesPage {
    count: i64,
    dusun: Vec<Dusun>,
    /// Names to choose from.
    names: Vec<String>,
    form: FormView,
    card: FormView,
}

#[derive(Serialize)]
struct Dusun {
    name: String,
    families: i64,
}

impl Page for FamiliesPage {
    const TEMPLATE: &'static str = "outlet/families.html";
    fn samples() -> Vec<FamiliesPage> {
        let dusun = vec![Dusun { name: "Krajan".into(), families: 214 }];
        let names = vec!["Krajan".into(), "Rayap".into()];
        vec![FamiliesPage::default(), FamiliesPage { count: 214, dusun, names, ..FamiliesPage::default() }]
    }
}

#[derive(Serialize)]
struct FamilyPage {
    id: i64,
    code: String,
    last: Option<String>,
    dusun: String,
    since: DateTime<Utc>,
    cards: Vec<OldCard>,
    had: Vec<HadLine>,
    wrong: Option<String>,
}

#[derive(Serialize)]
struct OldCard {
    code: String,
    void_at: Option<DateTime<Utc>>,
}

#[derive(Serialize)]
struct HadLine {
    name: String,
    amount: String,
    at: DateTime<Utc>,
    came_back: bool,
}

impl Page for FamilyPage {
    const TEMPLATE: &'static str = "outlet/family.html";
    fn samples() -> Vec<FamilyPage> {
        let at = DateTime::<Utc>::UNIX_EPOCH;
        let line = |came_back| HadLine { name: "Beras SPHP 5 kg".into(), amount: "1 buah".into(), at, came_back };
        let page = |had, void_at| FamilyPage {
            id: 3,
            code: "K7M4 9XPA".into(),
            last: Some("0001".into()),
            dusun: "Krajan".into(),
            since: at,
            cards: vec![OldCard { code: "K7M4 9XPA".into(), void_at }],
            had,
            wrong: None,
        };
        vec![
            page(vec![line(false), line(true)], Some(at)),
            FamilyPage { last: None, wrong: Some("Tidak bisa.".into()), ..page(Vec::new(), None) },
        ]
    }
}

#[derive(Serialize)]
struct CardPage {
    id: i64,
    code: String,
    outlet: String,
    qr: Option<Picture>,
    size: &'static str,
}

impl Page for CardPage {
    const TEMPLATE: &'static str = "outlet/family_card.html";
    fn samples() -> Vec<CardPage> {
        let page = |size| CardPage {
            id: 3,
            code: "K7M4 9XPA".into(),
            outlet: "e-Warong Kemuning Lor".into(),
            qr: draw_code("K7M49XPA"),
            size,
        };
        vec![page("58"), page("a6")]
    }
}

async fn draw(
    operator: &Operator,
    app: &App,
    status: StatusCode,
    (form, card): (FormView, FormView),
) -> Result<HttpResponse> {
    let village = operator.outlet.village_id;
    let dusun = family::by_dusun(&app.db, village).await?;
    let page = FamiliesPage {
        count: dusun.iter().map(|(_, families)| families).sum(),
        dusun: dusun.into_iter().map(|(name, families)| Dusun { name, families }).collect(),
        names: family::known_dusun(&app.db, village).await?,
        form,
        card,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `GET /kelola/keluarga`
async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, StatusCode::OK, (FormView::default(), FormView::default())).await
}

/// `POST /kelola/keluarga`: the same number is the same family, so the act needs no key, and no hash of the number is kept
/// that could be guessed back.
async fn register(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let kk = reader.choice("kk", Kk::parse);
    let dusun = reader.text("dusun", 60);
    if !form.get("kk").is_empty() && kk.is_none() {
        let wrong = Wrong::field("kk", Said::new("family.not_a_kk"));
        return refused(&operator, &app, &form, StatusCode::UNPROCESSABLE_ENTITY, &wrong).await;
    }
    let kk = match reader.done(kk) {
        Ok(kk) => kk.ok_or(Error::NotFound)?,
        Err(wrong) => return refused(&operator, &app, &form, StatusCode::UNPROCESSABLE_ENTITY, &wrong).await,
    };
    if !may_look(&app, &operator, "number", NUMBERS).await {
        let wrong = Wrong::field("kk", Said::new("form.slow_down"));
        return refused(&operator, &app, &form, StatusCode::TOO_MANY_REQUESTS, &wrong).await;
    }
    let (secret, by) = (&app.config.secret, operator.person_id);
    let tx = db::begin(&app.db).await?;
    let (family, is_new) = family::register(&tx, &app.clock, secret, &operator.outlet, &kk, &dusun, by).await?;
    tx.commit().await?;
    Ok(done(&format!("{HERE}/{}", family.id), if is_new { "family.was_new" } else { "family.was_known" }))
}

async fn refused(
    operator: &Operator,
    app: &App,
    form: &Form,
    status: StatusCode,
    wrong: &Wrong,
) -> Result<HttpResponse> {
    let view = FormView::new(form, wrong, app.templates.words(), operator.visit.lang);
    draw(operator, app, status, (view, FormView::default())).await
}

async fn may_look(app: &App, operator: &Operator, what: &str, most: u32) -> bool {
    app.cache.allows(&format!("family.{what}:{}", operator.person_id), most, TEN_MINUTES).await
}

/// `POST /kelola/keluarga/cari`: by the code of a card.
async fn find(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let found = if may_look(&app, &operator, "card", CARDS).await {
        family::by_card(&app.db, operator.outlet.village_id, form.get("kartu")).await
    } else {
        Err(Refusal::slow_down("form.slow_down").into())
    };
    match found {
        Ok(family) => Ok(see_other(&format!("{HERE}/{}", family.id))),
        Err(Error::Refused(refusal)) => {
            let status = status_of(&refusal);
            let wrong = Wrong::refusal("kartu", refusal);
            let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
            draw(&operator, &app, status, (FormView::default(), view)).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /kelola/kasir/keluarga`: a till (`kasir`, its number as a device) asks about one family, by the code of its card
/// (`kartu`) or by the number of its KK (`kk`) when the card is at home. It hears what that family had lately, and holds
/// what is left for some minutes.
async fn look_up(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let answer = |refusal: &Refusal, app: &App| {
        let said = app.say(operator.visit.lang, &refusal.said);
        HttpResponse::build(status_of(refusal)).json(json!({ "why": refusal.said.key, "said": said }))
    };
    let village = operator.outlet.village_id;
    let (what, most) = if form.has("kk") { ("number", NUMBERS) } else { ("card", CARDS) };
    if !may_look(&app, &operator, what, most).await {
        return Ok(answer(&Refusal::slow_down("form.slow_down"), &app));
    }
    let found = if form.has("kk") {
        let kk = Kk::parse(form.get("kk"));
        let family = match &kk {
            Some(kk) => family::by_kk(&app.db, &app.config.secret, village, kk).await?,
            None => return Ok(answer(&Refusal::invalid("family.not_a_kk"), &app)),
        };
        family.ok_or_else(|| Refusal::invalid("family.unknown_kk").into())
    } else {
        family::by_card(&app.db, village, form.get("kartu")).await
    };
    let told = match found {
        Ok(family) => tell(&operator, &app, &family, form.get("kasir")).await,
        Err(e) => Err(e),
    };
    match told {
        Ok(told) => Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(told)),
        Err(Error::Refused(refusal)) => Ok(answer(&refusal, &app)),
        Err(e) => Err(e),
    }
}

/// `POST /kelola/kasir/keluarga/selesai`: a till (`kasir`) emptied the basket of a family (`kartu`), and holds nothing for
/// it any more.
async fn let_go(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tx = db::begin(&app.db).await?;
    let till = form.get("kasir").parse().map_err(|_| Error::NotFound)?;
    let till = device::lock(&tx, &[operator.outlet.id], till).await?;
    let family = market::family_by_token(&tx, operator.outlet.village_id, form.get("kartu")).await?;
    hold::release(&tx, family.ok_or(Error::NotFound)?.id, till.id).await?;
    tx.commit().await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What a till is told of a family: what it had, and whether the till may sell all that is left (`hold`, for so many
/// seconds) or goes on as if it could not ask (`away`). A till that does not say who it is holds nothing.
async fn tell(operator: &Operator, app: &App, family: &family::Model, till: &str) -> Result<Value> {
    let tx = db::begin(&app.db).await?;
    let asked = if till.is_empty() {
        Asked::Away
    } else {
        let till = till.parse().map_err(|_| Refusal::conflict("device.unknown"))?;
        let till = device::lock(&tx, &[operator.outlet.id], till).await?;
        device::must_be_heard(&till)?;
        hold::ask(&tx, &app.clock, family.id, till.id).await?
    };
    if let Asked::Busy(until) = asked {
        return Err(Refusal::conflict("family.busy").with("at", locale::hour(until, clock::wib())).into());
    }
    if asked == Asked::Silent {
        return Err(Refusal::conflict("family.other_silent").into());
    }
    let used = market::used_of(&tx, &operator.outlet, family.id, app.clock.now()).await?;
    tx.commit().await?;
    // Whose they are is said once.
    let used: Vec<_> = used.iter().map(|row| json!([row[1], row[2], row[3]])).collect();
    Ok(json!({ "token": family.token, "used": used, "at": app.clock.now(), "hold": hold::HOLD.num_seconds(),
        "away": asked == Asked::Away }))
}

/// `GET /kelola/keluarga/{id}`
async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw_one(&operator, &app, *id, StatusCode::OK, None).await
}

async fn draw_one(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    wrong: Option<String>,
) -> Result<HttpResponse> {
    let family = family::read(&app.db, operator.outlet.village_id, id).await?;
    let in_halves = |token: &str| Code::parse(token).map_or_else(|| token.to_owned(), |code| code.to_string());
    let cards = family::cards(&app.db, id).await?;
    let page = FamilyPage {
        id,
        code: in_halves(&family.token),
        last: family.kk_last.clone(),
        dusun: family.dusun.clone(),
        since: family.created_at,
        cards: cards.iter().map(|card| OldCard { code: in_halves(&card.token), void_at: card.void_at }).collect(),
        had: had(operator, app, id).await?,
        wrong,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

async fn had(operator: &Operator, app: &App, family_id: i64) -> Result<Vec<HadLine>> {
    let rows = purchase::Entity::find()
        .filter(purchase::Column::FamilyId.eq(family_id))
        .order_by_desc(purchase::Column::Id)
        .limit(20)
        .all(&app.db)
        .await?;
    let ids = rows.iter().map(|row| row.item_id);
    let items = item::Entity::find().filter(item::Column::Id.is_in(ids)).find_also_related(product::Entity);
    let items = items.all(&app.db).await?;
    let line = |row: &purchase::Model| {
        let found = items.iter().find(|(item, _)| item.id == row.item_id);
        let measure = found.map_or(Measure::Piece, |(item, _)| item.measure);
        HadLine {
            name: found.and_then(|(_, product)| product.as_ref()).map(|one| one.name.clone()).unwrap_or_default(),
            amount: amount(app, operator.visit.lang, measure, row.quantity.abs()),
            at: row.at,
            came_back: row.quantity < 0,
        }
    };
    Ok(rows.iter().map(line).collect())
}

/// `POST /kelola/keluarga/{id}/hilang`
async fn replace(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (village, by, id) = (operator.outlet.village_id, operator.person_id, *id);
    let scope = format!("family.card {id}");
    let replaced = perform(&app, &form, &scope, async |tx| {
        family::replace_card(tx, &app.clock, village, id, by).await?;
        Ok(format!("{HERE}/{id}"))
    })
    .await;
    match replaced {
        Ok(url) => Ok(done(&url, "family.was_replaced")),
        Err(Error::Refused(refusal)) => {
            let said = app.say(operator.visit.lang, &refusal.said);
            draw_one(&operator, &app, id, status_of(&refusal), Some(said)).await
        }
        Err(e) => Err(e),
    }
}

#[derive(Deserialize)]
struct Paper {
    #[serde(default)]
    kertas: String,
}

/// `GET /kelola/keluarga/{id}/kartu`: no name and no number of a KK stands on it.
async fn card(operator: Operator, id: Path<i64>, paper: Query<Paper>, app: Data<App>) -> Result<HttpResponse> {
    let family = family::read(&app.db, operator.outlet.village_id, *id).await?;
    let page = CardPage {
        id: family.id,
        code: Code::parse(&family.token).map_or_else(|| family.token.clone(), |code| code.to_string()),
        outlet: operator.outlet.name.clone(),
        qr: draw_code(&family.token),
        size: if paper.kertas == "a6" { "a6" } else { "58" },
    };
    operator.visit.page(&app.templates, &page)
}
