//! What must be true when all is quiet, whatever went wrong before. Each rule is a small function that names what it
//! found.

use crate::floor::OPENING;
use crate::word::{Book, Places, Word, move_goods};
use crate::world::World;
use liangcang_sync::claims::Grant;
use liangcang_sync::clash::ActKind;
use liangcang_sync::{LogId, Term};
use std::collections::{BTreeMap, BTreeSet};

type Verdict = Result<(), String>;

fn must(holds: bool, otherwise: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(otherwise()) }
}

impl World {
    /// All rules, one after the other.
    pub fn judge(&self) -> Verdict {
        must(self.refused.is_empty(), || self.refused[0].clone())?;
        self.replicas_are_equal()?;
        self.every_gesture_is_there_once()?;
        self.no_copy_got_in()?;
        self.stock_balances()?;
        self.nothing_is_sold_twice()?;
        self.what_was_done_twice_is_reported()?;
        self.work_is_resumed_by_the_same_lines()?;
        self.a_term_has_one_lead_and_a_claim_one_holder()
    }

    fn book(&self) -> &Book {
        &self.nodes[0].disk.kept.book
    }

    fn replicas_are_equal(&self) -> Verdict {
        for node in &self.nodes {
            must(node.disk.kept.book == *self.book(), || {
                format!("{} and the server have different books", node.name)
            })?;
            for (log, mark) in node.disk.kept.marks.iter() {
                must(node.disk.kept.head(log) == *mark, || {
                    format!("{} keeps other entries of {} than its mark says", node.name, log.writer)
                })?;
            }
        }
        Ok(())
    }

    fn every_gesture_is_there_once(&self) -> Verdict {
        let seen = &self.book().seen;
        for gesture in self.truth.good.keys() {
            must(seen.contains_key(gesture), || format!("{gesture} was called good and is lost"))?;
        }
        for (gesture, places) in seen {
            must(places.values().all(|times| *times == 1), || {
                format!("{gesture} was taken in twice: {places:?}")
            })?;
            let known = self.truth.good.contains_key(gesture) || self.truth.perhaps.contains_key(gesture);
            must(known, || format!("{gesture} is in the books and nobody did it"))?;
        }
        Ok(())
    }

    fn no_copy_got_in(&self) -> Verdict {
        let got_in = self.truth.copied.keys().find(|gesture| self.book().seen.contains_key(*gesture));
        must(got_in.is_none(), || format!("{got_in:?} was done at a copy of a station and got in"))
    }

    /// What was really done: called good, or perhaps and found in the books.
    fn done(&self) -> impl Iterator<Item = (&String, &Word)> {
        let seen = &self.book().seen;
        let perhaps = self.truth.perhaps.iter().filter(|(gesture, _)| seen.contains_key(*gesture));
        self.truth.good.iter().chain(perhaps)
    }

    fn stock_balances(&self) -> Verdict {
        let mut real = Places::new();
        for (_, word) in self.done() {
            move_goods(&mut real, word);
        }
        for ((place, sku), qty) in &self.book().places {
            let opening = match *place {
                "bin" => OPENING as i64,
                "supplier" => -(OPENING as i64),
                _ => 0,
            };
            let really = opening + real.get(&(*place, sku.clone())).copied().unwrap_or(0);
            must(really == *qty, || format!("{qty} of {sku} in {place} by the books, really {really}"))?;
        }
        Ok(())
    }

    fn nothing_is_sold_twice(&self) -> Verdict {
        let book = self.book();
        for (id, leased) in book.escrow.iter() {
            must(leased.is_covered(), || format!("{id}: more was sold than leased: {leased:?}"))?;
        }
        let mut sold: BTreeMap<&str, u64> = BTreeMap::new();
        for (goods, _) in book.orders.values() {
            *sold.entry(&goods.sku).or_default() += goods.qty;
        }
        for (sku, qty) in sold {
            must(qty <= OPENING && book.free(sku) >= 0, || {
                format!("{qty} of {sku} sold and {} free, of {OPENING}", book.free(sku))
            })?;
        }
        Ok(())
    }

    fn what_was_done_twice_is_reported(&self) -> Verdict {
        let mut done: BTreeMap<(ActKind, String), BTreeSet<&str>> = BTreeMap::new();
        for (gesture, word) in self.done() {
            if let Some(about) = word.about() {
                done.entry(about).or_default().insert(gesture);
            }
        }
        for (about, gestures) in &done {
            let known: BTreeSet<&str> = self.book().acts.of(about).map(|act| act.gesture.as_str()).collect();
            must(known == *gestures, || format!("{about:?}: done {gestures:?}, known {known:?}"))?;
            must(gestures.len() == 1 || about.0 == ActKind::Counted || self.may_clash, || {
                format!("{about:?} was done twice under one lead: {gestures:?}")
            })?;
        }
        Ok(())
    }

    /// Whoever packed an order and hands it over does so by the lines it was packed by.
    fn work_is_resumed_by_the_same_lines(&self) -> Verdict {
        let logs = &self.nodes[0].disk.kept.logs;
        for (writer, kept) in logs {
            let mut packed = BTreeMap::new();
            for (line, _) in kept.values() {
                match &line.said.word {
                    Word::Packed { order, lines, .. } => _ = packed.insert(order, lines),
                    Word::ScannedOut { order, lines, .. } => {
                        must(packed.get(order).is_none_or(|by| *by == lines), || {
                            format!("{} began {order} by other lines than it ended by", writer.writer)
                        })?;
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Within one lead's log, an order is granted to another only after the first holder ended.
    fn a_term_has_one_lead_and_a_claim_one_holder(&self) -> Verdict {
        let mut leads: BTreeMap<&Term, &LogId> = BTreeMap::new();
        let mut ended: BTreeMap<(String, u64), u64> = BTreeMap::new();
        let mut granted: Vec<(&LogId, u64, &Grant)> = Vec::new();
        for (log, kept) in &self.nodes[0].disk.kept.logs {
            for (line, _) in kept.values() {
                match &line.said.word {
                    Word::Granted(grant) => {
                        granted.push((log, line.said.tick, grant));
                        leads.insert(&grant.term, log);
                    }
                    Word::Ended(ending) => {
                        let key =
                            (format!("{} {}", ending.ask.holder, ending.ask.subject.id), ending.ask.number);
                        let tick = ended.entry(key).or_insert(line.said.tick);
                        *tick = line.said.tick.min(*tick);
                    }
                    _ => {}
                }
            }
        }
        for (term, log) in leads {
            must(term.lead == *log, || {
                format!("{} granted in the term of {}", log.writer, term.lead.writer)
            })?;
        }
        for (place, (log, _, first)) in granted.iter().enumerate() {
            let of_it =
                |later: &&(&LogId, u64, &Grant)| later.0 == *log && later.2.ask.subject == first.ask.subject;
            for (_, tick, later) in granted[place + 1..].iter().filter(of_it) {
                let key = (format!("{} {}", first.ask.holder, first.ask.subject.id), first.ask.number);
                must(ended.get(&key).is_some_and(|ended| ended <= tick), || {
                    format!(
                        "{} granted {} to {} while {} held it",
                        log.writer, first.ask.subject.id, later.ask.holder, first.ask.holder
                    )
                })?;
            }
        }
        Ok(())
    }
}
