//! What is said about an SLO: whole sentences and short phrases of a judgement, in English and in French, and numbers as
//! people read them. Not colours, glyphs or bars.

mod french;
mod language;
mod sentence;
mod wording;

pub use language::Language;
pub use wording::{
    burn_text, close_burn, duration_text, money_short, money_text, percent_text, thousands, window_label, window_word,
};
