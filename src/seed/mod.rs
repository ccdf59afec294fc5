//! The demonstration village, made through the same functions that people's taps reach, with a month of trade behind it.
//!
//! Each step looks first whether its part is there, so a first start that was cut short goes on where it stopped.
mod big_order;
mod data;
mod goods;
mod handed;
mod kiosk;
mod letters;
mod market;
mod payouts;
mod people;
mod sembako;
mod trade;
mod wholesale;

use std::{
    fmt::Write as _,
    io::{IsTerminal, Write},
};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    accounts::{person, role},
    clock::Clock,
    db::{self, Db},
    error::Result,
    gateway::files::Store,
    once,
};
use entity::{outlet, request};

/// What the demonstration stands on.
struct Ground<'a> {
    db: &'a Db,
    files: &'a Store,
    /// When the shop is looked at; its past lies before.
    now: chrono::DateTime<chrono::Utc>,
    village: data::Village,
    scale: usize,
    pictures: bool,
}

/// The same village with one small picture for all goods, where only words and numbers matter.
pub async fn run_small(db: &Db, clock: &Clock, files: &Store) -> Result<()> {
    make(db, clock, files, 1, false).await
}

/// Fills an empty database with the village; `scale` multiplies its products and its trade. The first of
/// each product has its own photos; the others share one small picture.
pub async fn run(db: &Db, clock: &Clock, files: &Store, scale: usize) -> Result<()> {
    make(db, clock, files, scale.max(1), true).await
}

async fn make(db: &Db, clock: &Clock, files: &Store, scale: usize, pictures: bool) -> Result<()> {
    let ground = Ground { db, files, now: clock.now(), village: data::read()?, scale, pictures };
    mark(db, clock, BEGUN).await?;
    let mut progress = Progress::new();
    let opened = Clock::stopped(ground.now - chrono::Duration::days(45));
    progress.say("people");
    let (outlet, hand) = people::make(&ground, &opened).await?;
    progress.say("goods");
    let goods = goods::make(&ground, &opened, &outlet, &hand, &mut progress).await?;
    progress.say("a month of trade");
    trade::make(&ground, &outlet, &hand, &goods, &mut progress).await?;
    progress.say("sembako");
    sembako::make(&ground, &outlet, &hand).await?;
    payouts::make(&ground, &outlet, &hand).await?;
    letters::make(&ground, &outlet, &hand).await?;
    handed::wait(&ground, &outlet, &hand).await?;
    kiosk::make(&ground, &outlet, &hand).await?;
    wholesale::make(&ground, &outlet, &hand).await?;
    big_order::make(&ground, &outlet, &hand).await?;
    market::make(&ground, &outlet, &hand).await?;
    progress.end();
    mark(db, clock, DONE).await
}

/// Whether there is no village here, or one that was begun and not finished.
pub async fn is_unfinished(db: &Db) -> Result<bool> {
    let done = request::Entity::find().filter(request::Column::Scope.eq(DONE)).one(db).await?.is_some();
    if done {
        return Ok(false);
    }
    let begun = request::Entity::find().filter(request::Column::Scope.eq(BEGUN)).one(db).await?.is_some();
    Ok(begun || outlet::Entity::find().one(db).await?.is_none())
}

/// The sign-ins of the demonstration, as a list to print.
pub async fn sign_ins(db: &Db) -> Result<String> {
    let mut list = String::from("Sign-ins of the demonstration (phone, PIN, name, role):");
    for (person, roles) in person::demonstration(db).await? {
        let roles: Vec<String> = roles.iter().map(|held| role::code(held.role)).collect();
        let phone = crate::page::national_phone(person.phone.as_deref().unwrap_or_default()).replace('-', "");
        write!(list, "\n  {phone}  246810  {:<16} {}", person.name, roles.join(", ")).ok();
    }
    Ok(list)
}

/// Marks in the table of answered requests: the village was begun, the village is whole.
const BEGUN: &str = "seed.begun";
const DONE: &str = "seed.done";

async fn mark(db: &Db, clock: &Clock, scope: &str) -> Result<()> {
    let tx = db::begin(db).await?;
    if once::answered(&tx, scope, "village", "").await?.is_none() {
        once::remember(&tx, clock, scope, "village", "", "").await?;
    }
    Ok(tx.commit().await?)
}

/// A line on the terminal that shows that work goes on.
struct Progress {
    terminal: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress { terminal: std::io::stderr().is_terminal() }
    }

    fn say(&mut self, what: &str) {
        if self.terminal {
            eprint!("\r\x1b[2KMaking the demonstration village: {what}");
            std::io::stderr().flush().ok();
        } else {
            tracing::info!("making the demonstration village: {what}");
        }
    }

    /// `done` of `all`; on a terminal as a bar, elsewhere a line every quarter.
    fn count(&mut self, what: &str, done: usize, all: usize) {
        if self.terminal {
            let filled = done * 24 / all.max(1);
            let bar: String = (0..24).map(|i| if i < filled { '#' } else { '.' }).collect();
            self.say(&format!("{what} [{bar}] {done}/{all}"));
        } else if done == all || done.is_multiple_of((all / 4).max(1)) {
            self.say(&format!("{what} {done}/{all}"));
        }
    }

    fn end(&mut self) {
        if self.terminal {
            eprintln!();
        }
    }
}
