//! stub
use crate::ui::pen::Pen;
use crate::ui::scene::Scene;
pub(in crate::ui) fn draw(_: &mut Pen<'_>, _: &Scene<'_>) {}
