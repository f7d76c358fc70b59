//! Pieces that several panes are drawn with.

mod budget;
mod burn;
mod flow;
mod height;
mod holders;
mod run_down;
mod span_bar;
mod state;
mod title;

pub(super) use budget::draw as draw_budget;
pub(super) use burn::draw as draw_burn;
pub(super) use flow::flow;
pub(super) use height::height;
pub(super) use holders::draw as draw_holders;
pub(super) use run_down::{lines as run_down, waiting as waiting_for_past};
pub(super) use span_bar::Bars;
pub(super) use state::{pair as pair_style, role as state_role, sign as state_sign, zone as zone_role};
pub(super) use title::{Title, draw as draw_title, heading};
