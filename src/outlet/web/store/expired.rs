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
    goods, some_of, spoken, until,
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
        purchase::{self, DEAREST},
        purchase_return, supplier, weighed,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, item, lot, place};

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
    /// Who sold it, and what is left of what it had cost.
    supplier: Option<(String, Rupiah)>,
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
            supplier: Some(("UD Sumber Padi".into(), Rupiah(28_000))),
            is_open: true,
        };
        let other = Lot { batch: None, until: None, supplier: None, is_open: false, ..lot.clone() };
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
    mut form: FormView,
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
            supplier: supplier(app, operator.outlet.id, &lot).await?,
            is_open: lot.id == refused,
        });
    }
    if refused != 0 && !lots.iter().any(|lot| lot.is_open) {
        form.errors.insert(String::new(), app.say(operator.visit.lang, &Said::new("expired.gone")));
    }
    let worth = lots.iter().map(|lot| lot.worth).sum();
    operator.visit.page_with(status, &app.templates, &ExpiredPage { lots, worth, form })
}

/// Who sold some goods, and what they had cost without the way here.
async fn supplier(app: &App, outlet_id: i64, lot: &lot::Model) -> Result<Option<(String, Rupiah)>> {
    let Some(line) = purchase_return::line_of(&app.db, lot).await? else { return Ok(None) };
    let bought = purchase::read(&app.db, outlet_id, line.purchase_id).await?;
    let left = purchase_return::left(&app.db, &bought).await?;
    let had_cost = left.iter().find(|left| left.line.id == line.id).map(|left| left.had_cost(lot.remaining));
    let from = supplier::read(&app.db, outlet_id, bought.purchase.supplier_id).await?;
    Ok(Some((from.name, had_cost.unwrap_or_default())))
}

/// `POST /kelola/gudang/kedaluwarsa/{lot}`
pub(super) async fn take_out(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let lot = lot::Entity::find_by_id(*id).find_also_related(item::Entity).one(&app.db).await?;
    let Some((lot, Some(item))) = lot else { return Err(Error::NotFound) };
    let place = place::Entity::find_by_id(lot.place_id).one(&app.db).await?;
    if place.is_none_or(|place| place.outlet_id != operator.outlet.id || place.kind != place::Kind::Expired) {
        return Err(Error::NotFound);
    }
    let mut reader = form.read();
    let quantity = some_of(&mut reader, "jumlah", item.measure);
    let goes_back = reader.choice("cara", |text| match text {
        "buang" => Some(false),
        "kembali" => Some(true),
        _ => None,
    });
    let reason = reader.text("alasan", 200);
    let credit = match reader.get("potongan") {
        "" => Rupiah::ZERO,
        _ => reader.rupiah("potongan", 0, DEAREST),
    };
    let end = goes_back.map(|goes_back| if goes_back { End::SentBack(credit) } else { End::ThrownAway });
    let (status, again) = match reader.done((quantity, end, reason)) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, view(&operator, &app, &form, &wrong)),
        Ok((_, None, _)) => return Err(Error::NotFound),
        Ok((quantity, Some(end), reason)) => {
            let act = Act::TakeOut((lot.id, quantity), end, reason);
            match perform(&operator, &app, &form, &act).await? {
                Ok(done) => return Ok(done),
                Err(no) => {
                    let field = match no.said.key {
                        "purchase.back_dear" => "potongan",
                        // Its field is on the page only where somebody is known to have sold the goods.
                        "expired.no_purchase" => "",
                        _ => "jumlah",
                    };
                    (status_of(&no), refused(&operator, &app, &form, field, in_measure(no, item.measure)))
                }
            }
        }
    };
    draw(&operator, &app, lot.id, status, again).await
}
