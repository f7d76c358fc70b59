//! Signs of more than one code point, each known by a number: a cell has room for one character alone.

use std::collections::HashMap;
use std::sync::Arc;

use unicode_width::UnicodeWidthChar;

/// Past it, those that stand nowhere any more are let go.
const MOST: usize = 4_096;

pub(super) struct Clusters {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
    most: usize,
}

impl Default for Clusters {
    fn default() -> Self {
        Self { numbers: HashMap::new(), texts: Vec::new(), most: MOST }
    }
}

impl Clusters {
    /// All that are here stand on the screen: only many more of them are too many.
    pub(super) fn keep(&mut self) {
        self.most = MOST.max(2 * self.texts.len());
    }

    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        let text: Arc<str> = Arc::from(text);
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    pub(super) fn text(&self, number: u32) -> &str {
        usize::try_from(number).ok().and_then(|number| self.texts.get(number)).map_or("", |text| text)
    }

    pub(super) fn are_many(&self) -> bool {
        self.texts.len() > self.most
    }
}

/// Cells that a terminal may take that adds up what the single code points are wide.
pub(super) fn most_cells(text: &str) -> usize {
    text.chars().map(|sign| sign.width().unwrap_or(0)).sum()
}
