//! Pictures of goods and of their makers: kept as they came, made small by the worker, shown once they are ready.
//!
//! A picture is first *kept* under a name that nobody can guess, outside any transaction, and then *entered* in the
//! transaction that needs it. The first ready picture of a product is its cover.
use futures_util::future::try_join_all;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Hand;
use crate::{
    clock::Clock,
    db::{self, Db, Tx},
    error::{Error, Refusal, Result},
    gateway::files::{self, BlobName, Photo, Store},
    history, outbox, secret,
};
use entity::{crafter, intake, photo, photo::Subject, product};

/// How many pictures one product may have.
pub const MAX_PHOTOS: usize = 8;
/// The ends of the names under which a picture is shown.
pub const SUFFIXES: [&str; 5] = ["320.webp", "640.webp", "1280.webp", "640.jpg", "1200.jpg"];
/// The picture vanished before it was made ready.
const LOST: &str = "photo.lost";

/// The work of making one picture ready.
#[derive(Debug, Serialize, Deserialize)]
struct Prepare {
    photo_id: i64,
}

/// Bytes that lie in the store and are not yet anybody's picture.
#[derive(Debug)]
pub struct Kept {
    name: String,
}

impl Kept {
    /// What the bytes are called, so that a form that comes back can bring them again.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Removes the bytes again, when nothing came of it.
    pub async fn discard(self, files: &Store) -> Result<()> {
        files.delete(&raw(&self.name)?).await?;
        Ok(())
    }
}

/// Keeps a picture as it came. What is no picture, broken off or far too large is refused at once; whether the rest can
/// be unfolded, the worker finds out.
pub async fn keep(files: &Store, subject: Subject, bytes: &[u8]) -> Result<Kept> {
    if let Err(no) = files::judge(bytes) {
        return Err(Refusal::invalid(no.key()).into());
    }
    let name = new_name(subject);
    files.put(&raw(&name)?, bytes).await?;
    Ok(Kept { name })
}

/// Bytes that were kept under a name before; none when they are somebody's picture by now, or gone.
pub async fn kept_as(db: &impl ConnectionTrait, files: &Store, name: &str) -> Result<Option<Kept>> {
    let is_taken = photo::Entity::find().filter(photo::Column::Name.eq(name)).one(db).await?.is_some();
    let is_there = !is_taken && files.exists(&raw(name)?).await?;
    Ok(is_there.then(|| Kept { name: name.to_owned() }))
}

/// Makes kept bytes the next picture of a product or a crafter, and asks the worker to make it ready.
pub async fn enter(
    tx: &Tx,
    clock: &Clock,
    hand: &Hand,
    subject: Subject,
    subject_id: i64,
    kept: &Kept,
) -> Result<photo::Model> {
    lock(tx, subject, subject_id).await?;
    let others = of(tx, subject, subject_id).await?;
    if others.len() >= MAX_PHOTOS {
        return Err(Refusal::conflict("photo.too_many").with("n", MAX_PHOTOS as i64).into());
    }
    let row = photo::ActiveModel {
        subject: Set(subject),
        subject_id: Set(subject_id),
        position: Set(others.last().map_or(1, |last| last.position + 1)),
        state: Set(photo::State::Waiting),
        name: Set(kept.name.clone()),
        person_id: Set(hand.person_id),
        created_at: Set(clock.now()),
        ..Default::default()
    };
    let photo = row.insert(tx).await?;
    let work = Prepare { photo_id: photo.id };
    outbox::queue(tx, clock.now(), "photo.prepare", &format!("photo:{}", photo.id), &work).await?;
    hand.remember(tx, clock, about(&photo), "photo_added", json!({ "photo": photo.id })).await?;
    Ok(photo)
}

/// Keeps and enters pictures in their order and makes them ready at once, beside each other, for villages that are made
/// by a program. Each says whether it was refused.
pub async fn process_now(
    db: &Db,
    clock: &Clock,
    files: &Store,
    hand: &Hand,
    (subject, subject_id): (Subject, i64),
    pictures: &[&[u8]],
) -> Result<Vec<photo::Model>> {
    let mut ids = Vec::new();
    for bytes in pictures {
        let kept = keep(files, subject, bytes).await?;
        let tx = db::begin(db).await?;
        let photo = enter(&tx, clock, hand, subject, subject_id, &kept).await?;
        outbox::done_early(&tx, clock.now(), &format!("photo:{}", photo.id)).await?;
        tx.commit().await?;
        ids.push(photo.id);
    }
    try_join_all(ids.iter().map(|id| make_ready(db, clock, files, *id))).await?;
    Ok(photo::Entity::find().filter(photo::Column::Id.is_in(ids)).order_by_asc(photo::Column::Position).all(db).await?)
}

/// The worker's part: the picture, if it can be shown. Done twice it does the same.
pub async fn prepare(
    db: &Db,
    clock: &Clock,
    files: &Store,
    row: &entity::outbox::Model,
) -> Result<Option<photo::Model>> {
    let work: Prepare = serde_json::from_value(row.payload.clone())?;
    make_ready(db, clock, files, work.photo_id).await?;
    let photo = photo::Entity::find_by_id(work.photo_id).one(db).await?;
    Ok(photo.filter(|photo| photo.state == photo::State::Ready))
}

async fn make_ready(db: &Db, clock: &Clock, files: &Store, photo_id: i64) -> Result<()> {
    let Some(photo) = photo::Entity::find_by_id(photo_id).one(db).await? else { return Ok(()) };
    if photo.state != photo::State::Waiting {
        return Ok(());
    }
    let outcome = match files.get(&raw(&photo.name)?).await? {
        None => Err(LOST),
        Some(bytes) => tokio::task::spawn_blocking(move || files::process(&bytes).map_err(|no| no.key()))
            .await
            .map_err(|e| anyhow::anyhow!("photo {photo_id}: {e}"))?,
    };
    if let Ok(made) = &outcome {
        for rendition in &made.renditions {
            files.put(&rendition_name(&photo.name, rendition.suffix)?, &rendition.bytes).await?;
        }
    }
    let tx = db::begin(db).await?;
    judge(&tx, clock, &photo, outcome).await?;
    tx.commit().await?;
    files.delete(&raw(&photo.name)?).await?;
    Ok(())
}

async fn judge(tx: &Tx, clock: &Clock, photo: &photo::Model, outcome: Result<Photo, &'static str>) -> Result<()> {
    lock(tx, photo.subject, photo.subject_id).await?;
    let mut row = photo::ActiveModel { ..Default::default() };
    let verb = match &outcome {
        Ok(made) => {
            row.state = Set(photo::State::Ready);
            row.width = Set(Some(i64::from(made.width)));
            row.height = Set(Some(i64::from(made.height)));
            "photo_ready"
        }
        Err(key) => {
            row.state = Set(photo::State::Refused);
            row.refusal = Set(Some((*key).to_owned()));
            "photo_refused"
        }
    };
    // Removed in the meantime: nothing is left to say.
    let changed =
        photo::Entity::update_many().set(row).filter(photo::Column::Id.eq(photo.id)).exec(tx).await?.rows_affected;
    if changed == 1 {
        show(tx, photo.subject, photo.subject_id).await?;
        let detail = json!({ "photo": photo.id, "refusal": outcome.err() });
        history::remember(tx, clock, None, about(photo), verb, None, detail).await?;
    }
    Ok(())
}

/// All pictures of a product or a crafter in their order, also those that wait or were refused.
pub async fn of(db: &impl ConnectionTrait, subject: Subject, subject_id: i64) -> Result<Vec<photo::Model>> {
    Ok(photo::Entity::find()
        .filter(photo::Column::Subject.eq(subject))
        .filter(photo::Column::SubjectId.eq(subject_id))
        .order_by_asc(photo::Column::Position)
        .order_by_asc(photo::Column::Id)
        .all(db)
        .await?)
}

/// Puts a picture in front of the others.
pub async fn put_first(tx: &Tx, clock: &Clock, hand: &Hand, photo: &photo::Model) -> Result<()> {
    lock(tx, photo.subject, photo.subject_id).await?;
    let all = of(tx, photo.subject, photo.subject_id).await?;
    if all.first().is_some_and(|first| first.id == photo.id) {
        return Ok(());
    }
    photo::Entity::update_many()
        .col_expr(photo::Column::Position, Expr::col(photo::Column::Position).add(1))
        .filter(photo::Column::Id.is_in(all.iter().map(|other| other.id).filter(|id| *id != photo.id)))
        .exec(tx)
        .await?;
    let first = all.iter().map(|other| other.position).min().unwrap_or(1);
    let row = photo::ActiveModel { id: Set(photo.id), position: Set(first), ..Default::default() };
    row.update(tx).await?;
    hand.remember(tx, clock, about(photo), "photo_first", json!({ "photo": photo.id })).await?;
    show(tx, photo.subject, photo.subject_id).await
}

/// Removes a picture. Its files are dropped by [`sweep`] after the commit.
pub async fn remove(tx: &Tx, clock: &Clock, hand: &Hand, photo: &photo::Model) -> Result<()> {
    lock(tx, photo.subject, photo.subject_id).await?;
    let gone = photo::Entity::delete_by_id(photo.id).exec(tx).await?.rows_affected;
    if gone == 1 {
        hand.remember(tx, clock, about(photo), "photo_removed", json!({ "photo": photo.id })).await?;
        show(tx, photo.subject, photo.subject_id).await?;
    }
    Ok(())
}

/// Drops the files of a picture that was removed.
pub async fn sweep(files: &Store, name: &str) -> Result<()> {
    files.delete(&raw(name)?).await?;
    for suffix in SUFFIXES {
        files.delete(&rendition_name(name, suffix)?).await?;
    }
    Ok(())
}

/// Names the first ready picture on the product or the crafter it belongs to.
async fn show(tx: &Tx, subject: Subject, subject_id: i64) -> Result<()> {
    let photos = of(tx, subject, subject_id).await?;
    let first = photos.into_iter().find(|photo| photo.state == photo::State::Ready).map(|photo| photo.name);
    match subject {
        Subject::Product => {
            let row = product::ActiveModel { id: Set(subject_id), cover: Set(first), ..Default::default() };
            row.update(tx).await?;
        }
        Subject::Crafter => {
            let row = crafter::ActiveModel { id: Set(subject_id), face: Set(first), ..Default::default() };
            row.update(tx).await?;
        }
        Subject::Intake => {
            let row = intake::ActiveModel { id: Set(subject_id), photo: Set(first), ..Default::default() };
            row.update(tx).await?;
            return Ok(());
        }
        Subject::Proof | Subject::RefundProof | Subject::PayoutProof | Subject::Purchase => return Ok(()),
    }
    tx.changes_what_is_shown();
    Ok(())
}

/// Pictures of one thing are changed one after the other.
async fn lock(tx: &Tx, subject: Subject, subject_id: i64) -> Result<()> {
    use sea_orm::QuerySelect;
    let found = match subject {
        Subject::Product => product::Entity::find_by_id(subject_id).lock_exclusive().one(tx).await?.is_some(),
        Subject::Crafter => crafter::Entity::find_by_id(subject_id).lock_exclusive().one(tx).await?.is_some(),
        Subject::Intake => intake::Entity::find_by_id(subject_id).lock_exclusive().one(tx).await?.is_some(),
        Subject::Proof | Subject::RefundProof | Subject::PayoutProof | Subject::Purchase => true,
    };
    if found { Ok(()) } else { Err(Error::NotFound) }
}

fn about(photo: &photo::Model) -> history::Subject {
    let kind = match photo.subject {
        Subject::Product => "product",
        Subject::Crafter => "crafter",
        Subject::Proof => "proof",
        Subject::RefundProof => "refund_transfer",
        Subject::Intake => "intake",
        Subject::PayoutProof => "payout",
        Subject::Purchase => "purchase",
    };
    history::Subject(kind, photo.subject_id)
}

/// Names of what everybody may see begin with `p` or `c`; a proof of payment and a picture of what was handed in have
/// other letters and no public address.
fn new_name(subject: Subject) -> String {
    let letter = match subject {
        Subject::Product => 'p',
        Subject::Crafter => 'c',
        Subject::Intake => 'i',
        Subject::Proof | Subject::RefundProof | Subject::PayoutProof | Subject::Purchase => 'x',
    };
    format!("{letter}{}", secret::hex(&rand::random::<[u8; 10]>()))
}

/// The kept file that a public address means: `{name}-{size}.{format}` of a product or a crafter, and nothing else.
pub fn public_file(file: &str) -> Option<BlobName> {
    let (name, suffix) = file.split_once('-')?;
    let random = name.strip_prefix(['p', 'c'])?;
    let sound = random.len() == 20 && random.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if sound && SUFFIXES.contains(&suffix) { BlobName::parse(&format!("photos/{file}")).ok() } else { None }
}

/// The kept file of one size of a picture.
pub fn rendition_name(name: &str, suffix: &str) -> Result<BlobName> {
    BlobName::parse(&format!("photos/{name}-{suffix}")).map_err(|e| anyhow::anyhow!("{name}: {e}").into())
}

fn raw(name: &str) -> Result<BlobName> {
    BlobName::parse(&format!("raw-{name}")).map_err(|e| anyhow::anyhow!("{name}: {e}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_of_goods_and_makers_have_a_public_address() {
        for subject in [Subject::Product, Subject::Crafter] {
            let name = new_name(subject);
            for suffix in SUFFIXES {
                assert!(public_file(&format!("{name}-{suffix}")).is_some(), "{name}-{suffix}");
            }
        }
        let proof = new_name(Subject::Proof);
        assert!(public_file(&format!("{proof}-640.jpg")).is_none());
        assert!(rendition_name(&proof, "640.jpg").is_ok());
        for bad in [
            "p0123456789abcdef0123-999.webp",
            "p0123456789abcdef0123-320.png",
            "p0123456789abcdef012-320.webp",
            "p0123456789ABCDEF0123-320.webp",
            "../../etc/passwd",
            "p../-320.webp",
            "raw-p0123456789abcdef0123",
            "p0123456789abcdef0123",
            "",
        ] {
            assert!(public_file(bad).is_none(), "{bad}");
        }
    }
}
