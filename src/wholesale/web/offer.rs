//! `/penawaran/{secret}`: the quote as its buyer reads, prints and answers it.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::NaiveDate;
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{refused, standing, status_of};
use crate::{
    accounts::visit::{Visit, done},
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    orders::{
        cart,
        line::Trouble,
        method::{self, METHODS},
        web::keep_secret,
    },
    page::{self, Page, Sample, see_other},
    wholesale::{
        accept::{self, Answer},
        quote::{self, Quote, State},
    },
};
use entity::{Rupiah, order::Method, outlet};

#[derive(Clone, Serialize)]
struct Row {
    name: String,
    pieces: i64,
    unit_price: Rupiah,
    list_price: Rupiah,
    total: Rupiah,
}

#[derive(Serialize)]
struct OfferPage {
    number: String,
    url: String,
    state: &'static str,
    badge: &'static str,
    /// There is something to answer.
    is_open: bool,
    is_draft: bool,
    /// Fewer pieces are there than offered: which, and how many.
    short: Vec<(String, i64)>,
    /// No longer sold.
    gone: Vec<String>,
    outlet: String,
    outlet_address: String,
    outlet_phone: String,
    buyer: String,
    place: String,
    street: String,
    note: Option<String>,
    rows: Vec<Row>,
    goods: Rupiah,
    freight_name: String,
    freight: Rupiah,
    packing: Rupiah,
    cartons: i64,
    total: Rupiah,
    deposit: Rupiah,
    balance: Rupiah,
    kept: Rupiah,
    deposit_days: i64,
    balance_days: Option<i64>,
    valid_until: Option<NaiveDate>,
    ready_on: Option<NaiveDate>,
    terms: Option<String>,
    reason: Option<String>,
    first: Rupiah,
    /// Ways to pay the first part: code and words.
    methods: Vec<(&'static str, String)>,
    order: Option<String>,
    form: FormView,
}

impl Page for OfferPage {
    const TEMPLATE: &'static str = "wholesale/offer.html";
    fn samples() -> Vec<OfferPage> {
        let page = |state: &'static str, is_open: bool, order: Option<String>| OfferPage {
            number: "PW-2611-0007".into(),
            url: "/penawaran/contoh".into(),
            state,
            badge: "wait",
            is_open,
            is_draft: state == "quote.draft",
            short: vec![("Kurungan ayam".into(), 3)],
            gone: vec!["Tampah".into()],
            outlet: "e-Warong Kemuning Lor".into(),
            outlet_address: "Jalan Rembangan 12".into(),
            outlet_phone: "6281200000001".into(),
            buyer: "Toko Rimba".into(),
            place: "Sidodadi, Kota Samarinda".into(),
            street: "Jalan Mulawarman 77".into(),
            note: Some("Untuk akhir bulan".into()),
            rows: vec![Row {
                name: "Keranjang sampah anyam".into(),
                pieces: 60,
                unit_price: Rupiah(24_500),
                list_price: Rupiah(28_000),
                total: Rupiah(1_470_000),
            }],
            goods: Rupiah(1_470_000),
            freight_name: "Kapal ke Balikpapan".into(),
            freight: Rupiah(259_200),
            packing: Rupiah(60_000),
            cartons: 6,
            total: Rupiah(1_789_200),
            deposit: Rupiah(536_760),
            balance: Rupiah(1_252_440),
            kept: Rupiah(268_380),
            deposit_days: 3,
            balance_days: Some(14),
            valid_until: Some(NaiveDate::default()),
            ready_on: Some(NaiveDate::default()),
            terms: Some("Pelunasan sebelum barang berangkat".into()),
            reason: Some("Bambu habis".into()),
            first: Rupiah(536_760),
            methods: vec![("transfer", "pay.transfer".into()), ("qris", "pay.qris".into())],
            order,
            form: FormView::default(),
        };
        vec![
            page("quote.draft", false, None),
            page("quote.sent", true, None),
            page("quote.expired", false, None),
            page("quote.accepted", false, Some("/pesanan/contoh".into())),
        ]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<OfferPage>()
}

/// `GET /penawaran/{secret}`
pub async fn show(visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    draw(&visit, &app, &secret, StatusCode::OK, FormView::default()).await
}

async fn draw(visit: &Visit, app: &App, secret: &str, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let quote = quote::by_secret(&app.db, secret).await?;
    let page = page_of(app, &quote, form).await?;
    let mut answer = visit.page_with(status, &app.templates, &page)?;
    keep_secret(&mut answer);
    Ok(answer)
}

async fn page_of(app: &App, quote: &Quote, form: FormView) -> Result<OfferPage> {
    let row = &quote.row;
    let outlet = outlet::Entity::find_by_id(row.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let wants: Vec<(i64, i64)> = quote.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
    let goods = cart::lines_of(&app.db, &wants).await?;
    let stands = quote.standing(app.clock.today());
    let (state, badge) = standing(stands);
    let name = |item_id: i64| goods.iter().find(|line| line.item.id == item_id).map_or(String::new(), cart::Line::name);
    let (mut short, mut gone) = (Vec::new(), Vec::new());
    for line in goods.iter().filter(|_| stands == State::Sent) {
        match line.trouble() {
            Some(Trouble::OnlyLeft(n)) => short.push((line.name(), n)),
            Some(Trouble::Withdrawn) => gone.push(line.name()),
            Some(Trouble::Price { .. }) | None => {}
        }
    }
    let first = accept::first_part(quote);
    let to_be_made = goods.iter().any(|line| line.to_make() > 0);
    let methods = METHODS.into_iter().filter(|method| accept::offered(*method, first, to_be_made, &outlet));
    let mut methods: Vec<(&'static str, String)> =
        methods.map(|method| (method::code(method), format!("pay.{}", method::code(method)))).collect();
    // What always works comes first.
    methods.sort_by_key(|(code, _)| *code != method::code(Method::Transfer));
    let order = match row.order_id {
        Some(id) => entity::order::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let region = crate::region::by_code(&row.region_code);
    Ok(OfferPage {
        number: quote::number(row),
        url: quote::url(row),
        state,
        badge,
        is_open: stands == State::Sent && short.is_empty() && gone.is_empty(),
        is_draft: stands == State::Draft,
        short,
        gone,
        outlet: outlet.name.clone(),
        outlet_address: outlet.address.clone(),
        outlet_phone: outlet.phone.clone(),
        buyer: row.buyer_name.clone(),
        place: region.map(|r| format!("{}, {}, {}", r.village, r.regency, r.province)).unwrap_or_default(),
        street: row.street.clone(),
        note: row.note.clone(),
        rows: quote
            .lines
            .iter()
            .map(|line| Row {
                name: name(line.item_id),
                pieces: line.quantity,
                unit_price: line.unit_price,
                list_price: line.list_price,
                total: line.unit_price.times(line.quantity).unwrap_or_default(),
            })
            .collect(),
        goods: quote.goods_total(),
        freight_name: row.freight_name.clone(),
        freight: row.freight,
        packing: row.packing,
        cartons: row.cartons,
        total: quote.total(),
        deposit: row.deposit,
        balance: quote.total() - row.deposit,
        kept: row.kept,
        deposit_days: row.deposit_days,
        balance_days: row.balance_days,
        valid_until: row.valid_until,
        ready_on: row.ready_on,
        terms: row.terms.clone(),
        reason: row.reason.clone(),
        first,
        methods,
        order: order.map(|order| crate::orders::order::url(&order)),
        form,
    })
}

/// `POST /penawaran/{secret}/ya`
pub async fn accept(visit: Visit, secret: Path<String>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut read = form.read();
    let method = read.choice("bayar", method::named);
    if !form.has("setuju") {
        read.refuse("setuju", crate::locale::Said::new("quote.tick_terms"));
    }
    let (status, wrong) = match read.done(method) {
        Ok(Some(method)) => {
            let tx = db::begin(&app.db).await?;
            match accept::accept(&tx, &app.clock, &secret, method, visit.lang).await {
                Ok(Answer::Order(url)) => {
                    tx.commit().await?;
                    return Ok(see_other(&url));
                }
                Ok(Answer::Expired) => {
                    tx.commit().await?;
                    return draw(&visit, &app, &secret, StatusCode::CONFLICT, FormView::default()).await;
                }
                Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
                Err(e) => return Err(e),
            }
        }
        Ok(None) => (StatusCode::UNPROCESSABLE_ENTITY, Wrong::default()),
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
    };
    let view = refused(&visit, &app, &form, &wrong);
    draw(&visit, &app, &secret, status, view).await
}

/// `POST /penawaran/{secret}/tidak`
pub async fn decline(visit: Visit, secret: Path<String>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut read = form.read();
    let reason = read.optional("alasan", 300);
    let (status, wrong) = match read.done(reason) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(reason) => {
            let tx = db::begin(&app.db).await?;
            match quote::decline(&tx, &app.clock, &secret, reason.as_deref()).await {
                Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
                Err(e) => return Err(e),
                Ok(row) => {
                    tx.commit().await?;
                    return Ok(done(&quote::url(&row), "quote.declined_now"));
                }
            }
        }
    };
    let view = refused(&visit, &app, &form, &wrong);
    draw(&visit, &app, &secret, status, view).await
}
