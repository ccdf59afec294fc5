//! Mails leave over a real SMTP server that speaks nothing but STARTTLS to those who sign in.
use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use warong::gateway::mail::{Letter, Outcome, Post};

use crate::support::morning;

/// Debian's aiosmtpd behind a certificate of its own authority; every mail it takes becomes a file.
const SERVER: &str = r#"
import ssl, sys, time
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
folder = sys.argv[1]
class Keep:
    async def handle_DATA(self, server, session, envelope):
        with open(folder + "/mail.eml", "ab") as kept:
            kept.write(envelope.content)
        return "250 kept"
def who(server, session, envelope, mechanism, data):
    return AuthResult(success=data.login == b"warong" and data.password == b"kunci rahasia")
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(folder + "/leaf.pem", folder + "/leaf.key")
door = Controller(Keep(), hostname="127.0.0.1", port=int(sys.argv[2]), tls_context=tls, require_starttls=True,
                  authenticator=who, auth_required=True)
door.start()
print("open", flush=True)
time.sleep(60)
"#;

struct PostOffice {
    folder: TempDir,
    port: u16,
    server: Child,
}

impl PostOffice {
    fn open() -> PostOffice {
        let folder = tempfile::tempdir().expect("a folder");
        certificates(folder.path());
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let mut server = Command::new("/usr/bin/python3")
            .args(["-c", SERVER, &folder.path().display().to_string(), &port.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 with aiosmtpd, which tests/run installs");
        let mut line = String::new();
        BufReader::new(server.stdout.take().expect("its words")).read_line(&mut line).expect("a word");
        assert_eq!(line.trim(), "open");
        PostOffice { folder, port, server }
    }

    fn post(&self, secret: &str, trusted: bool) -> Post {
        let url = format!("smtp://warong:{secret}@localhost:{}", self.port);
        let ca = self.folder.path().join("ca.pem");
        Post::open(Some(&url), trusted.then_some(ca.as_path()), self.folder.path().to_owned()).expect("the post opens")
    }

    fn received(&self) -> String {
        fs::read_to_string(self.folder.path().join("mail.eml")).unwrap_or_default()
    }
}

impl Drop for PostOffice {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// An authority, and a leaf it signed for localhost: a self-signed leaf would rightly be refused.
fn certificates(folder: &Path) {
    let script = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem &&
        openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout leaf.key -out leaf.csr &&
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1' > leaf.ext &&
        openssl x509 -req -days 2 -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile leaf.ext -out leaf.pem";
    let made = Command::new("bash").args(["-c", script]).current_dir(folder).output().expect("openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn letter() -> Letter {
    Letter { to: "ratna@example.com".into(), subject: "Pesanan K-2611-0001".into(), text: "Sudah lunas.\n".into() }
}

#[actix_web::test]
async fn a_mail_goes_out_over_starttls_and_the_same_mail_keeps_its_name() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let office = PostOffice::open();
    let post = office.post("kunci%20rahasia", true);
    for _ in 0..2 {
        let sent = post.send("Warong UEP <warong@example.com>", "order:1:paid", morning(), &letter()).await;
        assert_eq!(sent, Outcome::Sent);
    }
    let received = office.received();
    assert!(received.contains("Subject: Pesanan K-2611-0001"), "{received}");
    assert!(received.contains("Content-Type: text/plain; charset=utf-8"), "{received}");
    let names: Vec<&str> = received.lines().filter(|line| line.starts_with("Message-ID:")).collect();
    assert_eq!((names.len(), names.first()), (2, names.get(1)));
}

#[actix_web::test]
async fn an_unknown_authority_or_a_server_that_is_away_is_tried_again_later() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let office = PostOffice::open();
    let unsure = office.post("kunci%20rahasia", false);
    let outcome = unsure.send("Warong UEP <warong@example.com>", "a", morning(), &letter()).await;
    assert!(matches!(outcome, Outcome::Later(_)), "{outcome:?}");
    let post = office.post("kunci%20rahasia", true);
    drop(office);
    let letter = letter();
    let sending = post.send("Warong UEP <warong@example.com>", "b", morning(), &letter);
    let away = tokio::time::timeout(Duration::from_secs(30), sending);
    let outcome = away.await.expect("an answer");
    assert!(matches!(outcome, Outcome::Later(_)), "{outcome:?}");
}
