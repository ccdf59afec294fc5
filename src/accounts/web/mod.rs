//! The doors of people: signing in and out, one's own account, the operator's crafters, and the administrator's pages.
mod account;
mod code;
mod crafters;
mod duties;
mod face;
mod language;
mod lend_pin;
mod outlet_choice;
mod outlets;
mod people;
mod person;
mod pin;
mod register;
mod sign_in;
mod sign_out;
mod tokens;

use actix_web::{HttpRequest, web};
use sea_orm::ConnectionTrait;
use serde::Serialize;

use crate::{
    accounts::{outlet, role},
    clock::Clock,
    db::Tx,
    error::{Error, Result},
    form::{Form, Wrong},
    once,
    page::{self, Sample},
};
use entity::{outlet as outlet_row, person_role, person_role::Role, village};

/// Routes of this module.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.configure(sign_in::configure)
        .configure(sign_out::configure)
        .configure(register::configure)
        .configure(language::configure)
        .configure(account::configure)
        .configure(pin::configure)
        .configure(code::configure)
        .configure(duties::configure)
        .configure(crafters::configure)
        .configure(face::configure)
        .configure(lend_pin::configure)
        .configure(people::configure)
        .configure(person::configure)
        .configure(tokens::configure)
        .configure(outlets::configure)
        .configure(outlet_choice::configure);
}

/// Example values of every page of this module.
pub fn samples() -> Vec<Sample> {
    [
        page::samples::<sign_in::SignInPage>(),
        page::samples::<sign_in::CodePage>(),
        page::samples::<register::RegisterPage>(),
        page::samples::<account::AccountPage>(),
        page::samples::<pin::PinPage>(),
        page::samples::<code::CodeSetUpPage>(),
        page::samples::<duties::DutiesPage>(),
        page::samples::<crafters::CraftersPage>(),
        page::samples::<crafters::CrafterFormPage>(),
        page::samples::<face::FacePage>(),
        page::samples::<lend_pin::LendPinPage>(),
        page::samples::<people::PeoplePage>(),
        page::samples::<people::NewPersonPage>(),
        page::samples::<person::PersonPage>(),
        page::samples::<tokens::TokensPage>(),
        page::samples::<outlets::OutletsPage>(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What stands behind the question mark of an address, read like a form.
fn asked(request: &HttpRequest) -> Form {
    Form::parse(request.query_string().as_bytes())
}

/// The answer to the first tap of this form, if there was one. Ask after locking what the act judges.
async fn answered(tx: &Tx, scope: &str, form: &Form) -> Result<Option<String>> {
    match form.request_key() {
        Some(key) => once::answered(tx, scope, key, &form.content_hash()).await,
        None => Ok(None),
    }
}

/// Keeps the answer for the second tap.
async fn keep_answer(tx: &Tx, clock: &Clock, scope: &str, form: &Form, answer: &str) -> Result<()> {
    match form.request_key() {
        Some(key) => once::remember(tx, clock, scope, key, &form.content_hash(), answer).await,
        None => Ok(()),
    }
}

/// A refusal of the domain, to be shown beside a field; anything else goes on to the edge.
fn beside<T>(field: &'static str, result: Result<T>) -> Result<Result<T, Wrong>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Refused(refusal)) => Ok(Err(Wrong::refusal(field, refusal))),
        Err(e) => Err(e),
    }
}

/// Where somebody with these roles begins their day.
fn home(roles: &[person_role::Model]) -> &'static str {
    let holds = |role| roles.iter().any(|held| held.role == role);
    if holds(Role::Operator) {
        "/kelola"
    } else if holds(Role::Administrator) {
        "/admin"
    } else if holds(Role::Crafter) {
        "/karya"
    } else if roles.iter().any(|held| role::is_staff(held.role)) {
        "/tugas"
    } else {
        "/akun"
    }
}

/// A role as pages show it.
#[derive(Clone, Debug, Serialize)]
struct RoleView {
    id: i64,
    key: &'static str,
    /// The outlet or the village; empty when it holds everywhere.
    place: String,
}

/// The places of the installation, to name roles by.
struct Places {
    villages: Vec<village::Model>,
    outlets: Vec<outlet_row::Model>,
}

impl Places {
    async fn read(db: &impl ConnectionTrait) -> Result<Places> {
        Ok(Places { villages: outlet::villages(db).await?, outlets: outlet::outlets(db, None).await? })
    }

    fn name(&self, held: &person_role::Model) -> String {
        let outlet = self.outlets.iter().find(|outlet| Some(outlet.id) == held.outlet_id);
        let village = self.villages.iter().find(|village| Some(village.id) == held.village_id);
        match (outlet, village) {
            (Some(outlet), _) => outlet.name.clone(),
            (None, Some(village)) => village.name.clone(),
            (None, None) => String::new(),
        }
    }

    fn view(&self, held: &person_role::Model) -> RoleView {
        RoleView { id: held.id, key: role::key(held.role), place: self.name(held) }
    }
}
