//! `POST /kelola/gudang/barang/{item}/pindah`: goods go from one place to another.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    acts::{Act, perform, refused, status_of, view},
    item, some_of,
};
use crate::{
    accounts::visit::Operator,
    app::App,
    error::Result,
    form::Form,
    outlet::{repacking, store::Carry},
};

pub(super) async fn carry(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (item, _) = repacking::sembako(&app.db, operator.outlet.id, *id).await?;
    let mut reader = form.read();
    let from = reader.choice("dari", |text| text.parse::<i64>().ok());
    let to = reader.choice("ke", |text| text.parse::<i64>().ok());
    let quantity = some_of(&mut reader, "jumlah", item.measure);
    let new = Carry {
        item_id: item.id,
        from: from.unwrap_or_default(),
        to: to.unwrap_or_default(),
        quantity,
        is_sure: form.has("yakin"),
    };
    let wrong = match reader.done(new) {
        Err(wrong) => wrong,
        Ok(new) => match perform(&operator, &app, &form, &Act::Carry(new)).await? {
            Ok(done) => return Ok(done),
            Err(no) => {
                let asks = no.said.key == "store.hoarding";
                let field = match no.said.key {
                    "store.same_place" => "ke",
                    "store.hoarding" => "",
                    _ => "jumlah",
                };
                let status = status_of(&no);
                let no = super::acts::in_measure(no, item.measure);
                let form = refused(&operator, &app, &form, field, no);
                return item::draw(&operator, &app, item.id, (status, asks), form).await;
            }
        },
    };
    let form = view(&operator, &app, &form, &wrong);
    item::draw(&operator, &app, item.id, (StatusCode::UNPROCESSABLE_ENTITY, false), form).await
}
