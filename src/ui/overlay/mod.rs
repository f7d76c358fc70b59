//! stub
use super::pen::Pen;
use super::scene::Scene;
pub(super) struct Overlay {
    pub height: usize,
    pub cursor: Option<(u16, u16)>,
}
pub(super) fn draw(_: &mut Pen<'_>, _: &Scene<'_>) -> Overlay {
    Overlay { height: 0, cursor: None }
}
