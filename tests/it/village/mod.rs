//! Stories of the village office.
mod letter;
