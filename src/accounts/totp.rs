//! The second proof of staff: a six-digit code from an app on their phone, new every half minute, good once.
use chrono::{DateTime, Utc};
use qrcode::{Color, EcLevel, QrCode};
use sea_orm::{ActiveValue::Set, EntityTrait};
use totp_rs::{Algorithm, Builder, Totp};

use super::{
    person,
    sign_in::{self, Verdict},
};
use crate::{
    clock::Clock,
    db::Tx,
    error::{Refusal, Result},
    secret::Secret,
};
use entity::person as row;

/// A secret that is shown to its owner but not in force yet; the page carries it sealed.
#[derive(Clone)]
pub struct Offer {
    secret: Vec<u8>,
}

impl Offer {
    /// A new one, of 160 random bits.
    pub fn new() -> Offer {
        Offer { secret: rand::random::<[u8; 20]>().to_vec() }
    }

    /// The sealed form for the page; only for this person.
    pub fn seal(&self, with: &Secret, person_id: i64) -> String {
        with.seal("totp-offer", &[&person_id.to_be_bytes()[..], &self.secret].concat())
    }

    /// Reads it back; `None` when it was changed or made for somebody else.
    pub fn open(with: &Secret, person_id: i64, sealed: &str) -> Option<Offer> {
        let bytes = with.open("totp-offer", sealed)?;
        let secret = bytes.strip_prefix(&person_id.to_be_bytes()[..])?.to_vec();
        (secret.len() == 20).then_some(Offer { secret })
    }

    /// The code to type where no camera is, in groups of four.
    pub fn typed(&self) -> String {
        let text = totp_rs::Secret::new(self.secret.clone().into_boxed_slice()).to_base32();
        let letters: Vec<char> = text.chars().collect();
        letters.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    }

    /// The address that apps read from the picture.
    pub fn address(&self, name: &str) -> String {
        let encode =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let secret = self.typed().replace(' ', "");
        format!(
            "otpauth://totp/{}:{}?secret={secret}&issuer={}",
            encode("Warong UEP"),
            encode(name),
            encode("Warong UEP")
        )
    }

    /// Puts it in force, if the owner's app shows the same code.
    pub async fn accept(self, tx: &Tx, clock: &Clock, with: &Secret, person_id: i64, code: &str) -> Result<()> {
        let step = step_of(&self.secret, code, clock.now()).ok_or_else(|| Refusal::invalid("sign_in.code_wrong"))?;
        let change = row::ActiveModel {
            id: Set(person_id),
            totp_secret: Set(Some(with.seal("totp", &self.secret))),
            totp_step: Set(Some(step)),
            ..Default::default()
        };
        row::Entity::update(change).exec(tx).await?;
        Ok(())
    }
}

impl Default for Offer {
    fn default() -> Offer {
        Offer::new()
    }
}

/// Judges a code at the door. A wrong one counts like a wrong PIN; a step is good once.
pub async fn judge(tx: &Tx, clock: &Clock, with: &Secret, person_id: i64, code: &str) -> Result<Verdict> {
    let person = person::locked(tx, person_id).await?;
    if sign_in::is_closed(&person, clock.now()) {
        return Ok(Verdict::StillClosed);
    }
    let Some(sealed) = &person.totp_secret else { return Ok(Verdict::Wrong) };
    let secret =
        with.open("totp", sealed).ok_or_else(|| anyhow::anyhow!("a TOTP secret was sealed with another key"))?;
    let step = step_of(&secret, code, clock.now()).filter(|step| person.totp_step.is_none_or(|last| *step > last));
    let (Some(step), None) = (step, person.disabled_at) else {
        return sign_in::count_wrong(tx, clock, &person).await;
    };
    let change = row::ActiveModel { id: Set(person_id), totp_step: Set(Some(step)), ..Default::default() };
    row::Entity::update(change).exec(tx).await?;
    sign_in::forgive(tx, &person).await?;
    Ok(Verdict::Right)
}

/// Takes it out of force; says whether it was in force.
pub async fn remove(tx: &Tx, person_id: i64) -> Result<bool> {
    let person = person::locked(tx, person_id).await?;
    let change =
        row::ActiveModel { id: Set(person_id), totp_secret: Set(None), totp_step: Set(None), ..Default::default() };
    row::Entity::update(change).exec(tx).await?;
    Ok(person.totp_secret.is_some())
}

/// The step a code belongs to, a step early or late included.
fn step_of(secret: &[u8], code: &str, now: DateTime<Utc>) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let at = u64::try_from(now.timestamp()).ok()?;
    totp(secret)?.check(&code, at).and_then(|step| i64::try_from(step).ok())
}

fn totp(secret: &[u8]) -> Option<Totp> {
    Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret.to_vec()).build().ok()
}

/// A QR code as the side of its square and the path of its dark modules, to be drawn as SVG.
pub fn qr(text: &str) -> Result<(usize, String)> {
    use std::fmt::Write;
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(anyhow::Error::new)?;
    let side = code.width();
    let mut path = String::new();
    for (i, color) in code.to_colors().iter().enumerate() {
        if *color == Color::Dark {
            write!(path, "M{} {}h1v1h-1z", i % side + 4, i / side + 4).ok();
        }
    }
    Ok((side + 8, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        let secret = b"12345678901234567890";
        assert_eq!(step_of(secret, "287082", at(59)), Some(1));
        assert_eq!(step_of(secret, "081 804", at(1_111_111_109)), Some(37_037_036));
        assert_eq!(step_of(secret, "287083", at(59)), None);
        assert_eq!(step_of(secret, "287082", at(59 + 90)), None, "three steps late is too late");
        for code in ["", "28708", "2870822", "abcdef", "２８７０８２"] {
            assert_eq!(step_of(secret, code, at(59)), None, "{code}");
        }
    }

    #[test]
    fn an_offer_is_for_one_person() {
        let with = Secret::new(vec![7; 32]);
        let offer = Offer::new();
        let sealed = offer.seal(&with, 12);
        assert_eq!(Offer::open(&with, 12, &sealed).map(|o| o.typed()), Some(offer.typed()));
        assert!(Offer::open(&with, 13, &sealed).is_none());
        assert!(Offer::open(&with, 12, "halo").is_none());
        assert_eq!(offer.typed().len(), 8 * 4 + 7);
    }

    #[test]
    fn a_qr_code_is_a_square_with_a_quiet_border() {
        let (side, path) = qr("otpauth://totp/x").unwrap();
        assert!(side > 25 && path.starts_with("M4 4h1v1h-1z"));
    }
}
