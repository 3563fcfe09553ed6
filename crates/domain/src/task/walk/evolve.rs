//! What a fact does to the state of a walk: the fold a station that died comes back by.
//!
//! Judges nothing: a fact has happened.

use super::{Done, Line, LineKind, LineState, Walk, zone_of};
use crate::fact::Fact;
use crate::id::{GestureId, OperatorId, OrderNo, WalkId};
use crate::unit::Qty;

impl Walk {
    /// Moves the state by one fact. Facts of other walks change nothing. O(lines).
    pub fn evolve(&mut self, fact: &Fact, gesture: &GestureId, by: &OperatorId) {
        let mine = |walk: &WalkId| *walk == self.id;
        match fact {
            Fact::WalkStarted { walk, tote } if mine(walk) => self.tote = Some(tote.clone()),
            Fact::BinReached { walk, line, .. } if mine(walk) => {
                self.reached = Some(*line);
                self.zone = self.lines.get(*line).map(|state| zone_of(&state.line.bin).to_owned());
            }
            Fact::Picked { walk, line, goods, .. } | Fact::PutBack { walk, line, goods, .. }
                if mine(walk) =>
            {
                let line = *line;
                if let Some(state) = self.lines.get_mut(line) {
                    state.done += goods.qty;
                    match state.line.kind {
                        LineKind::Pick => self.history.push(Done { by: by.clone(), line, qty: goods.qty }),
                        // What was brought back stays back: the order it was for is gone.
                        LineKind::PutBack => self.history.clear(),
                    }
                }
            }
            Fact::PickUndone { walk, line, goods, .. } if mine(walk) => {
                if let Some(state) = self.lines.get_mut(*line) {
                    state.done -= goods.qty;
                }
                self.reached = Some(*line);
                self.history.pop();
            }
            Fact::Shorted { walk, line, qty, .. } if mine(walk) => {
                if let Some(state) = self.lines.get_mut(*line) {
                    for (order, lost) in state.short_orders(*qty) {
                        *self.awaited.entry((order, state.line.sku.clone())).or_default() += lost;
                    }
                    state.short += *qty;
                }
            }
            Fact::WalkRecalled { walk, order } if mine(walk) => self.drop_order(order),
            Fact::LinesAdded { walk, lines } if mine(walk) => self.add_lines(lines),
            Fact::WalkFinished { walk } if mine(walk) => self.finished = true,
            Fact::Asked { .. } => {}
            _ => return,
        }
        let answered = matches!(
            fact,
            Fact::Picked { .. } | Fact::PutBack { .. } | Fact::Shorted { .. } | Fact::WalkRecalled { .. }
        );
        if answered {
            self.asking = None;
        }
        self.seen.insert(gesture.clone());
    }

    fn add_lines(&mut self, lines: &[Line]) {
        for line in lines {
            for share in &line.shares {
                if let Some(awaited) = self.awaited.get_mut(&(share.order.clone(), line.sku.clone())) {
                    *awaited -= share.qty;
                }
            }
        }
        self.awaited.retain(|_, awaited| *awaited > Qty::ZERO);
        self.lines.extend(lines.iter().cloned().map(LineState::new));
    }

    fn drop_order(&mut self, order: &OrderNo) {
        self.awaited.retain(|(waiting, _), _| waiting != order);
        let mut back = Vec::new();
        for state in self.lines.iter_mut().filter(|state| state.line.kind == LineKind::Pick) {
            let share: Qty = state.line.shares.iter().filter(|s| s.order == *order).map(|s| s.qty).sum();
            if share == Qty::ZERO || state.recalled.contains_key(order) {
                continue;
            }
            // Units given up as short for this order are not wanted twice less.
            state.short -= state.short_of(order);
            state.recalled.insert(order.clone(), share);
            let excess = state.done - state.want();
            if excess > Qty::ZERO {
                state.done -= excess;
                let line =
                    Line { kind: LineKind::PutBack, qty: excess, shares: vec![], ..state.line.clone() };
                back.push(LineState::new(line));
            }
        }
        // What was taken may now have to go back: nothing before this can be undone.
        if !back.is_empty() {
            self.history.clear();
            self.reached = None;
        }
        self.lines.extend(back);
    }
}
