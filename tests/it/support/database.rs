//! A migrated database for each test: a copy of one template, made once a run.
use std::{
    path::{Path, PathBuf},
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use sea_orm::{ConnectionTrait, Database};
use warong::db::Db;

/// The address of a database that nobody else uses.
pub fn fresh(folder: &Path) -> String {
    match std::env::var("DATABASE_URL") {
        Ok(url) if url.starts_with("postgres") => postgres(&url),
        _ => sqlite(folder),
    }
}

fn sqlite(folder: &Path) -> String {
    static TEMPLATE: OnceLock<PathBuf> = OnceLock::new();
    let template = TEMPLATE.get_or_init(|| {
        let file = std::env::temp_dir().join(format!("warong-template-{}.db", std::process::id()));
        let url = format!("sqlite://{}?mode=rwc", file.display());
        apart(async move {
            let db = Db::connect(&url).await.expect("SQLite opens");
            db.migrate().await.expect("the schema is made");
            db.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.expect("all is in one file");
            db.close().await;
        });
        file
    });
    let file = folder.join("warong.db");
    std::fs::copy(template, &file).expect("the template is copied");
    format!("sqlite://{}?mode=rwc", file.display())
}

fn postgres(server: &str) -> String {
    static TEMPLATE: OnceLock<String> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let (address, _) = server.rsplit_once('/').expect("a database name in DATABASE_URL");
    let template = TEMPLATE.get_or_init(|| {
        let name = format!("template_{}", std::process::id());
        command(server, &format!("CREATE DATABASE {name}"));
        let url = format!("{address}/{name}");
        apart(async move {
            let db = Db::connect(&url).await.expect("PostgreSQL opens");
            db.migrate().await.expect("the schema is made");
            db.close().await;
        });
        name
    });
    let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    // Two copies of one template at once are refused by PostgreSQL.
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(|e| e.into_inner());
    command(server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
    format!("{address}/{name}")
}

fn command(server: &str, sql: &str) {
    let (server, sql) = (server.to_owned(), sql.to_owned());
    apart(async move {
        let db = Database::connect(&server).await.expect("PostgreSQL opens");
        db.execute_unprepared(&sql).await.expect("PostgreSQL obeys");
        db.close().await.expect("PostgreSQL closes");
    });
}

/// Runs to the end on a runtime of its own: connections die with the runtime that made them.
fn apart(work: impl Future<Output = ()> + Send + 'static) {
    std::thread::spawn(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work);
    })
    .join()
    .expect("work apart");
}
