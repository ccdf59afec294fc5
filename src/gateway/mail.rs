//! The post: an SMTP server by `SMTP_URL`, or a folder where every mail becomes a file.
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use actix_web::http::Uri;
use chrono::{DateTime, Utc};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Body, Mailbox,
        header::{ContentTransferEncoding, ContentType},
    },
    transport::smtp::client::{Certificate, Tls, TlsParameters},
};

use crate::secret;

/// How long a mail server may take over one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A mail as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// What became of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Sent,
    /// It will never arrive: the address is none, or the server says so.
    Refused(String),
    /// It may work out later.
    Later(String),
}

/// Where mails go.
pub enum Post {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Post {
    /// Opens the post. `smtp://` means STARTTLS, `smtps://` TLS from the start; `?tls=none` is for a server on this machine.
    /// `ca` is the certificate of an authority of one's own.
    pub fn open(smtp_url: Option<&str>, ca: Option<&Path>, folder: PathBuf) -> anyhow::Result<Post> {
        let Some(url) = smtp_url else {
            std::fs::create_dir_all(&folder)?;
            return Ok(Post::Folder(folder));
        };
        let host = url.parse::<Uri>()?.host().map(str::to_owned).unwrap_or_default();
        let mut transport = match url.split_once("?tls=") {
            Some((plain, "none")) => AsyncSmtpTransport::<Tokio1Executor>::from_url(plain)?,
            None if url.starts_with("smtp://") => {
                AsyncSmtpTransport::<Tokio1Executor>::from_url(&format!("{url}?tls=required"))?
            }
            _ => AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?,
        };
        if let Some(ca) = ca {
            let authority = Certificate::from_pem(&std::fs::read(ca)?)?;
            let parameters = TlsParameters::builder(host).add_root_certificate(authority).build()?;
            let wrapped = url.starts_with("smtps://");
            transport = transport.tls(if wrapped { Tls::Wrapper(parameters) } else { Tls::Required(parameters) });
        }
        Ok(Post::Smtp(transport.timeout(Some(PATIENCE)).build()))
    }

    /// Sends a letter. `key` names it: sent twice, it has the same Message-ID, so that mailboxes can tell.
    pub async fn send(&self, from: &str, key: &str, at: DateTime<Utc>, letter: &Letter) -> Outcome {
        let message = match message(from, key, at, letter, matches!(self, Post::Folder(_))) {
            Ok(message) => message,
            Err(e) => return Outcome::Refused(e.to_string()),
        };
        match self {
            Post::Smtp(transport) => match transport.send(message).await {
                Ok(_) => Outcome::Sent,
                Err(e) if e.is_permanent() => Outcome::Refused(e.to_string()),
                // Also what is neither permanent nor transient: a refused connection, a broken line.
                Err(e) => Outcome::Later(e.to_string()),
            },
            Post::Folder(folder) => {
                let name = format!("{}-{}.eml", at.format("%Y%m%d-%H%M%S"), short(key));
                match tokio::fs::write(folder.join(name), message.formatted()).await {
                    Ok(()) => Outcome::Sent,
                    Err(e) => Outcome::Later(e.to_string()),
                }
            }
        }
    }
}

fn short(key: &str) -> String {
    secret::sha256(key.as_bytes()).chars().take(24).collect()
}

fn message(from: &str, key: &str, at: DateTime<Utc>, letter: &Letter, readable: bool) -> anyhow::Result<Message> {
    let from: Mailbox = from.parse()?;
    let id = format!("<{}@{}>", short(key), from.email.domain());
    let message = Message::builder()
        .from(from)
        .to(Mailbox::new(None, letter.to.parse::<Address>()?))
        .subject(letter.subject.clone())
        .date(at.into())
        .message_id(Some(id))
        .header(ContentType::TEXT_PLAIN);
    // A file is read by people, so its text stays as it is; a server may get it packed.
    let eight_bit = Body::new_with_encoding(letter.text.clone(), ContentTransferEncoding::EightBit);
    Ok(match eight_bit {
        Ok(body) if readable => message.body(body)?,
        _ => message.body(letter.text.clone())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(to: &str) -> Letter {
        Letter {
            to: to.into(),
            subject: "Pesanan lunas".into(),
            text: "Sakalangkong, Ibu Ratna.\nRp74.000 è katarèma.".into(),
        }
    }

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_250_000, 0).unwrap()
    }

    #[test]
    fn a_mail_says_what_it_is_written_in() {
        let message = message("Warong <warong@localhost>", "k", at(), &letter("ratna@example.com"), false).unwrap();
        let text = String::from_utf8(message.formatted()).unwrap();
        assert!(text.contains("Content-Type: text/plain; charset=utf-8"), "{text}");
        assert!(text.contains("Message-ID: <") && text.contains("@localhost>"), "{text}");
    }

    #[test]
    fn a_line_break_adds_no_header() {
        let mut evil = letter("ratna@example.com");
        evil.subject = "Halo\r\nBcc: anton@example.com".into();
        let text =
            message("Warong <warong@localhost>", "k", at(), &evil, true).map(|m| m.formatted()).unwrap_or_default();
        assert!(!String::from_utf8(text).unwrap().lines().any(|line| line.starts_with("Bcc:")));
        assert!(message("Warong <warong@localhost>", "k", at(), &letter("a@b.c\r\nRCPT TO:x@y.z"), true).is_err());
    }

    #[tokio::test]
    async fn a_server_is_named_by_its_address() {
        rustls::crypto::ring::default_provider().install_default().ok();
        for url in ["smtp://u:p@mail.example:587", "smtps://mail.example", "smtp://localhost:1025?tls=none"] {
            assert!(matches!(Post::open(Some(url), None, PathBuf::new()), Ok(Post::Smtp(_))), "{url}");
        }
        assert!(Post::open(Some("http://mail.example"), None, PathBuf::new()).is_err());
    }
}
