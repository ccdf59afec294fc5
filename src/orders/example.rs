//! An example for pages and tests: Ibu Ratna in Makassar buys baskets.
use chrono::{DateTime, Utc};

use super::cart::{Cart, Line};
use crate::catalogue::capacity::Pool;
use entity::{
    Rupiah, cart, item, order,
    order::{Delivery, Method, Payment, State},
    outlet, payment_attempt,
    person::Language,
    product,
};

/// When the examples happen.
pub fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_250_000, 0).unwrap_or_default()
}

pub fn line(id: i64, name: &str, quantity: i64, price: i64) -> Line {
    Line {
        id,
        item: item::Model {
            id,
            product_id: id,
            name: "Besar".into(),
            price: Rupiah(price),
            length_mm: 300,
            width_mm: 300,
            height_mm: 380,
            weight_grams: 600,
            nests: 5,
            position: 1,
            archived_at: None,
            measure: item::Measure::Piece,
            content: 0,
            content_unit: item::Measure::Gram,
        },
        product: product(id, name),
        quantity,
        price_seen: Rupiah(price),
        available: quantity + 20,
        pool: Pool::default(),
    }
}

fn product(id: i64, name: &str) -> product::Model {
    product::Model {
        id,
        outlet_id: 1,
        crafter_id: Some(1),
        category_id: 1,
        slug: "keranjang-sampah-anyam".into(),
        name: name.into(),
        description: String::new(),
        search: String::new(),
        state: product::State::Published,
        unit: product::Unit::Piece,
        maker_bp: 7600,
        outlet_bp: 1600,
        group_bp: 800,
        pieces_ready: None,
        days_to_make: None,
        pieces_per_week: None,
        pickup_only: false,
        cover: Some("contoh".into()),
        price_min: Rupiah(1),
        price_max: Rupiah(1),
        note: None,
        created_at: at(),
        updated_at: at(),
        published_at: Some(at()),
        commodity: None,
    }
}

pub(super) fn cart() -> Cart {
    Cart {
        row: cart::Model {
            id: 1,
            token_hash: String::new(),
            region_code: Some("73.71.01.1001".into()),
            created_at: at(),
            updated_at: at(),
        },
        lines: vec![line(1, "Keranjang sampah anyam", 1, 28_000), line(2, "Kurungan ayam", 2, 65_000)],
    }
}

pub fn outlet() -> outlet::Model {
    outlet::Model {
        id: 1,
        village_id: 1,
        slug: "kemuning-lor".into(),
        name: "e-Warong Kemuning Lor".into(),
        phone: "6281200000001".into(),
        address: "Jl. Rembangan 12, Dusun Krajan".into(),
        rt: "02".into(),
        rw: "05".into(),
        hours: "07.00-20.00".into(),
        maker_bp: 7600,
        outlet_bp: 1600,
        group_bp: 800,
        cod_max: Rupiah(500_000),
        advance_max: Rupiah(1_000_000),
        bank_name: "BRI".into(),
        bank_account: "0021-01-000123-50-1".into(),
        bank_holder: "KUBE Kemuning Jaya".into(),
        created_at: at(),
        price_zone: outlet::PriceZone::One,
        shows_cost: false,
    }
}

pub(super) fn order() -> order::Model {
    order::Model {
        id: 42,
        secret: "contoh".into(),
        outlet_id: 1,
        person_id: None,
        buyer_name: "Ibu Ratna".into(),
        buyer_phone: "6281200000003".into(),
        buyer_email: Some("ratna@example.com".into()),
        language: Language::Id,
        delivery: Delivery::Courier,
        region_code: Some("73.71.01.1001".into()),
        street: Some("Jl. Perintis Kemerdekaan 10".into()),
        rt: Some("03".into()),
        rw: Some("01".into()),
        landmark: Some("Depan masjid hijau".into()),
        postcode: Some("90245".into()),
        note: None,
        zone: Some("other_islands".into()),
        service: Some("reguler".into()),
        chargeable_grams: 6_000,
        goods_total: Rupiah(28_000),
        shipping_total: Rupiah(46_000),
        total: Rupiah(74_000),
        method: Method::Qris,
        state: State::Placed,
        payment: Payment::Unpaid,
        placed_at: at(),
        pay_by: Some(at() + chrono::Duration::minutes(15)),
        confirmed_at: None,
        ready_on: None,
        paid_at: None,
        closed_at: None,
        close_reason: None,
        refund_due: Rupiah::ZERO,
        deposit: Rupiah::ZERO,
        kept: Rupiah::ZERO,
        part_paid: Rupiah::ZERO,
        balance_asked_at: None,
        balance_days: None,
        owed: Rupiah::ZERO,
        owed_since: None,
        owed_by: None,
    }
}

pub(super) fn order_line() -> entity::order_line::Model {
    entity::order_line::Model {
        id: 1,
        order_id: 42,
        item_id: 1,
        crafter_id: Some(1),
        product_name: "Keranjang sampah anyam".into(),
        item_name: "Besar".into(),
        quantity: 1,
        unit_price: Rupiah(28_000),
        maker_total: Rupiah(21_280),
        outlet_total: Rupiah(4_480),
        group_total: Rupiah(2_240),
        to_make: 0,
        cancelled: 0,
        packed: 0,
    }
}

/// An attempt at paying by QRIS that waits for its buyer.
pub fn attempt() -> payment_attempt::Model {
    payment_attempt::Model {
        id: 7,
        subject: "order:42".into(),
        provider_order_id: "UEP-20261121-42-1".into(),
        method: entity::order::Method::Qris,
        details: serde_json::json!({}),
        doubts: 0,
        reversals: 0,
        paid_by: None,
        amount: Rupiah(74_000),
        state: payment_attempt::State::Pending,
        fetch_seq: 0,
        applied_seq: 0,
        checks: 0,
        next_check_at: None,
        expires_at: at() + chrono::Duration::minutes(15),
        token: None,
        redirect_url: None,
        qr_string: Some(
            "00020101021226670015COM.EXAMPLE.WWW01189360099900000000010215UEP0000000000010303UMI51440014ID.CO.QRIS.WWW\
             0215ID10200000000000303UMI52045411530336054062750005802ID5917E-WARONG UEP DEMO6006JEMBER61056819162210517\
             UEP-20260101-0001630410D4"
                .into(),
        ),
        va_number: None,
        bill_key: None,
        biller_code: None,
        created_at: at(),
        paid_at: None,
        settled: false,
    }
}
