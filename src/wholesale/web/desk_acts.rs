//! A quote is written, sent or taken back.
use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    Tap,
    desk::{Around, draw},
    desk_form::read,
    refused, status_of,
};
use crate::{
    accounts::visit::{Operator, done},
    app::App,
    db,
    error::{Error, Result},
    form::{Form, Wrong},
    locale::{self, Said},
    wholesale::quote::{self, Terms},
};

/// `POST /kelola/penawaran/{id}`: writes everything of a draft.
pub async fn write(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let around = Around::look(&app, &operator, *id).await?;
    let (status, wrong) = match read(&around, &form) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(terms) if let Some(wrong) = too_early(&operator, &app, &form, &terms).await? => {
            (StatusCode::UNPROCESSABLE_ENTITY, wrong)
        }
        Ok(terms) => match keep(&operator, &app, *id, &form, &terms).await {
            Err(Error::Refused(refusal)) => {
                let field = match refusal.said.key {
                    "wholesale.deposit_above_total" => "muka",
                    "wholesale.terms_need_deposit" => "tempo",
                    "wholesale.below_floor" => "barang",
                    _ => "",
                };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            answer => return answer,
        },
    };
    let view = refused(&operator.visit, &app, &form, &wrong);
    draw(&operator, &app, *id, status, Some(&form), view).await
}

/// A day before the makers can have made it is asked about once.
async fn too_early(operator: &Operator, app: &App, form: &Form, terms: &Terms) -> Result<Option<Wrong>> {
    let wants: Vec<(i64, i64)> = terms.lines.iter().map(|line| (line.item_id, line.quantity)).collect();
    let earliest = quote::ready_on(&app.db, &app.clock, &wants).await?;
    let (Some(day), Some(earliest)) = (terms.ready_on, earliest) else { return Ok(None) };
    if day >= earliest || form.get("siap_yakin") == "ya" {
        return Ok(None);
    }
    let said = Said::new("wholesale.ready_too_early").with("day", locale::date(operator.visit.lang, earliest));
    Ok(Some(Wrong::field("siap_yakin", said)))
}

async fn keep(operator: &Operator, app: &App, id: i64, form: &Form, terms: &Terms) -> Result<HttpResponse> {
    let url = format!("/kelola/penawaran/{id}");
    let tap = Tap::of(format!("quote written {id}"), form);
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    quote::write(&tx, &app.clock, &operator.outlet, id, terms, operator.person_id).await?;
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "wholesale.quote_written"))
}

/// `POST /kelola/penawaran/{id}/kirim`
pub async fn send(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let tap = Tap::of(format!("quote sent {id}"), &form);
    let url = format!("/kelola/penawaran/{id}");
    let tx = db::begin(&app.db).await?;
    if let Some(answer) = tap.before(&tx).await? {
        return Ok(answer);
    }
    match quote::send(&tx, &app.clock, &operator.outlet, *id, operator.person_id).await {
        Err(Error::Refused(refusal)) => {
            drop(tx);
            let status = status_of(&refusal);
            let view = refused(&operator.visit, &app, &form, &Wrong::refusal("", refusal));
            return draw(&operator, &app, *id, status, None, view).await;
        }
        sent => sent?,
    };
    tap.keep(&tx, &app.clock, &url).await?;
    tx.commit().await?;
    Ok(done(&url, "wholesale.quote_sent"))
}

/// `POST /kelola/penawaran/{id}/tarik`
pub async fn withdraw(operator: Operator, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let mut read = form.read();
    let reason = read.text("alasan", 300);
    let (status, wrong) = match read.done(reason) {
        Err(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        Ok(reason) => {
            let tx = db::begin(&app.db).await?;
            match quote::withdraw(&tx, &app.clock, &operator.outlet, *id, &reason, operator.person_id).await {
                Err(Error::Refused(refusal)) => (status_of(&refusal), Wrong::refusal("", refusal)),
                Err(e) => return Err(e),
                Ok(_) => {
                    tx.commit().await?;
                    return Ok(done(&format!("/kelola/penawaran/{id}"), "wholesale.quote_withdrawn"));
                }
            }
        }
    };
    let view = refused(&operator.visit, &app, &form, &wrong);
    draw(&operator, &app, *id, status, None, view).await
}
