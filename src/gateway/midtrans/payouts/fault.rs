//! Why a payout failed.
//!
//! Source: Midtrans' page "Error code and messages". Codes 017 to 026 are newer and mostly say "technical error".

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// The code in the notification of a failed payout.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum PayoutFault {
            $($(#[$doc])* $name,)*
            /// A code we have not met.
            Other(String),
        }

        impl PayoutFault {
            /// Reads `002` and `2` alike.
            pub(super) fn parse(code: &str) -> Self {
                match format!("{:0>3}", code.trim()).as_str() {
                    $($code => Self::$name,)*
                    _ => Self::Other(code.trim().to_owned()),
                }
            }

            /// The code Midtrans uses.
            pub fn code(&self) -> &str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Other(code) => code,
                }
            }
        }
    };
}

faults! {
    /// 001: the name is not the one of the account.
    Name = "001",
    /// 002: no such account.
    AccountNumber = "002",
    /// 003: account and name do not go together.
    AccountOrName = "003",
    /// 004: nobody says why.
    General = "004",
    /// 005: the bank did not answer in time.
    BankTimeout = "005",
    /// 006: the reference was used before.
    ReferenceReused = "006",
    /// 007: the same request was done before. Look before sending it again.
    AlreadyProcessed = "007",
    /// 008: the bank does not know Midtrans.
    BankAuthentication = "008",
    /// 009: the bank's own balance is too small.
    BankBalance = "009",
    /// 010: the bank does not accept what it was sent.
    Payload = "010",
    /// 011: the one-time password is too old or blocked.
    Otp = "011",
    /// 012: the account is blocked.
    Blocked = "012",
    /// 013: the money would go to where it comes from.
    SameAccount = "013",
    /// 014: the account has had all it may have this month.
    MonthlyLimit = "014",
    /// 015: the account cannot hold so much.
    BalanceLimit = "015",
    /// 016: our own balance is too small.
    MerchantBalance = "016",
}

impl PayoutFault {
    /// Whether the account or the name must be put right first: sending the same again will fail again.
    pub fn is_about_the_account(&self) -> bool {
        matches!(self, Self::Name | Self::AccountNumber | Self::AccountOrName | Self::Blocked | Self::SameAccount)
    }
}

#[cfg(test)]
mod tests {
    use super::PayoutFault;

    #[test]
    fn codes_are_read_and_written_back() {
        for n in 1..=16 {
            let code = format!("{n:03}");
            let fault = PayoutFault::parse(&code);
            assert!(!matches!(fault, PayoutFault::Other(_)), "{code}");
            assert_eq!(fault.code(), code);
        }
        assert_eq!(PayoutFault::parse("2"), PayoutFault::AccountNumber);
        assert_eq!(PayoutFault::parse("026"), PayoutFault::Other("026".into()));
    }
}
