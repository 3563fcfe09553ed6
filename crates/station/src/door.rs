//! The door to a running station: what every host (the window, the LAN page) holds of it.

use crate::commands::{Command, Fault, FaultCode};
use crate::event::Event;
use crate::view::View;
use liangcang_domain::id::GestureId;
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot, watch};

/// A door to a running station, for any host.
#[derive(Clone, Debug)]
pub struct Door {
    events: mpsc::UnboundedSender<Event>,
    /// The view, whole, at each change.
    pub view: watch::Receiver<Arc<View>>,
}

impl Door {
    /// A door to the loop behind these channels.
    pub(crate) fn new(events: mpsc::UnboundedSender<Event>, view: watch::Receiver<Arc<View>>) -> Self {
        Self { events, view }
    }

    /// Asks the station; the answer comes when it was carried out.
    ///
    /// # Errors
    /// The station's own [`Fault`], or `Stopping` when its loop has ended.
    pub async fn call(&self, command: Command) -> Result<Value, Fault> {
        self.call_once(command, None).await
    }

    /// Asks under the id of a gesture: asked again with the same id, what it recorded stands once.
    ///
    /// # Errors
    /// As [`Door::call`].
    pub async fn call_once(&self, command: Command, gesture: Option<GestureId>) -> Result<Value, Fault> {
        let stopping = || Fault { code: FaultCode::Stopping, detail: "the station's loop has ended".into() };
        let (reply, answer) = oneshot::channel();
        self.events.send(Event::Command(command, gesture, reply)).map_err(|_| stopping())?;
        answer.await.map_err(|_| stopping())?
    }

    /// Ends the loop.
    pub fn stop(&self) {
        // A loop that has ended already needs no telling.
        let _ = self.events.send(Event::Stop);
    }
}
