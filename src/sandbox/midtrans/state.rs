//! The running stand-in: its book, its clock, its file.
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Notify;

use super::{MOUNT, book::Book, core_web::HttpLayer, courier, dice::Dice};

/// The clock, handed in so that a test can move it.
pub type Now = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Why the stand-in cannot start.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Its folder or file cannot be used.
    #[error("cannot use {path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Its file is there, but is not its file.
    #[error("{path} is not readable as the stand-in's file: {source}")]
    Content {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// No HTTP client could be made.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

struct Settings {
    mount: String,
    notify_url: String,
    payout_url: String,
    http_layer: HttpLayer,
}

/// A Midtrans with play money.
pub struct Sandbox {
    book: Mutex<Book>,
    settings: Mutex<Settings>,
    saved: Mutex<u64>,
    clock: Now,
    file: PathBuf,
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
        let folder = data_dir.join("sandbox");
        let file = folder.join("midtrans.json");
        fs::create_dir_all(&folder).map_err(|source| OpenError::File { path: folder, source })?;
        let mut book: Book = match fs::read(&file) {
            Ok(bytes) => {
                serde_json::from_slice(&bytes).map_err(|source| OpenError::Content { path: file.clone(), source })?
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Book::new(Dice::of(seed)),
            Err(source) => return Err(OpenError::File { path: file, source }),
        };
        book.reckon_all(clock());
        let base = public_base.trim_end_matches('/');
        let sandbox = Arc::new(Self {
            book: Mutex::new(book),
            settings: Mutex::new(Settings {
                mount: format!("{base}{MOUNT}"),
                notify_url: format!("{base}/midtrans/notifikasi"),
                payout_url: format!("{base}/midtrans/payout"),
                http_layer: HttpLayer::default(),
            }),
            // Never a real revision, so that the first save always writes.
            saved: Mutex::new(u64::MAX),
            clock,
            file,
            changed: Notify::new(),
            http: courier::http()?,
        });
        sandbox.save()?;
        Ok(sandbox)
    }

    /// Where notifications go; at first `{public_base}/midtrans/notifikasi`.
    pub fn set_notify_url(&self, url: &str) {
        lock(&self.settings).notify_url = url.to_owned();
    }

    /// Where callbacks of payouts go; at first `{public_base}/midtrans/payout`.
    pub fn set_payout_url(&self, url: &str) {
        lock(&self.settings).payout_url = url.to_owned();
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

    /// Writes what changed since the last time, all or nothing. The courier does it by itself within a moment; call it
    /// once more when the server stops.
    pub fn save(&self) -> Result<(), OpenError> {
        let mut saved = lock(&self.saved);
        let (revision, text) = {
            let mut book = lock(&self.book);
            if *saved == book.revision {
                return Ok(());
            }
            let now = self.now(&book);
            book.prune(now);
            let text =
                serde_json::to_vec(&*book).map_err(|source| OpenError::Content { path: self.file.clone(), source })?;
            (book.revision, text)
        };
        let draft = self.file.with_extension("json.new");
        fs::write(&draft, text)
            .and_then(|()| fs::rename(&draft, &self.file))
            .map_err(|source| OpenError::File { path: self.file.clone(), source })?;
        *saved = revision;
        Ok(())
    }

    pub(super) fn http_layer(&self) -> HttpLayer {
        lock(&self.settings).http_layer
    }

    pub(super) fn notify_url(&self) -> String {
        lock(&self.settings).notify_url.clone()
    }

    pub(super) fn payout_url(&self) -> String {
        lock(&self.settings).payout_url.clone()
    }

    /// Its own clock, which may have been moved ahead.
    fn now(&self, book: &Book) -> DateTime<Utc> {
        (self.clock)() + Duration::seconds(book.ahead_s)
    }

    /// Works on the book at this moment, and wakes the courier if anything changed.
    pub(super) fn with<T>(&self, work: impl FnOnce(&mut Desk) -> T) -> T {
        let mount = lock(&self.settings).mount.clone();
        let mut book = lock(&self.book);
        let now = self.now(&book);
        let before = book.revision;
        book.catch_up(now);
        let result = work(&mut Desk { book: &mut book, now, mount });
        if book.revision != before {
            self.changed.notify_one();
        }
        result
    }
}

/// A panic elsewhere does not make the book wrong: every move is made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
