//! What people do: at a station they claim orders, pack and hand them over, count, sell, decide; at the server it sells
//! online and leases. One gesture is one id, and a person whose station died does not do it a second time: the
//! station is told again.

use crate::breaks::Breaks;
use crate::dice::Dice;
use crate::disk::Crashed;
use crate::node::Node;
use crate::word::{Goods, Word};
use liangcang_sync::LogId;
use liangcang_sync::claims::{Ask, Beginning, Ending, Grant, Subject, Work};
use liangcang_sync::clash::ActKind;
use liangcang_sync::escrow::{Draw, Lease};

/// Goods there are.
pub const SKUS: [&str; 3] = ["RICE-5KG", "OIL-5L", "FLOUR-2KG"];
/// Units of each at the beginning.
pub const OPENING: u64 = 90;

/// Who stands at a station.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    /// Counts gestures; people do not forget them when a PC dies.
    pub gestures: u64,
    /// What was done and has not been called good.
    pub pending: Option<Vec<Word>>,
}

/// What became of a gesture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Good,
    /// The station says no; nothing was done.
    Impossible,
}

impl Person {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), gestures: 0, pending: None }
    }

    pub fn next_gesture(&mut self) -> String {
        self.gestures += 1;
        format!("{}-{}", self.name, self.gestures)
    }
}

impl Node {
    /// Makes a gesture durable, or finds that it is.
    pub fn gesture(&mut self, words: &[Word], tick: u64, dice: &mut Dice) -> Result<Done, Crashed> {
        let gesture = words.first().and_then(Word::gesture).unwrap_or_default();
        if self.disk.kept.book.seen.contains_key(gesture) {
            return Ok(Done::Good);
        }
        if !words.iter().all(|word| self.may(word, tick)) {
            return Ok(Done::Impossible);
        }
        self.record(words, tick, dice)?;
        Ok(Done::Good)
    }

    fn may(&self, word: &Word, tick: u64) -> bool {
        let book = &self.disk.kept.book;
        match word {
            Word::Packed { order, .. } => {
                let held = book.claims.open(&subject(order)).any(|grant| grant.ask.holder == self.name);
                held && book.acts.of(&(ActKind::Packed, order.clone())).next().is_none()
            }
            Word::ScannedOut { order, .. } => {
                let packed = (ActKind::Packed, order.clone());
                book.acts.of(&packed).any(|act| act.log.writer == self.name)
                    && book.acts.of(&(ActKind::ScannedOut, order.clone())).next().is_none()
            }
            Word::Counted { count, .. } => book.acts.of(&(ActKind::Counted, count.clone())).next().is_none(),
            Word::LocalOrder { draw, .. } => {
                let Draw { lease, qty, .. } = draw;
                let may = book.escrow.may_draw(&self.log, lease, *qty, self.now_ms(tick));
                may.is_ok() || self.breaks == Breaks::SellsBeyondItsLease
            }
            Word::Order { goods, .. } => book.free(&goods.sku) >= goods.qty as i64,
            _ => true,
        }
    }

    /// What the person at this station does next with an order they hold, if they hold one.
    pub fn next_with_held(&self, person: &mut Person, dice: &mut Dice) -> Option<Vec<Word>> {
        let book = &self.disk.kept.book;
        let Grant { ask, term, lines } = book.claims.held_by(&self.name).next()?;
        let order = ask.subject.id.clone();
        let ended = |finished| vec![Word::Ended(Ending { ask: ask.clone(), finished })];
        let Some((goods, _)) = book.orders.get(&order) else { return Some(ended(false)) };
        let of = |kind| book.acts.of(&(kind, order.clone())).collect::<Vec<_>>();
        let (packed, left) = (of(ActKind::Packed), of(ActKind::ScannedOut));
        if !left.is_empty() || packed.iter().any(|act| act.log.writer != self.name) {
            // Somebody else did it: a clash if both did, nothing more to do here in any case.
            return Some(ended(true));
        }
        let goods = goods.clone();
        if packed.is_empty() {
            if dice.chance(40) {
                return Some(ended(false));
            }
            let gesture = person.next_gesture();
            let began = Word::Began(Beginning { ask: ask.clone(), term: term.clone() });
            return Some(vec![Word::Packed { gesture, order, goods, lines: lines.clone() }, began]);
        }
        let gesture = person.next_gesture();
        let mut words = vec![Word::ScannedOut { gesture, order: order.clone(), goods, lines: lines.clone() }];
        words.extend(ended(true));
        Some(words)
    }

    /// Wants an order nobody works on, as far as is known here.
    pub fn want_work(&mut self, dice: &mut Dice) -> Option<Ask> {
        let book = &self.disk.kept.book;
        let free: Vec<&String> = book
            .orders
            .keys()
            .filter(|no| {
                let subject = subject(no);
                !book.claims.is_finished(&subject) && book.claims.open(&subject).next().is_none()
            })
            .collect();
        if free.is_empty() {
            return None;
        }
        let subject = subject(free[dice.index(free.len())]);
        let number = book.claims.next_number(&self.name);
        self.memory.wants = vec![Ask { holder: self.name.clone(), number, subject }];
        self.memory.wants.first().cloned()
    }

    /// Other things a person does: counting, selling, giving back what is over, deciding.
    pub fn other_work(&self, person: &mut Person, tick: u64, dice: &mut Dice) -> Option<Vec<Word>> {
        let book = &self.disk.kept.book;
        match dice.roll(4) {
            0 => {
                let count = format!("count-{}:bin-{}", tick / 150, dice.roll(4));
                let gesture = person.next_gesture();
                Some(vec![Word::Counted { gesture, count, found: dice.roll(50) }])
            }
            1 => {
                let mine: Vec<&Lease> = book
                    .escrow
                    .iter()
                    .filter_map(|(_, leased)| leased.lease.as_ref())
                    .filter(|lease| lease.lessee == self.log)
                    .collect();
                let lease = mine.get(dice.index(mine.len().max(1)))?;
                let goods = Goods { sku: lease.sku.clone(), qty: 1 + dice.roll(4) };
                let gesture = person.next_gesture();
                let draw = Draw { gesture: gesture.clone(), lease: lease.id.clone(), qty: goods.qty };
                Some(vec![Word::LocalOrder { no: format!("L{gesture}"), goods, draw }])
            }
            2 => {
                let back = book.escrow.to_return(&self.log, self.now_ms(tick));
                (!back.is_empty()).then(|| back.into_iter().map(Word::Returned).collect())
            }
            _ => {
                if dice.roll(8) > 0 {
                    return None;
                }
                let clash = book.acts.clashes().next()?;
                let stands = clash.acts[dice.index(clash.acts.len())].gesture.clone();
                Some(vec![Word::Decided(clash.decide(Some(&stands), &person.name)?)])
            }
        }
    }

    /// The server sells online, or leases stock to a station.
    pub fn sell_or_lease(&self, person: &mut Person, tick: u64, dice: &mut Dice) -> Option<Vec<Word>> {
        let book = &self.disk.kept.book;
        let sku = SKUS[dice.index(SKUS.len())].to_owned();
        if dice.chance(750) {
            let goods = Goods { sku, qty: 1 + dice.roll(4) };
            return Some(vec![Word::Order { no: format!("O{}", person.next_gesture()), goods }]);
        }
        let qty = 4 + dice.roll(8);
        if book.free(&sku) < qty as i64 || book.hardware.is_empty() {
            return None;
        }
        let writer = book.hardware.keys().nth(dice.index(book.hardware.len()))?.clone();
        let epochs = self.disk.kept.marks.iter().filter(|(log, _)| log.writer == writer);
        let epoch = epochs.map(|(log, _)| log.epoch).max().unwrap_or(1);
        let ends_at_ms = (tick + 40 + dice.roll(200)) as i64 * 1_000;
        let id = format!("lease-{}", person.next_gesture());
        Some(vec![Word::Leased(Lease { id, lessee: LogId { writer, epoch }, sku, qty, ends_at_ms })])
    }
}

/// An order as something one person works on.
pub fn subject(order: &str) -> Subject {
    Subject { work: Work::Order, id: order.to_owned() }
}
