//! `/kelola/kios/{id}/titip`: goods of the shelf that go to a kiosk, and what it is to ask for each.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong, amount, whole_number},
    locale::{Said, grouped},
    once,
    outlet::goods::{self, Standing},
    page::{Page, Sample, samples as samples_of, see_other},
    wholesale::{
        kiosk::{self, Model},
        kiosk_drop::{self, NewDrop, NewLine},
    },
};
use entity::{Rupiah, lot::Grade};

#[derive(Serialize)]
struct DropPage {
    id: i64,
    name: String,
    rows: Vec<Row>,
    form: FormView,
}

#[derive(Serialize)]
struct Row {
    good: Standing,
    pieces: String,
    price: String,
    grade: String,
    /// What is left to share of the price that stands there.
    left: Rupiah,
    wrong: String,
}

impl Page for DropPage {
    const TEMPLATE: &'static str = "wholesale/kiosk_drop.html";
    fn samples() -> Vec<DropPage> {
        let good = Standing {
            item_id: 9,
            name: "Keranjang sampah anyam".into(),
            cover: None,
            price: Rupiah(28_000),
            free: 7,
            grade_b: 2,
        };
        let row = Row {
            good,
            pieces: "9".into(),
            price: "32.000".into(),
            grade: "A".into(),
            left: Rupiah(28_000),
            wrong: "Tinggal 7".into(),
        };
        let page = |rows| DropPage { id: 1, name: "Kios Bu Rahma".into(), rows, form: FormView::default() };
        vec![page(Vec::new()), page(vec![row])]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<DropPage>()
}

/// `GET /kelola/kios/{id}/titip`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let kiosk = kiosk::read(&app.db, operator.outlet.id, *id).await?;
    draw(&operator, &app, &kiosk, StatusCode::OK, &Form::default(), FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    kiosk: &Model,
    status: StatusCode,
    typed: &Form,
    form: FormView,
) -> Result<HttpResponse> {
    let goods = goods::on_shelf(&app.db, operator.outlet.id).await?;
    let told = kiosk::prices(&app.db, kiosk.id).await?;
    let row = |good: Standing| {
        let of = |name: &str| typed.get(&format!("{name}_{}", good.item_id)).to_owned();
        let last = told.get(&good.item_id).and_then(|prices| prices.last()).copied();
        let usual = last.unwrap_or_else(|| kiosk::usual_price(good.price, kiosk.commission_bp));
        let price = match of("harga") {
            typed if typed.is_empty() => grouped(usual.0),
            typed => typed,
        };
        let asked = amount(&price).map_or(usual, Rupiah);
        Row {
            pieces: of("n"),
            grade: of("mutu"),
            left: asked - kiosk::commission(asked, kiosk.commission_bp),
            wrong: form.errors.get(&format!("n_{}", good.item_id)).cloned().unwrap_or_default(),
            price,
            good,
        }
    };
    let rows = goods.into_iter().map(row).collect();
    let page = DropPage { id: kiosk.id, name: kiosk.name.clone(), rows, form };
    operator.visit.page_with(status, &app.templates, &page)
}

fn judge(app: &App, operator: &Operator, form: &Form, goods: &[Standing]) -> (Option<NewDrop>, FormView) {
    let lang = operator.visit.lang;
    let mut reader = form.read();
    let (carrier, note) = (reader.optional("carrier", 120), reader.optional("note", 300));
    let wrong = reader.done(()).err().unwrap_or_default();
    let mut view = FormView::new(form, &wrong, app.templates.words(), lang);
    let mut lines = Vec::new();
    for good in goods {
        match line(form, good) {
            Ok(line) => lines.extend(line),
            Err(said) => {
                view.errors.insert(format!("n_{}", good.item_id), app.say(lang, &said));
            }
        }
    }
    if lines.is_empty() && view.errors.is_empty() {
        view.errors.insert(String::new(), app.say(lang, &Said::new("kiosk.nothing_to_drop")));
    }
    let is_sound = view.errors.is_empty();
    (is_sound.then_some(NewDrop { lines, carrier, note }), view)
}

fn line(form: &Form, good: &Standing) -> Result<Option<NewLine>, Said> {
    let of = |name: &str| form.get(&format!("{name}_{}", good.item_id));
    let pieces = of("n");
    if pieces.is_empty() || whole_number(pieces) == Some(0) {
        return Ok(None);
    }
    let quantity = whole_number(pieces).ok_or_else(|| Said::new("form.not_a_number"))?;
    if quantity > good.free {
        return Err(Said::new("stock.not_enough").with("n", good.free));
    }
    let unit_price = amount(of("harga")).ok_or_else(|| Said::new("form.not_an_amount"))?;
    let grade = match of("mutu") {
        "A" => Some(Grade::A),
        "B" => Some(Grade::B),
        _ => None,
    };
    Ok(Some(NewLine { item_id: good.item_id, quantity, grade, unit_price: Rupiah(unit_price) }))
}

/// `POST /kelola/kios/{id}/titip`: once for each key of its form.
pub(super) async fn make(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let (scope, hash) = (format!("kiosk {id} drop"), form.content_hash());
    let tx = db::begin(&app.db).await?;
    let kiosk = kiosk::lock(&tx, operator.outlet.id, *id).await?;
    if let Some(known) = once::answered(&tx, &scope, key, &hash).await? {
        return Ok(see_other(&known));
    }
    let goods = goods::on_shelf(&tx, operator.outlet.id).await?;
    let (new, mut view) = judge(&app, &operator, &form, &goods);
    let Some(new) = new else {
        drop(tx);
        return draw(&operator, &app, &kiosk, StatusCode::UNPROCESSABLE_ENTITY, &form, view).await;
    };
    let source_key = format!("drop:{id}:{key}");
    let made = kiosk_drop::drop(&tx, &app.clock, &operator.outlet, *id, &new, operator.person_id, &source_key).await;
    let made = match made {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let wrong = Wrong::refusal("", refusal.clone());
            view.errors = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang).errors;
            let status = actix_web::ResponseError::status_code(&Error::Refused(refusal));
            return draw(&operator, &app, &kiosk, status, &form, view).await;
        }
        made => made?,
    };
    let url = format!("/kiriman/{}", made.secret);
    once::remember(&tx, &app.clock, &scope, key, &hash, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "kiosk.dropped"))
}
