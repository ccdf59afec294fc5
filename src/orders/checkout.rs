//! What is asked at the desk: who, how it gets there, how it is paid. All of it is judged at once, beside its field.
use super::{
    cart::Cart,
    method::{self, Case, Offered, Past},
    place::{Address, Buyer, Way, Wish},
};
use crate::{
    form::{Form, Reader, Wrong},
    gateway::shipping::Quote,
    locale::{Lang, Said},
    region::{self, Code},
};
use entity::{Rupiah, order::Delivery, outlet};

/// What stands around a form: the basket, and what was looked up for what was typed.
pub struct Desk<'a> {
    pub cart: &'a Cart,
    pub outlet: &'a outlet::Model,
    /// What services ask for the chosen village; empty before one is chosen.
    pub quotes: &'a [Quote],
    pub past: Past,
    pub language: Lang,
    pub person_id: Option<i64>,
}

impl Desk<'_> {
    /// How the buyer wants it; some goods can only be fetched.
    pub fn delivery(&self, form: &Form) -> Delivery {
        if self.cart.is_pickup_only() || form.get("cara") == "ambil" { Delivery::Pickup } else { Delivery::Courier }
    }

    /// The service the buyer chose, or the cheapest as a proposal.
    pub fn quote(&self, form: &Form) -> Option<&Quote> {
        let chosen = form.get("layanan");
        self.quotes.iter().find(|quote| quote.code == chosen).or(self.quotes.first())
    }

    /// What is to be paid, as far as it is known.
    pub fn total(&self, form: &Form) -> Rupiah {
        let shipping = match self.delivery(form) {
            Delivery::Pickup => None,
            Delivery::Courier => self.quote(form).map(|quote| quote.cost),
        };
        Rupiah(self.cart.goods_total().0.saturating_add(shipping.unwrap_or_default().0))
    }

    /// The order as far as the ways to pay look at it.
    pub fn case(&self, form: &Form) -> Case {
        Case {
            total: self.total(form),
            delivery: self.delivery(form),
            zone: self.quotes.first().map(|quote| quote.zone),
            to_be_made: self.cart.lines.iter().any(|line| line.to_make() > 0),
            cod_max: self.outlet.cod_max,
            past: self.past,
        }
    }

    /// Judges everything that was typed.
    pub fn judge(&self, form: &Form) -> Result<Wish, Wrong> {
        let mut read = form.read();
        let buyer = Buyer {
            name: read.text("nama", 80),
            phone: read.phone("hp"),
            email: read.email("email"),
            language: self.language,
            person_id: self.person_id,
        };
        if self.cart.is_pickup_only() && form.get("cara") == "kirim" {
            read.refuse("", Said::new("cart.pickup_only").with("what", self.cart.pickup_only()));
        }
        let way = match self.delivery(form) {
            Delivery::Pickup => Some(Way::Pickup),
            Delivery::Courier => self.courier(form, &mut read),
        };
        let note = read.optional("catatan", 300);
        let method = read.choice("bayar", method::named);
        let offered = method.map(|method| method::offered(method, &self.case(form)));
        match offered {
            Some(Offered::No(said)) => read.refuse("bayar", said),
            Some(Offered::Hidden) => read.refuse("bayar", Said::new("form.not_offered")),
            Some(Offered::Yes) | None => {}
        }
        let wish = way.zip(method).map(|(way, method)| Wish { outlet: self.outlet.clone(), buyer, way, note, method });
        match read.done(wish)? {
            Some(wish) => Ok(wish),
            None => Err(Wrong::field("", Said::new("form.look_below"))),
        }
    }

    fn courier(&self, form: &Form, read: &mut Reader<'_>) -> Option<Way> {
        let code = destination(form);
        if code.is_none() {
            read.refuse("tujuan", Said::new("checkout.choose_village"));
        } else if self.quotes.is_empty() {
            read.refuse("tujuan", Said::new("checkout.nobody_goes_there"));
        }
        let street = read.text("jalan", 120);
        let rt = small_number(read, "rt");
        let rw = small_number(read, "rw");
        let landmark = read.optional("patokan", 120);
        let postcode = postcode(read).or_else(|| region::find(&code?)?.postcode.map(str::to_owned));
        let chosen = form.get("layanan");
        let quote = self.quotes.iter().find(|quote| quote.code == chosen);
        if quote.is_none() && code.is_some() {
            read.refuse("layanan", Said::new("checkout.see_cost"));
        }
        let address = Address { code: code?, street, rt, rw, landmark, postcode };
        Some(Way::Courier { address: Box::new(address), quote: Box::new(quote?.clone()) })
    }
}

/// The village that was chosen from the list.
pub fn destination(form: &Form) -> Option<Code> {
    Code::parse(form.get("desa")).ok()
}

/// RT and RW: up to three digits, as on an identity card.
fn small_number(read: &mut Reader<'_>, name: &'static str) -> Option<String> {
    let number = read.optional_number(name, 0, 999)?;
    Some(format!("{number:02}"))
}

fn postcode(read: &mut Reader<'_>) -> Option<String> {
    let text = read.optional("kodepos", 10)?;
    if text.len() != 5 || !text.bytes().all(|b| b.is_ascii_digit()) || text.as_str() < "10000" {
        read.refuse("kodepos", Said::new("checkout.not_a_postcode"));
        return None;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use entity::{order::Method, shipping_rate::Zone};

    use super::*;
    use crate::orders::example;

    fn quotes() -> Vec<Quote> {
        vec![Quote {
            code: "reguler".into(),
            name: "Reguler".into(),
            zone: Zone::OtherIslands,
            cost: Rupiah(46_000),
            chargeable_grams: 6000,
            divisor: 6000,
            days_min: 4,
            days_max: 7,
        }]
    }

    fn typed() -> Form {
        Form::of([
            ("nama", "Ibu Ratna"),
            ("hp", "0812 0000 0003"),
            ("cara", "kirim"),
            ("desa", "73.71.01.1001"),
            ("jalan", "Jl. Perintis Kemerdekaan 10"),
            ("rt", "3"),
            ("layanan", "reguler"),
            ("bayar", "qris"),
        ])
    }

    fn judge(form: &Form) -> Result<Wish, Wrong> {
        let (cart, outlet, quotes) = (example::cart(), example::outlet(), quotes());
        let quotes = if destination(form).is_some() { &quotes[..] } else { &[] };
        let past = Past::default();
        Desk { cart: &cart, outlet: &outlet, quotes, past, language: Lang::Id, person_id: None }.judge(form)
    }

    fn wrong(name: &str, value: &str) -> Vec<(&'static str, &'static str)> {
        let mut form = typed();
        form.set(name, value);
        judge(&form).unwrap_err().0.into_iter().map(|(field, said)| (field, said.key)).collect()
    }

    #[test]
    fn name_phone_and_village_are_enough() {
        let wish = judge(&typed()).unwrap();
        assert_eq!((wish.buyer.phone.as_str(), wish.method), ("6281200000003", Method::Qris));
        let Way::Courier { address, quote } = wish.way else { panic!("not a courier") };
        assert_eq!((address.rt.as_deref(), quote.cost), (Some("03"), Rupiah(46_000)));
        assert_eq!(address.postcode.as_deref(), region::find(&address.code).unwrap().postcode);
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        assert_eq!(wrong("nama", ""), [("nama", "form.required")]);
        assert_eq!(wrong("hp", "12"), [("hp", "form.not_a_phone")]);
        assert_eq!(wrong("email", "ratna@"), [("email", "form.not_an_email")]);
        assert_eq!(wrong("desa", "99.99.99.9999"), [("tujuan", "checkout.choose_village")]);
        assert_eq!(wrong("jalan", &"x".repeat(500)), [("jalan", "form.too_long")]);
        assert_eq!(wrong("rt", "1e3"), [("rt", "form.not_a_number")]);
        assert_eq!(wrong("kodepos", "9O245"), [("kodepos", "checkout.not_a_postcode")]);
        assert_eq!(wrong("layanan", "roket"), [("layanan", "checkout.see_cost")]);
        assert_eq!(wrong("bayar", ""), [("bayar", "form.choose")]);
        assert_eq!(wrong("bayar", "emas"), [("bayar", "form.not_offered")]);
        assert_eq!(wrong("bayar", "cod"), [("bayar", "pay.no_cod_so_far")]);
    }

    #[test]
    fn a_pickup_asks_for_no_address() {
        let form =
            Form::of([("nama", "Pak Anton"), ("hp", "081200000009"), ("cara", "ambil"), ("bayar", "pay_at_pickup")]);
        let wish = judge(&form).unwrap();
        assert_eq!((wish.way, wish.method), (Way::Pickup, Method::PayAtPickup));
    }
}
