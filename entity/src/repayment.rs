//! What of a debt was paid back: set off in a payout run, or brought in cash.
use sea_orm::entity::prelude::*;

use crate::Rupiah;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "repayment")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub debt_id: i64,
    /// The run that set it off; none when it was brought in cash.
    pub run_id: Option<i64>,
    /// The payout it was taken from; none when nothing was left to pay out.
    pub payout_id: Option<i64>,
    pub amount: Rupiah,
    pub person_id: i64,
    pub at: DateTimeUtc,
    /// When the payout or the run came to nothing: owed again.
    pub undone_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::debt::Entity", from = "Column::DebtId", to = "super::debt::Column::Id")]
    Debt,
    #[sea_orm(belongs_to = "super::payout_run::Entity", from = "Column::RunId", to = "super::payout_run::Column::Id")]
    Run,
}

impl Related<super::debt::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Debt.def()
    }
}

impl Related<super::payout_run::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Run.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
