//! `/kelola/pasar/{id}/barang/{item}`: at what price, and how many for a family, with what the law allows beside it.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    HERE,
    view::{amount, typed_in, unit_key},
};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    outlet::{
        market::{self, NewGood, Offer},
        web::{payout_acts::status_of, perform::perform},
    },
    page::{self, Page, Sample},
};
use entity::{Rupiah, item::Measure};

#[derive(Serialize)]
struct MarketGoodPage {
    market_id: i64,
    market: String,
    item_id: i64,
    name: String,
    cover: Option<String>,
    free: String,
    unit: &'static str,
    typed_in: &'static str,
    shop_price: Rupiah,
    ceiling: Option<Rupiah>,
    limit: Option<i64>,
    /// It is in the plan already.
    is_in: bool,
    form: FormView,
}

impl Page for MarketGoodPage {
    const TEMPLATE: &'static str = "outlet/market_good.html";
    fn samples() -> Vec<MarketGoodPage> {
        let page = |ceiling: Option<i64>, limit| MarketGoodPage {
            market_id: 4,
            market: "Pasar murah Dusun Krajan".into(),
            item_id: 12,
            name: "Beras SPHP 5 kg".into(),
            cover: None,
            free: "40 buah".into(),
            unit: unit_key(Measure::Piece),
            typed_in: typed_in(Measure::Piece).0,
            shop_price: Rupiah(62_500),
            ceiling: ceiling.map(Rupiah),
            limit,
            is_in: limit.is_some(),
            form: FormView::default(),
        };
        vec![page(Some(62_500), Some(5)), page(None, None)]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<MarketGoodPage>()
}

async fn find(operator: &Operator, app: &App, id: i64, item_id: i64) -> Result<(market::Model, Offer)> {
    let market = market::read(&app.db, operator.outlet.id, id).await?;
    let offers = market::offers(&app.db, &operator.outlet, &market).await?;
    let offer = offers.into_iter().find(|offer| offer.item.id == item_id).ok_or(Error::NotFound)?;
    Ok((market, offer))
}

async fn draw(
    operator: &Operator,
    app: &App,
    (market, offer): (&market::Model, &Offer),
    status: StatusCode,
    form: Option<FormView>,
) -> Result<HttpResponse> {
    let goods = market::goods(&app.db, market.id).await?;
    let known = goods.iter().find(|good| good.item_id == offer.item.id);
    let (typed_in, unit) = typed_in(offer.item.measure);
    let form = form.unwrap_or_else(|| {
        let typed = known.map_or(Form::default(), |good| {
            Form::of([
                ("harga", crate::locale::grouped(good.price.0)),
                ("keluarga", (good.per_family / unit).to_string()),
                ("semua", (good.allotted / unit).to_string()),
            ])
        });
        FormView::blank(&typed)
    });
    let page = MarketGoodPage {
        market_id: market.id,
        market: market.name.clone(),
        item_id: offer.item.id,
        name: offer.name.clone(),
        cover: offer.cover.clone(),
        free: amount(app, operator.visit.lang, offer.item.measure, offer.free),
        unit: unit_key(offer.item.measure),
        typed_in,
        shop_price: offer.item.price,
        ceiling: offer.ceiling,
        limit: offer.limit.map(|limit| limit / unit),
        is_in: known.is_some() && market.state == market::State::Planned,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `GET /kelola/pasar/{id}/barang/{item}`
pub(super) async fn show(operator: Operator, path: Path<(i64, i64)>, app: Data<App>) -> Result<HttpResponse> {
    let (market, offer) = find(&operator, &app, path.0, path.1).await?;
    draw(&operator, &app, (&market, &offer), StatusCode::OK, None).await
}

/// `POST /kelola/pasar/{id}/barang/{item}`
pub(super) async fn keep(
    operator: Operator,
    path: Path<(i64, i64)>,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    let (market, offer) = find(&operator, &app, path.0, path.1).await?;
    let (_, unit) = typed_in(offer.item.measure);
    let mut reader = form.read();
    let price = reader.rupiah("harga", 1, 100_000_000);
    let per_family = reader.number("keluarga", 1, 10_000) * unit;
    let allotted = reader.number("semua", 1, 20_000) * unit;
    let new = NewGood { item_id: offer.item.id, price, per_family, allotted };
    let (status, wrong) = match reader.done(()) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(()) => {
            let (outlet, by) = (&operator.outlet, operator.person_id);
            let scope = format!("market.good {} {}", market.id, offer.item.id);
            let kept = perform(&app, &form, &scope, async |tx| {
                market::offer(tx, &app.clock, outlet, market.id, &new, by).await?;
                Ok(format!("{HERE}/{}", market.id))
            });
            match kept.await {
                Ok(url) => return Ok(done(&url, "market.good_kept")),
                Err(Error::Refused(refusal)) => {
                    let field = match refusal.said.key {
                        "market.above_ceiling" | "market.dearer_than_shop" | "market.bad_price" => "harga",
                        "market.above_limit" | "market.no_content" | "market.quantity" => "keluarga",
                        "market.already_sold" => "semua",
                        _ => "",
                    };
                    (status_of(&refusal), Wrong::refusal(field, refusal))
                }
                Err(e) => return Err(e),
            }
        }
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
    draw(&operator, &app, (&market, &offer), status, Some(view)).await
}

/// `POST /kelola/pasar/{id}/barang/{item}/keluar`
pub(super) async fn take_out(
    operator: Operator,
    path: Path<(i64, i64)>,
    form: Form,
    app: Data<App>,
) -> Result<HttpResponse> {
    let (market, offer) = find(&operator, &app, path.0, path.1).await?;
    let (outlet, by) = (&operator.outlet, operator.person_id);
    let scope = format!("market.take_out {} {}", market.id, offer.item.id);
    let gone = perform(&app, &form, &scope, async |tx| {
        market::take_out(tx, &app.clock, outlet, market.id, offer.item.id, by).await?;
        Ok(format!("{HERE}/{}", market.id))
    });
    match gone.await {
        Ok(url) => Ok(done(&url, "market.good_taken_out")),
        Err(Error::Refused(refusal)) => {
            let status = status_of(&refusal);
            let wrong = Wrong::refusal("", refusal);
            let view = FormView::new(&form, &wrong, app.templates.words(), operator.visit.lang);
            draw(&operator, &app, (&market, &offer), status, Some(view)).await
        }
        Err(e) => Err(e),
    }
}
