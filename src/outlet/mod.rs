//! An outlet's own money: what it pays out, and what is paid over its counter.
pub mod web;
