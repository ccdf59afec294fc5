//! Ready pages for guests, kept in memory: drawn once, compressed once, dropped at any change of stock or price.
//!
//! A page is kept under its language and its address in one agreed spelling, and is good as long as nothing that guests
//! see has changed ([`crate::db::Db::shown_version`], read *before* drawing) and the day is the same. Who carries any
//! cookie but the language is not a guest here. A hit asks no database and builds no visit.
use std::{
    borrow::Cow,
    collections::HashMap,
    io::Write,
    sync::{
        Arc, OnceLock, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::{
    Error, HttpResponse,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web,
};
use bytes::Bytes;
use chrono::NaiveDate;

use crate::{
    clock::Clock,
    db::Db,
    locale::{self, LANG_COOKIE, Lang},
    secret,
};

/// How many bytes of pages are kept, compressed forms included.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// What a query may say on a kept page, in the agreed order. Anything else is left out of the address.
const KNOWN: [&str; 5] = ["kategori", "harga_min", "harga_max", "urut", "hal"];
/// Free words make a page nobody else asks for: it is drawn each time.
const FREE: [&str; 2] = ["q", "tujuan"];

/// A page as it goes over the wire.
#[derive(Debug)]
pub struct Kept {
    mark: Mark,
    etag: HeaderValue,
    plain: Bytes,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
    used: AtomicU64,
}

/// When a page was drawn: it stands while both are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub version: u64,
    pub day: NaiveDate,
}

impl Mark {
    /// The present. Taken before drawing, so that a change meanwhile makes the page old.
    pub fn now(db: &Db, clock: &Clock) -> Mark {
        Mark { version: db.shown_version(), day: clock.today() }
    }
}

#[derive(Debug, Default)]
struct Shelf {
    pages: HashMap<(&'static str, String), Arc<Kept>>,
    bytes: usize,
}

/// All kept pages.
#[derive(Debug)]
pub struct PageCache {
    on: bool,
    max_bytes: usize,
    shelf: RwLock<Shelf>,
    ticks: AtomicU64,
}

impl PageCache {
    /// A cache with the usual room; `on` is the setting `WARONG_PAGE_CACHE`.
    pub fn new(on: bool) -> PageCache {
        PageCache { on, max_bytes: MAX_BYTES, shelf: RwLock::default(), ticks: AtomicU64::new(0) }
    }

    pub fn is_on(&self) -> bool {
        self.on
    }

    /// The page of an address in the agreed spelling, if it still stands.
    pub fn find(&self, lang: Lang, address: &str, mark: Mark) -> Option<Arc<Kept>> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        // The owned key is only for the map's type; it is short.
        let kept = shelf.pages.get(&(locale::code(lang), address.to_owned())).filter(|kept| kept.mark == mark)?;
        kept.used.store(self.ticks.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Some(kept.clone())
    }

    /// Keeps a page that was drawn from what stood at `mark`.
    pub fn keep(&self, lang: Lang, address: &str, mark: Mark, text: String) -> Arc<Kept> {
        let kept = Arc::new(Kept::new(mark, text));
        let size = kept.size();
        if !self.on || size > self.max_bytes / 8 {
            return kept;
        }
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        kept.used.store(self.ticks.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        if let Some(old) = shelf.pages.insert((locale::code(lang), address.to_owned()), kept.clone()) {
            shelf.bytes -= old.size();
        }
        shelf.bytes += size;
        if shelf.bytes > self.max_bytes {
            shelf.make_room(mark, self.max_bytes / 2);
        }
        kept
    }
}

impl Shelf {
    /// Old pages go first, then those that were not asked for longest.
    fn make_room(&mut self, mark: Mark, bytes: usize) {
        self.pages.retain(|_, kept| kept.mark == mark);
        let mut uses: Vec<(u64, usize)> =
            self.pages.values().map(|kept| (kept.used.load(Ordering::Relaxed), kept.size())).collect();
        uses.sort_unstable_by(|a, b| b.cmp(a));
        let mut room = bytes;
        let last = uses.iter().find(|(_, size)| {
            room = room.saturating_sub(*size);
            room == 0
        });
        let oldest = last.map_or(0, |(used, _)| *used);
        self.pages.retain(|_, kept| kept.used.load(Ordering::Relaxed) >= oldest);
        self.bytes = self.pages.values().map(|kept| kept.size()).sum();
    }
}

impl Kept {
    fn new(mark: Mark, text: String) -> Kept {
        let hash = secret::sha256(text.as_bytes());
        let etag = format!("W/\"{}\"", hash.get(..20).unwrap_or(&hash));
        Kept {
            mark,
            etag: HeaderValue::from_str(&etag).unwrap_or_else(|_| HeaderValue::from_static("W/\"\"")),
            plain: text.into(),
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
            used: AtomicU64::new(0),
        }
    }

    /// Bytes this page may come to: compressed forms are made when first asked for and are at most a third each.
    fn size(&self) -> usize {
        self.plain.len() + self.plain.len() * 2 / 3 + 512
    }

    /// The answer for a reader: 304 when they have it, else in the best form they take.
    pub fn answer(&self, headers: &HeaderMap) -> HttpResponse {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or("");
        let known = text(header::IF_NONE_MATCH);
        let has_it = !known.is_empty() && self.etag.to_str().is_ok_and(|etag| known.contains(etag));
        let mut answer = if has_it { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer
            .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-cache")))
            .insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding, Cookie")))
            .insert_header((header::ETAG, self.etag.clone()));
        if has_it {
            return answer.finish();
        }
        let (encoding, body) = self.form(text(header::ACCEPT_ENCODING));
        answer
            .insert_header((header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")))
            .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static(encoding)))
            .body(body)
    }

    fn form(&self, accepts: &str) -> (&'static str, Bytes) {
        let takes = |name: &str| {
            accepts.split(',').any(|part| {
                let mut part = part.split(';');
                part.next().is_some_and(|coding| coding.trim() == name)
                    && !part.any(|q| matches!(q.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        if accepts.is_empty() {
            ("identity", self.plain.clone())
        } else if takes("br") {
            ("br", self.brotli.get_or_init(|| brotli(&self.plain)).clone())
        } else if takes("gzip") {
            ("gzip", self.gzip.get_or_init(|| gzip(&self.plain)).clone())
        } else {
            ("identity", self.plain.clone())
        }
    }
}

fn brotli(plain: &[u8]) -> Bytes {
    let params = brotli::enc::BrotliEncoderParams { quality: 5, lgwin: 18, ..Default::default() };
    let mut packed = Vec::with_capacity(plain.len() / 3);
    brotli::BrotliCompress(&mut &*plain, &mut packed, &params).ok();
    packed.into()
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut packed = flate2::write::GzEncoder::new(Vec::with_capacity(plain.len() / 3), flate2::Compression::new(6));
    packed.write_all(plain).ok();
    packed.finish().unwrap_or_default().into()
}

/// An address in the agreed spelling: known parameters in order, empty and unknown ones left out. `None` when the page
/// answers free words and is not to be kept.
pub fn address<'a>(path: &'a str, query: &str) -> Option<Cow<'a, str>> {
    if query.is_empty() {
        return Some(Cow::Borrowed(path));
    }
    let mut values: [Option<Cow<'_, str>>; KNOWN.len()] = Default::default();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if value.is_empty() {
            continue;
        }
        if FREE.contains(&&*name) {
            return None;
        }
        if let Some(place) = KNOWN.iter().position(|known| *known == name) {
            values[place] = Some(value);
        }
    }
    if values.iter().all(Option::is_none) {
        return Some(Cow::Borrowed(path));
    }
    let mut pairs = form_urlencoded::Serializer::for_suffix(format!("{path}?"), path.len() + 1);
    for (name, value) in KNOWN.iter().zip(&values) {
        if let Some(value) = value {
            pairs.append_pair(name, value);
        }
    }
    Some(Cow::Owned(pairs.finish()))
}

/// The language of a reader who carries nothing else; `None` for everybody with another cookie.
pub fn guest(headers: &HeaderMap) -> Option<Lang> {
    let mut lang = Lang::Id;
    for line in headers.get_all(header::COOKIE) {
        for pair in line.to_str().ok()?.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=')?;
            if name != LANG_COOKIE {
                return None;
            }
            lang = locale::lang(value);
        }
    }
    Some(lang)
}

/// Answers guests from the kept pages before anything else is looked at.
pub async fn serve<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    match kept(&request) {
        Some(kept) => {
            metrics::counter!("warong_kept_pages_total").increment(1);
            let (request, _) = request.into_parts();
            let answer = kept.answer(request.headers());
            Ok(ServiceResponse::new(request, answer).map_into_right_body())
        }
        None => Ok(next.call(request).await?.map_into_left_body()),
    }
}

fn kept(request: &ServiceRequest) -> Option<Arc<Kept>> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let cache = request.app_data::<web::Data<PageCache>>().filter(|cache| cache.is_on())?;
    let lang = guest(request.headers())?;
    let address = address(request.path(), request.query_string())?;
    let (db, clock) = (request.app_data::<web::Data<Db>>()?, request.app_data::<web::Data<Clock>>()?);
    cache.find(lang, &address, Mark::now(db, clock))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(version: u64) -> Mark {
        Mark { version, day: NaiveDate::default() }
    }

    #[test]
    fn a_page_stands_until_something_shown_changes() {
        let cache = PageCache::new(true);
        cache.keep(Lang::Id, "/", mark(1), "lama".into());
        assert!(cache.find(Lang::Id, "/", mark(1)).is_some());
        assert!(cache.find(Lang::En, "/", mark(1)).is_none());
        assert!(cache.find(Lang::Id, "/", mark(2)).is_none());
        let tomorrow = Mark { day: NaiveDate::default().succ_opt().unwrap(), ..mark(1) };
        assert!(cache.find(Lang::Id, "/", tomorrow).is_none());
        let off = PageCache::new(false);
        off.keep(Lang::Id, "/", mark(1), "x".into());
        assert!(off.find(Lang::Id, "/", mark(1)).is_none());
    }

    #[test]
    fn the_room_is_bounded_and_what_is_asked_for_stays() {
        let cache = PageCache { max_bytes: 40_000, ..PageCache::new(true) };
        for n in 0..200 {
            cache.keep(Lang::Id, &format!("/produk?hal={n}"), mark(1), "x".repeat(1000));
            cache.find(Lang::Id, "/produk?hal=0", mark(1));
        }
        let shelf = cache.shelf.read().unwrap();
        assert!(shelf.bytes <= 40_000, "{}", shelf.bytes);
        assert_eq!(shelf.bytes, shelf.pages.values().map(|kept| kept.size()).sum::<usize>());
        drop(shelf);
        assert!(cache.find(Lang::Id, "/produk?hal=0", mark(1)).is_some());
        assert!(cache.find(Lang::Id, "/produk?hal=3", mark(1)).is_none());
    }

    #[test]
    fn addresses_have_one_spelling() {
        assert_eq!(address("/", "utm_source=wa&fbclid=1").unwrap(), "/");
        assert_eq!(address("/produk", "hal=2&kategori=kursi").unwrap(), "/produk?kategori=kursi&hal=2");
        assert_eq!(address("/produk", "kategori=kursi&hal=2&q=").unwrap(), "/produk?kategori=kursi&hal=2");
        assert!(address("/produk", "q=kurungan").is_none());
    }

    #[test]
    fn only_the_language_makes_no_person() {
        let with = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_str(cookie).unwrap());
            guest(&headers)
        };
        assert_eq!(guest(&HeaderMap::new()), Some(Lang::Id));
        assert_eq!(with("bahasa=en"), Some(Lang::En));
        assert_eq!(with("bahasa=en; warong_cart=abc"), None);
        assert_eq!(with("warong_session=abc"), None);
    }

    #[test]
    fn a_reader_gets_the_form_they_take() {
        let kept = Kept::new(mark(1), "<p>anyaman bambu</p>".repeat(200));
        assert_eq!(kept.form("").0, "identity");
        assert_eq!(kept.form("gzip, deflate, br").0, "br");
        assert_eq!(kept.form("gzip;q=1.0, br;q=0").0, "gzip");
        assert!(kept.form("br").1.len() < 200);
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_NONE_MATCH, kept.etag.clone());
        assert_eq!(kept.answer(&headers).status(), 304);
    }
}
