//! stub
use crate::room::Room;
use crate::ui::pen::Pen;
use crate::ui::scene::Scene;
pub(in crate::ui) fn draw(_: &mut Pen<'_>, _: &Scene<'_>) {}
pub(in crate::ui) fn is_calm(_: &Room) -> bool {
    false
}
