//! `/kelola/bayar-perajin/{id}/{payout}/lunas`: a payout is ticked off. A transfer by the bank's reference; cash by who
//! took it and something that shows that the payee knows of it: their own PIN, typed on this phone, or a photo of their
//! face or thumb.
use std::time::Duration;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use serde_json::json;

use super::{
    payout_acts::{Act, perform_with, status_of, view},
    payout_run as page,
};
use crate::{
    accounts::{
        crafter, person, pin,
        sign_in::{self, Verdict},
        visit::{BookReader, Treasurer},
    },
    app::App,
    catalogue::photo,
    db,
    error::{Error, Refusal, Result},
    form::Wrong,
    history::{self, Subject},
    locale::Said,
    orders::web::counter::proof::picture as picture_of,
    outlet::{
        payee::Payee,
        payout::Proof,
        payout_run::{self, Run},
    },
    upload::Upload,
};
use entity::{
    payout::{Model, Shown, State, Way},
    photo as photo_row,
};

/// Wrong PINs of payees that one person may type within a quarter of an hour, whoever they are for.
const WRONG_BY_ONE: u32 = 15;
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// `POST /kelola/bayar-perajin/{id}/{payout}/lunas`
pub async fn tick_off(
    treasurer: Treasurer,
    path: Path<(i64, i64)>,
    upload: Upload,
    app: Data<App>,
) -> Result<HttpResponse> {
    let (id, one) = *path;
    let run = payout_run::read(&app.db, treasurer.outlet.id, id).await?;
    let (status, wrong) = match read(&treasurer, &app, &run, one, &upload).await? {
        Err((status, wrong)) => (status, wrong),
        Ok(act) => match carry_out(&treasurer, &app, &upload, &act).await {
            Err(Error::Refused(refusal)) => {
                let field = match refusal.said.key {
                    "payout.reference_used" => "acuan",
                    key if key.starts_with("photo.") => "foto",
                    _ => "",
                };
                (status_of(&refusal), Wrong::refusal(field, refusal))
            }
            done => return done,
        },
    };
    let form = view(&treasurer, &app, &upload.form, &wrong);
    page::draw_refused(&treasurer, &app, id, one, status, form).await
}

async fn carry_out(treasurer: &Treasurer, app: &App, upload: &Upload, act: &Act) -> Result<HttpResponse> {
    let kept = match upload.file("foto") {
        Some(picture) => Some(photo::keep(&app.files, photo_row::Subject::PayoutProof, &picture.read().await?).await?),
        None => None,
    };
    let done = perform_with(treasurer, app, &upload.form, &upload.content_hash(), act, kept.as_ref()).await;
    match done {
        Ok((answer, true)) => Ok(answer),
        other => {
            // What nobody will look at does not stay on the disk.
            if let Some(kept) = kept {
                kept.discard(&app.files).await?;
            }
            other.map(|(answer, _)| answer)
        }
    }
}

/// What was typed, judged; a PIN is judged here, since a wrong one must count even though nothing else happens.
async fn read(
    treasurer: &Treasurer,
    app: &App,
    run: &Run,
    one: i64,
    upload: &Upload,
) -> Result<Result<Act, (StatusCode, Wrong)>> {
    let payout = run.payout(one)?;
    let invalid = StatusCode::UNPROCESSABLE_ENTITY;
    let mut reader = upload.form.read();
    if payout.way != Way::Cash {
        let reference = reader.text("acuan", 60);
        let act = reader.done(Act::TickOff(run.run.id, one, Proof::Reference(reference)));
        return Ok(act.map_err(|wrong| (invalid, wrong)));
    }
    if payout.state == State::Waiting {
        let refusal = Refusal::conflict("payout.not_approved");
        return Ok(Err((status_of(&refusal), Wrong::refusal("", refusal))));
    }
    let receiver = reader.optional("penerima", 80).unwrap_or_else(|| payout.name.clone());
    let typed = upload.form.get("pin");
    if upload.is_too_large("foto") {
        reader.refuse("foto", Said::new("photo.refused.too_many_bytes"));
    } else if typed.is_empty() && upload.file("foto").is_none() && payout.state == State::Approved {
        reader.refuse("pin", Said::new("payout.proof_missing"));
    } else if typed.chars().count() > pin::LONGEST {
        reader.refuse("pin", Said::new("payout.pin_wrong"));
    }
    let shown = if typed.is_empty() { Shown::Photo } else { Shown::Pin };
    let act = match reader.done(Act::TickOff(run.run.id, one, Proof::Cash { receiver, shown })) {
        Ok(act) => act,
        Err(wrong) => return Ok(Err((invalid, wrong))),
    };
    if shown == Shown::Photo || payout.state != State::Approved {
        return Ok(Ok(act));
    }
    Ok(match judge_pin(treasurer, app, payout, typed).await? {
        Ok(()) => Ok(act),
        Err(said) => {
            let slow = matches!(said.key, "form.slow_down" | "payout.pin_closed");
            let status = if slow { StatusCode::TOO_MANY_REQUESTS } else { invalid };
            Err((status, Wrong::field("pin", said)))
        }
    })
}

/// Whether this is the payee's own PIN. Wrong ones count as at the door, and close it in the same way. A PIN that
/// somebody at the outlet chose for them shows nothing.
async fn judge_pin(treasurer: &Treasurer, app: &App, payout: &Model, typed: &str) -> Result<Result<(), Said>> {
    let place = format!("payout-pin:{}", treasurer.person_id);
    if app.cache.reached(&place, WRONG_BY_ONE).await {
        return Ok(Err(Said::new("form.slow_down")));
    }
    let Payee::Crafter(id) = Payee::parse(&payout.payee)?;
    let crafter = crafter::in_outlet(&app.db, treasurer.outlet.id, id).await?;
    let person = person::get(&app.db, crafter.person_id).await?;
    if person.secret_hash.is_none() {
        return Ok(Err(Said::new("payout.pin_none")));
    }
    if person.secret_until.is_some() {
        return Ok(Err(Said::new("payout.pin_lent")));
    }
    if sign_in::is_closed(&person, app.clock.now()) {
        return Ok(Err(Said::new("payout.pin_closed")));
    }
    let right = pin::agrees(typed, person.secret_hash.clone()).await?;
    let tx = db::begin(&app.db).await?;
    let verdict = sign_in::judge(&tx, &app.clock, person.id, right).await?;
    if verdict == Verdict::Closed {
        let by = Some(treasurer.person_id);
        let detail = json!({ "payout": payout.id });
        history::remember(&tx, &app.clock, None, Subject("person", person.id), "locked_out", by, detail).await?;
    }
    tx.commit().await?;
    Ok(match verdict {
        // Who also has a code from their phone has shown the PIN all the same.
        Verdict::Right | Verdict::AskCode => Ok(()),
        Verdict::PinEnded => Err(Said::new("payout.pin_lent")),
        Verdict::StillClosed => Err(Said::new("payout.pin_closed")),
        Verdict::Wrong | Verdict::Closed => {
            app.cache.allows(&place, WRONG_BY_ONE, WINDOW).await;
            let closed = verdict == Verdict::Closed;
            Err(Said::new(if closed { "payout.pin_closed" } else { "payout.pin_wrong" }))
        }
    })
}

/// Photos of a payout that can be looked at.
pub(super) async fn photos(db: &db::Db, payout_id: i64) -> Result<Vec<photo_row::Model>> {
    let mut all = photo::of(db, photo_row::Subject::PayoutProof, payout_id).await?;
    all.retain(|photo| photo.state == photo_row::State::Ready);
    Ok(all)
}

/// `GET /kelola/bayar-perajin/{id}/{payout}/foto/{photo}/{size}`: who took the cash.
pub async fn picture(reader: BookReader, path: Path<(i64, i64, i64, String)>, app: Data<App>) -> Result<HttpResponse> {
    let (id, one, photo_id, size) = path.into_inner();
    let run = payout_run::read(&app.db, reader.outlet.id, id).await?;
    let photos = photos(&app.db, run.payout(one)?.id).await?;
    picture_of(&app, photos.iter().find(|photo| photo.id == photo_id), &size).await
}
