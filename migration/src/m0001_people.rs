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
        m.create_table(
            Table::create()
                .table("village")
                .col(big_pk_auto("id"))
                .col(text("code").unique_key())
                .col(text("name"))
                .col(text("kecamatan"))
                .col(text("kabupaten"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("outlet")
                .col(big_pk_auto("id"))
                .col(big_integer("village_id"))
                .col(text("slug").unique_key())
                .col(text("name"))
                .col(text("phone"))
                .col(text("address"))
                .col(text("rt"))
                .col(text("rw"))
                .col(text("hours"))
                .col(big_integer("maker_bp"))
                .col(big_integer("outlet_bp"))
                .col(big_integer("group_bp"))
                .col(big_integer("cod_max"))
                .col(text("bank_name"))
                .col(text("bank_account"))
                .col(text("bank_holder"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(ForeignKey::create().from("outlet", "village_id").to("village", "id"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("person")
                .col(big_pk_auto("id"))
                .col(text("name"))
                .col(text_null("phone").unique_key())
                .col(text_null("secret_hash"))
                .col(timestamp_with_time_zone_null("secret_until"))
                .col(text("language"))
                .col(text_null("totp_secret"))
                .col(big_integer_null("totp_step"))
                .col(big_integer("failed_count"))
                .col(timestamp_with_time_zone_null("locked_until"))
                .col(timestamp_with_time_zone_null("disabled_at"))
                .col(timestamp_with_time_zone("created_at"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("person_role")
                .col(big_pk_auto("id"))
                .col(big_integer("person_id"))
                .col(text("role"))
                .col(big_integer_null("village_id"))
                .col(big_integer_null("outlet_id"))
                .col(big_integer_null("granted_by"))
                .col(timestamp_with_time_zone("granted_at"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .foreign_key(ForeignKey::create().from("person_role", "person_id").to("person", "id"))
                .foreign_key(ForeignKey::create().from("person_role", "village_id").to("village", "id"))
                .foreign_key(ForeignKey::create().from("person_role", "outlet_id").to("outlet", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "person_role", &["person_id"]).await?;
        m.create_table(
            Table::create()
                .table("session")
                .col(big_pk_auto("id"))
                .col(text("token_hash").unique_key())
                .col(big_integer("person_id"))
                .col(text("device"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone("seen_at"))
                .col(timestamp_with_time_zone("expires_at"))
                .foreign_key(ForeignKey::create().from("session", "person_id").to("person", "id"))
                .to_owned(),
        )
        .await?;
        index(m, "session", &["person_id"]).await?;
        m.create_table(
            Table::create()
                .table("api_token")
                .col(big_pk_auto("id"))
                .col(text("token_hash").unique_key())
                .col(big_integer("person_role_id"))
                .col(text("name"))
                .col(timestamp_with_time_zone("created_at"))
                .col(timestamp_with_time_zone_null("revoked_at"))
                .foreign_key(ForeignKey::create().from("api_token", "person_role_id").to("person_role", "id"))
                .to_owned(),
        )
        .await?;
        m.create_table(
            Table::create()
                .table("crafter")
                .col(big_pk_auto("id"))
                .col(big_integer("person_id"))
                .col(big_integer("village_id"))
                .col(big_integer("outlet_id"))
                .col(text("slug").unique_key())
                .col(text("name"))
                .col(text("dusun"))
                .col(text("rt"))
                .col(text("rw"))
                .col(text_null("group_name"))
                .col(text("story"))
                .col(text_null("face"))
                .col(timestamp_with_time_zone("created_at"))
                .foreign_key(ForeignKey::create().from("crafter", "person_id").to("person", "id"))
                .foreign_key(ForeignKey::create().from("crafter", "village_id").to("village", "id"))
                .foreign_key(ForeignKey::create().from("crafter", "outlet_id").to("outlet", "id"))
                .index(Index::create().unique().name("crafter_person_id_unique").col("person_id"))
                .to_owned(),
        )
        .await?;
        Ok(())
    }
}
