//! What the village government does for its people here.
pub mod web;
