//! "No" for a person differs from "broken" for us: a refusal is a sentence with a way on, a fault is logged once.
use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use sea_orm::DbErr;

use crate::locale::{Said, Say};

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a request could not be answered as asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not found")]
    NotFound,
    #[error("not allowed")]
    Forbidden,
    /// Somebody must sign in first.
    #[error("sign in first")]
    SignIn,
    #[error("refused: {0:?}")]
    Refused(Refusal),
    #[error("{0:#}")]
    Fault(anyhow::Error),
}

/// What kind of no it is; decides the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Invalid,
    Conflict,
    TooLarge,
    SlowDown,
}

/// A no that a person can act on: a sentence from the words, with its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub kind: Kind,
    pub said: Said,
}

impl Refusal {
    pub fn invalid(key: &'static str) -> Refusal {
        Refusal { kind: Kind::Invalid, said: Said::new(key) }
    }

    pub fn conflict(key: &'static str) -> Refusal {
        Refusal { kind: Kind::Conflict, said: Said::new(key) }
    }

    pub fn too_large(key: &'static str) -> Refusal {
        Refusal { kind: Kind::TooLarge, said: Said::new(key) }
    }

    pub fn slow_down(key: &'static str) -> Refusal {
        Refusal { kind: Kind::SlowDown, said: Said::new(key) }
    }

    /// Adds a value that the sentence names as `{name}`.
    pub fn with(mut self, name: &'static str, value: impl Into<Say>) -> Refusal {
        self.said = self.said.with(name, value);
        self
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Error {
        Error::Refused(refusal)
    }
}

impl From<DbErr> for Error {
    fn from(e: DbErr) -> Error {
        Error::Fault(anyhow::Error::new(e).context("database"))
    }
}

impl From<anyhow::Error> for Error {
    fn from(e: anyhow::Error) -> Error {
        Error::Fault(e)
    }
}

impl From<std::io::Error> for Error {
    fn from(e: std::io::Error) -> Error {
        Error::Fault(e.into())
    }
}

impl From<serde_json::Error> for Error {
    fn from(e: serde_json::Error) -> Error {
        Error::Fault(e.into())
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::Forbidden => StatusCode::FORBIDDEN,
            Error::SignIn => StatusCode::UNAUTHORIZED,
            Error::Refused(refusal) => match refusal.kind {
                Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
                Kind::Conflict => StatusCode::CONFLICT,
                Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
                Kind::SlowDown => StatusCode::TOO_MANY_REQUESTS,
            },
            Error::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// An empty body: the page is drawn at the edge, in the reader's language.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
