//! Where the book lies: a file with all of it, and beside it a journal of what changed since, one line a change.
//!
//! A change is in the journal before anybody hears of it, so a process that is killed forgets nothing it has told. A
//! last line that was cut off was told to nobody. Once in a while the whole is written anew and the journal begins again;
//! lines the whole knows already are passed over by their number.
use std::{
    collections::BTreeMap,
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::book::Book;

/// Up to this many bytes a journal is short.
const SHORT: u64 = 1 << 20;

/// Why the stand-in cannot start, or not write.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A folder or file cannot be used.
    #[error("cannot use {path}: {source}")]
    Use {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is there, but is not the stand-in's.
    #[error("{path} is not readable as the stand-in's file: {source}")]
    Content {
        /// Which.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

#[derive(Serialize, Deserialize)]
struct Line {
    revision: u64,
    changes: BTreeMap<String, Value>,
}

/// The two files, held open.
pub(super) struct File {
    whole: PathBuf,
    journal: PathBuf,
    lines: fs::File,
    /// Another process has the stand-in of this folder, and is the only one to write.
    is_ours: bool,
    /// A line may have been cut off: nothing can be written behind it.
    is_torn: bool,
    bytes: u64,
    whole_bytes: u64,
}

impl File {
    /// Opens the files of a data folder and reads the book, on the first day a `new` one.
    pub fn open(data_dir: &Path, new: impl FnOnce() -> Book) -> Result<(Self, Book), FileError> {
        let folder = data_dir.join("sandbox");
        let (whole, journal) = (folder.join("midtrans.json"), folder.join("midtrans.journal"));
        fs::create_dir_all(&folder).map_err(|source| FileError::Use { path: folder, source })?;
        let opened = fs::File::options().create(true).append(true).open(&journal);
        let lines = opened.map_err(|source| FileError::Use { path: journal.clone(), source })?;
        let is_ours = lines.try_lock().is_ok();
        if !is_ours {
            tracing::warn!("another process has the Midtrans stand-in of this folder; this one keeps nothing");
        }
        let mut file = Self { whole, journal, lines, is_ours, is_torn: false, bytes: 0, whole_bytes: 0 };
        let book = file.read(new)?;
        Ok((file, book))
    }

    fn read(&mut self, new: impl FnOnce() -> Book) -> Result<Book, FileError> {
        let content = |path: &Path| {
            let path = path.to_owned();
            |source| FileError::Content { path, source }
        };
        let mut book: Book = match fs::read(&self.whole) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(content(&self.whole))?,
            Err(e) if e.kind() == io::ErrorKind::NotFound => new(),
            Err(source) => return Err(FileError::Use { path: self.whole.clone(), source }),
        };
        let journal = fs::read(&self.journal);
        let journal = journal.map_err(|source| FileError::Use { path: self.journal.clone(), source })?;
        for line in journal.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n")) {
            follow(&mut book, line).map_err(content(&self.journal))?;
        }
        Ok(book)
    }

    /// Writes down what changed. When that fails, the whole is tried next time.
    pub fn write(&mut self, book: &mut Book) -> Result<(), FileError> {
        if !self.is_ours {
            return Ok(());
        }
        if self.is_torn {
            return self.write_whole(book);
        }
        self.is_torn = true;
        let mut text = serde_json::to_vec(&Line { revision: book.revision, changes: changes(book) })
            .map_err(|source| FileError::Content { path: self.journal.clone(), source })?;
        text.push(b'\n');
        self.lines.write_all(&text).map_err(|source| FileError::Use { path: self.journal.clone(), source })?;
        self.is_torn = false;
        self.bytes += text.len() as u64;
        Ok(())
    }

    /// Writes everything anew, all or nothing, and begins the journal again.
    pub fn write_whole(&mut self, book: &mut Book) -> Result<(), FileError> {
        if !self.is_ours {
            return Ok(());
        }
        let text =
            serde_json::to_vec(book).map_err(|source| FileError::Content { path: self.whole.clone(), source })?;
        let draft = self.whole.with_extension("json.new");
        fs::write(&draft, &text)
            .and_then(|()| fs::rename(&draft, &self.whole))
            .map_err(|source| FileError::Use { path: self.whole.clone(), source })?;
        // The changes so far are in the whole.
        changes(book);
        self.lines.set_len(0).map_err(|source| FileError::Use { path: self.journal.clone(), source })?;
        (self.is_torn, self.bytes, self.whole_bytes) = (false, 0, text.len() as u64);
        Ok(())
    }

    /// Whether it is time to write the whole: so seldom that it costs little for each change.
    pub fn is_long(&self) -> bool {
        self.bytes > SHORT.max(self.whole_bytes)
    }
}

fn changes(book: &mut Book) -> BTreeMap<String, Value> {
    let changed = |(name, mut part): (&str, Box<dyn super::kept::Part + '_>)| Some((name.to_owned(), part.changes()?));
    book.parts().into_iter().filter_map(changed).collect()
}

fn follow(book: &mut Book, line: &[u8]) -> serde_json::Result<()> {
    let mut line: Line = serde_json::from_slice(line)?;
    if line.revision <= book.revision {
        return Ok(());
    }
    for (name, mut part) in book.parts() {
        if let Some(changes) = line.changes.remove(name) {
            part.follow(changes)?;
        }
    }
    book.revision = line.revision;
    Ok(())
}
