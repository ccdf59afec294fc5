//! What an outlet offers somebody: goods, freight, packing and terms; a yes makes an order of it.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[sea_orm(string_value = "draft")]
    Draft,
    #[sea_orm(string_value = "sent")]
    Sent,
    #[sea_orm(string_value = "accepted")]
    Accepted,
    #[sea_orm(string_value = "declined")]
    Declined,
    #[sea_orm(string_value = "expired")]
    Expired,
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quote")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub secret: String,
    pub outlet_id: i64,
    pub reseller_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub buyer_name: String,
    #[sea_orm(column_type = "Text")]
    pub buyer_phone: String,
    #[sea_orm(column_type = "Text")]
    pub region_code: String,
    #[sea_orm(column_type = "Text")]
    pub street: String,
    /// What the buyer asked for, in their words.
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    pub state: State,
    /// "ditulis" for a typed price, else the code of a courier service.
    #[sea_orm(column_type = "Text")]
    pub freight_kind: String,
    #[sea_orm(column_type = "Text")]
    pub freight_name: String,
    pub freight: Rupiah,
    pub chargeable_grams: i64,
    pub cartons: i64,
    pub packing: Rupiah,
    pub deposit: Rupiah,
    /// What of the deposit stays with the outlet when the buyer steps back.
    pub kept: Rupiah,
    pub deposit_days: i64,
    /// So many days after the goods have arrived the balance is due; none: before they leave.
    pub balance_days: Option<i64>,
    pub valid_until: Option<Date>,
    pub ready_on: Option<Date>,
    #[sea_orm(column_type = "Text")]
    pub terms: Option<String>,
    /// Why it was declined or withdrawn.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    #[sea_orm(unique)]
    pub order_id: Option<i64>,
    pub asked_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
    pub answered_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
    #[sea_orm(belongs_to = "super::reseller::Entity", from = "Column::ResellerId", to = "super::reseller::Column::Id")]
    Reseller,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl Related<super::reseller::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Reseller.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
