//! The running stand-in: its book, its clock, its file.
use std::{
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Notify;

use super::{
    MOUNT,
    book::Book,
    core_web::HttpLayer,
    courier,
    dice::Dice,
    file::{File, FileError},
};

/// The clock, handed in so that a test can move it.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Why the stand-in cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its file cannot be used.
    #[error(transparent)]
    File(#[from] FileError),
    /// No HTTP client could be made.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

struct Settings {
    mount: String,
    http_layer: HttpLayer,
}

/// A Midtrans with play money.
pub struct Sandbox {
    book: Mutex<Book>,
    settings: Mutex<Settings>,
    /// Taken after the book, never before.
    file: Mutex<File>,
    clock: Now,
    pub(super) changed: Notify,
    pub(super) http: reqwest::Client,
}

/// What a request works on: the book at one moment, nobody else touching it.
pub(super) struct Desk<'a> {
    pub book: &'a mut Book,
    pub now: DateTime<Utc>,
    /// Where the stand-in is for a browser, without a slash at the end.
    pub mount: String,
}

impl Desk<'_> {
    /// Moves the clock ahead, for good.
    pub fn advance(&mut self, seconds: i64) {
        self.book.ahead_s += seconds;
        self.now += Duration::seconds(seconds);
        self.book.catch_up(self.now);
    }
}

impl Sandbox {
    /// Opens the stand-in of a data folder, making its keys on the first day. `public_base` is where a browser
    /// reaches the application, such as `http://127.0.0.1:8080`; `seed` makes the first day one that can be repeated.
    pub fn open(data_dir: &Path, public_base: &str, clock: Now, seed: Option<u64>) -> Result<Arc<Self>, OpenError> {
        let (file, mut book) = File::open(data_dir, || Book::new(Dice::of(seed)))?;
        book.reckon_all(clock());
        let base = public_base.trim_end_matches('/');
        book.outbox.usual = format!("{base}/midtrans/notifikasi");
        book.outbox.payout = format!("{base}/midtrans/payout");
        let sandbox = Arc::new(Self {
            book: Mutex::new(book),
            settings: Mutex::new(Settings { mount: format!("{base}{MOUNT}"), http_layer: HttpLayer::default() }),
            file: Mutex::new(file),
            clock,
            changed: Notify::new(),
            http: courier::http()?,
        });
        sandbox.save()?;
        Ok(sandbox)
    }

    /// Where notifications go; at first `{public_base}/midtrans/notifikasi`.
    pub fn set_notify_url(&self, url: &str) {
        url.clone_into(&mut lock(&self.book).outbox.usual);
    }

    /// Where callbacks of payouts go; at first `{public_base}/midtrans/payout`.
    pub fn set_payout_url(&self, url: &str) {
        url.clone_into(&mut lock(&self.book).outbox.payout);
    }

    /// Which HTTP status the answers of Core come with; at first the documented one.
    pub fn set_http_layer(&self, layer: HttpLayer) {
        lock(&self.settings).http_layer = layer;
    }

    /// The secret key of this data folder.
    pub fn server_key(&self) -> String {
        lock(&self.book).keys.server.clone()
    }

    /// The public key of this data folder.
    pub fn client_key(&self) -> String {
        lock(&self.book).keys.client.clone()
    }

    /// The keys of payouts: the creator's, which also signs their notices, and the approver's.
    pub fn payout_keys(&self) -> (String, String) {
        let book = lock(&self.book);
        (book.keys.iris_creator.clone(), book.keys.iris_approver.clone())
    }

    /// The merchant every answer names.
    pub fn merchant_id(&self) -> String {
        lock(&self.book).keys.merchant_id.clone()
    }

    /// How many notifications are still to be delivered, retries included.
    pub fn notifications_waiting(&self) -> usize {
        lock(&self.book).outbox.waiting()
    }

    /// Writes everything anew, so that the next start has little to read. What happened is on file without it.
    pub fn save(&self) -> Result<(), FileError> {
        let mut book = lock(&self.book);
        let now = self.now(&book);
        book.prune(now);
        lock(&self.file).write_whole(&mut book)
    }

    /// The same, when the journal has become long.
    pub(super) fn save_if_long(&self) -> Result<(), FileError> {
        if lock(&self.file).is_long() { self.save() } else { Ok(()) }
    }

    pub(super) fn http_layer(&self) -> HttpLayer {
        lock(&self.settings).http_layer
    }

    /// Its own clock, which may have been moved ahead.
    fn now(&self, book: &Book) -> DateTime<Utc> {
        (self.clock)() + Duration::seconds(book.ahead_s)
    }

    /// Works on the book at this moment. What changed is on file when this returns, and the courier awake.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> T {
        let mount = lock(&self.settings).mount.clone();
        let mut book = lock(&self.book);
        let now = self.now(&book);
        let before = book.revision;
        book.catch_up(now);
        let result = work(&mut Desk { book: &mut book, now, mount });
        if book.revision != before {
            if let Err(error) = lock(&self.file).write(&mut book) {
                tracing::error!(%error, "the Midtrans stand-in cannot write its file");
            }
            self.changed.notify_one();
        }
        result
    }
}

/// A panic elsewhere does not make the book wrong: every move is made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
