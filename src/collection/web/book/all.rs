//! `/kelola/buku`: the books of all crafters of an outlet, and what it owes them together.
use actix_web::{HttpResponse, web::Data};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement};
use serde::Serialize;

use crate::{
    accounts::visit::BookReader,
    app::App,
    error::Result,
    outlet::debt,
    page::{self, Page, Sample},
};
use entity::{Rupiah, crafter};

#[derive(Default, Serialize)]
struct BooksPage {
    owed: Rupiah,
    ahead: Rupiah,
    underway: Rupiah,
    /// Sold by kiosks, and owed once their money has come.
    waiting: Rupiah,
    debts: Rupiah,
    lines: Vec<Line>,
}

#[derive(Clone, Serialize)]
struct Line {
    id: i64,
    name: String,
    face: Option<String>,
    dusun: String,
    /// What is owed; negative when more was received than earned.
    owed: Rupiah,
    debts: Rupiah,
}

impl Page for BooksPage {
    const TEMPLATE: &'static str = "book/all.html";
    fn samples() -> Vec<BooksPage> {
        let line = |owed, debts| Line {
            id: 1,
            name: "Bu Sati".into(),
            face: Some("c0123456789abcdef0123".into()),
            dusun: "Krajan".into(),
            owed: Rupiah(owed),
            debts: Rupiah(debts),
        };
        let lines = vec![line(21_280, 90_000), line(-5_000, 0), Line { face: None, ..line(0, 0) }];
        let (owed, debts) = (Rupiah(21_280), Rupiah(90_000));
        vec![
            BooksPage::default(),
            BooksPage { owed, ahead: Rupiah(5_000), underway: Rupiah(71_280), waiting: Rupiah(42_560), debts, lines },
        ]
    }
}

pub(super) fn samples() -> Vec<Sample> {
    page::samples::<BooksPage>()
}

#[derive(FromQueryResult)]
struct Sum {
    id: i64,
    owed: i64,
}

/// `GET /kelola/buku`
pub async fn list(reader: BookReader, app: Data<App>) -> Result<HttpResponse> {
    let (db, outlet) = (&app.db, reader.outlet.id);
    let sql = "SELECT c.id, CAST(-SUM(p.amount) AS BIGINT) AS owed FROM crafter c \
               JOIN account a ON a.code = 'crafter:' || c.id JOIN posting p ON p.account_id = a.id \
               WHERE c.outlet_id = $1 GROUP BY c.id";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [outlet.into()]);
    let sums = Sum::find_by_statement(statement).all(db).await?;
    let sql = sql.replace("'crafter:'", "'awaiting:'");
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [outlet.into()]);
    let waiting = Sum::find_by_statement(statement).all(db).await?;
    let debts = debt::open(db, outlet).await?;
    let people = crafter::Entity::find().filter(crafter::Column::OutletId.eq(outlet));
    let people = people.order_by_asc(crafter::Column::Name).order_by_asc(crafter::Column::Id).all(db).await?;
    let lines = people.into_iter().map(|one| Line {
        owed: Rupiah(sums.iter().find(|sum| sum.id == one.id).map_or(0, |sum| sum.owed)),
        debts: debts.iter().filter(|(whose, _)| whose.id == one.id).map(|(_, debt)| debt.rest()).sum(),
        id: one.id,
        name: one.name,
        face: one.face,
        dusun: one.dusun,
    });
    let mut lines: Vec<Line> = lines.collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.owed));
    let page = BooksPage {
        owed: lines.iter().map(|line| std::cmp::max(line.owed, Rupiah::ZERO)).sum(),
        ahead: lines.iter().map(|line| std::cmp::max(-line.owed, Rupiah::ZERO)).sum(),
        underway: -crate::ledger::balance(db, crate::ledger::Book::PayoutsUnderway(outlet)).await?,
        waiting: waiting.iter().map(|sum| Rupiah(sum.owed)).sum(),
        debts: lines.iter().map(|line| line.debts).sum(),
        lines,
    };
    reader.visit.page(&app.templates, &page)
}
