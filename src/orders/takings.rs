//! Money that came in, day by day: paid orders, bills, sales of the counter and of tills, the cash of COD parcels and of kiosks
//! when it arrives.
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect};

use crate::{clock, error::Result, ledger::Book};
use entity::{Rupiah, account, entry, posting, sale, sale_tender, sale_tender::By};

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
    let sold = at_tills(db, outlet_id, from).await?;
    let day = |on: NaiveDate| {
        let amounts = rows.iter().filter(|(at, ..)| clock::local_date(*at) == on);
        // What was taken back by its opposite is no takings.
        let came =
            |code: &str, amount: i64| if books[..3].iter().any(|book| book == code) { amount.abs() } else { amount };
        let amount: Rupiah = amounts.map(|(_, code, amount)| Rupiah(came(code, *amount))).sum();
        let of_day = sold.iter().filter(|(at, _)| clock::local_date(*at) == on);
        Day { on, amount: amount + of_day.map(|(_, amount)| *amount).sum() }
    };
    Ok(first.iter_days().take(days as usize).map(day).collect())
}

/// What tills were paid in cash and by cards of social aid, when it was sold and not when it was told; what was paid by
/// QRIS counts as a bill.
async fn at_tills(
    db: &impl ConnectionTrait,
    outlet_id: i64,
    from: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, Rupiah)>> {
    Ok(sale_tender::Entity::find()
        .select_only()
        .column(sale::Column::SoldAt)
        .column(sale_tender::Column::Amount)
        .inner_join(sale::Entity)
        .filter(sale::Column::OutletId.eq(outlet_id))
        .filter(sale::Column::SoldAt.gte(from))
        .filter(sale_tender::Column::By.is_in([By::Cash, By::Bansos]))
        .into_tuple()
        .all(db)
        .await?)
}
