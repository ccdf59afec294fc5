//! `/kelola/kasir/beda`: what was odd about sales that tills told, until somebody has looked at it.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::{
    accounts::visit::{Operator, done},
    app::App,
    clock, db,
    error::Result,
    form::Form,
    locale::{self, Lang, Said},
    outlet::{
        market, sale,
        till::conflict::{self, Kind},
    },
    page::{Page, Sample, samples as drawn},
};
use entity::{Rupiah, item::Measure};

const HERE: &str = "/kelola/kasir/beda";

#[derive(Default, Serialize)]
struct OddPage {
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    id: i64,
    sentence: String,
    hint: &'static str,
    number: String,
    url: String,
    total: Rupiah,
    at: DateTime<Utc>,
}

impl Page for OddPage {
    const TEMPLATE: &'static str = "outlet/till_odd.html";
    fn samples() -> Vec<OddPage> {
        let row = |id, kind| Row {
            id,
            sentence: "Gula pasir dijual Rp17.000, padahal sejak kemarin Rp17.500".into(),
            hint: hint(kind, &Value::Null),
            number: "K3-0042".into(),
            url: "/kelola/jual/7".into(),
            total: Rupiah(34_000),
            at: DateTime::<Utc>::UNIX_EPOCH,
        };
        vec![OddPage::default(), OddPage { rows: vec![row(1, Kind::OldPrice), row(2, Kind::BelowZero)] }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    drawn::<OddPage>()
}

/// What a person can do about it.
fn hint(kind: Kind, detail: &Value) -> &'static str {
    match kind {
        Kind::OldPrice => "odd.hint_old_price",
        Kind::AboveCeiling => "odd.hint_above_ceiling",
        Kind::BelowZero => "odd.hint_below_zero",
        Kind::Promised => "odd.hint_promised",
        Kind::Expired => "odd.hint_expired",
        Kind::Quota => "odd.hint_quota",
        Kind::Limit => "odd.hint_limit",
        Kind::Withdrawn => "odd.hint_withdrawn",
        Kind::LateInShift if counted_at(detail).is_some() => "odd.hint_after_count",
        Kind::LateInShift => "odd.hint_late",
        Kind::Clock => "odd.hint_clock",
        Kind::Bill => "odd.hint_other",
    }
}

/// When the drawer was counted that something was sold into after that.
fn counted_at(detail: &Value) -> Option<DateTime<Utc>> {
    detail.get("counted_at")?.as_str()?.parse().ok()
}

/// What was odd, in words.
fn said(kind: Kind, detail: &Value) -> Said {
    let text = |name: &str| detail.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let money = |name: &str| Rupiah(detail.get(name).and_then(Value::as_i64).unwrap_or(0));
    let measure = serde_json::from_value(detail.get("measure").cloned().unwrap_or_default()).unwrap_or(Measure::Piece);
    let quantity = |name: &str| locale::quantity(measure, detail.get(name).and_then(Value::as_i64).unwrap_or(0));
    match kind {
        Kind::OldPrice => {
            let said = Said::new("odd.old_price").with("name", text("name"));
            said.with("price", money("price")).with("now", money("now"))
        }
        Kind::AboveCeiling => {
            let said = Said::new("odd.above_ceiling").with("name", text("name"));
            said.with("price", money("price")).with("most", money("most"))
        }
        Kind::BelowZero => Said::new("odd.below_zero").with("name", text("name")).with("missing", quantity("missing")),
        Kind::Promised => Said::new("odd.promised").with("name", text("name")).with("missing", quantity("missing")),
        Kind::Expired => Said::new("odd.expired").with("name", text("name")).with("missing", quantity("missing")),
        Kind::Quota => Said::new("odd.quota").with("name", text("name")),
        Kind::Limit => {
            let said = Said::new("odd.limit").with("name", text("name"));
            said.with("owes", money("owes")).with("limit", money("limit"))
        }
        Kind::Withdrawn => Said::new("odd.withdrawn").with("name", text("name")),
        Kind::LateInShift => match counted_at(detail) {
            Some(at) => {
                let said = Said::new("odd.after_count").with("cash", money("cash"));
                said.with("at", locale::hour(at, clock::wib()))
            }
            None => Said::new("odd.late_in_shift").with("cash", money("cash")),
        },
        Kind::Clock => {
            let days = detail["hours"].as_i64().unwrap_or(0) / 24;
            let key = if days < 0 { "odd.clock_behind" } else { "odd.clock_ahead" };
            Said::new(key).with("n", days.abs().max(1))
        }
        Kind::Bill => Said::new("odd.other"),
    }
}

/// The same for whoever reads it; what a family had too much of says which rule it passed.
fn sentence(app: &App, lang: Lang, kind: Kind, detail: &Value) -> String {
    let first = app.say(lang, &said(kind, detail));
    match market::odd(detail, lang).filter(|_| kind == Kind::Quota) {
        Some(rule) => format!("{first}. {}", app.say(lang, &rule)),
        None => first,
    }
}

/// `GET /kelola/kasir/beda`
pub(super) async fn list(operator: Operator, app: Data<App>) -> Result<HttpResponse> {
    let mut rows = Vec::new();
    for (one, of) in conflict::open(&app.db, operator.outlet.id).await? {
        let Some(of) = of else { continue };
        rows.push(Row {
            id: one.id,
            sentence: sentence(&app, operator.visit.lang, one.kind, &one.detail),
            hint: hint(one.kind, &one.detail),
            number: sale::number(&of),
            url: format!("/kelola/jual/{}", of.id),
            total: of.total,
            at: of.sold_at,
        });
    }
    operator.visit.page(&app.templates, &OddPage { rows })
}

/// `POST /kelola/kasir/beda/{id}`
pub(super) async fn seen(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut reader = form.read();
    let note = reader.optional("note", 200);
    let tx = db::begin(&app.db).await?;
    conflict::seen(&tx, &app.clock, operator.outlet.id, *id, note, operator.person_id).await?;
    tx.commit().await?;
    Ok(done(HERE, "odd.was_seen"))
}
