//! An example order for pages and tests: Ibu Ratna in Makassar buys baskets and a cage.
use chrono::{DateTime, Utc};

use super::docket::{Docket, Packed};
use entity::{Rupiah, order, order_line, outlet, parcel, parcel_line, person::Language};

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_250_000, 0).unwrap_or_default()
}

pub(super) fn docket() -> Docket {
    let lines = vec![line(1, "Keranjang sampah anyam", "Besar", 3, 28_000), line(2, "Kurungan ayam", "", 1, 65_000)];
    let goods: Rupiah = Rupiah(3 * 28_000 + 65_000);
    Docket { outlet: outlet(), order: order(goods), lines, parcels: vec![packed()] }
}

fn outlet() -> outlet::Model {
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
        bank_name: "BRI".into(),
        bank_account: "0021-01-000123-50-1".into(),
        bank_holder: "KUBE Kemuning Jaya".into(),
        created_at: at(),
    }
}

fn order(goods: Rupiah) -> order::Model {
    order::Model {
        id: 42,
        secret: "contoh".into(),
        outlet_id: 1,
        person_id: None,
        buyer_name: "Ibu Ratna".into(),
        buyer_phone: "6281200000003".into(),
        buyer_email: None,
        language: Language::Id,
        delivery: order::Delivery::Courier,
        region_code: Some("73.71.11.1001".into()),
        street: Some("Jl. Perintis Kemerdekaan 10".into()),
        rt: Some("03".into()),
        rw: Some("01".into()),
        landmark: Some("Depan masjid hijau".into()),
        postcode: Some("90245".into()),
        note: Some("Tolong bungkus rapat".into()),
        zone: Some("other_islands".into()),
        service: Some("jne_reg".into()),
        chargeable_grams: 4_000,
        goods_total: goods,
        shipping_total: Rupiah(46_000),
        total: goods + Rupiah(46_000),
        method: order::Method::Qris,
        state: order::State::Placed,
        payment: order::Payment::Unpaid,
        placed_at: at(),
        pay_by: None,
        confirmed_at: None,
        ready_on: None,
        paid_at: None,
        closed_at: None,
        close_reason: None,
        refund_due: Rupiah::ZERO,
    }
}

fn line(id: i64, product: &str, item: &str, quantity: i64, unit_price: i64) -> order_line::Model {
    let shares = Rupiah(unit_price * quantity).split(&[7600, 1600, 800]);
    let share = |n: usize| shares.get(n).copied().unwrap_or_default();
    order_line::Model {
        id,
        order_id: 42,
        item_id: id,
        crafter_id: Some(1),
        product_name: product.into(),
        item_name: item.into(),
        quantity,
        unit_price: Rupiah(unit_price),
        maker_total: share(0),
        outlet_total: share(1),
        group_total: share(2),
        to_make: 0,
        cancelled: 0,
        packed: i64::from(id == 1),
    }
}

fn packed() -> Packed {
    Packed {
        parcel: parcel::Model {
            id: 7,
            order_id: 42,
            state: parcel::State::Packed,
            courier: None,
            tracking_number: None,
            packed_at: at(),
            sent_at: None,
            delivered_at: None,
        },
        lines: vec![parcel_line::Model { id: 1, parcel_id: 7, order_line_id: 1, lot_id: 1, quantity: 1 }],
    }
}
