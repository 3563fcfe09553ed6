//! The file that takes the place of a replica: a backup's, or a new one where the old is damaged.
//!
//! It is made beside the old one with everything that must not be lost (who the station is, a higher epoch, facts no
//! server has), and then takes its place in steps that a crash between any two leaves to be finished. The old file is
//! set aside by name and never deleted.

use crate::backup::Backups;
use crate::damage::{self, salvage::Salvage};
use crate::identity_file;
use crate::store::catch_up::{CATCHING_UP, CatchingUp, LOST, Lost, read_lost};
use crate::store::own_log::{OwnLog, turn_to};
use crate::store::sync::Identity;
use crate::store::{self, set_meta, sync};
use anyhow::{Context as _, Result, bail, ensure};
use liangcang_domain::unit::EpochMs;
use sqlx::Connection as _;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Made in part.
const PREPARING: &str = "station.db-preparing";
/// Whole, and next to take the replica's place.
const READY: &str = "station.db-ready";

/// What became of a replica that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Under what name the old file lies, if there was one.
    pub aside: Option<PathBuf>,
    /// Facts of the old file that no server has confirmed and that are kept.
    pub saved: usize,
    /// Own facts that could not be read, by epoch and sequence numbers.
    pub lost: Vec<Lost>,
    /// The epoch of the log from now on.
    pub epoch: u32,
}

/// Sees to it that a sound replica lies in the folder of an enrolled station before anybody opens it: finishes a
/// replacement that was cut off, and begins a new file where the old one is damaged or gone. Must be called by whoever
/// holds the folder alone.
///
/// # Errors
/// When the disk refuses, or nobody knows any more whose replica it was.
pub(crate) async fn ensure_sound(folder: &Path) -> Result<Option<Replaced>> {
    put_in_place(folder)?;
    let known = identity_file::read(folder)?;
    if known.is_none() && !store::file_in(folder).exists() {
        return Ok(None);
    }
    let Some(why) = damage::found(folder, known.is_some()).await? else { return Ok(None) };
    let salvage = damage::salvage::salvage(folder, known.as_ref()).await;
    let Some(identity) = next_epoch([known, salvage.identity.clone()]) else {
        bail!("the replica is damaged ({why}) and nothing says whose it was; restore a backup");
    };
    prepare(folder, &identity, &salvage, CatchingUp::Rebuilt).await?;
    let aside = put_in_place(folder)?;
    let replaced = Replaced { aside, saved: salvage.facts.len(), lost: salvage.lost, epoch: identity.epoch };
    let lost: Vec<String> = replaced.lost.iter().map(Lost::to_string).collect();
    tracing::error!(saved = replaced.saved, ?lost, epoch = replaced.epoch, "the replica begins anew: {why}");
    Ok(Some(replaced))
}

/// Puts a backup in the replica's place. Facts of the present file that no server has confirmed are kept, as far as
/// they can be read.
///
/// # Errors
/// When the backup does not open, is not sound or is another station's; the replica is as it was then.
pub(crate) async fn restore(backups: &Backups, backup: &Path) -> Result<Replaced> {
    let folder = &backups.data;
    put_in_place(folder)?;
    let preparing = empty_place(folder)?;
    backups.unpack(backup, &preparing)?;
    let mut opened = store::open_alone(&preparing).await.context("opening what the backup holds")?;
    let held = sync::identity(&mut opened).await?.context("this backup belongs to no station")?;
    let faults = store::faults(&mut opened).await?;
    ensure!(faults.is_empty(), "what the backup holds is damaged: {}", faults.join("; "));
    opened.close().await?;
    let known = identity_file::read(folder)?;
    if let Some(known) = &known {
        let own = (&known.station, &known.warehouse);
        ensure!(
            own == (&held.station, &held.warehouse),
            "this is a backup of station {}, and this PC is {}",
            held.station,
            known.station
        );
    }
    let present = store::file_in(folder).exists();
    let salvage = match present {
        true => damage::salvage::salvage(folder, known.as_ref()).await,
        false => Salvage::default(),
    };
    if let Some(why) = &salvage.unreadable {
        tracing::warn!("nothing could be read of the present replica; it is set aside as it is: {why}");
    }
    let identity = next_epoch([known, Some(held), salvage.identity.clone()]).context("no identity")?;
    prepare(folder, &identity, &salvage, CatchingUp::Restored).await?;
    let aside = put_in_place(folder)?;
    Ok(Replaced { aside, saved: salvage.facts.len(), lost: salvage.lost, epoch: identity.epoch })
}

/// Who the station is from now on: an epoch above all that anybody remembers.
fn next_epoch(known: impl IntoIterator<Item = Option<Identity>>) -> Option<Identity> {
    let newest = known.into_iter().flatten().max_by_key(|identity| identity.epoch)?;
    Some(Identity { epoch: newest.epoch + 1, ..newest })
}

fn empty_place(folder: &Path) -> Result<PathBuf> {
    let preparing = folder.join(PREPARING);
    for part in ["", "-journal", "-wal", "-shm"] {
        let path = store::beside(&preparing, part);
        if path.exists() {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(preparing)
}

/// Makes the successor whole: with what lies in its place already if a backup was put there, else new.
async fn prepare(folder: &Path, identity: &Identity, salvage: &Salvage, why: CatchingUp) -> Result<()> {
    let preparing = match why {
        CatchingUp::Restored => folder.join(PREPARING),
        CatchingUp::Rebuilt => empty_place(folder)?,
    };
    // Before any file can write under the new epoch, so that it is never given twice.
    identity_file::write(folder, identity)?;
    let mut opened = store::open_alone(&preparing).await.context("making the new replica")?;
    let mut tx = opened.begin_with("BEGIN IMMEDIATE").await?;
    let before = sync::identity(&mut tx).await?.unwrap_or_else(|| identity.clone());
    let mut lost = read_lost(&mut tx).await?;
    lost.extend(salvage.lost.iter().filter(|one| !lost.contains(one)).copied().collect::<Vec<_>>());
    // Counted under the epoch its rows were written in; the next row is the first of the new one.
    let next = OwnLog::read(&mut tx, &before).await?.heads().get(&identity.epoch).copied().unwrap_or(0) + 1;
    turn_to(&mut tx, before.epoch, identity.epoch, next).await?;
    let epoch = identity.epoch.to_string();
    let lost = serde_json::to_string(&lost)?;
    for (key, value) in [
        ("station", identity.station.as_str()),
        ("warehouse", &identity.warehouse),
        ("epoch", &epoch),
        (LOST, &lost),
        (CATCHING_UP, why.as_str()),
    ] {
        set_meta(&mut *tx, key, value).await?;
    }
    for fact in &salvage.facts {
        sqlx::query(
            "INSERT INTO salvaged SELECT (SELECT coalesce(max(fact_row), 0) + 1 FROM salvaged), $1, $2, $3
             WHERE NOT EXISTS (SELECT 1 FROM salvaged WHERE gesture = $1 AND ordinal = $2)",
        )
        .bind(&fact.gesture)
        .bind(fact.ordinal)
        .bind(&fact.body)
        .execute(&mut *tx)
        .await?;
    }
    tx.commit().await.context("writing the new replica")?;
    opened.close().await.context("closing the new replica")?;
    std::fs::rename(&preparing, folder.join(READY)).context("naming the new replica")?;
    Ok(File::open(folder)?.sync_all()?)
}

/// Lets a successor that is ready take the replica's place. Every step may be the last before a crash: the next call
/// goes on from there, under the same names.
fn put_in_place(folder: &Path) -> Result<Option<PathBuf>> {
    let ready = folder.join(READY);
    let Ok(about) = std::fs::metadata(&ready) else { return Ok(None) };
    let made = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    let stamp = crate::clock::stamp(EpochMs(i64::try_from(made.as_millis())?));
    let (file, aside) = (store::file_in(folder), folder.join(format!("station-{stamp}.aside.db")));
    let was_there = file.exists() || aside.exists();
    let moves = ["-wal", "-shm", ""].map(|part| (store::beside(&file, part), store::beside(&aside, part)));
    let mark = (damage::mark_of(folder), aside.with_extension("why"));
    for (from, to) in moves.into_iter().chain([mark]) {
        if from.exists() {
            ensure!(!to.exists(), "{} is there already: move it away and start again", to.display());
            std::fs::rename(&from, &to).with_context(|| format!("setting {} aside", from.display()))?;
        }
    }
    File::open(folder)?.sync_all()?;
    std::fs::rename(&ready, &file).context("putting the new replica in place")?;
    File::open(folder)?.sync_all()?;
    Ok(was_there.then_some(aside))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const OLD: [&str; 4] = ["station.db-wal", "station.db-shm", "station.db", "station.db-damaged"];

    fn read(path: &Path) -> String {
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn a_replacement_cut_off_between_any_two_steps_is_finished_under_the_same_names() {
        for done in 0..=OLD.len() {
            let folder = tempfile::tempdir().unwrap();
            for old in OLD {
                std::fs::write(folder.path().join(old), old).unwrap();
            }
            std::fs::write(folder.path().join(READY), "new").unwrap();
            let whole = tempfile::tempdir().unwrap();
            for file in OLD.into_iter().chain([READY]) {
                let (from, to) = (folder.path().join(file), whole.path().join(file));
                std::fs::copy(&from, &to).unwrap();
                let made = std::fs::metadata(&from).unwrap().modified().unwrap();
                std::fs::File::options().append(true).open(to).unwrap().set_modified(made).unwrap();
            }
            // Where each old part goes when nothing cuts it off.
            let aside = put_in_place(whole.path()).unwrap().unwrap();
            let parts = ["-wal", "-shm", ""].map(|part| store::beside(&aside, part));
            let names: Vec<PathBuf> = parts.into_iter().chain([aside.with_extension("why")]).collect();
            for (old, name) in OLD.iter().zip(&names).take(done) {
                let to = folder.path().join(name.file_name().unwrap());
                std::fs::rename(folder.path().join(old), to).unwrap();
            }

            let finished = put_in_place(folder.path()).unwrap().unwrap();
            assert_eq!(finished.file_name(), aside.file_name(), "after {done} steps");
            assert_eq!(read(&store::file_in(folder.path())), "new");
            for (old, name) in OLD.iter().zip(&names) {
                assert_eq!(read(&folder.path().join(name.file_name().unwrap())), *old);
                assert!(
                    *old == "station.db" || !folder.path().join(old).exists(),
                    "{old} after {done} steps"
                );
            }
            assert_eq!(put_in_place(folder.path()).unwrap(), None, "and not twice");
        }
    }

    #[test]
    fn a_new_epoch_is_above_all_that_anybody_remembers() {
        let of = |epoch| Some(Identity { station: "SH-1".into(), warehouse: "SH".into(), epoch });
        assert_eq!(next_epoch([of(3), None, of(7), of(1)]), of(8));
        assert_eq!(next_epoch([None, None]), None);
    }
}
