//! One cell of a curve that stands on its row: eight heights. Not the curve: who draws it knows what a cell is worth.

const LEVELS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/// From 0 (the lowest step, never blank) to 1.
#[must_use]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the eight levels")]
pub(in crate::ui) fn height(share: f64) -> &'static str {
    LEVELS.get((share * 7.99).clamp(0.0, 7.0) as usize).copied().unwrap_or("▁")
}
