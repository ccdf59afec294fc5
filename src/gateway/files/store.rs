//! Keeps files under names in one folder. A name either has all its bytes or does not exist, also after a power cut.
//!
//! There is one kind of store, so there is no trait; when a second comes (an object store), `Store` is where it is chosen.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    str::FromStr,
};

use tokio::fs;
use uuid::Uuid;

/// The one folder within the store.
const PHOTOS: &str = "photos";

/// Longest part of a name, in bytes.
const LONGEST: usize = 100;

/// The name of a kept file: small letters, digits, `-`, `_` and `.`, alone or after `photos/`. It cannot lead out of the store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(String);

/// A text that is not the name of a kept file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a kept file")]
pub struct BadName;

impl BlobName {
    /// Reads a name; refuses what could mean another place (`..`, `/`, a leading dot) or is longer than 100 bytes.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let part = text.strip_prefix("photos/").unwrap_or(text);
        let plain = |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
        // A leading dot is for files not yet finished, and the folder itself is no file.
        let good = part.bytes().all(plain) && (1..=LONGEST).contains(&part.len()) && !part.starts_with('.');
        if good && text != PHOTOS { Ok(BlobName(text.to_owned())) } else { Err(BadName) }
    }

    /// The name of a rendition of a photo: `photos/<id>-<suffix>`.
    pub fn photo(id: Uuid, suffix: &str) -> Result<Self, BadName> {
        BlobName::parse(&format!("{PHOTOS}/{id}-{suffix}"))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BlobName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        BlobName::parse(text)
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A folder of kept files.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Opens the store in a folder and makes what is missing of it.
    pub async fn open(folder: impl Into<PathBuf>) -> io::Result<Self> {
        let folder = folder.into();
        fs::create_dir_all(folder.join(PHOTOS)).await?;
        Ok(Store { folder })
    }

    /// Where a file lies.
    pub fn path(&self, name: &BlobName) -> PathBuf {
        self.folder.join(name.as_str())
    }

    /// Keeps these bytes under a name, in place of what was there; when it returns they are on the disk.
    pub async fn put(&self, name: &BlobName, bytes: &[u8]) -> io::Result<()> {
        let path = self.path(name);
        let folder = path.parent().unwrap_or(&self.folder);
        let unfinished = folder.join(format!(".{}", Uuid::new_v4()));
        let done = write_and_rename(&unfinished, &path, bytes).await;
        if done.is_err() {
            // What went wrong before is what matters; a leftover can be found by its leading dot.
            drop(fs::remove_file(&unfinished).await);
        }
        done?;
        // The new name is an entry of the folder, which has to reach the disk as well.
        fs::File::open(folder).await?.sync_all().await
    }

    /// The bytes under a name, or none if there are none.
    pub async fn get(&self, name: &BlobName) -> io::Result<Option<Vec<u8>>> {
        missing_is_none(fs::read(self.path(name)).await)
    }

    /// Whether something is kept under a name.
    pub async fn exists(&self, name: &BlobName) -> io::Result<bool> {
        fs::try_exists(self.path(name)).await
    }

    /// Removes what is kept under a name; says whether there was something.
    pub async fn delete(&self, name: &BlobName) -> io::Result<bool> {
        Ok(missing_is_none(fs::remove_file(self.path(name)).await)?.is_some())
    }
}

async fn write_and_rename(unfinished: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::write(unfinished, bytes).await?;
    fs::OpenOptions::new().write(true).open(unfinished).await?.sync_all().await?;
    fs::rename(unfinished, path).await
}

fn missing_is_none<T>(read: io::Result<T>) -> io::Result<Option<T>> {
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    async fn store() -> Store {
        Store::open(std::env::temp_dir().join(format!("warong-store-{}", Uuid::new_v4()))).await.unwrap()
    }

    #[tokio::test]
    async fn what_is_put_can_be_got_replaced_and_deleted() {
        let store = store().await;
        let name = BlobName::photo(Uuid::nil(), "320.webp").unwrap();
        assert_eq!(name.as_str(), "photos/00000000-0000-0000-0000-000000000000-320.webp");
        assert!(!store.exists(&name).await.unwrap());
        assert_eq!(store.get(&name).await.unwrap(), None);
        for bytes in [&b"first"[..], b"second", b""] {
            store.put(&name, bytes).await.unwrap();
            assert_eq!(store.get(&name).await.unwrap().as_deref(), Some(bytes));
        }
        assert!(store.exists(&name).await.unwrap());
        assert!(store.delete(&name).await.unwrap());
        assert!(!store.delete(&name).await.unwrap());
        std::fs::remove_dir_all(&store.folder).unwrap();
    }

    #[tokio::test]
    async fn a_put_that_fails_leaves_nothing_behind() {
        let store = store().await;
        let name = BlobName::parse("taken").unwrap();
        std::fs::create_dir(store.path(&name)).unwrap();
        assert!(store.put(&name, b"bytes").await.is_err());
        let left: Vec<_> = std::fs::read_dir(&store.folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left.len(), 2, "{left:?}");
        std::fs::remove_dir_all(&store.folder).unwrap();
    }

    #[tokio::test]
    async fn two_writers_of_one_name_do_not_mix() {
        let store = store().await;
        let name = BlobName::parse("photos/a.webp").unwrap();
        let writers = (0..8u8).map(|byte| {
            let (store, name) = (store.clone(), name.clone());
            tokio::spawn(async move { store.put(&name, &vec![byte; 100_000]).await.unwrap() })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let bytes = store.get(&name).await.unwrap().unwrap();
        assert!(bytes.len() == 100_000 && bytes.iter().all(|byte| *byte == bytes[0]));
        std::fs::remove_dir_all(&store.folder).unwrap();
    }

    #[test]
    fn a_name_cannot_lead_out_of_the_store() {
        for bad in [
            "",
            ".",
            "..",
            "../a",
            "photos/",
            "photos",
            "photos/..",
            "photos/../a",
            "photos/.tmp",
            "photos/a/b",
            "/etc/passwd",
            "a/b",
            "A.webp",
            "a b",
            "a\0",
            "a\\b",
            ".hidden",
            "photos//a",
        ] {
            assert_eq!(BlobName::parse(bad), Err(BadName), "{bad}");
        }
        assert!(BlobName::parse(&"a".repeat(101)).is_err());
        for good in ["a", "logo.svg", "photos/a-1_2.webp", "a..b"] {
            assert_eq!(BlobName::parse(good).unwrap().as_str(), good);
        }
    }

    proptest! {
        #[test]
        fn every_good_name_lies_in_the_folder(text in "(photos/)?[a-z./_-]{0,12}") {
            if let Ok(name) = BlobName::parse(&text) {
                let path = Path::new("/data").join(name.as_str());
                prop_assert!(path.components().all(|part| part != std::path::Component::ParentDir));
                prop_assert!(path.parent() == Some(Path::new("/data")) || path.parent() == Some(Path::new("/data/photos")));
            }
        }
    }
}
