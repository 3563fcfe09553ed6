//! Buyers who send orders one after the other, until the server is gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::SHOW;
use crate::shop::storefront::{Storefront, basket};

/// Buyers at a time.
const BUYERS: u64 = 16;
const PATIENCE: Duration = Duration::from_secs(60);

/// An order that was sent.
#[derive(Debug)]
pub struct Sent {
    pub no: String,
    body: Value,
    /// What the buyer was told; nothing where the answer never came.
    pub answer: Option<Value>,
}

impl Sent {
    /// The warehouse the buyer was told of.
    pub fn promised_from(&self) -> Option<&str> {
        let answer = self.answer.as_ref()?;
        answer["warehouse"].as_str().or_else(|| answer["first"]["warehouse"].as_str())
    }
}

/// Buyers at work.
pub struct Burst {
    buyers: JoinSet<Vec<Sent>>,
    acknowledged: watch::Receiver<u64>,
    over: Arc<AtomicU64>,
}

impl Burst {
    pub fn begin(storefront: &Storefront, round: u64) -> Self {
        let (acknowledge, acknowledged) = watch::channel(0);
        let over = Arc::new(AtomicU64::new(0));
        let mut buyers = JoinSet::new();
        for buyer in 0..BUYERS {
            let (storefront, acknowledge, over) =
                (storefront.clone(), acknowledge.clone(), Arc::clone(&over));
            buyers.spawn(async move {
                let mut sent = Vec::new();
                for n in 0.. {
                    // One door and one phone an order, or the risk rules would hold it back.
                    let person = (round * BUYERS + buyer) * 10_000 + n;
                    let it = Sent {
                        no: format!("r{round}-b{buyer}-{n}"),
                        body: basket(Some(SHOW), person, "GIFT-A"),
                        answer: None,
                    };
                    let answered = storefront.order(&it.no, &it.body).await;
                    let answer = answered.ok().filter(|(status, _)| *status < 500).map(|(status, answer)| {
                        check_taken((status, &answer), &it.no);
                        answer
                    });
                    let ended = answer.is_none();
                    sent.push(Sent { answer, ..it });
                    if ended || over.load(Ordering::Relaxed) == 1 {
                        break;
                    }
                    acknowledge.send_modify(|count| *count += 1);
                }
                sent
            });
        }
        Self { buyers, acknowledged, over }
    }

    /// Waits until so many orders were acknowledged.
    pub async fn acknowledged(&self, count: u64) {
        let mut acknowledged = self.acknowledged.clone();
        let waiting = acknowledged.wait_for(|there| *there >= count);
        timeout(PATIENCE, waiting).await.unwrap().unwrap();
    }

    /// What was sent, when each buyer has found out.
    pub async fn end(self) -> Vec<Sent> {
        self.over.store(1, Ordering::Relaxed);
        let buyers = timeout(2 * PATIENCE, self.buyers.join_all()).await;
        buyers.unwrap().into_iter().flatten().collect()
    }
}

/// Sends what got no answer once more; each is then taken, or was taken before.
pub async fn send_again(storefront: &Storefront, sent: Vec<Sent>, told: &str) -> Vec<Sent> {
    let mut known = Vec::with_capacity(sent.len());
    for mut it in sent {
        if it.answer.is_none() {
            let (status, answer) = storefront.order(&it.no, &it.body).await.unwrap();
            check_taken((status, &answer), &format!("{told}: {}", it.no));
            it.answer = Some(answer);
        }
        known.push(it);
    }
    known
}

/// An order is taken, or was taken before: by a request that got no answer, or by a group whose commit got none.
fn check_taken((status, answer): (u16, &Value), told: &str) {
    let outcome = answer["outcome"].as_str().unwrap_or_default();
    assert!(matches!((status, outcome), (201, "accepted") | (200, "duplicate")), "{told}: {status} {answer}");
}
