//! `/kelola/pasar/{id}`: one operasi pasar: its goods, what each dusun needs, the announcement, opening and closing.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde::Serialize;

use super::{
    HERE,
    view::{GoodView, MarketView, amount, hour, sample},
};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db::Tx,
    error::{Error, Result},
    form::Form,
    gateway::qris::{Picture, draw as draw_code},
    locale::{self, Lang, Said},
    notifications::whatsapp,
    outlet::{
        family,
        market::{self, Good, Model, Offer, State},
        web::{payout_acts::status_of, perform::perform},
    },
    page::{self, Page, Sample},
};
use entity::Rupiah;

#[derive(Serialize)]
struct MarketPage {
    market: MarketView,
    goods: Vec<GoodView>,
    offers: Vec<OfferView>,
    need: Vec<Need>,
    families: i64,
    /// Goods by what they need in all, and whether there is enough.
    enough: Vec<Enough>,
    /// Kilos of SPHP and how often they must be fetched, when it is more than once.
    tonnes: Option<Tonnes>,
    slots: Vec<SlotView>,
    tickets: i64,
    share: String,
    announcement: String,
    wrong: Option<String>,
}

#[derive(Serialize)]
struct OfferView {
    item_id: i64,
    name: String,
    cover: Option<String>,
    free: String,
    price: Rupiah,
    ceiling: Option<Rupiah>,
}

#[derive(Serialize)]
struct Need {
    dusun: String,
    families: i64,
    amounts: Vec<String>,
}

#[derive(Serialize)]
struct Enough {
    name: String,
    allotted: String,
    need: String,
    is_enough: bool,
}

#[derive(Serialize)]
struct Tonnes {
    amount: String,
    trips: i64,
}

#[derive(Serialize)]
struct SlotView {
    from: String,
    to: String,
    taken: i64,
    all: i64,
    part: i64,
}

impl Page for MarketPage {
    const TEMPLATE: &'static str = "outlet/market.html";
    fn samples() -> Vec<MarketPage> {
        let page = |state, goods: Vec<GoodView>| MarketPage {
            market: MarketView::sample(state),
            offers: vec![OfferView {
                item_id: 12,
                name: "Beras SPHP 5 kg".into(),
                cover: None,
                free: "40 buah".into(),
                price: Rupiah(62_500),
                ceiling: Some(Rupiah(62_500)),
            }],
            need: vec![Need { dusun: "Krajan".into(), families: 214, amounts: vec!["428 buah".into()] }],
            families: 214,
            enough: vec![Enough {
                name: "Beras SPHP 5 kg".into(),
                allotted: "400 buah".into(),
                need: "428 buah".into(),
                is_enough: goods.is_empty(),
            }],
            goods,
            tonnes: Some(Tonnes { amount: "2.140".into(), trips: 2 }),
            slots: vec![SlotView { from: "07.00".into(), to: "07.30".into(), taken: 5, all: 20, part: 25 }],
            tickets: 5,
            share: "https://wa.me/?text=halo".into(),
            announcement: "*Pasar murah*".into(),
            wrong: None,
        };
        let empty = MarketPage {
            need: Vec::new(),
            enough: Vec::new(),
            families: 0,
            tonnes: None,
            offers: Vec::new(),
            wrong: Some("Pilih dulu barangnya.".into()),
            ..page(State::Planned, Vec::new())
        };
        let goods = || vec![GoodView::sample(false), GoodView::sample(true)];
        vec![empty, page(State::Planned, goods()), page(State::Open, goods()), page(State::Closed, goods())]
    }
}

#[derive(Serialize)]
struct AnnouncementPage {
    market: MarketView,
    outlet: String,
    goods: Vec<GoodView>,
    qr: Option<Picture>,
}

impl Page for AnnouncementPage {
    const TEMPLATE: &'static str = "outlet/market_announcement.html";
    fn samples() -> Vec<AnnouncementPage> {
        vec![AnnouncementPage {
            market: MarketView::of(&sample(State::Planned)),
            outlet: "e-Warong Kemuning Lor".into(),
            goods: vec![GoodView::sample(false)],
            qr: draw_code("http://127.0.0.1:8080/pasar/4"),
        }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    [page::samples::<MarketPage>(), page::samples::<AnnouncementPage>()].into_iter().flatten().collect()
}

/// Where everybody sees it.
pub(super) fn public_url(app: &App, market: &Model) -> String {
    format!("{}/pasar/{}", app.config.public_url, market.id)
}

/// The announcement as a message.
fn announcement(app: &App, lang: Lang, outlet: &str, market: &Model, goods: &[Good]) -> String {
    let when = format!(
        "{}, {}–{} WIB",
        locale::date(lang, crate::clock::local_date(market.opens_at)),
        hour(market.opens_at),
        hour(market.closes_at)
    );
    let head = Said::new("pasar.announce_head")
        .with("name", market.name.as_str())
        .with("outlet", outlet)
        .with("when", when)
        .with("place", market.place.as_str());
    let line = |good: &Good| {
        let said = Said::new("pasar.announce_line")
            .with("name", good.name.as_str())
            .with("price", good.price)
            .with("unit", app.say(lang, &Said::new(super::view::unit_key(good.measure))))
            .with("most", amount(app, lang, good.measure, good.per_family));
        app.say(lang, &said)
    };
    let foot = Said::new("pasar.announce_foot").with("url", public_url(app, market));
    let lines = goods.iter().map(line);
    let note = (!market.note.is_empty()).then(|| market.note.clone());
    std::iter::once(app.say(lang, &head))
        .chain(lines)
        .chain(note)
        .chain([app.say(lang, &foot)])
        .collect::<Vec<_>>()
        .join("\n")
}

async fn draw(
    operator: &Operator,
    app: &App,
    market: &Model,
    status: StatusCode,
    wrong: Option<String>,
) -> Result<HttpResponse> {
    let (db, lang, outlet) = (&app.db, operator.visit.lang, &operator.outlet);
    let goods = market::goods(db, market.id).await?;
    let offers = match market.state {
        State::Planned => market::offers(db, outlet, market).await?,
        _ => Vec::new(),
    };
    let is_new = |offer: &&Offer| goods.iter().all(|good| good.item_id != offer.item.id);
    let dusun = family::by_dusun(db, outlet.village_id).await?;
    let families: i64 = dusun.iter().map(|(_, families)| families).sum();
    let share_of = |good: &Good, families: i64| amount(app, lang, good.measure, good.per_family * families);
    let grams = market::heaviest(&goods);
    let message = announcement(app, lang, &outlet.name, market, &goods);
    let slots = market::slots(db, market).await?;
    let page = MarketPage {
        offers: offers
            .iter()
            .filter(is_new)
            .map(|offer| OfferView {
                item_id: offer.item.id,
                name: offer.name.clone(),
                cover: offer.cover.clone(),
                free: amount(app, lang, offer.item.measure, offer.free),
                price: offer.item.price,
                ceiling: offer.ceiling,
            })
            .collect(),
        need: dusun
            .iter()
            .map(|(name, families)| Need {
                dusun: name.clone(),
                families: *families,
                amounts: goods.iter().map(|good| share_of(good, *families)).collect(),
            })
            .collect(),
        families,
        enough: goods
            .iter()
            .map(|good| Enough {
                name: good.name.clone(),
                allotted: amount(app, lang, good.measure, good.allotted),
                need: share_of(good, families),
                is_enough: good.allotted >= good.per_family * families,
            })
            .collect(),
        tonnes: (grams > market::SPHP_AT_ONCE).then(|| Tonnes {
            amount: page::kilograms(grams),
            trips: (grams + market::SPHP_AT_ONCE - 1) / market::SPHP_AT_ONCE,
        }),
        slots: slots
            .iter()
            .map(|slot| SlotView {
                from: hour(slot.from),
                to: hour(slot.to),
                taken: slot.taken,
                all: market.slot_families,
                part: slot.taken * 100 / market.slot_families.max(1),
            })
            .collect(),
        tickets: slots.iter().map(|slot| slot.taken).sum(),
        goods: goods.iter().map(|good| GoodView::of(app, lang, good)).collect(),
        share: whatsapp::link("", &message),
        announcement: message,
        market: MarketView::of(market),
        wrong,
    };
    operator.visit.page_with(status, &app.templates, &page)
}

/// `GET /kelola/pasar/{id}`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::read(&app.db, operator.outlet.id, *id).await?;
    draw(&operator, &app, &market, StatusCode::OK, None).await
}

/// `GET /kelola/pasar/{id}/pengumuman`
pub(super) async fn announce(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let market = market::read(&app.db, operator.outlet.id, *id).await?;
    let goods = market::goods(&app.db, *id).await?;
    let page = AnnouncementPage {
        outlet: operator.outlet.name.clone(),
        goods: goods.iter().map(|good| GoodView::of(&app, operator.visit.lang, good)).collect(),
        qr: draw_code(&public_url(&app, &market)),
        market: MarketView::of(&market),
    };
    operator.visit.page(&app.templates, &page)
}

/// An act on the market's page: what is refused is said there.
async fn act(
    operator: &Operator,
    app: &App,
    form: &Form,
    (id, verb, said): (i64, &str, &'static str),
    act: impl AsyncFnOnce(&Tx) -> Result<()>,
) -> Result<HttpResponse> {
    market::read(&app.db, operator.outlet.id, id).await?;
    let scope = format!("market.{verb} {id}");
    let acted = perform(app, form, &scope, async |tx| {
        act(tx).await?;
        Ok(format!("{HERE}/{id}"))
    });
    match acted.await {
        Ok(url) => Ok(done(&url, said)),
        Err(Error::Refused(refusal)) => {
            let market = market::read(&app.db, operator.outlet.id, id).await?;
            let wrong = app.say(operator.visit.lang, &refusal.said);
            draw(operator, app, &market, status_of(&refusal), Some(wrong)).await
        }
        Err(e) => Err(e),
    }
}

/// `POST /kelola/pasar/{id}/buka`
pub(super) async fn open(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let what = (*id, "open", "market.was_opened");
    act(&operator, &app, &form, what, async |tx| {
        market::open(tx, &app.clock, &operator.outlet, *id, operator.person_id).await
    })
    .await
}

/// `POST /kelola/pasar/{id}/tutup`
pub(super) async fn close(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let what = (*id, "close", "market.was_closed");
    act(&operator, &app, &form, what, async |tx| {
        market::close(tx, &app.clock, &operator.outlet, *id, operator.person_id).await
    })
    .await
}

/// `POST /kelola/pasar/{id}/batal`
pub(super) async fn call_off(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let what = (*id, "call_off", "market.was_called_off");
    act(&operator, &app, &form, what, async |tx| {
        market::call_off(tx, &app.clock, &operator.outlet, *id, operator.person_id).await
    })
    .await
}
