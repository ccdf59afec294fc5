//! `/jual/{secret}`: the receipt, for whoever holds its link or scans its code; printed 58 mm wide.
use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::show::{Back, Line, Paid, backs, how, lines, paid};
use crate::{
    accounts::visit::Visit,
    app::App,
    error::{Error, Result},
    gateway::qris::{Picture, draw},
    outlet::sale,
    page::{Page, Sample, samples as samples_of},
};
use entity::{Rupiah, outlet};

#[derive(Serialize)]
struct ReceiptPage {
    outlet: String,
    outlet_phone: String,
    outlet_address: String,
    number: String,
    at: DateTime<Utc>,
    how: &'static str,
    lines: Vec<Line>,
    total: Rupiah,
    paid: Vec<Paid>,
    backs: Vec<Back>,
    qr: Option<Picture>,
}

impl Page for ReceiptPage {
    const TEMPLATE: &'static str = "outlet/sale_receipt.html";
    fn samples() -> Vec<ReceiptPage> {
        let line = Line {
            name: "Keranjang sampah anyam".into(),
            grade: None,
            quantity: "2".into(),
            unit_price: Rupiah(28_000),
            total: Rupiah(56_000),
            reason: None,
            shares: Vec::new(),
        };
        let back = Back {
            at: DateTime::UNIX_EPOCH,
            amount: Rupiah(28_000),
            what: None,
            pieces: 1,
            broken: 0,
            reason: "Kebanyakan".into(),
        };
        vec![ReceiptPage {
            outlet: "e-Warong Kemuning Lor".into(),
            outlet_phone: "6281200000001".into(),
            outlet_address: "Jalan Rembangan 12".into(),
            number: "J-2611-0007".into(),
            at: DateTime::UNIX_EPOCH,
            how: "bought.by_cash",
            lines: vec![line],
            total: Rupiah(56_000),
            paid: Vec::new(),
            backs: vec![back],
            qr: draw("https://warong.example/jual/x"),
        }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<ReceiptPage>()
}

/// `GET /jual/{secret}`
pub(super) async fn show(visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let sale = sale::by_secret(&app.db, &secret).await?;
    let outlet = outlet::Entity::find_by_id(sale.sale.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let page = ReceiptPage {
        outlet: outlet.name,
        outlet_phone: outlet.phone,
        outlet_address: outlet.address,
        number: sale::number(&sale.sale),
        at: sale.sale.sold_at,
        how: how(sale.sale.method),
        lines: lines(&sale, &[], &Default::default()),
        total: sale.sale.total,
        paid: paid(&app.db, sale.sale.id).await?,
        backs: backs(&app.db, sale.sale.id).await?,
        qr: draw(&format!("{}/jual/{}", app.config.public_url, sale.sale.secret)),
    };
    visit.page(&app.templates, &page)
}

/// `GET /jual/{secret}/kode.svg`: its code alone, for a till that shows it to a buyer's phone.
pub(super) async fn code(secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let sale = sale::by_secret(&app.db, &secret).await?.sale;
    let code = draw(&format!("{}/jual/{}", app.config.public_url, sale.secret)).ok_or(Error::NotFound)?;
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {0}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{0}v{0}H0z\"/><path stroke=\"#000\" d=\"{1}\"/></svg>",
        code.side, code.path
    );
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((header::CACHE_CONTROL, "private, max-age=86400"))
        .body(text))
}
