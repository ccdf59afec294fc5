//! One act, once for each key of its form.
use crate::{
    app::App,
    db::{self, Tx},
    error::Result,
    form::Form,
    once,
};

/// Does an act once for each key of its form; says where to look then.
pub(super) async fn perform(
    app: &App,
    form: &Form,
    scope: &str,
    act: impl AsyncFnOnce(&Tx) -> Result<String>,
) -> Result<String> {
    let tx = db::begin(&app.db).await?;
    let hash = form.content_hash();
    if let Some(key) = form.request_key()
        && let Some(answer) = once::answered(&tx, scope, key, &hash).await?
    {
        return Ok(answer);
    }
    let answer = act(&tx).await?;
    if let Some(key) = form.request_key() {
        once::remember(&tx, &app.clock, scope, key, &hash, &answer).await?;
    }
    tx.commit().await?;
    Ok(answer)
}
