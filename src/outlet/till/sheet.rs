//! What a shift or a day came to: by way of paying, what came back, what else went through the drawer, and what was sold.
use std::collections::{BTreeMap, HashMap};

use chrono::{Duration, NaiveDate};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde::Serialize;

use super::{amount, shift};
use crate::{clock, error::Result, ledger::Book, outlet::sale_return as on_page};
use entity::{
    Rupiah,
    item::Measure,
    member_payment,
    sale::{self, Method},
    sale_line, sale_return, sale_tender,
    sale_tender::By,
    shift as shifts,
    shift_cash::{self, Way},
    till_return, till_return_line, till_return_tender,
};

/// Sums of a shift or a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sheet {
    pub sales: u64,
    pub sold: Rupiah,
    pub cash: Rupiah,
    pub qris: Rupiah,
    pub bansos: Rupiah,
    pub account: Rupiah,
    pub returns: u64,
    pub back_cash: Rupiah,
    pub back_account: Rupiah,
    /// To cards of social aid.
    pub back_card: Rupiah,
    /// What members paid into the drawer of what was on account.
    pub debts: Rupiah,
    pub put_in: Rupiah,
    pub taken_out: Rupiah,
    pub spent: Rupiah,
    pub goods: Vec<Goods>,
}

/// So much of something that was sold, without what came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Goods {
    pub name: String,
    pub measure: Measure,
    pub quantity: i64,
    pub amount: Rupiah,
}

/// Of what.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Shift(i64),
    /// All tills of an outlet on a day in Jember.
    Day(i64, NaiveDate),
}

impl Of {
    fn sales(self) -> sea_orm::Condition {
        let all = sea_orm::Condition::all().add(sale::Column::Method.eq(Method::Till));
        match self {
            Of::Shift(id) => all.add(sale::Column::ShiftId.eq(id)),
            Of::Day(outlet_id, day) => all
                .add(sale::Column::OutletId.eq(outlet_id))
                .add(sale::Column::SoldAt.gte(clock::start_of(day)))
                .add(sale::Column::SoldAt.lt(clock::start_of(day) + Duration::days(1))),
        }
    }

    fn returns(self) -> sea_orm::Condition {
        let all = sea_orm::Condition::all();
        match self {
            Of::Shift(id) => all.add(till_return::Column::ShiftId.eq(id)),
            Of::Day(outlet_id, day) => all
                .add(till_return::Column::OutletId.eq(outlet_id))
                .add(till_return::Column::At.gte(clock::start_of(day)))
                .add(till_return::Column::At.lt(clock::start_of(day) + Duration::days(1))),
        }
    }

    fn drawer(self) -> sea_orm::Condition {
        let all = sea_orm::Condition::all();
        match self {
            Of::Shift(id) => all.add(shift_cash::Column::ShiftId.eq(id)),
            Of::Day(outlet_id, day) => all
                .add(shifts::Column::OutletId.eq(outlet_id))
                .add(shift_cash::Column::At.gte(clock::start_of(day)))
                .add(shift_cash::Column::At.lt(clock::start_of(day) + Duration::days(1))),
        }
    }

    fn debts(self) -> sea_orm::Condition {
        let all = sea_orm::Condition::all();
        match self {
            Of::Shift(id) => all.add(member_payment::Column::Book.eq(Book::Drawer(id).code())),
            Of::Day(outlet_id, day) => all
                .add(member_payment::Column::OutletId.eq(outlet_id))
                .add(member_payment::Column::Book.starts_with("drawer:"))
                .add(member_payment::Column::At.gte(clock::start_of(day)))
                .add(member_payment::Column::At.lt(clock::start_of(day) + Duration::days(1))),
        }
    }
}

/// Adds it all up.
pub async fn of(db: &impl ConnectionTrait, of: Of) -> Result<Sheet> {
    let mut sheet = Sheet::default();
    let sales = sale::Entity::find().filter(of.sales()).all(db).await?;
    sheet.sales = sales.len() as u64;
    sheet.sold = sales.iter().map(|row| row.total).sum();
    let tenders: Vec<(By, i64)> = sale_tender::Entity::find()
        .select_only()
        .column(sale_tender::Column::By)
        .column_as(sale_tender::Column::Amount.sum().cast_as("bigint"), "sum")
        .join(JoinType::InnerJoin, sale_tender::Relation::Sale.def())
        .filter(of.sales())
        .group_by(sale_tender::Column::By)
        .into_tuple()
        .all(db)
        .await?;
    for (by, sum) in tenders {
        match by {
            By::Cash => sheet.cash = Rupiah(sum),
            By::Qris => sheet.qris = Rupiah(sum),
            By::Bansos => sheet.bansos = Rupiah(sum),
            By::Account => sheet.account = Rupiah(sum),
        }
    }
    let returns = till_return::Entity::find().filter(of.returns());
    for (_, tenders) in returns.find_with_related(till_return_tender::Entity).all(db).await? {
        sheet.returns += 1;
        for back in tenders {
            match back.by {
                By::Account => sheet.back_account += back.amount,
                By::Bansos => sheet.back_card += back.amount,
                By::Cash | By::Qris => sheet.back_cash += back.amount,
            }
        }
    }
    let debts = member_payment::Entity::find().filter(of.debts()).all(db).await?;
    sheet.debts = debts.iter().map(|paid| paid.amount).sum();
    let passed = shift_cash::Entity::find().join(JoinType::InnerJoin, shift_cash::Relation::Shift.def());
    for cash in passed.filter(of.drawer()).all(db).await? {
        match cash.way {
            Way::In => sheet.put_in += cash.amount,
            Way::Out => sheet.taken_out += cash.amount,
            Way::Spent => sheet.spent += cash.amount,
        }
    }
    sheet.goods = goods(db, of).await?;
    Ok(sheet)
}

/// What was sold and did not come back, the most money first.
async fn goods(db: &impl ConnectionTrait, of: Of) -> Result<Vec<Goods>> {
    let lines = sale_line::Entity::find()
        .join(JoinType::InnerJoin, sale_line::Relation::Sale.def())
        .filter(of.sales())
        .order_by_asc(sale_line::Column::Id)
        .all(db)
        .await?;
    let back = came_back(db, of, &lines).await?;
    let mut all: BTreeMap<i64, Goods> = BTreeMap::new();
    for line in lines {
        let (quantity, amount) = back.get(&line.id).copied().unwrap_or_default();
        let goods = all.entry(line.item_id).or_insert_with(|| Goods {
            name: line.name.clone(),
            measure: line.measure,
            quantity: 0,
            amount: Rupiah::ZERO,
        });
        goods.quantity += line.quantity - quantity;
        goods.amount += line.amount - amount;
    }
    let mut all: Vec<Goods> = all.into_values().filter(|goods| goods.quantity > 0).collect();
    all.sort_by_key(|goods| std::cmp::Reverse(goods.amount));
    Ok(all)
}

/// How much of these lines came back whenever and wherever it did, and what was given for it, by line.
async fn came_back(
    db: &impl ConnectionTrait,
    of: Of,
    lines: &[sale_line::Model],
) -> Result<HashMap<i64, (i64, Rupiah)>> {
    let at_till = till_return_line::Entity::find()
        .join(JoinType::InnerJoin, till_return_line::Relation::Return.def())
        .join(JoinType::InnerJoin, till_return::Relation::Sale.def())
        .filter(of.sales());
    let mut back: HashMap<i64, (i64, Rupiah)> = HashMap::new();
    for one in at_till.all(db).await? {
        let (quantity, given) = back.entry(one.sale_line_id).or_default();
        *quantity += one.quantity;
        *given += one.amount;
    }
    let pages = sale_return::Entity::find().join(JoinType::InnerJoin, sale_return::Relation::Sale.def());
    let pages = pages.filter(of.sales()).all(db).await?;
    let of_pages = |line: &&sale_line::Model| pages.iter().any(|page| page.sale_id == line.sale_id);
    let lines: Vec<sale_line::Model> = lines.iter().filter(of_pages).cloned().collect();
    let pieces = on_page::pieces_of(db, &lines).await?;
    for line in &lines {
        let n = pieces.get(&line.id).copied().unwrap_or(0);
        let (quantity, given) = back.entry(line.id).or_default();
        *given += amount::of_part(line.amount, line.quantity, *quantity, n);
        *quantity += n;
    }
    Ok(back)
}

/// The shifts that were open at some time of a day, the earliest first.
pub async fn shifts_of(db: &impl ConnectionTrait, outlet_id: i64, day: NaiveDate) -> Result<Vec<shift::Model>> {
    let (from, until) = (clock::start_of(day), clock::start_of(day) + Duration::days(1));
    let open = shifts::Entity::find()
        .filter(shifts::Column::OutletId.eq(outlet_id))
        .filter(shifts::Column::OpenedAt.lt(until))
        .filter(shifts::Column::ClosedAt.is_null().or(shifts::Column::ClosedAt.gte(from)));
    Ok(open.order_by_asc(shifts::Column::OpenedAt).order_by_asc(shifts::Column::Id).all(db).await?)
}
