//! Bringing a store of an older version up to date: a backup first, then step by step.

use super::{
    backup::{MANIFEST, Making},
    compact::{remove_folder, rename},
    engine::{Engine, Places, make_folder, sync_folder},
    keys,
    unit::{Tree, Unit},
};
use crate::ports::StoreError;

/// Takes a tree from one schema to the next. A crash may let it begin anew on what it has half done, so it must do no harm
/// the second time.
pub(super) type Step = fn(&Tree<'_>) -> Result<(), StoreError>;

/// The step at index `n` takes schema `n + 1` to `n + 2`; the schema of this program is one more than there are.
pub(super) const STEPS: &[Step] = &[];

/// Brings the tree from schema `found` to what `steps` lead to. Before the first step a backup is made in the store's folder
/// (`backups/before-schema-N`), from which the version that wrote it can be gone back to.
pub(super) fn run(engine: &Engine, places: &Places, found: u32, steps: &[Step]) -> Result<(), StoreError> {
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX).saturating_add(1);
    if found > known {
        return Err(StoreError::Newer { path: places.folder.display().to_string(), found, known });
    }
    let missing = steps.get(found.saturating_sub(1) as usize..).unwrap_or_default();
    if missing.is_empty() {
        return Ok(());
    }
    back_up(engine, places, found)?;
    for (step, to) in missing.iter().zip(found + 1..) {
        let view = engine.view(&places.folder);
        step(&view)?;
        engine.sync(&places.folder)?;
        let mut unit = Unit::begin(view)?;
        unit.put(&keys::meta("schema"), &to)?;
        engine.tree.apply_batch(unit.into_batch()?).map_err(|e| super::engine::store_error(&places.folder, &e))?;
        engine.sync(&places.folder)?;
        tracing::info!(store.schema = to, "the store was brought up to date");
    }
    Ok(())
}

/// A backup of what is there, unless an attempt before this one made it.
fn back_up(engine: &Engine, places: &Places, found: u32) -> Result<(), StoreError> {
    let folder = places.folder.join("backups");
    let name = format!("before-schema-{}", found + 1);
    let (done, part) = (folder.join(&name), folder.join(format!("{name}.part")));
    if done.join(MANIFEST).exists() {
        return Ok(());
    }
    remove_folder(&part)?;
    make_folder(&part)?;
    Making::begin(&engine.view(&places.folder), &places.archive, &part, found, &|| {})?.finish(
        &places.archive,
        None,
        &|| {},
    )?;
    rename(&part, &done)?;
    sync_folder(&folder)?;
    tracing::info!(store.path = %done.display(), "made a backup before the store is brought up to date");
    Ok(())
}
