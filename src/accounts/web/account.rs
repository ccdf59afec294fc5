//! `/akun`: who I am, what I may do, and the devices I am signed in on.
use actix_web::{
    HttpResponse,
    web::{self, Data},
};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Places, RoleView};
use crate::{
    accounts::{person, role, session, visit::Person},
    app::App,
    error::Result,
    page::Page,
};
use entity::{person_role, person_role::Role};

pub(super) fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/akun", web::get().to(show));
}

/// One's own page.
#[derive(Serialize)]
pub struct AccountPage {
    name: String,
    phone: Option<String>,
    roles: Vec<RoleView>,
    ways: Vec<Way>,
    devices: Vec<Device>,
    /// Whether a second proof is offered, and whether it is on.
    staff: bool,
    code_on: bool,
    /// Somebody else chose the PIN; it is good until then.
    lent_until: Option<DateTime<Utc>>,
}

/// A way on to one's work.
#[derive(Serialize)]
struct Way {
    href: &'static str,
    title: &'static str,
    hint: &'static str,
}

#[derive(Serialize)]
struct Device {
    id: i64,
    name: String,
    seen_at: DateTime<Utc>,
    here: bool,
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "accounts/account.html";
    fn samples() -> Vec<AccountPage> {
        let at = DateTime::UNIX_EPOCH;
        let device = |id, here| Device { id, name: "Chrome, Android".into(), seen_at: at, here };
        vec![
            AccountPage {
                name: "Bu Siti Aminah".into(),
                phone: Some("6281200000001".into()),
                roles: vec![RoleView { id: 1, key: "role.operator", place: "e-Warong Kemuning Lor".into() }],
                ways: ways(&[Role::Operator, Role::Crafter, Role::Administrator, Role::Auditor]),
                devices: vec![device(1, true), device(2, false)],
                staff: true,
                code_on: true,
                lent_until: None,
            },
            AccountPage {
                name: "Ibu Ratna".into(),
                phone: None,
                roles: vec![RoleView { id: 2, key: "role.buyer", place: String::new() }],
                ways: ways(&[Role::Buyer]),
                devices: vec![device(1, true)],
                staff: false,
                code_on: false,
                lent_until: Some(at),
            },
        ]
    }
}

async fn show(person: Person, app: Data<App>) -> Result<HttpResponse> {
    let me = person::get(&app.db, person.signed.id).await?;
    let places = Places::read(&app.db).await?;
    let devices = session::devices(&app.db, &app.clock, me.id).await?;
    let held: Vec<Role> = person.signed.roles.iter().map(|held| held.role).collect();
    let page = AccountPage {
        name: me.name,
        phone: me.phone,
        roles: person.signed.roles.iter().map(|held: &person_role::Model| places.view(held)).collect(),
        ways: ways(&held),
        devices: devices
            .into_iter()
            .map(|device| Device {
                here: device.id == person.signed.session_id,
                id: device.id,
                name: device.device,
                seen_at: device.seen_at,
            })
            .collect(),
        staff: held.iter().any(|held| role::is_staff(*held)),
        code_on: me.totp_secret.is_some(),
        lent_until: me.secret_until,
    };
    person.visit.page(&app.templates, &page)
}

/// The ways on for these roles, the daily ones first.
fn ways(roles: &[Role]) -> Vec<Way> {
    let has = |role| roles.contains(&role);
    let mut ways = Vec::new();
    if has(Role::Operator) {
        ways.push(Way { href: "/kelola", title: "account.way_counter", hint: "account.way_counter_hint" });
        ways.push(Way { href: "/kelola/perajin", title: "account.way_crafters", hint: "account.way_crafters_hint" });
    }
    if has(Role::Crafter) {
        ways.push(Way { href: "/karya", title: "account.way_work", hint: "account.way_work_hint" });
    }
    if has(Role::Administrator) {
        ways.push(Way { href: "/admin", title: "account.way_admin", hint: "account.way_admin_hint" });
    }
    if !has(Role::Operator) && (has(Role::Administrator) || has(Role::Auditor)) {
        ways.push(Way {
            href: "/kelola/bayar-perajin",
            title: "account.way_payouts",
            hint: "account.way_payouts_hint",
        });
    }
    let duties = [Role::VillageOfficer, Role::KubeOfficer, Role::Mentor, Role::Auditor];
    if duties.into_iter().any(has) {
        ways.push(Way { href: "/tugas", title: "account.way_duties", hint: "account.way_duties_hint" });
    }
    if held_by_buyers(roles) {
        ways.push(Way { href: "/grosir", title: "reseller.title", hint: "reseller.way_hint" });
    }
    ways.push(Way { href: "/pesanan", title: "account.way_orders", hint: "account.way_orders_hint" });
    ways
}

/// Whether somebody works for nobody here: they may want to sell our goods elsewhere.
fn held_by_buyers(roles: &[Role]) -> bool {
    roles.iter().all(|role| *role == Role::Buyer)
}
