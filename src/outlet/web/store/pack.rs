//! `/kelola/gudang/kemas`: goods packed anew: what is taken, what came of it, and what is in no bag.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Query},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    acts::{Act, in_measure, perform, refused, status_of, view},
    goods, place_key, places, some_of, spoken,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::{Error, Result},
    form::{Form, FormView, Wrong},
    outlet::{
        cost, markdown,
        repacking::{self, DEAREST_BAGS, NewRepacking},
        store, weighed,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, item::Measure, place};

/// So many repackings are on the page.
const LATEST: u64 = 12;

#[derive(Default, Serialize)]
struct PackPage {
    /// Goods to choose from, while none is chosen.
    choose: Vec<Choice>,
    source: Option<Source>,
    form: FormView,
    /// Whether much would be lost, and that is asked about.
    asks: bool,
    latest: Vec<Done>,
}

#[derive(Clone, Serialize)]
struct Choice {
    item_id: i64,
    name: String,
    cover: Option<String>,
    all: String,
}

/// What is packed.
#[derive(Serialize)]
struct Source {
    item_id: i64,
    name: String,
    unit: &'static str,
    /// Of a kilogram, a litre or a piece, on average.
    each: Rupiah,
    places: Vec<Place>,
    into: Vec<Place>,
    targets: Vec<Target>,
}

#[derive(Clone, Serialize)]
struct Place {
    id: i64,
    key: &'static str,
    free: String,
    chosen: bool,
}

/// What it can be packed into.
#[derive(Clone, Serialize)]
struct Target {
    item_id: i64,
    name: String,
    unit: &'static str,
    /// What is in one: "5 kg".
    content: String,
    made: String,
    wrong: String,
    /// Whether it is the same kind of goods: the others are below.
    is_kin: bool,
}

#[derive(Clone, Serialize)]
struct Done {
    name: String,
    quantity: String,
    at: DateTime<Utc>,
    made: Vec<String>,
    lost: Option<String>,
    /// Hundredths of what was in it that are in bags now.
    kept: i64,
    reason: Option<String>,
}

impl Page for PackPage {
    const TEMPLATE: &'static str = "store/pack.html";
    fn samples() -> Vec<PackPage> {
        let choice = Choice { item_id: 9, name: "Beras medium curah".into(), cover: None, all: "50 kg".into() };
        let place = Place { id: 1, key: "store.place_store", free: "50 kg".into(), chosen: true };
        let target = Target {
            item_id: 10,
            name: "Beras medium, 5 kg".into(),
            unit: "",
            content: "5 kg".into(),
            made: "9".into(),
            wrong: String::new(),
            is_kin: true,
        };
        let flour = Target { name: "Tepung terigu 1 kg".into(), is_kin: false, ..target.clone() };
        let source = Source {
            item_id: 9,
            name: "Beras medium curah".into(),
            unit: "kg",
            each: Rupiah(12_500),
            places: vec![place.clone(), Place { id: 2, chosen: false, ..place.clone() }],
            into: vec![place],
            targets: vec![target, flour],
        };
        let done = Done {
            name: "Beras medium curah".into(),
            quantity: "50 kg".into(),
            at: DateTime::UNIX_EPOCH,
            made: vec!["9 × Beras medium, 5 kg".into()],
            lost: Some("0,3 kg".into()),
            kept: 99,
            reason: Some("tumpah".into()),
        };
        let chosen = PackPage { source: Some(source), asks: true, latest: vec![done], ..PackPage::default() };
        vec![PackPage::default(), PackPage { choose: vec![choice], ..PackPage::default() }, chosen]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<PackPage>()
}

/// What shall be packed, when that is chosen.
#[derive(Deserialize)]
pub(super) struct Of {
    barang: Option<i64>,
}

/// `GET /kelola/gudang/kemas?barang=9`
pub(super) async fn blank(operator: Operator, of: Query<Of>, app: Data<App>) -> Result<HttpResponse> {
    draw(&operator, &app, of.barang, (StatusCode::OK, false), None, FormView::default()).await
}

async fn draw(
    operator: &Operator,
    app: &App,
    item_id: Option<i64>,
    (status, asks): (StatusCode, bool),
    typed: Option<&Form>,
    form: FormView,
) -> Result<HttpResponse> {
    let mut page = PackPage { asks, latest: latest(operator, app).await?, ..PackPage::default() };
    match item_id {
        None => page.choose = choices(operator, app).await?,
        Some(id) => page.source = Some(source(operator, app, id, typed, &form).await?),
    }
    page.form = form;
    operator.visit.page_with(status, &app.templates, &page)
}

async fn choices(operator: &Operator, app: &App) -> Result<Vec<Choice>> {
    let goods = goods(&app.db, operator.outlet.id).await?;
    let ids: Vec<i64> = goods.iter().map(|good| good.item.id).collect();
    let own = store::known_places(&app.db, operator.outlet.id).await?;
    let is_good = |id: i64| own.iter().any(|place| place.id == id && place.kind != place::Kind::Expired);
    let levels = store::levels(&app.db, &ids).await?;
    let there = |id: i64| -> i64 {
        levels.iter().filter(|row| row.item_id == id && is_good(row.place_id)).map(|row| row.on_hand).sum()
    };
    let can_be = |good: &&super::Good| goods.iter().any(|other| weighed::fits(&good.item, &other.item));
    let choices = goods.iter().filter(|good| there(good.item.id) > 0).filter(can_be).map(|good| Choice {
        all: spoken(app, operator.visit.lang, there(good.item.id), good.item.measure),
        item_id: good.item.id,
        name: good.name.clone(),
        cover: good.product.cover.clone(),
    });
    Ok(choices.collect())
}

async fn source(operator: &Operator, app: &App, item_id: i64, typed: Option<&Form>, form: &FormView) -> Result<Source> {
    let goods = goods(&app.db, operator.outlet.id).await?;
    let source = goods.iter().find(|good| good.item.id == item_id).ok_or(Error::NotFound)?;
    let own = places(app, operator.outlet.id).await?;
    let levels = store::levels(&app.db, &[item_id]).await?;
    let free = |id: i64| levels.iter().find(|row| row.place_id == id).map_or(0, |row| row.on_hand - row.promised);
    let chosen = |name: &str| typed.and_then(|typed| typed.get(name).parse::<i64>().ok());
    let place = |place: &place::Model, chosen: Option<i64>| Place {
        id: place.id,
        key: place_key(place.kind),
        free: spoken(app, operator.visit.lang, free(place.id), source.item.measure),
        chosen: chosen == Some(place.id),
    };
    let with_some = own.iter().filter(|place| place.kind != place::Kind::Expired && free(place.id) > 0);
    // Sacks stand in the store, bags on the shelf.
    let first = with_some.clone().min_by_key(|place| place.kind != place::Kind::Store).map(|place| place.id);
    let shelf = own.iter().find(|place| place.kind == place::Kind::Shelf).map(|place| place.id);
    let into = own.iter().filter(|place| place.kind != place::Kind::Expired);
    let others = goods.iter().filter(|good| weighed::fits(&source.item, &good.item));
    // Rice becomes rice; that it is mixed into something else is rarer.
    let is_kin = |good: &super::Good| {
        let commodity = source.product.commodity.as_deref();
        good.product.id == source.product.id || (commodity.is_some() && good.product.commodity.as_deref() == commodity)
    };
    let target = |good: &super::Good| {
        let name = format!("jadi_{}", good.item.id);
        let (one, of) = weighed::content(&good.item);
        Target {
            item_id: good.item.id,
            name: good.name.clone(),
            unit: unit(good.item.measure),
            content: if good.item.measure == Measure::Piece { weighed::words(one, of) } else { String::new() },
            made: typed.map(|typed| typed.get(&name).to_owned()).unwrap_or_default(),
            wrong: form.errors.get(&name).cloned().unwrap_or_default(),
            is_kin: is_kin(good),
        }
    };
    Ok(Source {
        item_id,
        name: source.name.clone(),
        unit: unit(source.item.measure),
        each: markdown::cost_of(&cost::heap(&app.db, item_id).await?, source.item.measure),
        places: with_some.map(|one| place(one, chosen("dari").or(first))).collect(),
        into: into.map(|one| place(one, chosen("ke").or(shelf))).collect(),
        targets: others.map(target).collect(),
    })
}

fn unit(of: Measure) -> &'static str {
    match of {
        Measure::Piece => "",
        Measure::Gram => "kg",
        Measure::Millilitre => "l",
    }
}

async fn latest(operator: &Operator, app: &App) -> Result<Vec<Done>> {
    let goods = goods(&app.db, operator.outlet.id).await?;
    let measure =
        |id: i64| goods.iter().find(|good| good.item.id == id).map_or(Measure::Piece, |good| good.item.measure);
    let unit = |id: i64| {
        goods.iter().find(|good| good.item.id == id).map_or(Measure::Gram, |good| weighed::content(&good.item).1)
    };
    let latest = repacking::list(&app.db, operator.outlet.id, LATEST).await?;
    let done = |(row, lines): (repacking::Model, Vec<entity::repacking_line::Model>)| Done {
        quantity: weighed::words(row.quantity, measure(row.item_id)),
        made: lines
            .iter()
            .map(|line| match measure(line.item_id) {
                Measure::Piece => format!("{} × {}", weighed::words(line.quantity, Measure::Piece), line.name),
                loose => format!("{} {}", weighed::words(line.quantity, loose), line.name),
            })
            .collect(),
        lost: (row.lost > 0).then(|| weighed::words(row.lost, unit(row.item_id))),
        kept: (row.content - row.lost) * 100 / row.content.max(1),
        name: row.name,
        at: row.packed_at,
        reason: row.reason,
    };
    Ok(latest.into_iter().map(done).collect())
}

/// `POST /kelola/gudang/kemas`
pub(super) async fn pack(operator: Operator, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let item_id: i64 = form.get("barang").parse().map_err(|_| Error::NotFound)?;
    let goods = goods(&app.db, operator.outlet.id).await?;
    let source = goods.iter().find(|good| good.item.id == item_id).ok_or(Error::NotFound)?;
    let mut reader = form.read();
    let from = reader.choice("dari", |text| text.parse::<i64>().ok());
    let into = reader.choice("ke", |text| text.parse::<i64>().ok());
    let quantity = some_of(&mut reader, "jumlah", source.item.measure);
    let reason = reader.optional("alasan", 200);
    let bag_cost = match reader.get("plastik") {
        "" => Rupiah::ZERO,
        _ => reader.rupiah("plastik", 0, DEAREST_BAGS),
    };
    let mut made = Vec::new();
    let mut odd = Vec::new();
    for good in &goods {
        let name = format!("jadi_{}", good.item.id);
        let text = form.get(&name);
        match weighed::some(text, good.item.measure) {
            _ if text.is_empty() || text == "0" => {}
            Ok(quantity) => made.push((good.item.id, quantity)),
            Err(said) => odd.push((name, app.say(operator.visit.lang, &said))),
        }
    }
    let new = NewRepacking {
        item_id,
        place_id: from.unwrap_or_default(),
        quantity,
        made,
        into_place_id: into.unwrap_or_default(),
        reason,
        is_sure: form.has("yakin"),
        bag_cost,
    };
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    let mut asks = false;
    let mut again = match reader.done(new) {
        Err(wrong) => view(&operator, &app, &form, &wrong),
        Ok(_) if !odd.is_empty() => view(&operator, &app, &form, &Wrong::default()),
        Ok(new) => match perform(&operator, &app, &form, &Act::Pack(new)).await? {
            Ok(done) => return Ok(done),
            Err(no) => {
                status = status_of(&no);
                asks = no.said.key == "repacking.much_lost";
                let field = match no.said.key {
                    "repacking.explain" => "alasan",
                    "repacking.much_lost" | "repacking.nothing" => "",
                    _ => "jumlah",
                };
                refused(&operator, &app, &form, field, in_measure(no, source.item.measure))
            }
        },
    };
    again.errors.extend(odd);
    draw(&operator, &app, Some(item_id), (status, asks), Some(&form), again).await
}
