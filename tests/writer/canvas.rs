//! Pictures that change as those of programs do: bands that scroll, words here and there, a painted row, a scrollbar, a
//! pane that closes. From a seed, so that a sequence can be played again.

use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

/// Of one cell a character.
pub(crate) const NARROW: usize = 9;
/// Of a width that every emulator gives them.
pub(crate) const SURE: usize = 11;
const WORDS: &[&str] = &[
    "order",
    "rejected:",
    "quote",
    "42",
    "│",
    "━━━━",
    "█▌",
    "⣿⡇",
    "→",
    "漢字",
    "한글",
    "ｗｉｄｅ",
    "e\u{301}",
    "naïve",
    "😀",
    "👍🏽",
    "👨\u{200d}👩\u{200d}👧",
    "🇫🇷",
    "❤\u{fe0f}",
    "▸",
    "…",
    "Привет",
    "1\u{fe0f}\u{20e3}",
    "नमस्ते",
];
const COLORS: &[Color] = &[
    Color::Reset,
    Color::Reset,
    Color::Reset,
    Color::Black,
    Color::Red,
    Color::Blue,
    Color::LightGreen,
    Color::Indexed(208),
    Color::Rgb(10, 200, 30),
];
/// Without bold and dim together, of which the emulator keeps one.
const MODIFIERS: &[Modifier] = &[
    Modifier::empty(),
    Modifier::empty(),
    Modifier::BOLD,
    Modifier::DIM,
    Modifier::ITALIC,
    Modifier::UNDERLINED,
    Modifier::REVERSED,
    Modifier::BOLD.union(Modifier::UNDERLINED),
    Modifier::ITALIC.union(Modifier::REVERSED),
];

/// Numbers without end from one; not random, only wild.
pub(crate) struct Dice {
    state: u64,
    /// The styles of a theme; empty where any style may come.
    theme: Vec<Style>,
}

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed ^ 0x9e37_79b9_7f4a_7c15, theme: Vec::new() }
    }

    /// From now on a handful of styles, as a program has them: the same pens come back in many rows.
    pub(crate) fn keep_to_a_theme(&mut self) {
        self.theme = (0..6).map(|_| self.style()).collect();
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) >> 16).expect("48 bits") % end.max(1)
    }

    fn small(&mut self, end: u16) -> u16 {
        u16::try_from(self.below(usize::from(end))).expect("below a u16")
    }

    fn one_of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len())]
    }

    fn style(&mut self) -> Style {
        let chosen = self.below(self.theme.len());
        if let Some(style) = self.theme.get(chosen) {
            return *style;
        }
        if self.below(3) == 0 {
            return Style::new();
        }
        let modifiers = self.one_of(MODIFIERS);
        let style = Style::new().fg(self.one_of(COLORS)).bg(self.one_of(COLORS));
        style.remove_modifier(Modifier::all()).add_modifier(modifiers)
    }

    /// Small ones and odd ones more often than they are met with.
    pub(crate) fn size(&mut self) -> (u16, u16) {
        match self.below(12) {
            0 => (1, 1),
            1..4 => (1 + self.small(12), 1 + self.small(8)),
            4 => (200, 60),
            5 => (120, 40),
            6 => (1 + self.small(200), 1 + self.small(60)),
            _ => (1 + self.small(60), 1 + self.small(24)),
        }
    }
}

pub(crate) struct Canvas {
    pub(crate) picture: Buffer,
    /// How many of the words come: the first ones are one cell a character, the next of a width nobody doubts.
    pub(crate) words: usize,
}

impl Canvas {
    pub(crate) fn new(width: u16, height: u16) -> Self {
        Self { picture: Buffer::empty(Rect::new(0, 0, width, height)), words: WORDS.len() }
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        let mut picture = Buffer::empty(Rect::new(0, 0, width, height));
        for (position, cell) in self.cells() {
            if let Some(place) = picture.cell_mut(position) {
                *place = cell;
            }
        }
        self.picture = picture;
        self.mend();
    }

    fn cells(&self) -> Vec<((u16, u16), Cell)> {
        let Rect { width, height, .. } = self.picture.area;
        let all = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        all.map(|at| (at, self.picture.cell(at).expect("inside").clone())).collect()
    }

    /// A full picture: lines of words in most rows.
    pub(crate) fn fill(&mut self, dice: &mut Dice) {
        for y in 0..self.picture.area.height {
            self.line(y, dice);
        }
        self.mend();
    }

    fn line(&mut self, y: u16, dice: &mut Dice) {
        let width = self.picture.area.width;
        for x in 0..width {
            self.set(x, y, Cell::EMPTY);
        }
        let mut x = 0;
        while x < width && dice.below(8) != 0 {
            let style = dice.style();
            x = self.word(x, y, style, dice) + dice.small(3);
        }
    }

    fn word(&mut self, x: u16, y: u16, style: Style, dice: &mut Dice) -> u16 {
        let word = dice.one_of(&WORDS[..self.words]);
        self.picture.set_stringn(x, y, word, usize::from(self.picture.area.width), style).0
    }

    fn set(&mut self, x: u16, y: u16, cell: Cell) {
        if let Some(place) = self.picture.cell_mut((x, y)) {
            *place = cell;
        }
    }

    /// One to four changes, each of a kind that programs make.
    pub(crate) fn change(&mut self, dice: &mut Dice) {
        let Rect { width, height, .. } = self.picture.area;
        for _ in 0..=dice.below(4) {
            match dice.below(14) {
                0..6 => self.scroll(dice),
                6..9 => {
                    let (x, y, style) = (dice.small(width), dice.small(height), dice.style());
                    self.word(x, y, style, dice);
                }
                9 => {
                    let y = dice.small(height);
                    self.line(y, dice);
                }
                10 => {
                    let y = dice.small(height);
                    let row = Rect::new(0, y, width, 1);
                    // A whole row in one style, or what stands there on another ground, as a selected one is.
                    let style = if dice.below(2) == 0 { dice.style() } else { Style::new().bg(dice.one_of(COLORS)) };
                    self.picture.set_style(row, style);
                }
                11 => {
                    let area = Rect::new(dice.small(width), dice.small(height), dice.small(width), dice.small(height));
                    let area = area.intersection(self.picture.area);
                    for (position, _) in self.cells() {
                        if area.contains(position.into()) {
                            self.set(position.0, position.1, Cell::EMPTY);
                        }
                    }
                }
                12 => {
                    let thumb = dice.small(height);
                    for y in 0..height {
                        self.set(width - 1, y, Cell::new(if y == thumb { "█" } else { "│" }));
                    }
                }
                // Another page.
                _ => self.fill(dice),
            }
        }
        self.mend();
    }

    /// A band goes up or down: over the whole width, without the last column, or in the half of it.
    fn scroll(&mut self, dice: &mut Dice) {
        let Rect { width, height, .. } = self.picture.area;
        let top = dice.small(height);
        let bottom = top + 1 + dice.small(height - top);
        let steps = 1 + if dice.below(3) == 0 { dice.small(bottom - top) } else { dice.small(3) };
        let columns = match dice.below(6) {
            0 => 0..width / 2,
            1 | 2 => 0..width.saturating_sub(1),
            _ => 0..width,
        };
        let up = dice.below(2) == 0;
        let before = self.picture.clone();
        for y in top..bottom {
            let from = if up { Some(y + steps) } else { y.checked_sub(steps) };
            match from.filter(|from| (top..bottom).contains(from)) {
                Some(from) => {
                    for x in columns.clone() {
                        self.set(x, y, before.cell((x, from)).expect("inside").clone());
                    }
                }
                None if columns.end == width => self.line(y, dice),
                None => {
                    let style = dice.style();
                    self.word(0, y, style, dice);
                }
            }
        }
    }

    /// As ratatui's own widgets leave a picture: what a wide sign covers is reset, and none hangs over the edge.
    fn mend(&mut self) {
        let width = self.picture.area.width;
        for y in 0..self.picture.area.height {
            let mut x = 0;
            while x < width {
                let cell = self.picture.cell((x, y)).expect("inside");
                let room = cell.cell_width();
                if room == 0 || room > width - x {
                    self.set(x, y, Cell::EMPTY);
                }
                for covered in 1..room.min(width - x) {
                    self.set(x + covered, y, Cell::EMPTY);
                }
                x += room.max(1);
            }
        }
    }
}
