//! What must not be guessed or read: tokens, keyed hashes, and values sealed at rest.
use std::{fmt, fs, io, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce, aead::Aead};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The installation's secret. Every use draws a key of its own from it.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

impl Secret {
    pub fn new(bytes: Vec<u8>) -> Secret {
        Secret(bytes)
    }

    /// Reads the secret of a demonstration from its file, made readable to the owner only at first use.
    pub fn kept_in(file: &Path) -> io::Result<Secret> {
        match fs::read(file) {
            Ok(bytes) if bytes.len() >= 32 => Ok(Secret(bytes)),
            Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "the secret is too short")),
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                let secret = token();
                write_private(file, secret.as_bytes())?;
                Ok(Secret(secret.into_bytes()))
            }
            Err(e) => Err(e),
        }
    }

    /// A keyed hash of `value`, hex, for one `purpose`.
    pub fn mac(&self, purpose: &str, value: &[u8]) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            unreachable!("HMAC takes a key of any length")
        };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(value);
        hex(&mac.finalize().into_bytes())
    }

    /// Whether `mac` is the one of `value`, compared in constant time.
    pub fn agrees(&self, purpose: &str, value: &[u8], mac: &str) -> bool {
        self.mac(purpose, value).as_bytes().ct_eq(mac.as_bytes()).into()
    }

    /// Encrypts a value to be kept in a row.
    pub fn seal(&self, purpose: &str, value: &[u8]) -> String {
        let nonce = rand::random::<[u8; 24]>();
        let sealed = self.cipher(purpose).encrypt(&XNonce::from(nonce), value).unwrap_or_default();
        URL_SAFE_NO_PAD.encode([&nonce[..], &sealed[..]].concat())
    }

    /// Decrypts a sealed value; `None` when it was changed or sealed with another secret.
    pub fn open(&self, purpose: &str, sealed: &str) -> Option<Vec<u8>> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
        let (nonce, body) = bytes.split_first_chunk::<24>()?;
        self.cipher(purpose).decrypt(&XNonce::from(*nonce), body).ok()
    }

    fn cipher(&self, purpose: &str) -> XChaCha20Poly1305 {
        let mut hash = Sha256::new();
        hash.update(b"seal");
        hash.update(purpose.as_bytes());
        hash.update(&self.0);
        let key: [u8; 32] = hash.finalize().into();
        XChaCha20Poly1305::new(&key.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// 256 random bits as 43 characters for cookies and addresses.
pub fn token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// 128 random bits as 22 characters, short enough for a link that is read aloud or printed.
pub fn short_token() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 16]>())
}

/// What a row keeps of a token or a body.
pub fn sha256(value: &[u8]) -> String {
    hex(&Sha256::digest(value))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        write!(out, "{byte:02x}").ok();
        out
    })
}

#[cfg(unix)]
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(bytes)
}

#[cfg(not(unix))]
fn write_private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(file, bytes)
}
