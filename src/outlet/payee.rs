//! Whom an outlet owes money, and where they want it. A payee is an account of the books with a name: crafters today.
//! Most families have no bank account; they are paid in cash.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Statement,
    sea_query::OnConflict,
};
use serde_json::json;

use crate::{
    bank_account::{Account, end_of},
    clock::Clock,
    db::Tx,
    error::Result,
    history,
    ledger::Book,
};
use entity::{
    Rupiah, crafter,
    payee_account::{ActiveModel, Column, Entity, Model},
};

/// Somebody who can be owed money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Payee {
    Crafter(i64),
}

impl Payee {
    /// Where the books keep what they are owed.
    pub fn book(self) -> Book {
        match self {
            Payee::Crafter(id) => Book::Crafter(id),
        }
    }

    /// The code of that account, by which payouts name their payee.
    pub fn code(self) -> String {
        self.book().code()
    }

    /// The payee of a stored code. A fault when it names none: the row is ours.
    pub fn parse(code: &str) -> Result<Payee> {
        let id = code.strip_prefix("crafter:").and_then(|id| id.parse().ok());
        id.map(Payee::Crafter).ok_or_else(|| anyhow::anyhow!("{code:?} is no payee").into())
    }
}

/// What one payee is owed, in rupiah above zero, and where it can be sent.
#[derive(Clone, Debug)]
pub struct Owed {
    pub payee: Payee,
    pub name: String,
    pub amount: Rupiah,
    pub account: Option<Model>,
}

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    name: String,
    owed: i64,
}

/// Everybody whom an outlet owes money now, by name. What is reserved for a payout is not owed any more.
pub async fn owed(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Owed>> {
    let sql = "SELECT c.id, c.name, CAST(-SUM(p.amount) AS BIGINT) AS owed FROM crafter c \
               JOIN account a ON a.code = 'crafter:' || c.id JOIN posting p ON p.account_id = a.id \
               WHERE c.outlet_id = $1 GROUP BY c.id, c.name HAVING SUM(p.amount) < 0 ORDER BY c.name, c.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [outlet_id.into()]);
    let rows = Row::find_by_statement(statement).all(db).await?;
    let codes: Vec<String> = rows.iter().map(|row| Payee::Crafter(row.id).code()).collect();
    let mut accounts = Entity::find().filter(Column::Payee.is_in(codes)).all(db).await?;
    let mut take = |payee: Payee| {
        let at = accounts.iter().position(|account| account.payee == payee.code())?;
        Some(accounts.swap_remove(at))
    };
    let all = rows.into_iter().map(|row| {
        let payee = Payee::Crafter(row.id);
        Owed { payee, name: row.name, amount: Rupiah(row.owed), account: take(payee) }
    });
    Ok(all.collect())
}

/// What changed what somebody is owed since money was last set aside for them.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Since {
    pub id: i64,
    pub name: String,
    /// What was left then; less than nothing when more had been paid than was earned.
    pub left: Rupiah,
    pub came: Rupiah,
    /// Taken back again: goods that came back, hand-overs that were entered wrongly.
    pub back: Rupiah,
}

impl Since {
    /// What is owed now.
    pub fn owed(&self) -> Rupiah {
        self.left + self.came - self.back
    }
}

/// What changed since the last payout of each crafter of an outlet, by name. Lists that came to nothing are no payout.
pub async fn since_paid(db: &impl ConnectionTrait, outlet_id: i64) -> Result<Vec<Since>> {
    let sql = "SELECT w.id, w.name, \
        CAST(SUM(CASE WHEN w.is_new THEN 0 ELSE -w.amount END) AS BIGINT) AS \"left\", \
        CAST(SUM(CASE WHEN w.is_new AND w.amount < 0 THEN -w.amount ELSE 0 END) AS BIGINT) AS came, \
        CAST(SUM(CASE WHEN w.is_new AND w.amount > 0 THEN w.amount ELSE 0 END) AS BIGINT) AS back FROM ( \
        SELECT c.id, c.name, p.amount, e.kind NOT IN ('payout', 'set_off') AND p.id > COALESCE(l.last, 0) AS is_new \
        FROM crafter c JOIN account a ON a.code = 'crafter:' || c.id JOIN posting p ON p.account_id = a.id \
        JOIN entry e ON e.id = p.entry_id LEFT JOIN ( \
        SELECT o.account_id, MAX(o.id) AS last FROM posting o JOIN entry f ON f.id = o.entry_id \
        WHERE f.kind IN ('payout', 'set_off') AND f.memo <> 'reversed' \
        AND NOT EXISTS (SELECT 1 FROM entry r WHERE r.source_key = 'reversed:' || f.source_key) \
        GROUP BY o.account_id) l ON l.account_id = a.id WHERE c.outlet_id = $1) w \
        GROUP BY w.id, w.name ORDER BY w.name, w.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [outlet_id.into()]);
    Ok(Since::find_by_statement(statement).all(db).await?)
}

/// The account of a payee, if one was named.
pub async fn account(db: &impl ConnectionTrait, payee: Payee) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::Payee.eq(payee.code())).one(db).await?)
}

/// Keeps the account of a crafter; another one takes its place. Payouts that were made before keep theirs.
pub async fn name_account(
    tx: &Tx,
    clock: &Clock,
    crafter: &crafter::Model,
    account: &Account,
    by: Option<i64>,
) -> Result<()> {
    let row = ActiveModel {
        payee: Set(Payee::Crafter(crafter.id).code()),
        bank: Set(account.bank.clone()),
        number: Set(account.number.clone()),
        holder: Set(account.holder.clone()),
        person_id: Set(by),
        given_at: Set(clock.now()),
        ..Default::default()
    };
    let columns = [Column::Bank, Column::Number, Column::Holder, Column::PersonId, Column::GivenAt];
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Payee).update_columns(columns).to_owned())
        .exec_without_returning(tx)
        .await?;
    let detail = json!({ "bank": account.bank, "ends_with": end_of(&account.number) });
    let subject = history::Subject("crafter", crafter.id);
    history::remember(tx, clock, Some(crafter.village_id), subject, "account_named", by, detail).await
}

/// Banks and wallets as people write them, and Midtrans' word for each.
pub const BANKS: [(&str, &str); 11] = [
    ("BRI", "bri"),
    ("Bank Jatim", "jatim"),
    ("BNI", "bni"),
    ("Mandiri", "mandiri"),
    ("BCA", "bca"),
    ("BSI", "bsi"),
    ("CIMB Niaga", "cimb"),
    ("Danamon", "danamon"),
    ("Permata", "permata"),
    ("GoPay", "gopay"),
    ("OVO", "ovo"),
];

/// Midtrans' word for a bank as somebody wrote it; none for a bank that we cannot name to it.
pub fn bank_code(bank: &str) -> Option<&'static str> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let typed = letters(bank);
    let typed = typed.strip_prefix("bank").unwrap_or(&typed);
    let fits = |name: &str| letters(name).trim_start_matches("bank") == typed;
    BANKS.iter().find(|(name, code)| fits(name) || *code == typed).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bank_is_known_however_it_is_written() {
        for (typed, code) in
            [("BRI", "bri"), ("bank bri", "bri"), ("Jatim", "jatim"), ("BANK JATIM", "jatim"), ("cimb", "cimb")]
        {
            assert_eq!(bank_code(typed), Some(code), "{typed}");
        }
        for unknown in ["", "bank", "BPR Jember", "DANA"] {
            assert_eq!(bank_code(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_payee_is_read_back_from_its_code() {
        assert!(Payee::parse(&Payee::Crafter(12).code()).is_ok_and(|payee| payee == Payee::Crafter(12)));
        for wrong in ["crafter:", "crafter:x", "cash:1", ""] {
            assert!(Payee::parse(wrong).is_err(), "{wrong}");
        }
    }
}
