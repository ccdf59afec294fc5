//! The demonstration village, made through the same functions that people's taps reach, with a month of trade behind it.
//!
//! Each step looks first whether its part is there, so a first start that was cut short goes on where it stopped.
mod data;
mod goods;
mod people;
mod trade;

use std::io::{IsTerminal, Write};

use crate::{clock::Clock, db::Db, error::Result, gateway::files::Store};
use entity::outlet;

/// What the demonstration stands on.
struct Ground<'a> {
    db: &'a Db,
    files: &'a Store,
    /// When the shop is looked at; its past lies before.
    now: chrono::DateTime<chrono::Utc>,
    village: data::Village,
    scale: usize,
}

/// Fills an empty database with the village; `scale` multiplies its products and its trade. Photos go with the first
/// of each product only.
pub async fn run(db: &Db, clock: &Clock, files: &Store, scale: usize) -> Result<()> {
    let ground = Ground { db, files, now: clock.now(), village: data::read()?, scale: scale.max(1) };
    let mut progress = Progress::new();
    let opened = Clock::stopped(ground.now - chrono::Duration::days(45));
    progress.say("people");
    let (outlet, hand) = people::make(&ground, &opened).await?;
    progress.say("goods");
    let goods = goods::make(&ground, &opened, &outlet, &hand, &mut progress).await?;
    progress.say("a month of trade");
    trade::make(&ground, &outlet, &hand, &goods, &mut progress).await?;
    progress.end();
    Ok(())
}

/// Whether nobody has opened an outlet here yet.
pub async fn is_empty(db: &Db) -> Result<bool> {
    use sea_orm::{EntityTrait, PaginatorTrait};
    Ok(outlet::Entity::find().count(db).await? == 0)
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
