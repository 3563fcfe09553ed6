//! What the station does about its own store: a fault stays named until its cause is gone, what waited for the disk is
//! done when it works again, and what waited for facts when they are back.

use crate::clock;
use crate::damage;
use crate::event::ReplicaNews;
use crate::station::{Station, StoreFault};
use crate::trouble::Trouble;
use anyhow::Result;

impl Station {
    /// A fault of the store stays on the screen until its cause is gone.
    pub(crate) async fn note_store_fault(&mut self, why: String) {
        let tried = self.store.try_disk(clock::now()).await;
        let of_the_disk = tried.is_err();
        let why = tried.map_or_else(|error| format!("{error:#}"), |()| why);
        let trouble = Trouble::of(&why);
        if trouble == Some(Trouble::Damaged) {
            damage::mark(&self.settings.data, &why);
        }
        let heard = self.store_fault.as_ref().and_then(|known| known.trouble);
        if let Some(trouble) = trouble.filter(|new| heard != Some(*new)) {
            self.devices.say(trouble.words(self.language), self.language);
        }
        self.store_fault = Some(StoreFault { why, of_the_disk, trouble });
    }

    pub(crate) fn on_replica(&mut self, news: ReplicaNews) {
        let card = self.sync.replica.get_or_insert_default();
        match news {
            ReplicaNews::Backup(Ok(made)) => (card.backup_ms, card.backup_failed) = (made, None),
            ReplicaNews::Backup(Err(why)) => card.backup_failed = Some(why),
            ReplicaNews::Damaged(why) if card.damaged.is_none() => {
                damage::mark(&self.settings.data, &why);
                card.damaged = Some(why);
            }
            ReplicaNews::Damaged(_) => {}
        }
    }

    /// All facts are back: what waited for them goes on.
    pub(crate) async fn caught_up(&mut self) -> Result<()> {
        let saved = self.store.caught_up(&self.identity).await?;
        tracing::info!(saved, "the replica has its facts back");
        self.store_fault = None;
        self.today_changed = true;
        self.reference = self.store.reference().await?;
        let resumed = self.resume().await;
        if let Err(error) = &resumed {
            // All is back and does not come again: what follows from it is made up for when the store works.
            self.note_store_fault(format!("{error:#}")).await;
        }
        Ok(())
    }

    /// Does what could not be stored or written before, as soon as it can.
    pub(crate) async fn catch_up(&mut self) -> Result<()> {
        self.write_manifests().await;
        let broken = self.store_fault.as_ref().is_some_and(|fault| fault.of_the_disk);
        if !broken || self.store.try_disk(clock::now()).await.is_err() {
            return Ok(());
        }
        tracing::info!("the disk works again");
        self.store_fault = None;
        if self.store.catching_up.is_some() {
            return Ok(());
        }
        self.receive_opening().await?;
        self.work_recalls().await?;
        self.catch_up_prints().await?;
        self.weigh().await
    }

    /// Goes on with what was under way; while facts are on their way back, nobody knows what that is.
    pub(crate) async fn resume(&mut self) -> Result<()> {
        if self.store.catching_up.is_some() {
            return Ok(());
        }
        self.resume_prints().await?;
        self.resume_manifests().await?;
        self.receive_opening().await?;
        self.work_recalls().await
    }
}
