//! A promise to a buyer. Order, payment and fulfilment move on three axes of their own.
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Rupiah;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    #[sea_orm(string_value = "pickup")]
    Pickup,
    #[sea_orm(string_value = "courier")]
    Courier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Method {
    #[sea_orm(string_value = "qris")]
    Qris,
    #[sea_orm(string_value = "bri_va")]
    BriVa,
    #[sea_orm(string_value = "bni_va")]
    BniVa,
    #[sea_orm(string_value = "bca_va")]
    BcaVa,
    #[sea_orm(string_value = "permata_va")]
    PermataVa,
    #[sea_orm(string_value = "mandiri_bill")]
    MandiriBill,
    #[sea_orm(string_value = "gopay")]
    Gopay,
    #[sea_orm(string_value = "shopeepay")]
    Shopeepay,
    #[sea_orm(string_value = "transfer")]
    Transfer,
    #[sea_orm(string_value = "cod")]
    Cod,
    #[sea_orm(string_value = "pay_at_pickup")]
    PayAtPickup,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum State {
    #[sea_orm(string_value = "placed")]
    Placed,
    #[sea_orm(string_value = "completed")]
    Completed,
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    #[sea_orm(string_value = "expired")]
    Expired,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
#[sea_orm(rs_type = "String", db_type = "Text")]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    #[sea_orm(string_value = "unpaid")]
    Unpaid,
    /// The deposit has come; the balance has not.
    #[sea_orm(string_value = "part_paid")]
    PartPaid,
    #[sea_orm(string_value = "paid")]
    Paid,
    #[sea_orm(string_value = "refund_due")]
    RefundDue,
    #[sea_orm(string_value = "refunded")]
    Refunded,
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    #[sea_orm(unique, column_type = "Text")]
    pub secret: String,
    pub outlet_id: i64,
    pub person_id: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub buyer_name: String,
    #[sea_orm(column_type = "Text")]
    pub buyer_phone: String,
    #[sea_orm(column_type = "Text")]
    pub buyer_email: Option<String>,
    pub language: super::person::Language,
    pub delivery: Delivery,
    #[sea_orm(column_type = "Text")]
    pub region_code: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub street: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub rt: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub rw: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub landmark: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub postcode: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub zone: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub service: Option<String>,
    pub chargeable_grams: i64,
    pub goods_total: Rupiah,
    pub shipping_total: Rupiah,
    pub total: Rupiah,
    pub method: Method,
    pub state: State,
    pub payment: Payment,
    pub placed_at: DateTimeUtc,
    pub pay_by: Option<DateTimeUtc>,
    pub confirmed_at: Option<DateTimeUtc>,
    pub ready_on: Option<Date>,
    pub paid_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text")]
    pub close_reason: Option<String>,
    pub refund_due: Rupiah,
    /// What is asked before work begins; nothing where all is paid at once.
    pub deposit: Rupiah,
    /// What of the deposit stays with the outlet when the buyer steps back.
    pub kept: Rupiah,
    /// What has come of an order paid in parts, until all of it is there.
    pub part_paid: Rupiah,
    pub balance_asked_at: Option<DateTimeUtc>,
    /// So many days after the goods have arrived the balance is due; none: before they leave.
    pub balance_days: Option<i64>,
    /// What the buyer still owes of goods that left on these terms.
    pub owed: Rupiah,
    /// When the first of them left.
    pub owed_since: Option<DateTimeUtc>,
    /// Until when it is to be paid, once everything has arrived.
    pub owed_by: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::outlet::Entity", from = "Column::OutletId", to = "super::outlet::Column::Id")]
    Outlet,
}

impl Related<super::outlet::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Outlet.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
