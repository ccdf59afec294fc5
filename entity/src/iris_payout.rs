//! A payout through Midtrans: what is wanted of it, under which keys, and how it stands there.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// What the provider shall do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// Keep it ready: the run is a draft.
    #[sea_orm(string_value = "queued")]
    Queued,
    /// Pay it.
    #[sea_orm(string_value = "approved")]
    Approved,
    /// Never pay it.
    #[sea_orm(string_value = "rejected")]
    Rejected,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "iris_payout")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique)]
    pub payout_id: i64,
    pub wanted: Wanted,
    /// The key of the call that creates it; stored before the call.
    #[sea_orm(unique, column_type = "Text")]
    pub create_key: String,
    /// The key of the call that approves or rejects it.
    #[sea_orm(unique, column_type = "Text")]
    pub decide_key: String,
    /// When creating was first asked for under this key.
    pub sent_at: Option<DateTimeUtc>,
    #[sea_orm(unique, column_type = "Text")]
    pub reference_no: Option<String>,
    /// The provider's last word that was applied.
    #[sea_orm(column_type = "Text")]
    pub status: Option<String>,
    /// Why it does not go on, for a person.
    #[sea_orm(column_type = "Text")]
    pub trouble: Option<String>,
    pub fetch_seq: i64,
    pub applied_seq: i64,
    pub tries: i64,
    pub next_check_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::payout::Entity", from = "Column::PayoutId", to = "super::payout::Column::Id")]
    Payout,
}

impl Related<super::payout::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Payout.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
