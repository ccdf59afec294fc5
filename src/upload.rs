//! Forms with pictures: fields as in any form, files written to temporary files that are gone when dropped.
use std::{collections::BTreeSet, future::Future, pin::Pin};

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

use crate::{
    error::{Error, Refusal, Result},
    form::{self, Form},
    gateway::files,
    secret,
};

/// The most a form with pictures may weigh before its picture is called too large, in bytes.
const MAX_TOTAL: usize = 22 * 1024 * 1024;
/// How much of what is too large is still read, so that the fields behind it are not lost, in bytes.
const MAX_DRAINED: usize = 100 * 1024 * 1024;
/// How many pictures one form may carry.
const MAX_FILES: usize = 8;

/// One file of a form.
pub struct File {
    pub field: String,
    pub bytes: usize,
    hash: String,
    kept: NamedTempFile,
}

impl File {
    /// The whole content.
    pub async fn read(&self) -> Result<Vec<u8>> {
        Ok(tokio::fs::read(self.kept.path()).await?)
    }
}

/// A form with its files. The token of the session is already checked.
#[derive(Default)]
pub struct Upload {
    pub form: Form,
    files: Vec<File>,
    too_large: BTreeSet<String>,
}

impl Upload {
    /// The file chosen in a field; an input left empty has none.
    pub fn file(&self, field: &str) -> Option<&File> {
        self.files(field).next()
    }

    /// All files chosen in a field.
    pub fn files(&self, field: &str) -> impl Iterator<Item = &File> {
        self.files.iter().filter(move |file| file.field == field)
    }

    /// Whether a file of this field was left out because of its weight.
    pub fn is_too_large(&self, field: &str) -> bool {
        self.too_large.contains(field)
    }

    /// A hash of fields and files: the same request key with another picture is another wish.
    pub fn content_hash(&self) -> String {
        let hashes: Vec<&str> = self.files.iter().map(|file| file.hash.as_str()).collect();
        secret::sha256(format!("{} {}", self.form.content_hash(), hashes.join(" ")).as_bytes())
    }
}

impl FromRequest for Upload {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Upload>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let mut payload = payload.take();
        Box::pin(async move {
            let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
            if !kind.starts_with("multipart/form-data") {
                let form = Form::from_request(&request, &mut payload).await?;
                return Ok(Upload { form, ..Upload::default() });
            }
            let upload = Gather::default().all(Multipart::new(request.headers(), payload)).await?;
            form::check_token(&request, &upload.form)?;
            Ok(upload)
        })
    }
}

#[derive(Default)]
struct Gather {
    upload: Upload,
    pairs: Vec<(String, String)>,
    text_bytes: usize,
    seen: usize,
}

impl Gather {
    async fn all(mut self, mut parts: Multipart) -> Result<Upload> {
        while let Some(part) = parts.next().await {
            let part = part.map_err(broken_off)?;
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.content_disposition().is_some_and(|d| d.get_filename().is_some());
            if is_file { self.file(name, part).await? } else { self.text(name, part).await? }
        }
        self.upload.form = Form::of(self.pairs);
        Ok(self.upload)
    }

    async fn text(&mut self, name: String, mut part: Field) -> Result<()> {
        let mut bytes = Vec::new();
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(broken_off)?;
            self.counted(chunk.len())?;
            if self.text_bytes + chunk.len() > form::MAX_BYTES {
                return Err(Refusal::too_large("form.too_large").into());
            }
            self.text_bytes += chunk.len();
            bytes.extend_from_slice(&chunk);
        }
        self.pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        Ok(())
    }

    async fn file(&mut self, field: String, mut part: Field) -> Result<()> {
        let kept = NamedTempFile::new()?;
        let mut out = tokio::fs::File::from_std(kept.reopen()?);
        let (mut hash, mut bytes) = (Sha256::new(), 0);
        while let Some(chunk) = part.next().await {
            let chunk = chunk.map_err(broken_off)?;
            self.counted(chunk.len())?;
            bytes += chunk.len();
            if bytes > files::MAX_BYTES || self.seen > MAX_TOTAL {
                self.upload.too_large.insert(field.clone());
                continue;
            }
            hash.update(&chunk);
            out.write_all(&chunk).await?;
        }
        out.flush().await?;
        if bytes > 0 && !self.upload.is_too_large(&field) && self.upload.files.len() < MAX_FILES {
            self.upload.files.push(File { field, bytes, hash: secret::hex(&hash.finalize()), kept });
        }
        Ok(())
    }

    fn counted(&mut self, bytes: usize) -> Result<()> {
        self.seen += bytes;
        if self.seen > MAX_DRAINED { Err(Refusal::too_large("form.too_large").into()) } else { Ok(()) }
    }
}

fn broken_off(_: MultipartError) -> Error {
    Refusal::invalid("form.broken_off").into()
}
