//! `/kelola/jual/{id}/kembali`: pieces of a sale that come back, by household, and the cash that goes back for them.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::show::makers;
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Refusal, Result},
    form::{Form, FormView, Wrong, whole_number},
    locale::Said,
    once,
    outlet::{
        sale,
        sale_return::{self, Bearer, NewLine, NewReturn, Part},
    },
    page::{Page, Sample, samples as samples_of, see_other},
};
use entity::Rupiah;

#[derive(Serialize)]
struct TakeBackPage {
    id: i64,
    number: String,
    rows: Vec<Row>,
    is_makers: bool,
    form: FormView,
}

/// Pieces of one household in the sale.
#[derive(Serialize)]
struct Row {
    earning_id: i64,
    name: String,
    maker: String,
    left: i64,
    unit_price: Rupiah,
    good: String,
    broken: String,
    wrong: String,
}

impl Page for TakeBackPage {
    const TEMPLATE: &'static str = "outlet/sale_return.html";
    fn samples() -> Vec<TakeBackPage> {
        let row = Row {
            earning_id: 3,
            name: "Keranjang sampah anyam".into(),
            maker: "Bu Sati".into(),
            left: 2,
            unit_price: Rupiah(28_000),
            good: "1".into(),
            broken: String::new(),
            wrong: "Hanya 2 buah".into(),
        };
        let page = |rows| TakeBackPage {
            id: 7,
            number: "J-2611-0007".into(),
            rows,
            is_makers: false,
            form: FormView::default(),
        };
        vec![page(vec![row]), page(Vec::new())]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<TakeBackPage>()
}

/// `GET /kelola/jual/{id}/kembali`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, &Form::default(), FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    typed: &Form,
    form: FormView,
) -> Result<HttpResponse> {
    let sale = sale::read(&app.db, operator.outlet.id, id).await?;
    let parts = sale_return::parts(&app.db, &sale).await?;
    let makers = makers(&app.db, &parts).await?;
    let row = |part: &Part| {
        let of = |name: &str| typed.get(&format!("{name}_{}", part.earning.id)).to_owned();
        let line = sale.lines.iter().find(|line| line.id == part.line_id);
        Row {
            earning_id: part.earning.id,
            name: line.map(|line| line.name.clone()).unwrap_or_default(),
            maker: part.earning.crafter_id.and_then(|id| makers.get(&id)).cloned().unwrap_or_default(),
            left: part.left,
            unit_price: part.earning.unit_price,
            good: of("baik"),
            broken: of("rusak"),
            wrong: form.errors.get(&format!("baik_{}", part.earning.id)).cloned().unwrap_or_default(),
        }
    };
    let page = TakeBackPage {
        id,
        number: sale::number(&sale.sale),
        rows: parts.iter().filter(|part| part.left > 0).map(row).collect(),
        is_makers: typed.get("borne_by") == "pembuat",
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

fn judge(app: &App, operator: &Operator, form: &Form, parts: &[Part]) -> (Option<NewReturn>, FormView) {
    let lang = operator.visit.lang;
    let mut reader = form.read();
    let reason = reader.text("reason", 200);
    let wrong = reader.done(()).err().unwrap_or_default();
    let mut view = FormView::new(form, &wrong, app.templates.words(), lang);
    let mut lines = Vec::new();
    for part in parts {
        let of = |name: &str| match form.get(&format!("{name}_{}", part.earning.id)) {
            "" => Some(0),
            typed => whole_number(typed),
        };
        let said = match (of("baik"), of("rusak")) {
            (Some(good), Some(broken)) if good.checked_add(broken).is_some_and(|both| both <= part.left) => {
                lines.push(NewLine { earning_id: part.earning.id, good, broken });
                continue;
            }
            (Some(_), Some(_)) => Said::new("sale.more_than_sold").with("n", part.left),
            _ => Said::new("form.not_a_number"),
        };
        view.errors.insert(format!("baik_{}", part.earning.id), app.say(lang, &said));
    }
    let borne_by = if form.get("borne_by") == "pembuat" { Bearer::Maker } else { Bearer::Outlet };
    let is_sound = view.errors.is_empty();
    (is_sound.then_some(NewReturn { lines, reason, borne_by }), view)
}

/// `POST /kelola/jual/{id}/kembali`: once for each key of its form.
pub(super) async fn take(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (scope, hash) = (format!("sale {id} kembali"), form.content_hash());
    let url = format!("/kelola/jual/{id}");
    let tx = db::begin(&app.db).await?;
    let sale = sale::lock(&tx, operator.outlet.id, *id).await?;
    let key = form.request_key().ok_or_else(|| Refusal::invalid("form.stale"))?;
    if once::answered(&tx, &scope, key, &hash).await?.is_some() {
        return Ok(see_other(&url));
    }
    let (new, mut view) = judge(&app, &operator, &form, &sale_return::parts(&tx, &sale).await?);
    let Some(new) = new else {
        drop(tx);
        return draw(&operator, &app, *id, StatusCode::UNPROCESSABLE_ENTITY, &form, view).await;
    };
    let source_key = format!("return:{id}:{key}");
    let taken = sale_return::take(&tx, &app.clock, &operator.outlet, *id, &new, operator.person_id, &source_key).await;
    if let Err(Error::Refused(refusal)) = taken {
        drop(tx);
        view.errors =
            FormView::new(&form, &Wrong::refusal("", refusal.clone()), app.templates.words(), operator.visit.lang)
                .errors;
        let status = actix_web::ResponseError::status_code(&Error::Refused(refusal));
        return draw(&operator, &app, *id, status, &form, view).await;
    }
    taken?;
    once::remember(&tx, &app.clock, &scope, key, &hash, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "sale.came_back"))
}
