//! How the tables came to be. A migration is never changed once it has landed, and never reads the entities.
pub use sea_orm_migration::MigratorTrait;
use sea_orm_migration::prelude::*;

mod m0001_people;
mod m0002_catalogue;
mod m0003_stock;
mod m0004_orders;
mod m0005_payments;
mod m0006_ledger;
mod m0007_system;
mod m0008_ways;
mod m0009_refund_account;
mod m0010_refund;
mod m0011_money_back;
mod m0012_payout;
mod m0013_bill;
mod m0014_collection;
mod m0015_letter;
mod m0016_device;
mod m0017_pickup;
mod m0018_debt;
mod m0019_assignment;
mod m0020_quote;
mod m0021_kiosk;
mod m0022_kept;
mod m0024_limit;
mod m0025_buying;
mod m0026_till;
mod m0027_stock;
mod m0028_prices;
mod m0029_market;
mod m0030_buying_back;
mod m0031_cost_order;
mod m0032_craft_back;
mod m0033_family_hold;
mod m0034_written_by_the_thousand;
mod m0035_price_observation;
mod m0036_lead;
mod m0037_back_in_parts;
mod m0038_supplier_refund;

pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_catalogue::Migration),
            Box::new(m0003_stock::Migration),
            Box::new(m0004_orders::Migration),
            Box::new(m0005_payments::Migration),
            Box::new(m0006_ledger::Migration),
            Box::new(m0007_system::Migration),
            Box::new(m0008_ways::Migration),
            Box::new(m0009_refund_account::Migration),
            Box::new(m0010_refund::Migration),
            Box::new(m0011_money_back::Migration),
            Box::new(m0012_payout::Migration),
            Box::new(m0013_bill::Migration),
            Box::new(m0014_collection::Migration),
            Box::new(m0015_letter::Migration),
            Box::new(m0016_device::Migration),
            Box::new(m0018_debt::Migration),
            Box::new(m0019_assignment::Migration),
            Box::new(m0020_quote::Migration),
            Box::new(m0021_kiosk::Migration),
            Box::new(m0017_pickup::Migration),
            Box::new(m0022_kept::Migration),
            Box::new(m0024_limit::Migration),
            Box::new(m0025_buying::Migration),
            Box::new(m0026_till::Migration),
            Box::new(m0027_stock::Migration),
            Box::new(m0031_cost_order::Migration),
            Box::new(m0028_prices::Migration),
            Box::new(m0030_buying_back::Migration),
            Box::new(m0029_market::Migration),
            Box::new(m0032_craft_back::Migration),
            Box::new(m0033_family_hold::Migration),
            Box::new(m0034_written_by_the_thousand::Migration),
            Box::new(m0035_price_observation::Migration),
            Box::new(m0036_lead::Migration),
            Box::new(m0037_back_in_parts::Migration),
            Box::new(m0038_supplier_refund::Migration),
        ]
    }
}

/// An index named after its table and columns.
async fn index(m: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    let mut create = Index::create();
    create.table(table).name(format!("{table}_{}_index", columns.join("_")));
    for column in columns {
        create.col(*column);
    }
    m.create_index(create.to_owned()).await
}

/// A key of a table into another's ids.
fn key(table: &'static str, column: &'static str, to: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from(table, column).to(to, "id").to_owned()
}

/// New columns of a table that stands.
async fn add(m: &SchemaManager<'_>, table: &'static str, columns: Vec<ColumnDef>) -> Result<(), DbErr> {
    for column in columns {
        m.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
    }
    Ok(())
}
