//! Time is handed in, so that a test can stand on the last minute of a payment.
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, SubsecRound, TimeZone, Utc};

/// Where the hour is read; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    stopped_at: Option<Arc<AtomicI64>>,
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Clock {
        Clock { stopped_at: None }
    }

    /// A clock that stands still until it is moved.
    pub fn stopped(at: DateTime<Utc>) -> Clock {
        Clock { stopped_at: Some(Arc::new(AtomicI64::new(at.timestamp_micros()))) }
    }

    /// Now, in whole microseconds: PostgreSQL keeps no finer, and both engines must answer alike.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(&self) -> DateTime<Utc> {
        match &self.stopped_at {
            None => Utc::now().trunc_subsecs(6),
            Some(at) => DateTime::from_timestamp_micros(at.load(Ordering::SeqCst)).unwrap_or_default(),
        }
    }

    /// Today in Jember.
    pub fn today(&self) -> NaiveDate {
        local_date(self.now())
    }

    /// Moves a stopped clock; the machine's own clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Some(at) = &self.stopped_at {
            at.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
        }
    }
}

/// Waktu Indonesia Barat, UTC+7 all year; Indonesia has no summer time.
pub fn wib() -> FixedOffset {
    match FixedOffset::east_opt(7 * 3600) {
        Some(offset) => offset,
        None => unreachable!("seven hours is a valid offset"),
    }
}

/// Midnight in Jember, when a day begins.
pub fn start_of(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    wib().from_local_datetime(&midnight).single().map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// The day in Jember at this moment.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&wib()).date_naive()
}
