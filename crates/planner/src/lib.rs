//! Placeholder until the first real content lands.
