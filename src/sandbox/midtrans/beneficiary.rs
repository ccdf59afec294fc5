//! Somebody money can be sent to.
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::payout::{is_account, is_bank};

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Beneficiary {
    pub name: String,
    pub account: String,
    pub bank: String,
    pub alias_name: String,
    pub email: String,
}

impl Beneficiary {
    /// Reads a request, or lists what is wrong; what it leaves out stays as it was.
    pub fn read(body: &Value, before: Option<&Beneficiary>) -> Result<Beneficiary, Vec<String>> {
        let text = |field: &str, old: Option<&String>| {
            body[field].as_str().map(|t| t.trim().to_owned()).or(old.cloned()).unwrap_or_default()
        };
        let new = Beneficiary {
            name: text("name", before.map(|b| &b.name)),
            account: text("account", before.map(|b| &b.account)),
            bank: text("bank", before.map(|b| &b.bank)),
            alias_name: text("alias_name", before.map(|b| &b.alias_name)),
            email: text("email", before.map(|b| &b.email)),
        };
        let alias = &new.alias_name;
        let is_alias = (1..=20).contains(&alias.len()) && alias.bytes().all(|b| b.is_ascii_alphanumeric());
        let wrong: Vec<String> = [
            (new.name.is_empty(), "Name can't be blank"),
            (!is_bank(&new.bank), "Bank is not included in the list"),
            (!is_account(&new.bank, &new.account), "Account is invalid"),
            (!is_alias, "Alias name is invalid"),
            (!new.email.is_empty() && !new.email.contains('@'), "Email is invalid"),
        ]
        .into_iter()
        .filter(|(is_wrong, _)| *is_wrong)
        .map(|(_, sentence)| sentence.to_owned())
        .collect();
        if wrong.is_empty() { Ok(new) } else { Err(wrong) }
    }
}
