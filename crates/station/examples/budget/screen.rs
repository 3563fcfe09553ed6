//! A screen of the station: the WebSocket that a browser would hold, with the time at which each view came.

use anyhow::{Context as _, Result};
use futures_util::StreamExt as _;
use liangcang_station::view::View;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

/// Longer than any answer may take; after it the run is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The screen as it is now.
pub struct Screen {
    views: mpsc::UnboundedReceiver<(Instant, String)>,
    /// The last view that was looked at.
    pub view: Box<View>,
    /// Bytes of the largest view that came.
    pub largest: usize,
}

impl Screen {
    /// Joins the station's screens and waits for the first view.
    pub async fn join(station: SocketAddr) -> Result<Self> {
        let url = format!("ws://{station}/api/live");
        let (mut socket, _) =
            tokio_tungstenite::connect_async(&url).await.with_context(|| format!("joining {url}"))?;
        let (sender, mut views) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                let came = Instant::now();
                if let Message::Text(text) = message
                    && sender.send((came, text.to_string())).is_err()
                {
                    return;
                }
            }
        });
        let (_, first) = views.recv().await.context("the station shows nothing")?;
        Ok(Self { views, largest: first.len(), view: Box::new(serde_json::from_str(&first)?) })
    }

    /// Looks until the view shows what is waited for; when that view came.
    pub async fn until(&mut self, what: &str, shows: impl Fn(&View) -> bool) -> Result<Instant> {
        let waiting = async {
            loop {
                let (came, text) = self.views.recv().await.context("the station ended")?;
                self.largest = self.largest.max(text.len());
                *self.view = serde_json::from_str(&text).context("the station shows something unreadable")?;
                if shows(&self.view) {
                    return anyhow::Ok(came);
                }
            }
        };
        let outcome = tokio::time::timeout(PATIENCE, waiting).await;
        outcome.with_context(|| format!("{what} was not seen in {PATIENCE:?}"))?
    }

    /// As `until`, and content with what is seen already.
    pub async fn until_now(&mut self, what: &str, shows: impl Fn(&View) -> bool) -> Result<()> {
        while let Ok((_, text)) = self.views.try_recv() {
            *self.view = serde_json::from_str(&text).context("the station shows something unreadable")?;
        }
        if !shows(&self.view) {
            self.until(what, shows).await?;
        }
        Ok(())
    }
}
