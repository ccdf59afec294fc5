//! `/kelola/gudang/kedaluwarsa`: what is past its day, to be thrown away or sent back.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{
    Until,
    acts::{Act, in_measure, perform, refused, status_of, view},
    goods, spoken, until,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::{Error, Result},
    form::{Form, FormView},
    locale::Said,
    outlet::{
        cost,
        expired::{self, End},
        weighed,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, item, lot};

#[derive(Default, Serialize)]
struct ExpiredPage {
    lots: Vec<Lot>,
    worth: Rupiah,
    form: FormView,
}

#[derive(Clone, Serialize)]
struct Lot {
    id: i64,
    name: String,
    cover: Option<String>,
    quantity: String,
    /// As it is typed.
    number: String,
    unit: &'static str,
    until: Option<Until>,
    batch: Option<String>,
    worth: Rupiah,
    /// Whether this is the one that was refused.
    is_open: bool,
}

impl Page for ExpiredPage {
    const TEMPLATE: &'static str = "store/expired.html";
    fn samples() -> Vec<ExpiredPage> {
        let day = chrono::NaiveDate::default();
        let lot = Lot {
            id: 4,
            name: "Tepung terigu curah".into(),
            cover: None,
            quantity: "2,5 kg".into(),
            number: "2,5".into(),
            unit: "kg",
            until: Some(until(day, day)),
            batch: Some("B-12".into()),
            worth: Rupiah(27_500),
            is_open: true,
        };
        let other = Lot { batch: None, until: None, is_open: false, ..lot.clone() };
        let full = ExpiredPage { lots: vec![lot, other], worth: Rupiah(55_000), form: FormView::default() };
        vec![ExpiredPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<ExpiredPage>()
}

/// `GET /kelola/gudang/kedaluwarsa`
pub(super) async fn show(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, 0, StatusCode::OK, FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    refused: i64,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let goods = goods(&app.db, operator.outlet.id).await?;
    let mut lots = Vec::new();
    for lot in expired::aside(&app.db, operator.outlet.id).await? {
        let Some(good) = goods.iter().find(|good| good.item.id == lot.item_id) else { continue };
        let measure = good.item.measure;
        lots.push(Lot {
            id: lot.id,
            name: good.name.clone(),
            cover: good.product.cover.clone(),
            quantity: spoken(app, operator.visit.lang, lot.remaining, measure),
            number: weighed::number(lot.remaining, measure),
            unit: match measure {
                item::Measure::Piece => "",
                item::Measure::Gram => "kg",
                item::Measure::Millilitre => "l",
            },
            until: lot.expires_on.map(|day| until(day, app.clock.today())),
            batch: lot.batch.clone(),
            worth: cost::heap(&app.db, lot.item_id).await?.cost_of(lot.remaining),
            is_open: lot.id == refused,
        });
    }
    let worth = lots.iter().map(|lot| lot.worth).sum();
    operator.visit.page_with(status, &app.templates, &ExpiredPage { lots, worth, form })
}

/// `POST /kelola/gudang/kedaluwarsa/{lot}`
pub(super) async fn take_out(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let lot = lot::Entity::find_by_id(*id).find_also_related(item::Entity).one(&app.db).await?;
    let Some((lot, Some(item))) = lot else { return Err(Error::NotFound) };
    let mut reader = form.read();
    let quantity = weighed::read(reader.get("jumlah"), item.measure).filter(|quantity| *quantity > 0);
    if quantity.is_none() {
        let key = if reader.get("jumlah").is_empty() { "form.required" } else { "store.not_a_quantity" };
        reader.refuse("jumlah", Said::new(key));
    }
    let end = reader.choice("cara", |text| match text {
        "buang" => Some(End::ThrownAway),
        "kembali" => Some(End::SentBack),
        _ => None,
    });
    let reason = reader.text("alasan", 200);
    let (status, again) = match reader.done((quantity.unwrap_or_default(), end, reason)) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, view(&operator, &app, &form, &wrong)),
        Ok((_, None, _)) => return Err(Error::NotFound),
        Ok((quantity, Some(end), reason)) => {
            let act = Act::TakeOut((lot.id, quantity), end, reason);
            match perform(&operator, &app, &form, &act).await? {
                Ok(done) => return Ok(done),
                Err(no) => (status_of(&no), refused(&operator, &app, &form, "jumlah", in_measure(no, item.measure))),
            }
        }
    };
    draw(&operator, &app, lot.id, status, again).await
}
