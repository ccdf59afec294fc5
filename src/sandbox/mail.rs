//! The mailbox of a demonstration: every mail that was sent, to be read here (`/sandbox/mail`).
use std::{fs, path::Path};

use actix_web::{HttpResponse, web};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use crate::{
    accounts::visit::Visit,
    app::App,
    error::{Error, Result},
    page::{Page, Sample, samples as samples_of},
};

/// How many mails are listed.
const LISTED: usize = 100;

/// Routes of the mailbox.
pub fn configure(cfg: &mut web::ServiceConfig) {
    cfg.route("/sandbox/mail", web::get().to(list)).route("/sandbox/mail/{name}", web::get().to(show));
}

/// Pages of the mailbox, for the test that draws all of them.
pub fn samples() -> Vec<Sample> {
    [samples_of::<ListPage>(), samples_of::<ShowPage>()].into_iter().flatten().collect()
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Mail {
    name: String,
    to: String,
    subject: String,
    text: String,
}

#[derive(Serialize)]
struct ListPage {
    mails: Vec<Mail>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "sandbox/mails.html";
    fn samples() -> Vec<ListPage> {
        vec![ListPage { mails: Vec::new() }, ListPage { mails: vec![example()] }]
    }
}

#[derive(Serialize)]
struct ShowPage {
    mail: Mail,
}

impl Page for ShowPage {
    const TEMPLATE: &'static str = "sandbox/mail.html";
    fn samples() -> Vec<ShowPage> {
        vec![ShowPage { mail: example() }]
    }
}

fn example() -> Mail {
    read("20261121-143500-a.eml", "To: ratna@example.com\r\nSubject: Pesanan lunas\r\n\r\nHalo, Ibu Ratna.\r\n")
}

async fn list(visit: Visit, app: web::Data<App>) -> Result<HttpResponse> {
    let folder = folder(&app)?;
    let mails = web::block(move || newest(&folder)).await.map_err(|e| anyhow::anyhow!("{e}"))?;
    visit.page(&app.templates, &ListPage { mails })
}

async fn show(visit: Visit, app: web::Data<App>, name: web::Path<String>) -> Result<HttpResponse> {
    let sound = name.ends_with(".eml") && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'));
    if !sound || name.contains("..") {
        return Err(Error::NotFound);
    }
    let text = fs::read_to_string(folder(&app)?.join(name.as_str())).map_err(|_| Error::NotFound)?;
    visit.page(&app.templates, &ShowPage { mail: read(&name, &text) })
}

fn folder(app: &App) -> Result<std::path::PathBuf> {
    if app.config.shows_mail() { Ok(app.config.mail_folder()) } else { Err(Error::NotFound) }
}

fn newest(folder: &Path) -> Vec<Mail> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<String> =
        entries.filter_map(|e| e.ok()?.file_name().into_string().ok()).filter(|name| name.ends_with(".eml")).collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.truncate(LISTED);
    names.iter().filter_map(|name| Some(read(name, &fs::read_to_string(folder.join(name)).ok()?))).collect()
}

fn read(name: &str, text: &str) -> Mail {
    let text = text.replace("\r\n", "\n");
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    // A header that goes on in the next line begins there with a space.
    let head = head.replace("\n ", " ");
    let header = |wanted: &str| {
        let line = head.lines().find_map(|line| line.strip_prefix(wanted)?.strip_prefix(": "));
        line.map(decoded).unwrap_or_default()
    };
    Mail { name: name.to_owned(), to: header("To"), subject: header("Subject"), text: body.to_owned() }
}

/// Words of a header that were packed because they hold more than ASCII (RFC 2047, base64).
fn decoded(header: &str) -> String {
    let word = |word: &str| {
        let packed = word.strip_prefix("=?utf-8?b?")?.strip_suffix("?=")?;
        String::from_utf8(STANDARD.decode(packed).ok()?).ok()
    };
    let mut out = String::new();
    let mut packed_before = true;
    for part in header.split(' ') {
        let unpacked = word(part);
        // Between two packed words the space is only there to break the line.
        let joined = packed_before && unpacked.is_some();
        if !out.is_empty() && !joined {
            out.push(' ');
        }
        packed_before = unpacked.is_some();
        out.push_str(unpacked.as_deref().unwrap_or(part));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_headers_are_read() {
        assert_eq!(decoded("Pesanan K-2611-0042 lunas"), "Pesanan K-2611-0042 lunas");
        assert_eq!(decoded("Pessenan =?utf-8?b?w6g=?= =?utf-8?b?w6g=?= lunas"), "Pessenan èè lunas");
        let mail = read("a.eml", "From: x\r\nSubject: Satu\r\n dua\r\nTo: ratna@example.com\r\n\r\nHalo.\r\nè\r\n");
        assert_eq!((mail.subject.as_str(), mail.to.as_str()), ("Satu dua", "ratna@example.com"));
        assert_eq!(mail.text, "Halo.\nè\n");
    }
}
