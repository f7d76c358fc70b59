//! stub
use crate::ui::pen::{Pen, Piece};
use crate::ui::scene::Scene;
use crate::ui::widget::title::Title;
pub(in crate::ui) fn draw(_: &mut Pen<'_>, _: &Scene<'_>) {}
pub(in crate::ui) fn title<'a>(_: &Scene<'a>) -> Title<'a> {
    Title { number: "5", name: "Runbook", detail: String::new(), right: Vec::new(), focused: false, heads: false }
}
pub(in crate::ui) fn summary(_: &Scene<'_>) -> (Vec<Piece>, Vec<Piece>) {
    (Vec::new(), Vec::new())
}
