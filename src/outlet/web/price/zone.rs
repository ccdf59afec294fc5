//! `/desa/zona`: which of the three parts of the country an outlet stands in, by which the ceilings of rice differ. It
//! comes from the code of its village, and whoever keeps the law puts it right.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::NaiveDate;
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use serde::Serialize;
use serde_json::json;

use super::{law::outlets, per_row};
use crate::{
    accounts::visit::{LawKeeper, done},
    app::App,
    db::{self, Tx},
    error::{Error, Refusal, Result},
    form::Form,
    history::{self, Subject},
    once,
    outlet::price_rule,
    page::{self, Page, Sample, see_other},
    prices::{
        added,
        reference::{self, Force, Reference, Zone},
    },
};
use entity::{
    Rupiah, outlet,
    outlet::{ActiveModel, Entity, PriceZone},
};

const HERE: &str = "/desa/zona";
const ZONES: [(PriceZone, &str, &str); 3] = [
    (PriceZone::One, "1", "harga.scope_one"),
    (PriceZone::Two, "2", "harga.scope_two"),
    (PriceZone::Three, "3", "harga.scope_three"),
];

#[derive(Default, Serialize)]
struct ZonePage {
    outlets: Vec<OutletView>,
    zones: Vec<ZoneView>,
}

#[derive(Serialize)]
struct OutletView {
    id: i64,
    name: String,
    zone: &'static str,
}

/// A zone with the ceilings of today that are not the same everywhere.
#[derive(Serialize)]
struct ZoneView {
    code: &'static str,
    name: &'static str,
    most: Vec<Most>,
}

#[derive(Serialize)]
struct Most {
    commodity: String,
    high: Rupiah,
    per: &'static str,
}

impl Page for ZonePage {
    const TEMPLATE: &'static str = "outlet/price_zone.html";
    fn samples() -> Vec<ZonePage> {
        let most = |high| Most { commodity: "beras medium".into(), high: Rupiah(high), per: "papan.per_kg" };
        let zone = |(n, (_, code, name)): (i64, (PriceZone, &'static str, &'static str))| ZoneView {
            code,
            name,
            most: vec![most(13_500 + 500 * n)],
        };
        let outlets = vec![OutletView { id: 1, name: "e-Warong Kemuning Lor".into(), zone: "1" }];
        vec![ZonePage::default(), ZonePage { outlets, zones: (0_i64..).zip(ZONES).map(zone).collect() }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<ZonePage>()
}

/// `GET /desa/zona`
pub async fn show(keeper: LawKeeper, app: Data<App>) -> Result<HttpResponse> {
    let village_id = keeper.role.village_id;
    let rows = added::rows(&app.db, village_id.unwrap_or_default()).await?;
    let code = |zone| ZONES.iter().find(|(known, ..)| *known == zone).map_or("", |(_, code, _)| code);
    let view = |one: outlet::Model| OutletView { id: one.id, name: one.name, zone: code(one.price_zone) };
    let page = ZonePage {
        outlets: outlets(&app, village_id).await?.into_iter().map(view).collect(),
        zones: zones(&rows, app.clock.today()),
    };
    keeper.page(&app.templates, &page)
}

fn zones(rows: &[Reference], today: NaiveDate) -> Vec<ZoneView> {
    let mut names: Vec<&str> = rows.iter().map(|row| row.commodity.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let on = |name: &str, zone: PriceZone| reference::on(rows, name, Force::Ceiling, Zone::from(zone), today);
    names.retain(|name| {
        let [one, two, three] = ZONES.map(|(zone, ..)| on(name, zone).map(|row| row.high));
        one != two || two != three
    });
    let most = |row: &Reference| Most { commodity: row.commodity.clone(), high: row.high, per: per_row(row.per) };
    let view = |(zone, code, name): (PriceZone, &'static str, &'static str)| ZoneView {
        code,
        name,
        most: names.iter().filter_map(|commodity| on(commodity, zone)).map(most).collect(),
    };
    ZONES.into_iter().map(view).collect()
}

/// `POST /desa/zona/{outlet}`: its prices follow at once, as when a row of the law comes.
pub async fn keep(keeper: LawKeeper, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (scope, hash) = (format!("zone {id}"), form.content_hash());
    let chosen = ZONES.iter().find(|(_, code, _)| *code == form.get("zona")).map(|(zone, ..)| *zone);
    let tx = db::begin(&app.db).await?;
    let here = lock(&tx, &keeper, *id).await?;
    let chosen = chosen.ok_or_else(|| Refusal::invalid("form.not_offered"))?;
    if let Some(key) = form.request_key() {
        if once::answered(&tx, &scope, key, &hash).await?.is_some() {
            return Ok(see_other(HERE));
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, HERE).await?;
    }
    if here.price_zone != chosen {
        let change = ActiveModel { id: Set(here.id), price_zone: Set(chosen), ..Default::default() };
        Entity::update(change).exec(&tx).await?;
        let (subject, detail) = (Subject("outlet", here.id), json!({ "from": here.price_zone, "to": chosen }));
        let by = Some(keeper.person_id);
        history::remember(&tx, &app.clock, Some(here.village_id), subject, "zone_changed", by, detail).await?;
        price_rule::follow_all(&tx, &app.clock, here.id).await?;
        tx.changes_what_is_shown();
    }
    tx.commit().await?;
    Ok(done(HERE, "harga.zone_kept"))
}

/// An outlet of theirs, locked; another village's does not exist here.
async fn lock(tx: &Tx, keeper: &LawKeeper, id: i64) -> Result<outlet::Model> {
    let found = Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    let is_theirs = |one: &outlet::Model| keeper.role.village_id.is_none_or(|village_id| one.village_id == village_id);
    found.filter(is_theirs).ok_or(Error::NotFound)
}
