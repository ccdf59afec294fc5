//! `/kelola/penawaran/{id}`: a quote before the operator, with all that helps to write it.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{Days, NaiveDate};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::standing;
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    form::{Form, FormView},
    gateway::shipping::Quote as Carriage,
    locale::{Said, grouped},
    notifications::whatsapp,
    orders::{carriage, cart, order as orders},
    page::{self, Page, Sample},
    region::Code,
    wholesale::{
        carton,
        fill::Filled,
        quote::{self, CARGO, Quote, State},
        shipment,
        tier::{self, Priced},
    },
};
use entity::Rupiah;

/// One line of a quote with what it brings the maker.
#[derive(Clone, Serialize)]
struct Row {
    item_id: i64,
    name: String,
    quantity: String,
    price: String,
    unit_price: Rupiah,
    pieces: i64,
    list_price: Rupiah,
    tier_price: Rupiah,
    maker: Rupiah,
    floor: Rupiah,
    total: Rupiah,
    available: i64,
}

#[derive(Clone, Serialize)]
struct Freight {
    code: String,
    name: String,
    cost: Rupiah,
    days: (i64, i64),
    chosen: bool,
}

/// What a ship or truck would ask for these cartons.
#[derive(Clone, Serialize)]
struct Sailing {
    name: String,
    route: String,
    cost: Rupiah,
    closes_at: chrono::DateTime<chrono::Utc>,
}

#[derive(Serialize)]
struct DeskPage {
    id: i64,
    number: String,
    buyer: String,
    phone: String,
    place: String,
    street: String,
    note: Option<String>,
    is_reseller: bool,
    is_draft: bool,
    is_open: bool,
    may_send: bool,
    state: &'static str,
    badge: &'static str,
    reason: Option<String>,
    rows: Vec<Row>,
    freights: Vec<Freight>,
    is_cargo: bool,
    sailings: Vec<Sailing>,
    /// By the nesting rule.
    cartons: usize,
    grams: i64,
    /// Hundredths of a cubic metre.
    volume: String,
    freight_name: String,
    freight: Rupiah,
    packing: Rupiah,
    cartons_agreed: i64,
    goods: Rupiah,
    total: Rupiah,
    deposit: Rupiah,
    /// As it is proposed in the form: "30%" until something was written.
    deposit_typed: String,
    kept: Rupiah,
    kept_percent: i64,
    deposit_days: i64,
    balance_days: Option<i64>,
    valid_until: Option<NaiveDate>,
    ready_on: Option<NaiveDate>,
    /// The first day by which its makers can have made it; none when all of it is there.
    earliest: Option<NaiveDate>,
    terms: Option<String>,
    link: String,
    whatsapp: String,
    /// The order it became.
    order: Option<(i64, String)>,
    form: FormView,
}

impl Page for DeskPage {
    const TEMPLATE: &'static str = "wholesale/desk.html";
    fn samples() -> Vec<DeskPage> {
        let row = Row {
            item_id: 1,
            name: "Keranjang sampah anyam".into(),
            quantity: "60".into(),
            price: "24.500".into(),
            unit_price: Rupiah(24_500),
            pieces: 60,
            list_price: Rupiah(28_000),
            tier_price: Rupiah(24_500),
            maker: Rupiah(18_620),
            floor: Rupiah(18_000),
            total: Rupiah(1_470_000),
            available: 23,
        };
        let page = |is_draft: bool, order: Option<(i64, String)>| DeskPage {
            id: 7,
            number: "PW-2611-0007".into(),
            buyer: "Toko Rimba".into(),
            phone: "6281300000006".into(),
            place: "Sidodadi, Samarinda".into(),
            street: "Jalan Mulawarman 77".into(),
            note: Some("Untuk akhir bulan".into()),
            is_reseller: true,
            is_draft,
            is_open: order.is_none(),
            may_send: is_draft,
            state: "quote.draft",
            badge: "wait",
            reason: (!is_draft).then(|| "Bambu habis".into()),
            rows: vec![row.clone()],
            freights: vec![Freight {
                code: "reguler".into(),
                name: "Reguler".into(),
                cost: Rupiah(300_000),
                days: (4, 7),
                chosen: false,
            }],
            is_cargo: true,
            sailings: vec![Sailing {
                name: "KM Dharma Rucitra".into(),
                route: "Surabaya – Balikpapan".into(),
                cost: Rupiah(259_200),
                closes_at: chrono::DateTime::UNIX_EPOCH,
            }],
            cartons: 6,
            grams: 36_000,
            volume: "0,58".into(),
            freight_name: "Kapal ke Balikpapan".into(),
            freight: Rupiah(259_200),
            packing: Rupiah(60_000),
            cartons_agreed: 6,
            goods: Rupiah(1_470_000),
            total: Rupiah(1_789_200),
            deposit: Rupiah(536_760),
            deposit_typed: "30%".into(),
            kept_percent: 50,
            kept: Rupiah(268_380),
            deposit_days: 3,
            balance_days: (!is_draft).then_some(14),
            valid_until: Some(NaiveDate::default()),
            ready_on: Some(NaiveDate::default()),
            earliest: is_draft.then(NaiveDate::default),
            terms: Some("Pelunasan sebelum barang berangkat".into()),
            link: "/penawaran/contoh".into(),
            whatsapp: "https://wa.me/6281300000006".into(),
            order,
            form: FormView::default(),
        };
        vec![page(true, None), page(false, None), page(false, Some((42, "K-2611-0042".into())))]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<DeskPage>()
}

/// Everything around a quote: what its goods would take to carry.
pub(super) struct Around {
    pub(super) quote: Quote,
    priced: std::collections::BTreeMap<i64, Priced>,
    pub(super) carriages: Vec<Carriage>,
    filled: Vec<Filled>,
    earliest: Option<NaiveDate>,
}

impl Around {
    pub(super) async fn look(app: &App, operator: &Operator, id: i64) -> Result<Around> {
        let quote = quote::by_id(&app.db, operator.outlet.id, id).await?;
        let ids: Vec<i64> = quote.lines.iter().map(|line| line.item_id).collect();
        let priced = tier::of_items(&app.db, &ids, quote.row.reseller_id.is_some()).await?;
        let wants: Vec<(i64, i64)> = quote.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
        let goods = cart::lines_of(&app.db, &wants).await?;
        let (_, origin) = carriage::outlet_of(&app.db, operator.outlet.id).await?;
        let carriages = match Code::parse(&quote.row.region_code) {
            Ok(code) => carriage::offers(&app.db, operator.outlet.id, &origin, &code, &goods).await?,
            Err(_) => Vec::new(),
        };
        let wanted: Vec<(i64, i64, i64)> = wants.iter().map(|(item, pieces)| (*item, *item, *pieces)).collect();
        let filled = carton::proposal(&carton::items(&app.db, &ids).await?, &wanted);
        let earliest = quote::ready_on(&app.db, &app.clock, &wants).await?;
        let carriages = carriages.into_iter().map(|offer| offer.quote).collect();
        Ok(Around { quote, priced, carriages, filled, earliest })
    }

    pub(super) fn grams(&self) -> i64 {
        self.filled.iter().map(|filled| filled.weight_grams).sum()
    }

    fn volume(&self) -> i64 {
        shipment::volume_mm3(self.filled.iter().map(|filled| &filled.size))
    }
}

/// `GET /kelola/penawaran/{id}`
pub async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, *id, StatusCode::OK, None, FormView::default()).await
}

pub(super) async fn draw(
    operator: &Operator,
    app: &App,
    id: i64,
    status: StatusCode,
    typed: Option<&Form>,
    form: FormView,
) -> Result<HttpResponse> {
    let around = Around::look(app, operator, id).await?;
    let quote = &around.quote;
    let row = &quote.row;
    let today = app.clock.today();
    let (state, badge) = standing(quote.standing(today));
    let ids: Vec<i64> = quote.lines.iter().map(|line| line.item_id).collect();
    let available = crate::stock::available(&app.db, &ids).await?;
    let rows = quote.lines.iter().filter_map(|line| {
        let priced = around.priced.get(&line.item_id)?;
        let or = |name: String, fallback: i64| match typed {
            Some(typed) if typed.has(&name) => typed.get(&name).chars().take(20).collect(),
            _ => grouped(fallback),
        };
        Some(Row {
            item_id: line.item_id,
            name: priced.name(),
            quantity: or(format!("n_{}", line.item_id), line.quantity),
            price: or(format!("h_{}", line.item_id), line.unit_price.0),
            unit_price: line.unit_price,
            pieces: line.quantity,
            list_price: line.list_price,
            tier_price: priced.price_of(line.quantity),
            maker: priced.maker_part(line.unit_price),
            floor: priced.floor(),
            total: line.unit_price.times(line.quantity).unwrap_or_default(),
            available: available.get(&line.item_id).copied().unwrap_or(0),
        })
    });
    let (grams, volume) = (around.grams(), around.volume());
    let now = app.clock.now();
    let ships = shipment::coming(&app.db, operator.outlet.id, now).await?;
    let order = match row.order_id {
        Some(id) => entity::order::Entity::find_by_id(id).one(&app.db).await?,
        None => None,
    };
    let order = order.map(|order| (order.id, orders::number(&order)));
    let link = quote::url(row);
    let region = crate::region::by_code(&row.region_code);
    let chosen = typed.map_or(row.freight_kind.clone(), |typed| typed.get("ongkir").to_owned());
    let page = DeskPage {
        id,
        number: quote::number(row),
        buyer: row.buyer_name.clone(),
        phone: row.buyer_phone.clone(),
        place: region.map(|region| format!("{}, {}", region.village, region.regency)).unwrap_or_default(),
        street: row.street.clone(),
        note: row.note.clone(),
        is_reseller: row.reseller_id.is_some(),
        is_draft: row.state == State::Draft,
        is_open: matches!(row.state, State::Draft | State::Sent),
        may_send: row.state == State::Draft && row.valid_until.is_some(),
        state,
        badge,
        reason: row.reason.clone(),
        rows: rows.collect(),
        is_cargo: chosen == CARGO || around.carriages.is_empty(),
        freights: around
            .carriages
            .iter()
            .map(|carriage| Freight {
                code: carriage.code.clone(),
                name: carriage.name.clone(),
                cost: carriage.cost,
                days: (carriage.days_min, carriage.days_max),
                chosen: chosen == carriage.code,
            })
            .collect(),
        sailings: ships
            .iter()
            .filter(|ship| shipment::takes_cargo(ship, now))
            .map(|ship| Sailing {
                name: ship.name.clone(),
                route: format!("{} – {}", ship.from_place, ship.to_place),
                cost: shipment::price(ship, grams, volume),
                closes_at: ship.closes_at,
            })
            .collect(),
        cartons: around.filled.len(),
        grams,
        volume: cubic_metres(volume),
        freight_name: row.freight_name.clone(),
        freight: row.freight,
        packing: row.packing,
        cartons_agreed: row.cartons,
        goods: quote.goods_total(),
        total: quote.total(),
        deposit: row.deposit,
        deposit_typed: if row.valid_until.is_none() { "30%".into() } else { grouped(row.deposit.0) },
        kept: row.kept,
        kept_percent: match (row.valid_until, row.deposit.0) {
            (None, _) => 50,
            (Some(_), 0) => 0,
            (Some(_), deposit) => row.kept.0.saturating_mul(100) / deposit,
        },
        deposit_days: row.deposit_days,
        balance_days: row.balance_days,
        valid_until: row.valid_until.or(today.checked_add_days(Days::new(14))),
        ready_on: row.ready_on,
        earliest: around.earliest,
        terms: row.terms.clone(),
        whatsapp: whatsapp::link(&row.buyer_phone, &message(operator, app, quote)),
        link,
        order,
        form,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// A message to the buyer with the way to their quote.
fn message(operator: &Operator, app: &App, quote: &Quote) -> String {
    let said = Said::new("quote.whatsapp_text")
        .with("name", quote.row.buyer_name.as_str())
        .with("outlet", operator.outlet.name.as_str())
        .with("number", quote::number(&quote.row))
        .with("link", format!("{}{}", app.config.public_url, quote::url(&quote.row)));
    app.say(operator.visit.lang, &said)
}

/// Cubic millimetres as cubic metres: "0,58".
fn cubic_metres(volume_mm3: i64) -> String {
    let hundredths = volume_mm3.saturating_add(5_000_000) / 10_000_000;
    format!("{},{:02}", grouped(hundredths / 100), hundredths % 100)
}
