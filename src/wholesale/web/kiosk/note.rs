//! `/kiriman/{secret}`: the delivery note that travels with goods to a kiosk, for whoever holds it.
use actix_web::{
    HttpResponse,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{show::Terms, url};
use crate::{
    accounts::visit::Visit,
    app::App,
    error::{Error, Result},
    gateway::qris::{Picture, draw},
    page::{Page, Sample, samples as samples_of},
    wholesale::kiosk_drop,
};
use entity::{Rupiah, kiosk, outlet, person_role::Role};

#[derive(Serialize)]
struct NotePage {
    outlet: String,
    outlet_phone: String,
    outlet_address: String,
    kiosk: Terms,
    number: String,
    at: DateTime<Utc>,
    carrier: Option<String>,
    note: Option<String>,
    lines: Vec<Line>,
    pieces: i64,
    qr: Option<Picture>,
    /// Where staff go on to.
    back: Option<String>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    grade: Option<&'static str>,
    quantity: i64,
    unit_price: Rupiah,
}

impl Page for NotePage {
    const TEMPLATE: &'static str = "wholesale/kiosk_note.html";
    fn samples() -> Vec<NotePage> {
        let line =
            Line { name: "Keranjang sampah anyam".into(), grade: Some("A"), quantity: 12, unit_price: Rupiah(32_000) };
        vec![NotePage {
            outlet: "e-Warong Kemuning Lor".into(),
            outlet_phone: "6281200000001".into(),
            outlet_address: "Jalan Rembangan 12".into(),
            kiosk: Terms::sample(),
            number: "T-2611-0001".into(),
            at: DateTime::UNIX_EPOCH,
            carrier: Some("KM Dharma Lautan".into()),
            note: Some("Tumpuk paling atas".into()),
            lines: vec![line],
            pieces: 12,
            qr: draw("https://warong.example/kiriman/x"),
            back: Some("/kelola/kios/1".into()),
        }]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<NotePage>()
}

/// `GET /kiriman/{secret}`
pub(super) async fn show(visit: Visit, secret: Path<String>, app: Data<App>) -> Result<HttpResponse> {
    let drop = kiosk_drop::by_secret(&app.db, &secret).await?;
    let kiosk = kiosk::Entity::find_by_id(drop.drop.kiosk_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let outlet = outlet::Entity::find_by_id(kiosk.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let is_staff = visit.signed.as_ref().is_some_and(|signed| signed.role(Role::Operator).is_some());
    let line = |line: &entity::kiosk_drop_line::Model| Line {
        name: line.name.clone(),
        grade: line.grade.map(|grade| if grade == entity::lot::Grade::A { "A" } else { "B" }),
        quantity: line.quantity,
        unit_price: line.unit_price,
    };
    let page = NotePage {
        outlet: outlet.name,
        outlet_phone: outlet.phone,
        outlet_address: outlet.address,
        number: kiosk_drop::number(&drop.drop),
        at: drop.drop.at,
        lines: drop.lines.iter().map(line).collect(),
        pieces: drop.lines.iter().map(|line| line.quantity).sum(),
        qr: draw(&format!("{}/kiriman/{}", app.config.public_url, drop.drop.secret)),
        back: is_staff.then(|| url(kiosk.id)),
        kiosk: Terms::of(&kiosk),
        carrier: drop.drop.carrier,
        note: drop.drop.note,
    };
    visit.page(&app.templates, &page)
}
