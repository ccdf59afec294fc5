//! The pages of the books. An account is made when it is first written to.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect, Select,
    sea_query::OnConflict,
};

use crate::{
    db::Tx,
    error::{Error, Result},
};
use entity::{Rupiah, account, account::Class, entry, posting};

/// What an account is for. Debits (positive) are what we have or spend, credits (negative) what we owe or earn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Book {
    /// Cash in an outlet's drawer.
    Cash(i64),
    /// Cash in the drawer of a till, from the opening of a shift to its close.
    Drawer(i64),
    /// Paid by cards of social aid at the bank's machine, and not yet seen on the bank account.
    Edc(i64),
    /// What a member bought on account and has not paid yet.
    Member(i64),
    /// Money on an outlet's bank account.
    Bank(i64),
    /// Money at Midtrans, not yet paid out to us.
    Midtrans,
    /// Cash on delivery in a courier's hands.
    Courier(i64),
    /// Owed by buyers for goods that left before they were paid for, as was agreed.
    Owed(i64),
    /// Paid by buyers for goods not yet handed over.
    Deposits(i64),
    /// Owed back to buyers.
    RefundsDue(i64),
    /// Owed to a crafter for sold pieces.
    Crafter(i64),
    /// Sold by a kiosk, and due to a crafter once the kiosk's cash covers it.
    Awaiting(i64),
    /// What a crafter owes: material and money given in advance.
    Advance(i64),
    /// Goods bought from crafters and not sold yet, at what they cost.
    Goods(i64),
    /// Sembako in store, at what it cost on average.
    Stock(i64),
    /// What the shop was started with: goods that nobody was paid for.
    Capital(i64),
    /// Owed to a supplier for goods that came.
    Supplier(i64),
    /// What sold, broken and lost goods had cost that were bought.
    CostOfGoods(i64),
    /// Sold by a kiosk, and its cash not here yet.
    Kiosk(i64),
    /// Reserved for payees of an outlet, and not with them yet.
    PayoutsUnderway(i64),
    /// Money at Midtrans that lies ready for payouts.
    PayoutWallet,
    /// The outlet's fee.
    OutletFee(i64),
    /// The group's share.
    GroupFund(i64),
    /// Asked for shipping, to be paid to couriers.
    Shipping(i64),
    /// Sales of the outlet's own goods, as sembako.
    OwnSales(i64),
    /// What of a deposit stayed here when its buyer stepped back.
    KeptDeposits(i64),
    /// Paid without anything to pay for, until a person decides.
    Surplus,
    /// What the provider and banks keep for their work.
    Fees,
    /// Given to buyers for goods that were not as they should be.
    Compensation(i64),
    /// Small things that an outlet spends money on.
    Expense(i64),
    /// Lost and not to be had back, and differences that were booked away.
    Loss(i64),
}

impl Book {
    /// The account's code: its kind, and the id of the outlet or crafter.
    pub fn code(self) -> String {
        match self {
            Book::Cash(outlet) => format!("cash:{outlet}"),
            Book::Drawer(shift) => format!("drawer:{shift}"),
            Book::Edc(outlet) => format!("edc:{outlet}"),
            Book::Member(member) => format!("member:{member}"),
            Book::Bank(outlet) => format!("bank:{outlet}"),
            Book::Midtrans => "midtrans".into(),
            Book::Courier(outlet) => format!("courier:{outlet}"),
            Book::Owed(outlet) => format!("owed:{outlet}"),
            Book::Deposits(outlet) => format!("deposits:{outlet}"),
            Book::RefundsDue(outlet) => format!("refunds_due:{outlet}"),
            Book::Crafter(crafter) => format!("crafter:{crafter}"),
            Book::Awaiting(crafter) => format!("awaiting:{crafter}"),
            Book::Advance(crafter) => format!("advance:{crafter}"),
            Book::Goods(outlet) => format!("goods:{outlet}"),
            Book::Stock(outlet) => format!("stock:{outlet}"),
            Book::Capital(outlet) => format!("capital:{outlet}"),
            Book::Supplier(supplier) => format!("supplier:{supplier}"),
            Book::CostOfGoods(outlet) => format!("cost_of_goods:{outlet}"),
            Book::Kiosk(kiosk) => format!("kiosk:{kiosk}"),
            Book::PayoutsUnderway(outlet) => format!("payouts_underway:{outlet}"),
            Book::PayoutWallet => "payout_wallet".into(),
            Book::OutletFee(outlet) => format!("outlet_fee:{outlet}"),
            Book::GroupFund(outlet) => format!("group_fund:{outlet}"),
            Book::Shipping(outlet) => format!("shipping:{outlet}"),
            Book::OwnSales(outlet) => format!("own_sales:{outlet}"),
            Book::KeptDeposits(outlet) => format!("kept_deposits:{outlet}"),
            Book::Surplus => "surplus".into(),
            Book::Fees => "fees".into(),
            Book::Compensation(outlet) => format!("compensation:{outlet}"),
            Book::Expense(outlet) => format!("expense:{outlet}"),
            Book::Loss(outlet) => format!("loss:{outlet}"),
        }
    }

    fn class(self) -> Class {
        match self {
            Book::Cash(_) | Book::Bank(_) | Book::Midtrans | Book::Courier(_) | Book::PayoutWallet => Class::Asset,
            Book::Advance(_) | Book::Goods(_) | Book::Kiosk(_) | Book::Owed(_) | Book::Stock(_) => Class::Asset,
            Book::Drawer(_) | Book::Edc(_) | Book::Member(_) => Class::Asset,
            Book::Deposits(_) | Book::RefundsDue(_) | Book::Crafter(_) | Book::GroupFund(_) | Book::Shipping(_) => {
                Class::Liability
            }
            Book::PayoutsUnderway(_) | Book::Awaiting(_) | Book::Supplier(_) | Book::Capital(_) => Class::Liability,
            Book::OutletFee(_) | Book::OwnSales(_) | Book::KeptDeposits(_) => Class::Income,
            Book::Surplus => Class::Liability,
            Book::Fees | Book::Compensation(_) | Book::Loss(_) | Book::CostOfGoods(_) | Book::Expense(_) => {
                Class::Expense
            }
        }
    }
}

/// The ids of accounts, in the order asked for; missing ones are made.
pub(super) async fn ids(tx: &Tx, books: &[Book]) -> Result<Vec<i64>> {
    let codes: Vec<String> = books.iter().map(|book| book.code()).collect();
    let mut found = by_code(tx, &codes).await?;
    let missing: Vec<_> = books
        .iter()
        .zip(&codes)
        .filter(|(_, code)| !found.iter().any(|row| row.code == **code))
        .map(|(book, code)| account::ActiveModel {
            code: Set(code.clone()),
            class: Set(book.class()),
            village_id: Set(None),
            guarded: Set(false),
            balance: Set(Rupiah::ZERO),
            ..Default::default()
        })
        .collect();
    if !missing.is_empty() {
        account::Entity::insert_many(missing)
            .on_conflict(OnConflict::column(account::Column::Code).do_nothing().to_owned())
            .exec_without_returning(tx)
            .await?;
        found = by_code(tx, &codes).await?;
    }
    codes
        .iter()
        .map(|code| {
            let row = found.iter().find(|row| row.code == *code);
            row.map(|row| row.id).ok_or_else(|| Error::Fault(anyhow::anyhow!("account {code} was not made")))
        })
        .collect()
}

async fn by_code(db: &impl ConnectionTrait, codes: &[String]) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::Code.is_in(codes)).all(db).await?)
}

/// What stands on an account: the sum of its postings, debits positive.
pub async fn balance(db: &impl ConnectionTrait, book: Book) -> Result<Rupiah> {
    sum(db, postings(book)).await
}

/// The part of an account that is about one subject: what of the deposits belongs to "order:12".
pub async fn balance_of(db: &impl ConnectionTrait, book: Book, subject: &str) -> Result<Rupiah> {
    sum(db, postings(book).inner_join(entry::Entity).filter(entry::Column::Subject.eq(subject))).await
}

/// What entries of one kind and memo put on an account for a subject.
pub async fn of_kind(db: &impl ConnectionTrait, book: Book, subject: &str, kind: &str, memo: &str) -> Result<Rupiah> {
    let about = postings(book)
        .inner_join(entry::Entity)
        .filter(entry::Column::Subject.eq(subject))
        .filter(entry::Column::Kind.eq(kind))
        .filter(entry::Column::Memo.eq(memo));
    sum(db, about).await
}

/// What stands on an account for each subject that has anything on it.
pub async fn by_subject(db: &impl ConnectionTrait, book: Book) -> Result<Vec<(String, Rupiah)>> {
    let sum = posting::Column::Amount.sum().cast_as("bigint");
    let rows: Vec<(Option<String>, i64)> = postings(book)
        .inner_join(entry::Entity)
        .select_only()
        .column(entry::Column::Subject)
        .column_as(sum, "sum")
        .group_by(entry::Column::Subject)
        .having(posting::Column::Amount.sum().ne(0))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|(subject, sum)| Some((subject?, Rupiah(sum)))).collect())
}

/// What one entry put on an account; zero when there is no such entry.
pub async fn posted(db: &impl ConnectionTrait, book: Book, source_key: &str) -> Result<Rupiah> {
    sum(db, postings(book).inner_join(entry::Entity).filter(entry::Column::SourceKey.eq(source_key))).await
}

/// Whether there is an entry of this key.
pub async fn is_posted(db: &impl ConnectionTrait, source_key: &str) -> Result<bool> {
    Ok(entry::Entity::find().filter(entry::Column::SourceKey.eq(source_key)).one(db).await?.is_some())
}

fn postings(book: Book) -> Select<posting::Entity> {
    posting::Entity::find().inner_join(account::Entity).filter(account::Column::Code.eq(book.code()))
}

async fn sum(db: &impl ConnectionTrait, postings: Select<posting::Entity>) -> Result<Rupiah> {
    // Sums of bigint are numeric on PostgreSQL.
    let sum: Option<Option<i64>> = postings
        .select_only()
        .column_as(posting::Column::Amount.sum().cast_as("bigint"), "sum")
        .into_tuple()
        .one(db)
        .await?;
    Ok(Rupiah(sum.flatten().unwrap_or(0)))
}
