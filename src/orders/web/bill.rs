//! `/pesanan/{secret}/nota`: the bill, to print or to keep.
use actix_web::{HttpResponse, web};
use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::Serialize;

use super::order::{LineView, keep_secret, line_views};
use crate::{
    accounts::visit::Visit,
    app::App,
    error::{Error, Result},
    orders::{
        example, method, order as orders,
        order::{destination, number, zone_hours},
        share,
    },
    page::{Page, Sample, samples as samples_of},
};
use entity::{
    Rupiah,
    order::{Model, Payment},
    order_line, outlet,
};

pub(super) fn samples() -> Vec<Sample> {
    samples_of::<BillPage>()
}

/// What was bought, for whom, and whether it is paid.
#[derive(Serialize)]
struct BillPage {
    number: String,
    url: String,
    placed_at: DateTime<Utc>,
    paid_at: Option<DateTime<Utc>>,
    paid: bool,
    method: String,
    zone: i64,
    buyer: String,
    phone: String,
    address: Vec<String>,
    lines: Vec<LineView>,
    shipping_total: Rupiah,
    chargeable_grams: i64,
    total: Rupiah,
    refund_due: Rupiah,
    outlet: String,
    outlet_address: String,
    outlet_phone: String,
}

impl Page for BillPage {
    const TEMPLATE: &'static str = "orders/bill.html";
    fn samples() -> Vec<BillPage> {
        let order = example::order();
        let paid = Model { payment: Payment::Paid, paid_at: Some(example::at()), ..order.clone() };
        let lines = [example::order_line()];
        vec![BillPage::of(&order, &example::outlet(), &lines), BillPage::of(&paid, &example::outlet(), &lines)]
    }
}

impl BillPage {
    fn of(order: &Model, outlet: &outlet::Model, lines: &[order_line::Model]) -> BillPage {
        BillPage {
            number: number(order),
            url: orders::url(order),
            placed_at: order.placed_at,
            paid_at: order.paid_at,
            paid: matches!(order.payment, Payment::Paid | Payment::RefundDue),
            method: format!("pay.{}", method::code(order.method)),
            zone: zone_hours(order),
            buyer: order.buyer_name.clone(),
            phone: order.buyer_phone.clone(),
            address: address(order),
            lines: line_views(lines),
            shipping_total: order.shipping_total,
            chargeable_grams: order.chargeable_grams,
            total: share::due(order, lines),
            refund_due: order.refund_due,
            outlet: outlet.name.clone(),
            outlet_address: outlet.address.clone(),
            outlet_phone: outlet.phone.clone(),
        }
    }
}

/// The address as it is written on a parcel, a line each.
fn address(order: &Model) -> Vec<String> {
    let Some(region) = destination(order) else { return Vec::new() };
    let numbers = match (&order.rt, &order.rw) {
        (Some(rt), Some(rw)) => format!("RT {rt} RW {rw}"),
        (Some(rt), None) => format!("RT {rt}"),
        (None, Some(rw)) => format!("RW {rw}"),
        (None, None) => String::new(),
    };
    let postcode = order.postcode.clone().unwrap_or_default();
    [
        order.street.clone().unwrap_or_default(),
        numbers,
        format!("{}, {}", region.village, region.district),
        format!("{}, {} {postcode}", region.regency, region.province).trim().to_owned(),
        order.landmark.clone().unwrap_or_default(),
    ]
    .into_iter()
    .filter(|line| !line.is_empty())
    .collect()
}

/// `GET /pesanan/{secret}/nota`
pub(super) async fn bill(visit: Visit, app: web::Data<App>, secret: web::Path<String>) -> Result<HttpResponse> {
    let order = orders::by_secret(&app.db, &secret).await?;
    let outlet = outlet::Entity::find_by_id(order.outlet_id).one(&app.db).await?.ok_or(Error::NotFound)?;
    let lines = orders::lines(&app.db, order.id).await?;
    let mut answer = visit.page(&app.templates, &BillPage::of(&order, &outlet, &lines))?;
    keep_secret(&mut answer);
    Ok(answer)
}
