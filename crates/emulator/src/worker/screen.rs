//! What a person reads on the station's screen, and the watching of it over the LAN host's WebSocket.
//!
//! Only what the worker looks at is read, and what tells one moment of the work from the next; everything
//! else in the view is left alone.

use std::time::Duration;

use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::Message;

/// One view of the station.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct View {
    pub operator: Option<Value>,
    pub answer: Answer,
    pub task: Task,
    pub today: Today,
    pub sticky: Vec<Sticky>,
}

/// The answer to the last gesture.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Answer {
    pub seq: i64,
    pub feedback: Value,
}

impl Answer {
    pub fn is_wrong(&self) -> bool {
        self.feedback["kind"] == "wrong"
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Task {
    Idle,
    Walk { screen: Walk },
    Pack { screen: Pack },
    HandOver { screen: HandOver },
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Walk {
    pub walk: String,
    pub step: String,
    pub wanted_tote: Option<String>,
    pub line: Option<Line>,
    pub lines_done: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Line {
    pub no: usize,
    pub bin: String,
    pub item: Item,
    pub done: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Item {
    pub sku: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Pack {
    pub order: String,
    pub step: String,
    pub carrier: String,
    pub waybill: String,
    pub tote: String,
    pub parts: Vec<Part>,
    pub current: Option<usize>,
    pub packaging: String,
    pub gate: Gate,
    pub prints: Vec<Print>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Part {
    pub item: Item,
    pub done: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Gate {
    pub expected_g: i64,
    pub tolerance_g: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Print {
    pub state: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct HandOver {
    pub cage: String,
    pub carrier: String,
    pub count: usize,
    /// The last few parcels in the cage, latest first.
    pub last: Vec<Caged>,
    pub closed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Caged {
    pub waybill: String,
}

/// The day's work.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Today {
    pub ready: Vec<Ready>,
    pub walks: Vec<OpenWalk>,
    pub totes: Vec<Tote>,
    pub cages: Vec<Cage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Ready {
    pub carrier: String,
    pub orders: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct OpenWalk {
    pub tote: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Tote {
    pub tote: String,
    pub orders: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Cage {
    pub cage: String,
    pub carrier: String,
    pub caged: i64,
    pub waiting: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Sticky {
    pub code: String,
}

/// The screen as it is now; looked at over and over.
pub(super) struct Screen {
    views: watch::Receiver<Option<View>>,
}

impl Screen {
    /// Begins to watch the station whose LAN host is `station`; a lost connection is taken up again.
    pub fn watch(station: &str) -> Self {
        let (sender, views) = watch::channel(None);
        let url = format!("{}/api/live", station.trim_end_matches('/').replacen("http", "ws", 1));
        tokio::spawn(follow(url, sender));
        Self { views }
    }

    /// Waits at most `at_most` for the next view; the last one if none came, `None` if there never was one.
    pub async fn look(&mut self, at_most: Duration) -> Option<View> {
        self.look_until(at_most, |_| true).await
    }

    /// Waits at most `at_most` for a view that shows what is waited for; else the last one.
    pub async fn look_until(&mut self, at_most: Duration, shows: impl Fn(&View) -> bool) -> Option<View> {
        let waiting = async {
            while self.views.changed().await.is_ok() {
                if self.views.borrow_and_update().as_ref().is_some_and(&shows) {
                    return;
                }
            }
        };
        // Running out of time is no fault: the caller looks at what there is.
        let _: Result<(), _> = tokio::time::timeout(at_most, waiting).await;
        self.views.borrow().clone()
    }
}

async fn follow(url: String, sender: watch::Sender<Option<View>>) {
    let mut told = false;
    while !sender.is_closed() {
        match tokio_tungstenite::connect_async(&url).await {
            Ok((mut socket, _)) => {
                told = false;
                while let Some(Ok(message)) = socket.next().await {
                    let Message::Text(text) = message else { continue };
                    match serde_json::from_str(&text) {
                        Ok(view) => drop(sender.send_replace(Some(view))),
                        Err(fault) => tracing::error!(%fault, "the station shows something unreadable"),
                    }
                }
            }
            Err(fault) if !told => {
                told = true;
                tracing::warn!(%url, %fault, "the station's screen cannot be seen; trying again");
            }
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
