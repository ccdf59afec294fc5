//! What a person proves themselves with: a PIN of six digits, or a longer password. Only its argon2id hash is kept.
use std::{fmt, sync::LazyLock};

use actix_web::web;
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::Semaphore;

use crate::error::{Refusal, Result};

/// The PIN of everybody in the demonstration village.
pub const DEMO_PIN: &str = "246810";
/// The longest password, in characters.
pub const LONGEST: usize = 128;

/// Hashing takes 19 MB and some 50 ms of a core; more at once would starve the pages.
static TURN: Semaphore = Semaphore::const_new(2);

/// What is compared for a phone that nobody has, so that it takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now(&crate::secret::short_token()).unwrap_or_default());

/// A PIN or password that somebody chose and that may be kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// Judges a choice: six digits or at least eight characters, and nothing that is guessed first.
    pub fn chosen(text: &str, phone: Option<&str>) -> Result<Pin, Refusal> {
        let text = text.trim();
        let length = text.chars().count();
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if length > LONGEST {
            return Err(Refusal::invalid("form.too_long").with("n", LONGEST as i64));
        }
        if length < 8 && !(digits && length == 6) {
            return Err(Refusal::invalid("pin.shape"));
        }
        if is_guessed_first(text) || (digits && phone.is_some_and(|phone| phone.ends_with(text))) {
            return Err(Refusal::invalid("pin.too_easy"));
        }
        Ok(Pin(text.to_owned()))
    }

    /// The PIN of the demonstration, which nobody may choose for themselves.
    pub fn demonstration() -> Pin {
        Pin(DEMO_PIN.to_owned())
    }

    /// Six digits that nobody guesses first, to be handed over and changed soon.
    pub fn random() -> Pin {
        loop {
            let text = format!("{:06}", rand::random_range(0..1_000_000));
            if let Ok(pin) = Pin::chosen(&text, None) {
                return pin;
            }
        }
    }

    /// The digits, for the one time they are handed over.
    pub fn shown(&self) -> &str {
        &self.0
    }

    /// What is kept of it. Takes its turn on a thread of its own.
    pub async fn hash(self) -> Result<String> {
        let _turn = TURN.acquire().await.map_err(anyhow::Error::new)?;
        let hashed = web::block(move || hash_now(&self.0)).await.map_err(anyhow::Error::new)?;
        Ok(hashed?)
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(..)")
    }
}

/// Whether what was typed is the secret behind this hash. Without a hash the answer is no, after the same work.
pub async fn agrees(typed: &str, hash: Option<String>) -> Result<bool> {
    let typed = typed.trim().to_owned();
    let _turn = TURN.acquire().await.map_err(anyhow::Error::new)?;
    Ok(web::block(move || agrees_now(&typed, hash.as_deref())).await.map_err(anyhow::Error::new)?)
}

fn agrees_now(typed: &str, hash: Option<&str>) -> bool {
    let known = hash.is_some();
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(&NOBODY)) else { return false };
    argon2().verify_password(typed.as_bytes(), &parsed).is_ok() && known
}

fn hash_now(text: &str) -> anyhow::Result<String> {
    let hash: PasswordHash =
        argon2().hash_password(text.as_bytes()).map_err(|e| anyhow::anyhow!("hashing a secret: {e}"))?;
    Ok(hash.to_string())
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// What is tried first: one thing repeated, a row up or down, pairs, and the favourites of every leaked list.
fn is_guessed_first(text: &str) -> bool {
    const FAVOURITES: [&str; 14] = [
        DEMO_PIN,
        "password",
        "password1",
        "passw0rd",
        "qwertyui",
        "qwerty123",
        "asdfghjkl",
        "indonesia",
        "bismillah",
        "sayangku",
        "sayang123",
        "iloveyou",
        "1q2w3e4r",
        "warong123",
    ];
    let text = text.to_lowercase();
    let chars: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let step = |of: &[i64]| of.windows(2).map(|pair| (pair[1] - pair[0]).rem_euclid(10)).collect::<Vec<_>>();
    let steps = step(&chars);
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let steady = steps.windows(2).all(|pair| pair[0] == pair[1]) && (digits || steps.first() == Some(&0));
    let repeats = (1..=chars.len() / 2)
        .any(|n| n <= 4 && chars.len().is_multiple_of(n) && chars.chunks(n).all(|part| part == &chars[..n]));
    let two_kinds = digits && chars.len() == 6 && {
        let (left, right) = chars.split_at(3);
        left.iter().all(|c| *c == left[0]) && right.iter().all(|c| *c == right[0])
    };
    steady || repeats || two_kinds || FAVOURITES.contains(&text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn easy_pins_are_refused() {
        for text in
            ["000000", "123456", "654321", "987654", "121212", "123123", "111222", "246810", "12345678", "password"]
        {
            assert_eq!(Pin::chosen(text, None).unwrap_err().said.key, "pin.too_easy", "{text}");
        }
        assert_eq!(Pin::chosen("200001", Some("6281200200001")).unwrap_err().said.key, "pin.too_easy");
    }

    #[test]
    fn a_pin_has_six_digits_and_a_password_eight_letters() {
        for text in ["", "12345", "1234567", "abc123", "halo"] {
            assert_eq!(Pin::chosen(text, None).unwrap_err().said.key, "pin.shape", "{text}");
        }
        for text in ["739104", "kopi manis", "bambu-krajan", " 739104 "] {
            assert!(Pin::chosen(text, None).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_secret_never_shows_itself() {
        assert_eq!(format!("{:?}", Pin::demonstration()), "Pin(..)");
    }

    #[actix_web::test]
    async fn only_the_right_pin_agrees() {
        let hash = Pin::chosen("739104", None).unwrap().hash().await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(agrees(" 739104", Some(hash.clone())).await.unwrap());
        assert!(!agrees("739105", Some(hash)).await.unwrap());
        assert!(!agrees("739104", None).await.unwrap());
    }
}
