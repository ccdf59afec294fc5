//! `/kelola/jual/{id}`: a sale as staff see it, with what each household earned by it.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use std::collections::HashMap;

use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    locale::{self, Said},
    notifications::whatsapp,
    outlet::{
        sale::{self, Sale},
        sale_return::{self, Part},
        till::back,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, crafter, lot::Terms, sale::Method};

#[derive(Serialize)]
struct SalePage {
    id: i64,
    number: String,
    at: DateTime<Utc>,
    how: &'static str,
    reference: Option<String>,
    total: Rupiah,
    lines: Vec<Line>,
    paid: Vec<Paid>,
    backs: Vec<Back>,
    /// Whether anything can still come back.
    may_return: bool,
    receipt: String,
    whatsapp: String,
}

#[derive(Serialize)]
pub(super) struct Line {
    pub name: String,
    pub grade: Option<&'static str>,
    /// "2", or "2,35 kg".
    pub quantity: String,
    pub unit_price: Rupiah,
    pub total: Rupiah,
    pub reason: Option<String>,
    pub shares: Vec<Share>,
}

/// What the pieces of one household brought.
#[derive(Serialize)]
pub(super) struct Share {
    pub name: String,
    pub quantity: i64,
    pub maker: Rupiah,
}

#[derive(Serialize)]
pub(super) struct Back {
    pub at: DateTime<Utc>,
    pub amount: Rupiah,
    /// "2,35 kg Beras medium", at a till.
    pub what: Option<String>,
    pub pieces: i64,
    pub broken: i64,
    pub reason: String,
}

impl Page for SalePage {
    const TEMPLATE: &'static str = "outlet/sale.html";
    fn samples() -> Vec<SalePage> {
        let share = Share { name: "Bu Sati".into(), quantity: 2, maker: Rupiah(42_560) };
        let line = Line {
            name: "Keranjang sampah anyam".into(),
            grade: Some("B"),
            quantity: "2".into(),
            unit_price: Rupiah(28_000),
            total: Rupiah(56_000),
            reason: Some("Langganan".into()),
            shares: vec![share],
        };
        let back = Back {
            at: DateTime::UNIX_EPOCH,
            amount: Rupiah(28_000),
            what: None,
            pieces: 1,
            broken: 1,
            reason: "Anyaman lepas".into(),
        };
        vec![SalePage {
            id: 7,
            number: "J-2611-0007".into(),
            at: DateTime::UNIX_EPOCH,
            how: "bought.by_transfer",
            reference: Some("TRF1".into()),
            total: Rupiah(56_000),
            lines: vec![line],
            paid: vec![Paid {
                how: "bought.by_cash",
                amount: Rupiah(56_000),
                received: Some(Rupiah(60_000)),
                change: Rupiah(4_000),
                reference: None,
            }],
            backs: vec![back],
            may_return: true,
            receipt: "/jual/x".into(),
            whatsapp: "https://wa.me/".into(),
        }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<SalePage>()
}

/// The words of a way to pay.
pub(super) fn how(method: Method) -> &'static str {
    match method {
        Method::Cash => "bought.by_cash",
        Method::Transfer => "bought.by_transfer",
        Method::Qris => "bought.by_qris",
        Method::Till => "bought.by_till",
    }
}

/// The names of the households in these parts.
pub(super) async fn makers(db: &impl ConnectionTrait, parts: &[Part]) -> Result<HashMap<i64, String>> {
    let ids = parts.iter().filter_map(|part| part.earning.crafter_id);
    let rows = crafter::Entity::find().filter(crafter::Column::Id.is_in(ids)).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

pub(super) fn lines(sale: &Sale, parts: &[Part], makers: &HashMap<i64, String>) -> Vec<Line> {
    let share = |part: &Part| {
        let name = part.earning.crafter_id.and_then(|id| makers.get(&id)).cloned().unwrap_or_default();
        let is_theirs = part.earning.terms == Terms::Consigned;
        let maker = if is_theirs { part.earning.maker_total } else { Rupiah::ZERO };
        Share { name, quantity: part.earning.quantity, maker }
    };
    let line = |line: &entity::sale_line::Model| Line {
        name: line.name.clone(),
        grade: line.grade.map(|grade| if grade == entity::lot::Grade::A { "A" } else { "B" }),
        quantity: locale::quantity(line.measure, line.quantity),
        unit_price: line.unit_price,
        total: line.amount,
        reason: line.reason.clone(),
        shares: parts.iter().filter(|part| part.line_id == line.id).map(share).collect(),
    };
    sale.lines.iter().map(line).collect()
}

pub(super) async fn backs(db: &impl ConnectionTrait, sale_id: i64) -> Result<Vec<Back>> {
    let all = sale_return::of_sale(db, sale_id).await?;
    let back = |(back, lines): (sale_return::Model, Vec<entity::sale_return_line::Model>)| Back {
        at: back.at,
        amount: back.amount,
        what: None,
        pieces: lines.iter().map(|line| line.good + line.broken).sum(),
        broken: lines.iter().map(|line| line.broken).sum(),
        reason: back.reason,
    };
    let mut backs: Vec<Back> = all.into_iter().map(back).collect();
    let sold = back::parts(db, sale_id).await?;
    for (back, lines) in back::of_sale(db, sale_id).await? {
        let said = |line: &entity::till_return_line::Model| {
            let part = sold.iter().find(|part| part.line.id == line.sale_line_id)?;
            Some(format!("{} {}", locale::quantity(part.line.measure, line.quantity), part.line.name))
        };
        backs.push(Back {
            at: back.at,
            amount: back.amount,
            what: Some(lines.iter().filter_map(said).collect::<Vec<_>>().join(", ")),
            pieces: 0,
            broken: 0,
            reason: back.reason,
        });
    }
    Ok(backs)
}

/// A part of what a till's sale was paid with.
#[derive(Serialize)]
pub(super) struct Paid {
    pub how: &'static str,
    pub amount: Rupiah,
    pub received: Option<Rupiah>,
    /// Given back out of what was received.
    pub change: Rupiah,
    pub reference: Option<String>,
}

/// What a till's sale was paid with, in its order.
pub(super) async fn paid(db: &impl ConnectionTrait, sale_id: i64) -> Result<Vec<Paid>> {
    use entity::sale_tender::{By, Column, Entity};
    let all = Entity::find().filter(Column::SaleId.eq(sale_id)).order_by_asc(Column::Id).all(db).await?;
    let paid = |one: entity::sale_tender::Model| Paid {
        how: match one.by {
            By::Cash => "bought.by_cash",
            By::Qris => "bought.by_qris",
            By::Bansos => "bought.by_bansos",
            By::Account => "bought.by_account",
        },
        amount: one.amount,
        received: one.received.filter(|received| *received > one.amount),
        change: one.received.map_or(Rupiah::ZERO, |received| received - one.amount),
        reference: one.reference,
    };
    Ok(all.into_iter().map(paid).collect())
}

/// `GET /kelola/jual/{id}`
pub(super) async fn show(operator: Operator, id: Path<i64>, app: Data<App>) -> Result<HttpResponse> {
    let sale = sale::read(&app.db, operator.outlet.id, *id).await?;
    let parts = sale_return::parts(&app.db, &sale).await?;
    let makers = makers(&app.db, &parts).await?;
    let (number, receipt) = (sale::number(&sale.sale), format!("/jual/{}", sale.sale.secret));
    let text = Said::new("sale.whatsapp_text")
        .with("outlet", operator.outlet.name.as_str())
        .with("number", number.as_str())
        .with("total", sale.sale.total)
        .with("link", format!("{}{receipt}", app.config.public_url));
    let page = SalePage {
        id: sale.sale.id,
        number,
        at: sale.sale.sold_at,
        how: how(sale.sale.method),
        reference: sale.sale.reference.clone(),
        total: sale.sale.total,
        lines: lines(&sale, &parts, &makers),
        paid: paid(&app.db, sale.sale.id).await?,
        backs: backs(&app.db, sale.sale.id).await?,
        may_return: parts.iter().any(|part| part.left > 0),
        receipt,
        whatsapp: whatsapp::link("", &app.say(operator.visit.lang, &text)),
    };
    operator.visit.page(&app.templates, &page)
}
