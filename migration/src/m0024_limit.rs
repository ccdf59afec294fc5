use sea_orm_migration::{prelude::*, schema::*};

use crate::index;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        // The most that one crafter owes at once for what was given in advance; each outlet may change it.
        let most = big_integer("advance_max").default(1_000_000).to_owned();
        m.alter_table(Table::alter().table("outlet").add_column(most).to_owned()).await?;
        // A sale looks at what still stands, and not at every lot that ever stood there.
        index(m, "lot", &["item_id", "place_id", "remaining"]).await?;
        // The latest number of an outlet is found from the end.
        index(m, "intake", &["outlet_id", "id"]).await?;
        // A visit that is taken back, and what became of a lot.
        index(m, "stock_move", &["subject"]).await?;
        index(m, "stock_move", &["lot_id"]).await
    }
}
