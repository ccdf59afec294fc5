//! `GET /api/v1/orders`: orders for programs that show a token, without what would name the buyer.
use actix_web::{
    HttpResponse,
    web::{Data, Query},
};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::visit::Program,
    app::App,
    error::Result,
    orders::{docket::Docket, share},
};
use entity::{Rupiah, order, outlet, person_role::Role};

/// Orders in one answer.
const PAGE: u64 = 50;

#[derive(Deserialize)]
pub(super) struct Asked {
    /// Orders after this number; 0 for the first.
    #[serde(default)]
    after: i64,
}

#[derive(Serialize)]
struct Answer {
    orders: Vec<OrderJson>,
    /// To be asked for next; absent at the end.
    after: Option<i64>,
}

/// One order; field for field as the description says.
#[derive(Serialize)]
struct OrderJson {
    id: i64,
    number: String,
    outlet_id: i64,
    state: order::State,
    payment: order::Payment,
    method: order::Method,
    delivery: order::Delivery,
    placed_at: DateTime<Utc>,
    paid_at: Option<DateTime<Utc>>,
    shipping_total: Rupiah,
    due: Rupiah,
    refund_due: Rupiah,
    lines: Vec<LineJson>,
}

#[derive(Serialize)]
struct LineJson {
    item_id: i64,
    name: String,
    quantity: i64,
    cancelled: i64,
    packed: i64,
    unit_price: Rupiah,
}

/// Orders of the outlets the token's role reaches, oldest first.
pub(super) async fn list(program: Program, asked: Query<Asked>, app: Data<App>) -> Result<HttpResponse> {
    let role = &program.may(&[Role::Operator, Role::Auditor, Role::Administrator])?.role;
    let mut outlets = outlet::Entity::find();
    if let Some(id) = role.outlet_id {
        outlets = outlets.filter(outlet::Column::Id.eq(id));
    }
    if let Some(id) = role.village_id {
        outlets = outlets.filter(outlet::Column::VillageId.eq(id));
    }
    let outlets = outlets.all(&app.db).await?;
    let rows = order::Entity::find()
        .filter(order::Column::OutletId.is_in(outlets.iter().map(|outlet| outlet.id)))
        .filter(order::Column::Id.gt(asked.after))
        .order_by_asc(order::Column::Id)
        .limit(PAGE)
        .all(&app.db)
        .await?;
    let after = (rows.len() as u64 == PAGE).then(|| rows.last().map(|row| row.id)).flatten();
    let mut orders = Vec::with_capacity(rows.len());
    for outlet in &outlets {
        let own: Vec<_> = rows.iter().filter(|row| row.outlet_id == outlet.id).cloned().collect();
        orders.extend(Docket::all_of(&app.db, outlet, own).await?.iter().map(order_json));
    }
    orders.sort_by_key(|order| order.id);
    Ok(HttpResponse::Ok().json(Answer { orders, after }))
}

fn order_json(docket: &Docket) -> OrderJson {
    let row = &docket.order;
    let line = |line: &entity::order_line::Model| LineJson {
        item_id: line.item_id,
        name: if line.item_name.is_empty() {
            line.product_name.clone()
        } else {
            format!("{}, {}", line.product_name, line.item_name)
        },
        quantity: line.quantity,
        cancelled: line.cancelled,
        packed: line.packed,
        unit_price: line.unit_price,
    };
    OrderJson {
        id: row.id,
        number: docket.number(),
        outlet_id: row.outlet_id,
        state: row.state,
        payment: row.payment,
        method: row.method,
        delivery: row.delivery,
        placed_at: row.placed_at,
        paid_at: row.paid_at,
        shipping_total: row.shipping_total,
        due: share::due(row, &docket.lines),
        refund_due: row.refund_due,
        lines: docket.lines.iter().map(line).collect(),
    }
}
