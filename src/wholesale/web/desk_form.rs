//! What the operator types into a quote: lines, freight, packing, terms.
use super::{day, desk::Around};
use crate::{
    form::{Form, Reader, Wrong, amount, whole_number},
    locale::Said,
    orders::balance,
    wholesale::quote::{CARGO, Deposit, Line, MOST_PIECES, Quote, Terms},
};
use entity::Rupiah;

/// Reads everything of a draft; what is odd is named beside its field.
pub(super) fn read(around: &Around, form: &Form) -> Result<Terms, Wrong> {
    let mut read = form.read();
    let lines = lines(&around.quote, form).unwrap_or_else(|said| {
        read.refuse("barang", said);
        Vec::new()
    });
    let service = around.carriages.iter().find(|carriage| carriage.code == form.get("ongkir"));
    let (freight_kind, freight_name, freight, chargeable_grams) = match service {
        Some(carriage) => (carriage.code.clone(), carriage.name.clone(), carriage.cost, carriage.chargeable_grams),
        None => {
            let name = read.text("kargo_nama", 80);
            (CARGO.to_owned(), name, read.rupiah("kargo_harga", 0, 1_000_000_000), around.grams())
        }
    };
    let cartons = read.number("koli", 0, 500);
    let packing = read.rupiah("kemas", 0, 1_000_000_000);
    let deposit = deposit(&mut read);
    let kept_percent = read.number("hangus", 0, 100);
    let deposit_days = read.number("hari", 1, 30);
    let balance_days = read.optional_number("tempo", 0, balance::AFTER.1).filter(|days| *days >= balance::AFTER.0);
    let valid_until = day(&mut read, "berlaku");
    let ready_on = day(&mut read, "siap");
    if form.get("berlaku").is_empty() {
        read.refuse("berlaku", Said::new("form.required"));
    }
    let terms = read.lines("syarat", 600);
    read.done(Terms {
        lines,
        freight_kind,
        freight_name,
        freight,
        chargeable_grams,
        cartons,
        packing,
        deposit,
        kept_percent,
        deposit_days,
        balance_days,
        valid_until: valid_until.unwrap_or_default(),
        ready_on,
        terms: Some(terms.trim().to_owned()).filter(|text| !text.is_empty()),
    })
}

/// "30%" or an amount.
fn deposit(read: &mut Reader<'_>) -> Deposit {
    let text = read.get("muka").to_owned();
    let percent = text.strip_suffix('%').map(|number| whole_number(number.trim()));
    match (percent, amount(&text)) {
        (Some(Some(percent)), _) if (0..=100).contains(&percent) => return Deposit::Percent(percent),
        (None, Some(sum)) => return Deposit::Amount(Rupiah(sum)),
        _ => read.refuse("muka", Said::new("wholesale.not_a_deposit")),
    }
    Deposit::Amount(Rupiah::ZERO)
}

/// Pieces and prices of each line; nothing of one takes it out.
fn lines(quote: &Quote, form: &Form) -> Result<Vec<Line>, Said> {
    let mut lines = Vec::new();
    for line in &quote.lines {
        let pieces = whole_number(form.get(&format!("n_{}", line.item_id)));
        let price = amount(form.get(&format!("h_{}", line.item_id)));
        match (pieces, price) {
            (Some(0), _) => {}
            (Some(n), _) if n > MOST_PIECES => return Err(Said::new("form.at_most").with("max", MOST_PIECES)),
            (Some(quantity), Some(price)) if price > 0 => {
                lines.push(Line { item_id: line.item_id, quantity, unit_price: Rupiah(price) });
            }
            (None, _) => return Err(Said::new("form.not_a_number")),
            _ => return Err(Said::new("form.not_an_amount")),
        }
    }
    if lines.is_empty() { Err(Said::new("quote.nothing_asked")) } else { Ok(lines) }
}
