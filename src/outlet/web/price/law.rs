//! `/desa/harga`: rows of the law that came after the program. The administrator writes them for all villages, a
//! village's officer for their own.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use chrono::NaiveDate;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;

use super::per_row;
use crate::{
    accounts::visit::{LawKeeper, done},
    app::App,
    db::{self, Tx},
    error::{Error, Result},
    form::{self, Form, FormView, Wrong},
    history::{self, Subject},
    once,
    outlet::price_rule,
    page::{self, Page, Sample, see_other},
    prices::{
        added::{self, Force, NewRow, Per, Scope},
        reference::{self, Reference},
    },
};
use entity::{Rupiah, outlet, reference_price};

const LAW: &str = "/desa/harga";
/// A price for a kilogram above it is a slip of the finger.
const DEAREST: i64 = 1_000_000;

#[derive(Default, Serialize)]
struct LawPage {
    added: Vec<Added>,
    standing: Vec<Standing>,
    commodities: Vec<String>,
    is_everywhere: bool,
    form: FormView,
}

/// A row that was added here.
#[derive(Clone, Serialize)]
struct Added {
    id: i64,
    commodity: String,
    force: &'static str,
    scope: &'static str,
    low: Option<Rupiah>,
    high: Rupiah,
    per: &'static str,
    from: NaiveDate,
    to: Option<NaiveDate>,
    instrument: String,
    is_withdrawn: bool,
    may_withdraw: bool,
}

/// What holds today, wherever it was written.
#[derive(Clone, Serialize)]
struct Standing {
    commodity: String,
    force: &'static str,
    low: Option<Rupiah>,
    high: Rupiah,
    per: &'static str,
    instrument: String,
}

impl Page for LawPage {
    const TEMPLATE: &'static str = "outlet/price_law.html";
    fn samples() -> Vec<LawPage> {
        let added = Added {
            id: 1,
            commodity: "beras medium".into(),
            force: "harga.force_ceiling",
            scope: "harga.scope_one",
            low: None,
            high: Rupiah(13_900),
            per: "papan.per_kg",
            from: NaiveDate::default(),
            to: Some(NaiveDate::default()),
            instrument: "Perbadan 1/2027".into(),
            is_withdrawn: false,
            may_withdraw: true,
        };
        let standing = Standing {
            commodity: "gula konsumsi".into(),
            force: "harga.force_band",
            low: Some(Rupiah(14_500)),
            high: Rupiah(17_500),
            per: "papan.per_kg",
            instrument: "Perbadan 12/2024".into(),
        };
        let full = LawPage {
            added: vec![added.clone(), Added { is_withdrawn: true, ..added }],
            standing: vec![standing],
            commodities: vec!["beras medium".into()],
            is_everywhere: true,
            form: FormView::default(),
        };
        vec![LawPage::default(), full]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<LawPage>()
}

/// `GET /desa/harga`
pub async fn list(keeper: LawKeeper, app: Data<App>) -> Result<HttpResponse> {
    let today = Form::of([("berlaku", app.clock.today().to_string())]);
    draw(&keeper, &app, StatusCode::OK, FormView::blank(&today)).await
}

async fn draw(keeper: &LawKeeper, app: &App, status: StatusCode, form: FormView) -> Result<HttpResponse> {
    let village_id = keeper.role.village_id;
    let rows = added::rows(&app.db, village_id.unwrap_or_default()).await?;
    let mut commodities: Vec<String> = rows.iter().map(|row| row.commodity.clone()).collect();
    commodities.sort_by_key(|name| name.to_lowercase());
    commodities.dedup();
    let outlets = outlets(app, village_id).await?;
    let zone = outlets.first().map_or(reference::Zone::One, |outlet| outlet.price_zone.into());
    let today = app.clock.today();
    let mut standing = Vec::new();
    for force in [reference::Force::Ceiling, reference::Force::Band] {
        for name in &commodities {
            let on = |per| reference::on_measure(&rows, name, (force, per), zone, today);
            let both = [on(reference::Per::Kilogram), on(reference::Per::Litre)];
            standing.extend(both.into_iter().flatten().map(Standing::from));
        }
    }
    let added = added::list(&app.db, village_id).await?;
    let page = LawPage {
        added: added.iter().map(|row| self::added(row, village_id)).collect(),
        standing,
        commodities,
        is_everywhere: village_id.is_none(),
        form,
    };
    keeper.page_with(status, &app.templates, &page)
}

fn added(row: &reference_price::Model, village_id: Option<i64>) -> Added {
    Added {
        id: row.id,
        commodity: row.commodity.clone(),
        force: match row.force {
            Force::Ceiling => "harga.force_ceiling",
            Force::Band => "harga.force_band",
        },
        scope: match row.scope {
            Scope::National => "harga.scope_national",
            Scope::One => "harga.scope_one",
            Scope::Two => "harga.scope_two",
            Scope::Three => "harga.scope_three",
            Scope::East => "harga.scope_east",
        },
        low: row.low,
        high: row.high,
        per: per_row(row.per.into()),
        from: row.valid_from,
        to: row.valid_to,
        instrument: row.instrument.clone(),
        is_withdrawn: row.withdrawn_at.is_some(),
        may_withdraw: village_id.is_none() || row.village_id == village_id,
    }
}

impl From<&Reference> for Standing {
    fn from(row: &Reference) -> Standing {
        Standing {
            commodity: row.commodity.clone(),
            force: if row.force == reference::Force::Ceiling { "harga.force_ceiling" } else { "harga.force_band" },
            low: row.low,
            high: row.high,
            per: per_row(row.per),
            instrument: row.instrument.clone(),
        }
    }
}

pub(super) async fn outlets(app: &App, village_id: Option<i64>) -> Result<Vec<outlet::Model>> {
    let mut of = outlet::Entity::find().order_by_asc(outlet::Column::Id);
    if let Some(id) = village_id {
        of = of.filter(outlet::Column::VillageId.eq(id));
    }
    Ok(of.all(&app.db).await?)
}

/// `POST /desa/harga`
pub async fn add(keeper: LawKeeper, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (status, wrong) = match read(&form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(new) => match write(&keeper, &app, &form, &Act::Add(new)).await {
            Err(Error::Refused(refusal)) => {
                let field = if refusal.said.key == "harga.ends_before" { "sampai" } else { "tertinggi" };
                (StatusCode::UNPROCESSABLE_ENTITY, Wrong::refusal(field, refusal))
            }
            done => return done,
        },
    };
    let view = FormView::new(&form, &wrong, app.templates.words(), keeper.lang);
    draw(&keeper, &app, status, view).await
}

/// `POST /desa/harga/{id}/tarik`
pub async fn withdraw(keeper: LawKeeper, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    match write(&keeper, &app, &form, &Act::Withdraw(*id)).await {
        Err(Error::Refused(refusal)) => {
            let wrong = Wrong::refusal("", refusal);
            let view = FormView::new(&Form::default(), &wrong, app.templates.words(), keeper.lang);
            draw(&keeper, &app, StatusCode::CONFLICT, view).await
        }
        done => done,
    }
}

enum Act {
    Add(NewRow),
    Withdraw(i64),
}

/// Writes it once, and lets the prices of the outlets follow at once: what holds today holds today.
async fn write(keeper: &LawKeeper, app: &App, form: &Form, act: &Act) -> Result<HttpResponse> {
    let village_id = keeper.role.village_id;
    let at = if let Act::Withdraw(id) = act { *id } else { 0 };
    let (scope, hash) = (format!("law {} {at}", keeper.person_id), form.content_hash());
    let tx = db::begin(&app.db).await?;
    if let Some(key) = form.request_key() {
        if let Some(answer) = once::answered(&tx, &scope, key, &hash).await? {
            return Ok(see_other(&answer));
        }
        once::remember(&tx, &app.clock, &scope, key, &hash, LAW).await?;
    }
    let (row, verb) = match act {
        Act::Add(new) => (added::add(&tx, &app.clock, village_id, new, keeper.person_id).await?, "added"),
        Act::Withdraw(id) => (added::withdraw(&tx, &app.clock, village_id, *id, keeper.person_id).await?, "withdrawn"),
    };
    let subject = Subject("reference_price", row.id);
    let detail = serde_json::json!({ "commodity": row.commodity, "high": row.high, "from": row.valid_from });
    history::remember(&tx, &app.clock, row.village_id, subject, verb, Some(keeper.person_id), detail).await?;
    all_follow(&tx, app, row.village_id).await?;
    tx.commit().await?;
    Ok(done(LAW, if verb == "added" { "harga.row_added" } else { "harga.row_taken_back" }))
}

async fn all_follow(tx: &Tx, app: &App, village_id: Option<i64>) -> Result<()> {
    for outlet in outlets(app, village_id).await? {
        price_rule::follow_all(tx, &app.clock, outlet.id).await?;
    }
    Ok(())
}

fn read(form: &Form) -> Result<NewRow, Wrong> {
    let mut reader = form.read();
    let commodity = reader.text("komoditas", 60);
    let force = reader.choice("sifat", |code| match code {
        "batas" => Some(Force::Ceiling),
        "acuan" => Some(Force::Band),
        _ => None,
    });
    let scope = reader.choice("wilayah", |code| match code {
        "nasional" => Some(Scope::National),
        "1" => Some(Scope::One),
        "2" => Some(Scope::Two),
        "3" => Some(Scope::Three),
        "timur" => Some(Scope::East),
        _ => None,
    });
    let low = (!reader.get("terendah").is_empty()).then(|| reader.rupiah("terendah", 1, DEAREST));
    let high = reader.rupiah("tertinggi", 100, DEAREST);
    let per = reader.choice("per", |code| match code {
        "kg" => Some(Per::Kilogram),
        "liter" => Some(Per::Litre),
        _ => None,
    });
    let valid_from = reader.choice("berlaku", form::day).unwrap_or_default();
    let valid_to = match reader.get("sampai") {
        "" => None,
        _ => reader.choice("sampai", form::day),
    };
    let instrument = reader.text("aturan", 120);
    let note = reader.optional("catatan", 200).unwrap_or_default();
    let source = reader.optional("sumber", 200).unwrap_or_default();
    let (force, scope, per) =
        (force.unwrap_or(Force::Ceiling), scope.unwrap_or(Scope::National), per.unwrap_or(Per::Kilogram));
    reader.done(NewRow { commodity, force, scope, low, high, per, valid_from, valid_to, instrument, note, source })
}
