//! `POST /pesanan/{secret}/bukti`: the photo of a bank transfer.
use actix_multipart::form::{MultipartForm, tempfile::TempFile, text::Text};
use actix_web::{HttpRequest, HttpResponse, web};

use super::say_next;
use crate::{
    app::App,
    catalogue::{Hand, Side, photo},
    db,
    error::{Refusal, Result},
    form::{self, Form},
    orders::order as orders,
    page::see_other,
};
use entity::{
    order::{Method, Payment, State},
    photo::Subject,
};

#[derive(MultipartForm)]
pub(super) struct Upload {
    #[multipart(limit = "21 MiB")]
    foto: TempFile,
    csrf: Option<Text<String>>,
}

pub(super) async fn receive(
    app: web::Data<App>,
    request: HttpRequest,
    secret: web::Path<String>,
    upload: MultipartForm<Upload>,
) -> Result<HttpResponse> {
    let upload = upload.into_inner();
    form::check_token(&request, &Form::of([("csrf", upload.csrf.map(Text::into_inner).unwrap_or_default())]))?;
    let order = orders::by_secret(&app.db, &secret).await?;
    if order.method != Method::Transfer || order.state != State::Placed || order.payment != Payment::Unpaid {
        return Err(Refusal::conflict("order.no_proof_wanted").into());
    }
    let bytes =
        web::block(move || std::fs::read(upload.foto.file.path())).await.map_err(|e| anyhow::anyhow!("{e}"))??;
    let kept = photo::keep(&app.files, Subject::Proof, &bytes).await?;
    let tx = db::begin(&app.db).await?;
    let order = orders::lock(&tx, &secret).await?;
    let hand = Hand { village_id: None, person_id: order.person_id, side: Side::Buyer };
    photo::enter(&tx, &app.clock, &hand, Subject::Proof, order.id, &kept).await?;
    orders::proof_came(&tx, &app.clock, &order).await?;
    tx.commit().await?;
    let mut answer = see_other(&orders::url(&order));
    say_next(&mut answer, "order.proof_came");
    Ok(answer)
}
