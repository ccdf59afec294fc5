//! Money that came in, day by day: paid orders, bills and sales of the counter, the cash of COD parcels and of kiosks
//! when it arrives.
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use crate::{clock, error::Result, ledger::Book};
use entity::{Rupiah, account, entry, posting};

/// Entries that bring money into the drawer or to the bank.
const COLLECTED: [&str; 3] = ["cod_collected", "sold_at_counter", "kiosk_paid"];

/// What came in on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    pub on: NaiveDate,
    pub amount: Rupiah,
}

/// The takings of an outlet for `days` days up to and with `today`, every day named.
pub async fn by_day(db: &impl ConnectionTrait, outlet_id: i64, today: NaiveDate, days: u64) -> Result<Vec<Day>> {
    let first = today - Days::new(days.saturating_sub(1));
    let from = clock::start_of(first);
    // A paid order is a credit of the deposits or of what was owed, a paid bill one of the sales, collected cash a debit of the drawer.
    let books = [
        Book::Deposits(outlet_id),
        Book::OwnSales(outlet_id),
        Book::Owed(outlet_id),
        Book::Cash(outlet_id),
        Book::Bank(outlet_id),
    ];
    let books = books.map(Book::code);
    let (paid, collected) = (entry::Column::Kind.eq("paid"), entry::Column::Kind.is_in(COLLECTED));
    let kinds = COLLECTED.into_iter().chain(["paid"]);
    let rows: Vec<(DateTime<Utc>, String, i64)> = posting::Entity::find()
        .select_only()
        .column(entry::Column::At)
        .column(account::Column::Code)
        .column(posting::Column::Amount)
        .inner_join(entry::Entity)
        .inner_join(account::Entity)
        .filter(entry::Column::Kind.is_in(kinds))
        .filter(entry::Column::At.gte(from))
        .filter(
            Condition::any()
                .add(paid.and(account::Column::Code.is_in(&books[..3])))
                .add(collected.and(account::Column::Code.is_in(&books[3..]))),
        )
        .into_tuple()
        .all(db)
        .await?;
    let day = |on: NaiveDate| {
        let amounts = rows.iter().filter(|(at, ..)| clock::local_date(*at) == on);
        // What was taken back by its opposite is no takings.
        let came =
            |code: &str, amount: i64| if books[..3].iter().any(|book| book == code) { amount.abs() } else { amount };
        Day { on, amount: amounts.map(|(_, code, amount)| Rupiah(came(code, *amount))).sum() }
    };
    Ok(first.iter_days().take(days as usize).map(day).collect())
}
