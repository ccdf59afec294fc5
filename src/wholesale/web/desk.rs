//! `/kelola/penawaran/{id}`: the operator writes prices, freight, packing and terms, sends the quote, or takes it back.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::{Days, NaiveDate};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{Tap, day, refused, standing, status_of};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Result},
    form::{Form, FormView, Reader, Wrong, amount, whole_number},
    gateway::shipping::Quote as Carriage,
    locale::{Said, grouped},
    notifications::whatsapp,
    orders::{carriage, cart, order as orders},
    page::{self, Page, Sample},
    region::Code,
    wholesale::{
        carton,
        fill::Filled,
        quote::{self, CARGO, Deposit, Line, MOST_PIECES, Quote, State, Terms},
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
    valid_until: Option<NaiveDate>,
    ready_on: Option<NaiveDate>,
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
            valid_until: Some(NaiveDate::default()),
            ready_on: Some(NaiveDate::default()),
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
struct Around {
    quote: Quote,
    priced: std::collections::BTreeMap<i64, Priced>,
    carriages: Vec<Carriage>,
    filled: Vec<Filled>,
}

impl Around {
    async fn look(app: &App, operator: &Operator, id: i64) -> Result<Around> {
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
        Ok(Around { quote, priced, carriages: carriages.into_iter().map(|offer| offer.quote).collect(), filled })
    }

    fn grams(&self) -> i64 {
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

async fn draw(
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
        valid_until: row.valid_until.or(today.checked_add_days(Days::new(14))),
        ready_on: row.ready_on,
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

/// `POST /kelola/penawaran/{id}`: writes everything of a draft.
pub async fn write(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let around = Around::look(&app, &operator, *id).await?;
    let (status, wrong) = match read(&around, &form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(terms) => match keep(&operator, &app, *id, &form, &terms).await {
            Err(Error::Refused(refusal)) => {
                let field = match refusal.said.key {
                    "wholesale.deposit_above_total" => "muka",
                    "wholesale.below_floor" => "barang",
                    _ => "",
                };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            answer => return answer,
        },
    };
    let view = refused(&operator.visit, &app, &form, &wrong);
    draw(&operator, &app, *id, status, Some(&form), view).await
}

fn read(around: &Around, form: &Form) -> Result<Terms, Wrong> {
    let mut read = form.read();
    let lines = lines(&around.quote, form).unwrap_or_else(|said| {
        read.refuse("barang", said);
        Vec::new()
    });
    let service = around.carriages.iter().find(|carriage| carriage.code == form.get("ongkir"));
    let (freight_kind, freight_name, freight, chargeable_grams) = match service {
        Some(carriage) => (carriage.code.clone(), carriage.name.clone(), carriage.cost, carriage.chargeable_grams),
        None => {
            let name = read.text("kargo_nama", 80);
            (CARGO.to_owned(), name, read.rupiah("kargo_harga", 0, 1_000_000_000), around.grams())
        }
    };
    let cartons = read.number("koli", 0, 500);
    let packing = read.rupiah("kemas", 0, 1_000_000_000);
    let deposit = deposit(&mut read);
    let kept_percent = read.number("hangus", 0, 100);
    let deposit_days = read.number("hari", 1, 30);
    let valid_until = day(&mut read, "berlaku");
    let ready_on = day(&mut read, "siap");
    if form.get("berlaku").is_empty() {
        read.refuse("berlaku", Said::new("form.required"));
    }
    let terms = read.lines("syarat", 600);
    read.done(Terms {
        lines,
        freight_kind,
        freight_name,
        freight,
        chargeable_grams,
        cartons,
        packing,
        deposit,
        kept_percent,
        deposit_days,
        valid_until: valid_until.unwrap_or_default(),
        ready_on,
        terms: Some(terms.trim().to_owned()).filter(|text| !text.is_empty()),
    })
}

/// "30%" or an amount.
fn deposit(read: &mut Reader<'_>) -> Deposit {
    let text = read.get("muka").to_owned();
    let percent = text.strip_suffix('%').map(|number| whole_number(number.trim()));
    match (percent, amount(&text)) {
        (Some(Some(percent)), _) if (0..=100).contains(&percent) => return Deposit::Percent(percent),
        (None, Some(sum)) => return Deposit::Amount(Rupiah(sum)),
        _ => read.refuse("muka", Said::new("wholesale.not_a_deposit")),
    }
    Deposit::Amount(Rupiah::ZERO)
}

/// Pieces and prices of each line; nothing of one takes it out.
fn lines(quote: &Quote, form: &Form) -> Result<Vec<Line>, Said> {
    let mut lines = Vec::new();
    for line in &quote.lines {
        let pieces = whole_number(form.get(&format!("n_{}", line.item_id)));
        let price = amount(form.get(&format!("h_{}", line.item_id)));
        match (pieces, price) {
            (Some(0), _) => {}
            (Some(n), _) if n > MOST_PIECES => return Err(Said::new("form.at_most").with("max", MOST_PIECES)),
            (Some(quantity), Some(price)) if price > 0 => {
                lines.push(Line { item_id: line.item_id, quantity, unit_price: Rupiah(price) });
            }
            (None, _) => return Err(Said::new("form.not_a_number")),
            _ => return Err(Said::new("form.not_an_amount")),
        }
    }
    if lines.is_empty() { Err(Said::new("quote.nothing_asked")) } else { Ok(lines) }
}

async fn keep(operator: &Operator, app: &App, id: i64, form: &Form, terms: &Terms) -> Result<HttpResponse> {
    let url = format!("/kelola/penawaran/{id}");
    let tap = Tap::of(format!("quote written {id}"), form);
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    quote::write(&tx, &app.clock, &operator.outlet, id, terms, operator.person_id).await?;
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "wholesale.quote_written"))
}

/// `POST /kelola/penawaran/{id}/kirim`
pub async fn send(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tap = Tap::of(format!("quote sent {id}"), &form);
    let url = format!("/kelola/penawaran/{id}");
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    match quote::send(&tx, &app.clock, &operator.outlet, *id, operator.person_id).await {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let status = status_of(&refusal);
            let view = refused(&operator.visit, &app, &form, &Wrong::refusal("", refusal));
            return draw(&operator, &app, *id, status, None, view).await;
        }
        sent => sent?,
    };
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "wholesale.quote_sent"))
}

/// `POST /kelola/penawaran/{id}/tarik`
pub async fn withdraw(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut read = form.read();
    let reason = read.text("alasan", 300);
    let (status, wrong) = match read.done(reason) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(reason) => {
            let tx = db::begin(&app.db).await?;
            match quote::withdraw(&tx, &app.clock, &operator.outlet, *id, &reason, operator.person_id).await {
                Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
                Err(e) => return Err(e),
                Ok(_) => {
                    tx.commit().await?;
                    return Ok(done(&format!("/kelola/penawaran/{id}"), "wholesale.quote_withdrawn"));
                }
            }
        }
    };
    let view = refused(&operator.visit, &app, &form, &wrong);
    draw(&operator, &app, *id, status, None, view).await
}
