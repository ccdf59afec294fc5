//! `/kelola/belanja/{id}/kembali`: what goes back to the supplier, and what they take off for it.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    acts::{status_of, view},
    line::{measure_of, measures},
    said,
};
use crate::{
    accounts::visit::{Treasurer, done},
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, amount},
    locale::Said,
    once,
    outlet::{
        purchase::{self, Purchase},
        purchase_return::{self, Left, NewLine, NewReturn},
        supplier,
    },
    page::{self, Page, Sample, see_other},
};
use entity::{Rupiah, item::Measure};

#[derive(Default, Serialize)]
struct GiveBackPage {
    id: i64,
    number: String,
    supplier: String,
    rows: Vec<Row>,
    form: FormView,
}

/// A line of which something is left.
#[derive(Serialize)]
struct Row {
    line_id: i64,
    name: String,
    unit: &'static str,
    left: String,
    /// "Rp12.500 per kg", what the supplier asked for it.
    each: String,
    quantity: String,
    credit: String,
    /// The price and the quantity of the whole line, for the script.
    price: i64,
    of: i64,
    step: i64,
    wrong: String,
    wrong_credit: String,
}

impl Page for GiveBackPage {
    const TEMPLATE: &'static str = "outlet/purchase_return.html";
    fn samples() -> Vec<GiveBackPage> {
        let row = Row {
            line_id: 3,
            name: "Beras medium curah".into(),
            unit: "purchase.unit_kg",
            left: "110 kg".into(),
            each: "Rp12.500 per kg".into(),
            quantity: "20".into(),
            credit: String::new(),
            price: 1_875_000,
            of: 150_000,
            step: 1_000,
            wrong: "Sisanya tinggal 110 kg.".into(),
            wrong_credit: "Paling banyak Rp1.925.000".into(),
        };
        let page = |rows| GiveBackPage {
            id: 7,
            number: "B-2611-0007".into(),
            supplier: "UD Sumber".into(),
            rows,
            form: FormView::default(),
        };
        vec![page(vec![row]), page(Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<GiveBackPage>()
}

/// `GET /kelola/belanja/{id}/kembali`
pub async fn blank(treasurer: Treasurer, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&treasurer, &app, *id, StatusCode::OK, &Form::default(), FormView::default()).await
}

/// `POST /kelola/belanja/{id}/kembali`
pub async fn create(treasurer: Treasurer, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let whole = purchase::read(&app.db, treasurer.outlet.id, *id).await?;
    let (new, mut form_view) = read(&treasurer, &app, &form, &whole).await?;
    let status = match new {
        None => StatusCode::UNPROCESSABLE_ENTITY,
        Some(new) => match send(&treasurer, &app, &form, *id, &new).await {
            Err(Error::Refused(refusal)) => {
                form_view.errors.insert(String::new(), app.say(treasurer.visit.lang, &refusal.said));
                status_of(&refusal)
            }
            done => return done,
        },
    };
    draw(&treasurer, &app, *id, status, &form, form_view).await
}

async fn send(treasurer: &Treasurer, app: &App, form: &Form, id: i64, new: &NewReturn) -> Result<HttpResponse> {
    let (scope, hash) = (format!("purchase {id} return"), form.content_hash());
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
        return Ok(see_other(&answer));
    }
    let (outlet, by) = (&treasurer.outlet, treasurer.person_id);
    let source_key = format!("form:{by}:{id}:{key}");
    purchase_return::give_back(&tx, &app.clock, outlet, id, new, by, &source_key).await?;
    let answer = format!("/kelola/belanja/{id}");
    once::remember(&tx, &app.clock, &scope, key, &hash, &answer).await?;
    tx.commit().await?;
    Ok(done(&answer, "purchase.back_done"))
}

/// What was typed, or none when something is wrong with it; and the form with its sentences.
async fn read(
    treasurer: &Treasurer,
    app: &App,
    form: &Form,
    whole: &Purchase,
) -> Result<(Option<NewReturn>, FormView)> {
    let lang = treasurer.visit.lang;
    let measures = measures(app, whole).await?;
    let mut reader = form.read();
    let reason = reader.text("alasan", 200);
    let wrong = reader.done(()).err().unwrap_or_default();
    let mut form_view = view(treasurer, app, form, &wrong);
    let mut lines = Vec::new();
    for left in purchase_return::left(&app.db, whole).await? {
        let (measure, id) = (measure_of(&measures, left.line.item_id), left.line.id);
        let (quantity_field, credit_field) = (format!("banyak_{id}"), format!("potong_{id}"));
        let typed = form.get(&quantity_field);
        if typed.is_empty() {
            continue;
        }
        let rest = || Said::new("purchase.back_left").with("left", said::quantity(app, lang, measure, left.quantity()));
        let quantity = match said::parse(measure, typed) {
            Some(quantity) if (1..=left.quantity()).contains(&quantity) => quantity,
            Some(0) => {
                form_view.errors.insert(quantity_field, app.say(lang, &Said::new("purchase.back_nothing")));
                continue;
            }
            Some(_) => {
                form_view.errors.insert(quantity_field, app.say(lang, &rest()));
                continue;
            }
            None => {
                form_view.errors.insert(quantity_field, app.say(lang, &Said::new("purchase.not_a_quantity")));
                continue;
            }
        };
        match credit(form.get(&credit_field), &left, quantity) {
            Ok(credit) => lines.push(NewLine { line_id: id, quantity, credit, lot_id: None }),
            Err(said) => {
                form_view.errors.insert(credit_field, app.say(lang, &said));
            }
        }
    }
    if lines.is_empty() && form_view.errors.is_empty() {
        form_view.errors.insert(String::new(), app.say(lang, &Said::new("purchase.back_nothing")));
    }
    let is_sound = form_view.errors.is_empty();
    Ok((is_sound.then_some(NewReturn { lines, reason }), form_view))
}

/// What is taken off: as it was agreed, or what it had cost.
fn credit(typed: &str, left: &Left, quantity: i64) -> Result<Rupiah, Said> {
    if typed.is_empty() {
        return Ok(left.had_cost(quantity));
    }
    match amount(typed).map(Rupiah) {
        None => Err(Said::new("form.not_an_amount")),
        Some(credit) if credit > left.had_cost(quantity) => {
            Err(Said::new("purchase.back_dear").with("most", left.had_cost(quantity)))
        }
        Some(credit) => Ok(credit),
    }
}

async fn draw(
    treasurer: &Treasurer,
    app: &App,
    id: i64,
    status: StatusCode,
    typed: &Form,
    form: FormView,
) -> Result<HttpResponse> {
    let lang = treasurer.visit.lang;
    let whole = purchase::read(&app.db, treasurer.outlet.id, id).await?;
    let from = supplier::read(&app.db, treasurer.outlet.id, whole.purchase.supplier_id).await?;
    let measures = measures(app, &whole).await?;
    let row = |left: &Left| {
        let (line, measure) = (&left.line, measure_of(&measures, left.line.item_id));
        let (quantity, credit) = (format!("banyak_{}", line.id), format!("potong_{}", line.id));
        Row {
            line_id: line.id,
            name: line.name.clone(),
            unit: said::unit_key(measure),
            left: said::quantity(app, lang, measure, left.quantity()),
            each: said::each_of(app, lang, measure, line.price, line.quantity()),
            quantity: typed.get(&quantity).to_owned(),
            credit: typed.get(&credit).to_owned(),
            price: line.price.0,
            of: line.quantity(),
            step: if measure == Measure::Piece { 1 } else { 1_000 },
            wrong: form.errors.get(&quantity).cloned().unwrap_or_default(),
            wrong_credit: form.errors.get(&credit).cloned().unwrap_or_default(),
        }
    };
    let left = purchase_return::left(&app.db, &whole).await?;
    let is_here = |left: &&Left| whole.purchase.reversed_at.is_none() && left.quantity() > 0;
    let page = GiveBackPage {
        id,
        number: purchase::number(&whole.purchase),
        supplier: from.name,
        rows: left.iter().filter(is_here).map(row).collect(),
        form,
    };
    treasurer.visit.page_with(status, &app.templates, &page)
}
