//! `/kelola/warong`: at which of their outlets somebody stands today.
use actix_web::{
    HttpResponse,
    web::{self, Data},
};

use super::language::SECONDS;
use crate::{
    accounts::{
        session,
        visit::{BookReader, OUTLET_COOKIE},
    },
    app::App,
    error::{Error, Result},
    form::Form,
    page::see_other,
};
use entity::person_role::Role;

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/kelola/warong", web::post().to(choose));
}

async fn choose(reader: BookReader, form: Form, app: Data<App>) -> Result<HttpResponse> {
    let wanted = form.get("warong");
    let mut own = reader.others.iter().chain([&reader.outlet]);
    let outlet = own.find(|outlet| outlet.id.to_string() == wanted).ok_or(Error::NotFound)?;
    // Who only looks after the money has no counter to go to.
    let runs_it = reader.visit.signed.as_ref().is_some_and(|signed| signed.role(Role::Operator).is_some());
    let mut answer = see_other(if runs_it { "/kelola" } else { "/kelola/uang" });
    answer.add_cookie(&session::kept(&app.config, OUTLET_COOKIE, outlet.id.to_string(), SECONDS)).ok();
    Ok(answer)
}
