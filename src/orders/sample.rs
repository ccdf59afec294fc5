//! An example order for pages and tests: Ibu Ratna in Makassar buys baskets and a cage.
use super::{
    docket::{Docket, Packed},
    example,
};
use entity::{Rupiah, order, order_line, parcel, parcel_line};

pub(super) fn docket() -> Docket {
    let lines = vec![line(1, "Keranjang sampah anyam", "Besar", 3, 28_000), line(2, "Kurungan ayam", "", 1, 65_000)];
    let goods: Rupiah = Rupiah(3 * 28_000 + 65_000);
    Docket {
        outlet: example::outlet(),
        order: order(goods),
        service: Some("JNE Reguler".into()),
        lines,
        parcels: vec![packed()],
    }
}

fn order(goods: Rupiah) -> order::Model {
    let shipping = Rupiah(46_000);
    order::Model {
        note: Some("Tolong bungkus rapat".into()),
        goods_total: goods,
        shipping_total: shipping,
        total: goods + shipping,
        ..example::order()
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
            packed_at: example::at(),
            sent_at: None,
            delivered_at: None,
        },
        lines: vec![parcel_line::Model { id: 1, parcel_id: 7, order_line_id: 1, lot_id: 1, quantity: 1 }],
    }
}
