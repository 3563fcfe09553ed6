//! Taking a lock whose last holder may have panicked.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks `mutex`; what a panicking holder left behind is still used, because an emulator that goes on
/// with one odd value serves its tests better than one that answers nothing any more.
pub fn take<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
