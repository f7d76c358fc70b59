//! A ratatui terminal over the writer, with an emulator where a terminal would be.

use std::cell::{Cell as Kept, RefCell};
use std::io;
use std::num::NonZeroU16;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ratatui::Terminal;
use ratatui::backend::WindowSize;
use ratatui::buffer::{Buffer, Cell, CellWidth};
use ratatui::layout::{Position, Size};
use ratatui::style::{Color, Modifier};
use vt100::Parser;
use warroom::writer::{Means, Writer};

/// What was written, write by write.
#[derive(Clone, Default)]
pub(crate) struct Wire(Rc<RefCell<Vec<Vec<u8>>>>);

impl io::Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Window = Box<dyn Fn() -> io::Result<WindowSize>>;

pub(crate) struct Desk {
    pub(crate) terminal: Terminal<Writer<Wire, Window>>,
    pub(crate) means: Rc<Kept<Means>>,
    pub(crate) screen: Parser,
    size: Rc<Kept<Size>>,
    wire: Wire,
    written: Arc<AtomicU64>,
}

impl Desk {
    pub(crate) fn new(width: u16, height: u16, means: Means) -> Self {
        let size = Rc::new(Kept::new(Size::new(width, height)));
        let (wire, written, means) = (Wire::default(), Arc::new(AtomicU64::new(0)), Rc::new(Kept::new(means)));
        let told = Rc::clone(&size);
        let window: Window = Box::new(move || Ok(WindowSize { columns_rows: told.get(), pixels: Size::ZERO }));
        let asked = Rc::clone(&means);
        let writer = Writer::new(wire.clone(), window, move || asked.get(), Arc::clone(&written)).expect("a size");
        let terminal = Terminal::new(writer).expect("a terminal");
        let mut screen = Parser::new(cells(height), cells(width), 0);
        // Whatever stood there before.
        screen.process("\x1b[44;7mold text 漢字\x1b[4;4H".as_bytes());
        Self { terminal, means, screen, size, wire, written }
    }

    pub(crate) fn resize(&mut self, width: u16, height: u16) {
        self.size.set(Size::new(width, height));
        self.screen.set_size(cells(height), cells(width));
    }

    /// Draws a frame and lets the emulator read it. Gives the bytes; there is one write, or none.
    pub(crate) fn draw(&mut self, picture: &Buffer, cursor: Option<Position>) -> Vec<u8> {
        let before = self.written.load(Ordering::Relaxed);
        let copy = |frame: &mut ratatui::Frame<'_>| {
            frame.buffer_mut().merge(picture);
            if let Some(position) = cursor {
                frame.set_cursor_position(position);
            }
        };
        self.terminal.draw(copy).expect("the wire takes everything");
        let writes = std::mem::take(&mut *self.wire.0.borrow_mut());
        assert!(writes.len() <= 1, "{} writes for a frame", writes.len());
        let bytes = writes.concat();
        let counted = self.written.load(Ordering::Relaxed) - before;
        assert_eq!(counted, bytes.len() as u64, "the meter is right");
        self.screen.process(&bytes);
        bytes
    }

    /// What the emulator shows otherwise than it was meant; `None` when all is well.
    pub(crate) fn wrong(&self, picture: &Buffer, cursor: Option<Position>) -> Option<String> {
        let screen = self.screen.screen();
        if screen.hide_cursor() != cursor.is_none() {
            return Some("the cursor is shown where it should not be, or hidden".to_owned());
        }
        if let Some(Position { x, y }) = cursor
            && screen.cursor_position() != (y, x)
        {
            return Some(format!("the cursor stands at {:?}, not at ({y}, {x})", screen.cursor_position()));
        }
        for y in 0..picture.area.height {
            let mut x = 0;
            while x < picture.area.width {
                let wanted = picture.cell((x, y)).expect("inside");
                let shown = screen.cell(y, x).expect("inside");
                if let Some(what) = differs(wanted, shown) {
                    return Some(format!("column {x} of row {y}: {what}; {wanted:?} is shown as {shown:?}"));
                }
                x += wanted.cell_width().max(1);
            }
        }
        None
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has cells")
}

fn color(color: Color) -> vt100::Color {
    match color {
        Color::Reset => vt100::Color::Default,
        Color::Black => vt100::Color::Idx(0),
        Color::Red => vt100::Color::Idx(1),
        Color::Blue => vt100::Color::Idx(4),
        Color::LightGreen => vt100::Color::Idx(10),
        Color::Indexed(number) => vt100::Color::Idx(number),
        Color::Rgb(red, green, blue) => vt100::Color::Rgb(red, green, blue),
        other => panic!("{other:?} is not among the colours of the tests"),
    }
}

/// A cluster may be shown by its first sign alone: an emulator need not know what joins.
fn same_sign(wanted: &str, shown: &str) -> bool {
    let shown = if shown.is_empty() { " " } else { shown };
    let mut signs = wanted.chars();
    match (signs.next(), signs.next()) {
        (Some(first), Some(_)) => shown.starts_with(first),
        _ => wanted == shown,
    }
}

fn differs(wanted: &Cell, shown: &vt100::Cell) -> Option<&'static str> {
    let has = |modifier| wanted.modifier.contains(modifier);
    if !same_sign(wanted.symbol(), shown.contents()) {
        return Some("the sign");
    }
    if color(wanted.bg) != shown.bgcolor() {
        return Some("the background");
    }
    if has(Modifier::UNDERLINED) != shown.underline() || has(Modifier::REVERSED) != shown.inverse() {
        return Some("what is seen of a blank");
    }
    let blank = wanted.symbol() == " ";
    if blank && !has(Modifier::UNDERLINED) && !has(Modifier::REVERSED) {
        return None;
    }
    if color(wanted.fg) != shown.fgcolor() {
        return Some("the foreground");
    }
    let heavy = (has(Modifier::BOLD), has(Modifier::DIM), has(Modifier::ITALIC));
    (!blank && heavy != (shown.bold(), shown.dim(), shown.italic())).then_some("the attributes")
}
