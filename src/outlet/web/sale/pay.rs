//! `/kelola/jual/bayar`: the chosen goods with their prices, and how they are paid.
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::{
    accounts::visit::Operator,
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong, amount, whole_number},
    locale::{Said, grouped},
    once,
    outlet::{
        goods::{self, Standing},
        sale::{self, NewLine, NewSale, Paid},
    },
    page::{Page, Sample, samples as samples_of, see_other},
};
use entity::{Rupiah, lot::Grade};

#[derive(Default, Serialize)]
struct PayPage {
    rows: Vec<Row>,
    /// As far as prices can be read.
    total: Rupiah,
    bills: Vec<Bill>,
    how: String,
    form: FormView,
}

/// Goods that were chosen, as typed.
#[derive(Clone, Serialize)]
struct Row {
    good: Standing,
    pieces: String,
    price: String,
    grade: String,
    reason: String,
    wrong: String,
    /// Opened when there is something in it.
    open: bool,
}

/// A bill that was paid by QRIS and of which nothing was sold yet.
#[derive(Clone, Serialize)]
struct Bill {
    id: i64,
    amount: Rupiah,
    purpose: Option<String>,
    at: DateTime<Utc>,
}

impl Page for PayPage {
    const TEMPLATE: &'static str = "outlet/sale_pay.html";
    fn samples() -> Vec<PayPage> {
        let row = Row {
            good: super::choose::sample(),
            pieces: "2".into(),
            price: "25.000".into(),
            grade: "B".into(),
            reason: String::new(),
            wrong: "Tulis kenapa harganya lain".into(),
            open: true,
        };
        let bill = Bill { id: 3, amount: Rupiah(56_000), purpose: Some("Keranjang".into()), at: DateTime::UNIX_EPOCH };
        let full = PayPage {
            rows: vec![row],
            total: Rupiah(56_000),
            bills: vec![bill],
            how: "tunai".into(),
            form: FormView::default(),
        };
        vec![PayPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<PayPage>()
}

/// `GET /kelola/jual/bayar?n_12=2`
pub(super) async fn show(operator: Operator, request: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let form = Form::parse(request.query_string().as_bytes());
    draw(&operator, &app, StatusCode::OK, &form, FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    status: StatusCode,
    typed: &Form,
    form: FormView,
) -> Result<HttpResponse> {
    let goods = goods::on_shelf(&app.db, operator.outlet.id).await?;
    let rows: Vec<Row> = goods.into_iter().filter_map(|good| row(good, typed, &form)).collect();
    let worth = |row: &Row| Some(Rupiah(amount(&row.price)?).times(whole_number(&row.pieces)?)?.0);
    let total = rows.iter().filter_map(worth).fold(0_i64, i64::saturating_add);
    let bills = sale::free_bills(&app.db, operator.outlet.id).await?;
    let bill = |bill: entity::bill::Model| Bill {
        id: bill.id,
        amount: bill.sold,
        purpose: bill.purpose,
        at: bill.paid_at.unwrap_or(bill.created_at),
    };
    let how = match typed.get("how") {
        "" => "tunai".to_owned(),
        how => how.to_owned(),
    };
    let bills = bills.into_iter().map(bill).collect();
    operator.visit.page_with(status, &app.templates, &PayPage { rows, total: Rupiah(total), bills, how, form })
}

/// The fields of one of the goods.
fn field(name: &str, item_id: i64) -> String {
    format!("{name}_{item_id}")
}

/// One of the goods as it was typed; none when no pieces of it were asked for.
fn row(good: Standing, typed: &Form, form: &FormView) -> Option<Row> {
    let of = |name| typed.get(&field(name, good.item_id)).to_owned();
    let pieces = of("n");
    if pieces.is_empty() || whole_number(&pieces) == Some(0) {
        return None;
    }
    let price = match of("harga") {
        typed if typed.is_empty() => grouped(good.price.0),
        typed => typed,
    };
    let (grade, reason) = (of("mutu"), of("alasan"));
    let wrong = form.errors.get(&field("n", good.item_id)).cloned().unwrap_or_default();
    let open = !wrong.is_empty() || !grade.is_empty() || !reason.is_empty() || amount(&price) != Some(good.price.0);
    Some(Row { good, pieces, price, grade, reason, wrong, open })
}

/// What was typed, judged: the sale if it is sound, and the form with its sentences.
fn judge(app: &App, operator: &Operator, form: &Form, goods: &[Standing]) -> (Option<NewSale>, FormView) {
    let lang = operator.visit.lang;
    let mut view = FormView::new(form, &Wrong::default(), app.templates.words(), lang);
    let mut lines = Vec::new();
    for good in goods {
        let Some(row) = row(good.clone(), form, &FormView::default()) else { continue };
        match line(good, &row) {
            Ok(line) => lines.push(line),
            Err(said) => {
                view.errors.insert(field("n", good.item_id), app.say(lang, &said));
            }
        }
    }
    if lines.is_empty() && view.errors.is_empty() {
        view.errors.insert(String::new(), app.say(lang, &Said::new("sale.nothing")));
    }
    let mut reader = form.read();
    let paid = match form.get("how") {
        "" | "tunai" => Some(Paid::Cash),
        "transfer" => Some(Paid::Transfer(reader.text("reference", 60))),
        how => how.strip_prefix("qris-").and_then(|id| id.parse().ok()).map(Paid::Bill),
    };
    if paid.is_none() {
        reader.refuse("how", Said::new("form.choose"));
    }
    if let Err(wrong) = reader.done(()) {
        view.errors.extend(FormView::new(form, &wrong, app.templates.words(), lang).errors);
    }
    match paid {
        Some(paid) if view.errors.is_empty() => (Some(NewSale { lines, paid }), view),
        _ => (None, view),
    }
}

fn line(good: &Standing, row: &Row) -> Result<NewLine, Said> {
    let pieces = whole_number(&row.pieces).filter(|n| *n <= sale::MOST_PIECES);
    let quantity = pieces.ok_or_else(|| Said::new("form.not_a_number"))?;
    if quantity > good.free {
        return Err(Said::new("stock.not_enough").with("n", good.free));
    }
    let price = amount(&row.price).filter(|price| (1..=sale::DEAREST).contains(price));
    let unit_price = Rupiah(price.ok_or_else(|| Said::new("form.not_an_amount"))?);
    let reason: String = row.reason.chars().filter(|c| !c.is_control()).take(200).collect();
    if unit_price != good.price && reason.is_empty() {
        let said = Said::new("sale.needs_reason").with("name", good.name.as_str());
        return Err(said.with("price", good.price));
    }
    let grade = match row.grade.as_str() {
        "A" => Some(Grade::A),
        "B" => Some(Grade::B),
        _ => None,
    };
    let reason = (!reason.is_empty()).then_some(reason);
    Ok(NewLine { item_id: good.item_id, quantity, grade, unit_price, reason })
}

/// `POST /kelola/jual`: sells, once for each key of its form.
pub(super) async fn sell(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (scope, hash) = (format!("sale at {}", operator.outlet.id), form.content_hash());
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    let tx = db::begin(&app.db).await?;
    // Before anything is judged: the second tap of a sale that took the last pieces finds them gone.
    if let Some(known) = once::answered(&tx, &scope, key, &hash).await? {
        return Ok(see_other(&known));
    }
    let goods = goods::on_shelf(&tx, operator.outlet.id).await?;
    let (new, view) = judge(&app, &operator, &form, &goods);
    let Some(new) = new else {
        drop(tx);
        return draw(&operator, &app, StatusCode::UNPROCESSABLE_ENTITY, &form, view).await;
    };
    let source_key = format!("counter:{}:{key}", operator.outlet.id);
    let sold = match sale::sell(&tx, &app.clock, &operator.outlet, &new, operator.person_id, &source_key).await {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            return refused(&operator, &app, &form, view, refusal).await;
        }
        sold => sold?,
    };
    let url = format!("/kelola/jual/{}", sold.id);
    once::remember(&tx, &app.clock, &scope, key, &hash, &url).await?;
    tx.commit().await?;
    Ok(see_other(&url))
}

async fn refused(
    operator: &Operator,
    app: &App,
    form: &Form,
    mut view: FormView,
    refusal: Refusal,
) -> Result<HttpResponse> {
    view.errors.insert(String::new(), app.say(operator.visit.lang, &refusal.said));
    let status = actix_web::ResponseError::status_code(&Error::Refused(refusal));
    draw(operator, app, status, form, view).await
}
