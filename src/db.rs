//! The one door to the database. Reads take `&impl ConnectionTrait`; writes take a [`Tx`], which only [`begin`] opens.
mod many;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::sync::watch;

use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

pub use many::{find_all, insert_all, insert_all_returning, insert_missing};

/// Connections to the database: it reads like a connection, and writes through [`begin`].
#[derive(Clone)]
pub struct Db {
    read: DatabaseConnection,
    write: DatabaseConnection,
    version: Arc<AtomicU64>,
    asked: Arc<AtomicU64>,
    wake: watch::Sender<()>,
}

impl Db {
    /// Opens SQLite (one writer, some readers) or PostgreSQL (one pool).
    pub async fn connect(url: &str) -> Result<Db, DbErr> {
        let (read, write) = if url.starts_with("sqlite:") {
            let write = Database::connect(sqlite(url, 1)).await?;
            (Database::connect(sqlite(url, 6)).await?, write)
        } else {
            let mut options = ConnectOptions::new(url);
            options
                .max_connections(12)
                .min_connections(1)
                .acquire_timeout(Duration::from_secs(10))
                // A look before every use would double the round trips; a connection that rested may have died.
                .test_before_acquire_if_idle_for(Duration::from_secs(5))
                // Everything is asked by key: planning each question anew would take longer than answering it.
                .map_sqlx_postgres_opts(|o| o.options([("plan_cache_mode", "force_generic_plan")]))
                .sqlx_logging(false);
            let pool = Database::connect(options).await?;
            (pool.clone(), pool)
        };
        Ok(Db { read, write, version: Arc::default(), asked: Arc::default(), wake: watch::Sender::new(()) })
    }

    /// Brings the schema up to date. Two nodes that start together take turns.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        if self.read.get_database_backend() == DbBackend::Postgres {
            // One connection must hold the lock while another migrates, so the lock is a table in a transaction.
            let tx = self.write.begin().await?;
            tx.execute_unprepared("SELECT pg_advisory_xact_lock(7281)").await?;
            Migrator::up(&self.write, None).await?;
            return tx.commit().await;
        }
        Migrator::up(&self.write, None).await
    }

    /// Counts up with every commit that changed what guests see; a kept page is good while it stands.
    pub fn shown_version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Says that what guests see has changed elsewhere.
    pub fn bump_shown(&self) {
        self.version.fetch_add(1, Ordering::AcqRel);
    }

    /// Statements sent to the database by this process so far, for knowing what a page costs.
    pub fn statements(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Tells each worker when a commit left work in the outbox.
    pub fn work_queued(&self) -> watch::Receiver<()> {
        self.wake.subscribe()
    }

    /// Ends all connections.
    pub async fn close(self) {
        self.read.close().await.ok();
        self.write.close().await.ok();
    }

    pub async fn ping(&self) -> Result<(), DbErr> {
        self.read.ping().await
    }
}

/// Reading only: on SQLite these connections are not the one that writes.
#[async_trait::async_trait]
impl ConnectionTrait for Db {
    fn get_database_backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.read.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.read.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.read.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.read.query_all_raw(statement).await
    }
}

fn sqlite(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .idle_timeout(None)
        .max_lifetime(None)
        // A file does not hang up.
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|o| {
            o.busy_timeout(Duration::from_secs(10))
                .foreign_keys(true)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .pragma("cache_size", "-4000")
                .pragma("temp_store", "MEMORY")
        });
    options
}

/// A transaction that may write. Dropped without [`Tx::commit`], it never happened.
pub struct Tx {
    inner: DatabaseTransaction,
    version: Arc<AtomicU64>,
    asked: Arc<AtomicU64>,
    shown_changed: AtomicBool,
    wake: watch::Sender<()>,
    queued_work: AtomicBool,
}

/// Opens a transaction to write in; IMMEDIATE on SQLite, so that reading before writing is safe there too.
///
/// It begins in a task of its own: when a browser hangs up and its handler is dropped, sqlx would give a connection that
/// was just beginning back to the pool with its transaction open (sqlx issue 4385).
pub async fn begin(db: &Db) -> Result<Tx, DbErr> {
    let write = db.write.clone();
    let begun = tokio::spawn(async move {
        let mode = Some(SqliteTransactionMode::Immediate);
        write.begin_with_options(TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() }).await
    });
    let inner = begun.await.map_err(|e| DbErr::Custom(e.to_string()))??;
    Ok(Tx {
        inner,
        version: db.version.clone(),
        asked: db.asked.clone(),
        shown_changed: AtomicBool::new(false),
        wake: db.wake.clone(),
        queued_work: AtomicBool::new(false),
    })
}

impl Tx {
    /// Marks that guests will see something else once this is committed: a price, a stock, a product.
    pub fn changes_what_is_shown(&self) {
        self.shown_changed.store(true, Ordering::Release);
    }

    /// Marks that there is work for the outbox's worker, which is woken after the commit.
    pub fn queues_work(&self) {
        self.queued_work.store(true, Ordering::Release);
    }

    /// Does a part that may fail by itself: what it wrote is undone then, and the transaction goes on without it.
    pub async fn part<T, E>(&self, work: impl Future<Output = Result<T, E>>) -> Result<Result<T, E>, DbErr> {
        self.inner.execute_unprepared("SAVEPOINT part").await?;
        let done = work.await;
        if done.is_err() {
            self.inner.execute_unprepared("ROLLBACK TO SAVEPOINT part").await?;
        }
        self.inner.execute_unprepared("RELEASE SAVEPOINT part").await?;
        Ok(done)
    }

    /// Makes it happen.
    pub async fn commit(self) -> Result<(), DbErr> {
        let Tx { inner, version, shown_changed, wake, queued_work, .. } = self;
        inner.commit().await?;
        if shown_changed.into_inner() {
            version.fetch_add(1, Ordering::AcqRel);
        }
        if queued_work.into_inner() {
            wake.send_replace(());
        }
        Ok(())
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        self.inner.query_all_raw(statement).await
    }
}
