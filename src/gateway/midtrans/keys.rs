//! The keys of a merchant. None is ever printed, neither by `Debug` nor in an error.
use std::fmt;

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Takes the key as given, without the blanks that come along when it is pasted.
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(text.as_ref().trim().to_owned())
            }

            /// The key itself. Never print it.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    };
}

key! {
    /// The secret half: signs our calls and their notifications.
    ServerKey
}

key! {
    /// The half a browser may see.
    ClientKey
}

key! {
    /// Payouts: may save beneficiaries and ask for a payout, never release one.
    CreatorKey
}

key! {
    /// Payouts: may release or reject what the creator asked for.
    ApproverKey
}

key! {
    /// Payouts: signs their notifications, and opens nothing.
    MerchantKey
}

/// Both keys of one merchant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// The secret half.
    pub server: ServerKey,
    /// The public half; may be empty.
    pub client: ClientKey,
}
