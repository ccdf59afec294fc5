//! Writing down what was seen at a market, and taking back what was written wrongly.
use std::collections::BTreeMap;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::seen::{Ground, HERE, draw, field_of};
use crate::{
    accounts::visit::{PriceJudge, done},
    app::App,
    error::{Error, Result},
    form::{self, Form, FormView, Wrong, amount},
    locale::{Said, Say},
    outlet::web::perform::perform,
    prices::observation::{self, Seen, Survey},
};
use entity::Rupiah;

/// Nobody asks less or more for a kilogram or a litre of a staple.
const CHEAPEST: i64 = 100;
const DEAREST: i64 = 1_000_000;

/// `POST /kelola/harga/pasar`: what was seen on one day at one market. What is left empty was not seen.
pub async fn write(judge: PriceJudge, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let ground = Ground::read(&app, judge.outlet.village_id).await?;
    let say = |said: &Said| app.say(judge.visit.lang, said);
    let mut reader = form.read();
    let place = reader.text("pasar", 60);
    let day = reader.choice("tanggal", form::day).unwrap_or_default();
    let mut wrong = reader.done(()).err().unwrap_or_default();
    let (mut prices, mut odd, mut lines) = (Vec::new(), Vec::new(), BTreeMap::new());
    for kind in &ground.kinds {
        let field = field_of("h", kind);
        let price = match typed(form.get(&field)) {
            None => continue,
            Some(Err(said)) => {
                lines.insert(field, say(&said));
                continue;
            }
            Some(Ok(price)) => price,
        };
        let known = ground.last(kind).map_or(kind.ours, |row| row.price);
        if observation::is_odd(known, price) && form.get(&field_of("y", kind)) != price.0.to_string() {
            lines.insert(field.clone(), say(&Said::new("harga.seen_odd").with("known", known).with("price", price)));
            odd.push((field, price));
        }
        prices.push(Seen { commodity: kind.commodity.clone(), per: kind.per.into(), price });
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if wrong.0.is_empty() && lines.is_empty() {
        let survey = Survey { place, day, prices };
        let (village_id, by) = (judge.outlet.village_id, judge.person_id);
        let scope = format!("price survey {village_id}");
        let acted = perform(&app, &form, &scope, async |tx| {
            observation::write(tx, &app.clock, village_id, &survey, by).await?;
            Ok(HERE.to_owned())
        });
        match acted.await {
            Err(Error::Refused(refusal)) => {
                status = actix_web::ResponseError::status_code(&Error::Refused(refusal.clone()));
                let field = if refusal.said.key == "harga.seen_when" { "tanggal" } else { "" };
                wrong = Wrong::refusal(field, refusal);
            }
            acted => return Ok(done(&acted?, "harga.seen_kept")),
        }
    }
    let mut view = FormView::new(&form, &wrong, app.templates.words(), judge.visit.lang);
    view.errors.extend(lines);
    draw(&judge, &app, &ground, status, view, &odd).await
}

/// A price as typed; none when the field was left empty.
fn typed(text: &str) -> Option<std::result::Result<Rupiah, Said>> {
    if text.is_empty() {
        return None;
    }
    Some(match amount(text) {
        None => Err(Said::new("form.not_an_amount")),
        Some(n) if n < CHEAPEST => Err(Said::new("form.at_least").with("min", Say::Rupiah(Rupiah(CHEAPEST)))),
        Some(n) if n > DEAREST => Err(Said::new("form.at_most").with("max", Say::Rupiah(Rupiah(DEAREST)))),
        Some(n) => Ok(Rupiah(n)),
    })
}

/// `POST /kelola/harga/pasar/{id}/tarik`
pub async fn withdraw(judge: PriceJudge, id: Path<i64>, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let (village_id, by) = (judge.outlet.village_id, judge.person_id);
    let scope = format!("price seen {id}");
    let acted = perform(&app, &form, &scope, async |tx| {
        observation::withdraw(tx, &app.clock, village_id, *id, by).await?;
        Ok(HERE.to_owned())
    });
    match acted.await {
        Err(Error::Refused(refusal)) => {
            let ground = Ground::read(&app, village_id).await?;
            let wrong = Wrong::refusal("", refusal);
            let view = FormView::new(&Form::default(), &wrong, app.templates.words(), judge.visit.lang);
            draw(&judge, &app, &ground, StatusCode::CONFLICT, view, &[]).await
        }
        acted => Ok(done(&acted?, "harga.seen_taken_back")),
    }
}
