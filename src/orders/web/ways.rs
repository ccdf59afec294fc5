//! Ways to pay as pages show them.
use serde::Serialize;

use crate::{
    locale::Said,
    orders::method::{self, METHODS, Offered},
};
use entity::order::Method;

/// A way to pay, as it is offered or not.
#[derive(Clone, Debug, Serialize)]
pub(super) struct MethodView {
    pub code: &'static str,
    pub name: String,
    pub hint: String,
    pub bank: bool,
    pub chosen: bool,
    /// Why it is not offered.
    pub no: Option<String>,
}

impl MethodView {
    /// All ways that have to do with an order.
    pub fn all(case: &method::Case, chosen: &str, say: &dyn Fn(&Said) -> String) -> Vec<MethodView> {
        let view = |method: Method| {
            let no = match method::offered(method, case) {
                Offered::Hidden => return None,
                Offered::No(said) => Some(say(&said)),
                Offered::Yes => None,
            };
            let code = method::code(method);
            let bank = method::is_bank_account(method) || method == Method::Transfer;
            Some(MethodView {
                code,
                name: format!("pay.{code}"),
                hint: format!("pay.{code}_hint"),
                bank,
                chosen: chosen == code && no.is_none(),
                no,
            })
        };
        METHODS.into_iter().filter_map(view).collect()
    }
}

/// Ways that are not offered, with the reason. All bank accounts share one line when they share the reason.
#[derive(Debug, Serialize)]
pub(super) struct Refused {
    pub name: String,
    pub no: String,
}

impl Refused {
    pub fn all(methods: &[MethodView]) -> Vec<Refused> {
        let mut refused: Vec<Refused> = Vec::new();
        for method in methods {
            let Some(no) = method.no.clone() else { continue };
            match refused.iter_mut().find(|known| method.bank && known.no == no) {
                Some(known) => known.name = "pay.virtual_accounts".into(),
                None => refused.push(Refused { name: method.name.clone(), no }),
            }
        }
        refused
    }
}
