//! The form of a hand-over: how many, how good, bought or consigned. It asks twice about what looks like a mistake.
use actix_web::{HttpResponse, http::StatusCode, web};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::Serialize;

use super::{photo, sheet};
use crate::{
    accounts::{crafter as households, visit, visit::Operator},
    app::App,
    collection::{
        intake::{self, Entered, Model, NewIntake, percent},
        pickup,
    },
    db::{self, Tx},
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    locale::{Said, hour},
    once,
    outlet::earning::Shares,
    page::{Page, Sample, samples as drawn},
    secret,
    upload::Upload,
    wholesale::assignment,
};
use entity::{crafter, item, person, product, product::Unit};

pub(super) fn samples() -> Vec<Sample> {
    drawn::<FormPage>()
}

/// One hand-over that is being written down.
#[derive(Serialize)]
struct FormPage {
    form: FormView,
    crafter_id: i64,
    crafter: String,
    face: Option<String>,
    home: String,
    item_id: i64,
    goods: String,
    cover: Option<String>,
    measured: bool,
    price: i64,
    /// What a piece brings its maker as the product says.
    maker: i64,
    maker_percent: String,
    /// Other parts that can be agreed on.
    parts: Vec<Part>,
    assignment_id: Option<i64>,
    /// The hand-over that may be this one.
    twin: Option<Twin>,
}

#[derive(Clone, Serialize)]
struct Part {
    bp: i64,
    percent: String,
    maker: i64,
}

#[derive(Clone, Serialize)]
struct Twin {
    id: i64,
    number: String,
    who: String,
    at: DateTime<Utc>,
}

impl Page for FormPage {
    const TEMPLATE: &'static str = "collection/form.html";

    fn samples() -> Vec<FormPage> {
        let page = |form, measured, twin: Option<Twin>| FormPage {
            form,
            crafter_id: 4,
            crafter: "Bu Sati".into(),
            face: None,
            home: "RT 3, Krajan".into(),
            item_id: 9,
            goods: "Keranjang sampah anyam".into(),
            cover: Some("p0123456789abcdef0123".into()),
            measured,
            price: 28_000,
            maker: 21_280,
            maker_percent: "76".into(),
            parts: vec![Part { bp: 8_000, percent: "80".into(), maker: 22_400 }],
            assignment_id: twin.as_ref().map(|_| 3),
            twin,
        };
        let mut wrong = FormView::default();
        for field in ["price_confirmed", "twin", "grade_a", "reject_reason"] {
            wrong.errors.insert(field.into(), "Kalau memang begitu, centang lalu kirim lagi.".into());
        }
        wrong.values.insert("terms".into(), "bought".into());
        let twin = Twin { id: 7, number: "S-2611-0042-7".into(), who: "Pak Hasan".into(), at: DateTime::UNIX_EPOCH };
        vec![page(FormView::default(), false, None), page(wrong, true, Some(twin))]
    }
}

/// Steps by which another part than the product's can be chosen, in hundredths of a percent.
const STEP: i64 = 200;
const STEPS: i64 = 5;

/// The third step of `GET /kelola/setoran/baru`.
pub(super) async fn blank(
    operator: &Operator,
    app: &App,
    (crafter_id, item_id): (i64, i64),
    assignment_id: Option<i64>,
) -> Result<HttpResponse> {
    let (crafter, goods) = chosen(&app.db, operator, crafter_id, item_id).await?;
    let mut form = Form::default();
    if let Some(ready) = pickup::of_crafter(&app.db, crafter_id).await?.get(&goods.1.id) {
        form.set("grade_a", ready.quantity.to_string());
    }
    // Most goods are bought for what they would bring their maker: then there is one number less to type.
    form.set("cost", maker_at(&goods, goods.1.maker_bp).to_string());
    if let Some(id) = assignment_id {
        form.set("assignment_id", id.to_string());
    }
    draw(operator, app, (&crafter, &goods), FormView::blank(&form), None, StatusCode::OK).await
}

type Goods = (item::Model, product::Model);

/// What one brings its maker at this part.
fn maker_at((item, product): &Goods, bp: i64) -> i64 {
    Shares::cut(item.price, [bp, 10_000 - bp - product.group_bp, product.group_bp]).maker.0
}

async fn chosen(
    db: &impl ConnectionTrait,
    operator: &Operator,
    crafter_id: i64,
    item_id: i64,
) -> Result<(crafter::Model, Goods)> {
    let crafter = households::in_outlet(db, operator.outlet.id, crafter_id).await?;
    let goods = item::Entity::find_by_id(item_id).find_also_related(product::Entity).one(db).await?;
    let goods = goods.and_then(|(item, product)| Some((item, product?)));
    let goods = goods.filter(|(_, product)| product.outlet_id == operator.outlet.id).ok_or(Error::NotFound)?;
    Ok((crafter, goods))
}

async fn draw(
    operator: &Operator,
    app: &App,
    (crafter, goods): (&crafter::Model, &Goods),
    form: FormView,
    twin: Option<Model>,
    status: StatusCode,
) -> Result<HttpResponse> {
    let (item, product) = goods;
    let maker_at = |bp: i64| maker_at(goods, bp);
    let most = product.maker_bp + product.outlet_bp;
    let part = |bp: i64| Part { bp, percent: percent(bp), maker: maker_at(bp) };
    let steps = (-STEPS..=STEPS).filter(|step| *step != 0).map(|step| product.maker_bp + step * STEP);
    let twin = match twin {
        None => None,
        Some(twin) => Some(Twin {
            id: twin.id,
            number: twin.number,
            who: person::Entity::find_by_id(twin.person_id).one(&app.db).await?.map_or_else(String::new, |by| by.name),
            at: twin.taken_at,
        }),
    };
    let page = FormPage {
        crafter_id: crafter.id,
        crafter: crafter.name.clone(),
        face: crafter.face.clone(),
        home: sheet::home(crafter),
        item_id: item.id,
        goods: sheet::goods_name(product, item),
        cover: product.cover.clone(),
        measured: product.unit == Unit::SquareMetre,
        price: item.price.0,
        maker: maker_at(product.maker_bp),
        maker_percent: percent(product.maker_bp),
        parts: steps.filter(|bp| (0..=most).contains(bp)).map(part).collect(),
        assignment_id: form.values.get("assignment_id").and_then(|id| id.parse().ok()),
        twin,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// What a form came to.
enum Outcome {
    /// Under this id.
    Stands(i64),
    Wrong(Wrong),
    Twin(Box<Model>),
}

/// `POST /kelola/setoran`
pub(super) async fn create(operator: Operator, upload: Upload, app: web::Data<App>) -> Result<HttpResponse> {
    let form = &upload.form;
    let outcome = match intake::parse(form) {
        Ok(new) => written_down(&operator, &app, form, &new).await?,
        Err(wrong) => Outcome::Wrong(wrong),
    };
    let (wrong, twin) = match outcome {
        Outcome::Stands(id) => {
            let said = photo::with_form(&operator, &app, id, &upload).await?;
            return Ok(visit::done(&format!("/kelola/setoran/{id}"), said));
        }
        Outcome::Wrong(wrong) => (wrong, None),
        Outcome::Twin(twin) => {
            let said = Said::new("intake.twin").with("number", twin.number.as_str());
            let said = said.with("hour", hour(twin.taken_at, crate::clock::wib()));
            (Wrong::field("twin", said), Some(*twin))
        }
    };
    let id = |name: &str| form.get(name).parse().unwrap_or_default();
    let (crafter, goods) = chosen(&app.db, &operator, id("crafter_id"), id("item_id")).await?;
    let mut view = FormView::new(form, &wrong, app.templates.words(), operator.visit.lang);
    if upload.file("photo").is_some() {
        // Browsers never fill a file in again.
        view.errors.insert("photo".into(), app.say(operator.visit.lang, &Said::new("intake.photo_again")));
    }
    draw(&operator, &app, (&crafter, &goods), view, twin, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn written_down(operator: &Operator, app: &App, form: &Form, new: &NewIntake) -> Result<Outcome> {
    let tx = db::begin(&app.db).await?;
    let (scope, hash) = (format!("intake:{}", operator.outlet.id), form.content_hash());
    if let Some(key) = form.request_key()
        && let Some(id) = once::answered(&tx, &scope, key, &hash).await?
    {
        return Ok(Outcome::Stands(id.parse().map_err(|_| Error::NotFound)?));
    }
    let key = form.request_key().map_or_else(secret::short_token, str::to_owned);
    let source_key = format!("form:{}:{key}", operator.person_id);
    if let Some(part) = new.assignment_id {
        assignment::expect(&tx, operator.outlet.id, new.crafter_id, new.item_id, part).await?;
    }
    if let Some(twin) = unasked_twin(operator, app, &tx, form, &source_key, new).await? {
        return Ok(Outcome::Twin(Box::new(twin)));
    }
    let entered = Entered {
        outlet: &operator.outlet,
        person_id: operator.person_id,
        at: app.clock.now(),
        source_key: &source_key,
    };
    let accepted = match intake::accept(&tx, &app.clock, entered, new).await? {
        Ok(accepted) => accepted,
        Err(wrong) => return Ok(Outcome::Wrong(wrong)),
    };
    if accepted.first {
        assignment::delivered(&tx, &app.clock, &accepted.intake).await?;
    }
    let id = accepted.intake.id;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, &scope, key, &hash, &id.to_string()).await?;
    }
    tx.commit().await?;
    Ok(Outcome::Stands(id))
}

/// A hand-over that looks the same, unless somebody has seen it and says that this is another.
async fn unasked_twin(
    operator: &Operator,
    app: &App,
    tx: &Tx,
    form: &Form,
    source_key: &str,
    new: &NewIntake,
) -> Result<Option<Model>> {
    if form.get("twin") == "yes" {
        return Ok(None);
    }
    // Locked first, so that two phones at the same moment see each other. Goods of another outlet are refused in a moment.
    if intake::lock(tx, &app.clock, operator.outlet.id, new.item_id).await?.is_none() {
        return Ok(None);
    }
    intake::twin(tx, operator.outlet.id, app.clock.now(), source_key, new).await
}
