//! What is said about an SLO: whole sentences and short phrases of a judgement, in English and in French, and numbers as
//! people read them. Not colours, glyphs or bars.

mod french;
mod labels;
mod language;
mod sentence;
mod wording;
mod zones;

pub use labels::Label;
pub use language::Language;
pub use wording::{
    burn_text, close_burn, duration_in, duration_text, money_in, money_short, money_text, number_in, percent_in,
    percent_text, thousands, window_label, window_word,
};
