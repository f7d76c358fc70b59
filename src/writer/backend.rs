//! The backend for ratatui: cells go into the engine, a flush is one write. It asks a terminal nothing, and knows the
//! cursor from memory. Not for inline viewports that insert lines above themselves, and not for cells that hold images.

use std::cell::Cell as Kept;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::engine::Engine;
use super::means::Means;

/// Writes frames to `out`, which should not gather bytes itself; `window` tells the terminal's size.
pub struct Writer<W: Write, S: Fn() -> io::Result<WindowSize>> {
    out: W,
    window: S,
    means: Box<dyn Fn() -> Means>,
    written: Arc<AtomicU64>,
    engine: Engine,
    /// The size that was told last: what is drawn next is drawn for it.
    told: Kept<Size>,
    at: Position,
    seen: bool,
}

impl<W: Write, S: Fn() -> io::Result<WindowSize>> Writer<W, S> {
    /// Asks for the size once. `means` is asked anew before each frame; `written` counts the bytes.
    pub fn new(out: W, window: S, means: impl Fn() -> Means + 'static, written: Arc<AtomicU64>) -> io::Result<Self> {
        let size = window()?.columns_rows;
        let engine = Engine::new(size.width, size.height, means());
        let told = Kept::new(size);
        Ok(Self { out, window, means: Box::new(means), written, engine, told, at: Position::ORIGIN, seen: false })
    }

    /// The whole terminal is to be wiped and drawn anew: it was resized, or somebody else wrote to it.
    fn wipe(&mut self) {
        let size = self.told.get();
        self.engine.resize(size.width, size.height);
    }
}

impl<W: Write, S: Fn() -> io::Result<WindowSize>> Backend for Writer<W, S> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        for (x, y, cell) in content {
            self.engine.put(x, y, cell);
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.seen = false;
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.seen = true;
        Ok(())
    }

    /// From memory: to ask a terminal is a round trip, and over a broken link an answer that never comes.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.at = position.into();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.wipe();
        Ok(())
    }

    /// All of it is also a wish for a screen that is drawn anew; parts are blanked with the next frame.
    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        let Size { width, height } = self.told.get();
        let Position { x, y } = self.at;
        let rows = |rows: u16| usize::from(width) * usize::from(rows);
        match region {
            ClearType::All => self.wipe(),
            ClearType::AfterCursor => self.engine.blank(x, y, rows(height)),
            ClearType::BeforeCursor => self.engine.blank(0, 0, rows(y) + usize::from(x)),
            ClearType::CurrentLine => self.engine.blank(0, y, rows(1)),
            ClearType::UntilNewLine => self.engine.blank(x, y, usize::from(width.saturating_sub(x))),
        }
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        let size = (self.window)()?.columns_rows;
        self.told.set(size);
        Ok(size)
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        (self.window)()
    }

    /// One write, and none when nothing changed. After an error the next frame draws everything anew.
    fn flush(&mut self) -> io::Result<()> {
        self.engine.allow((self.means)());
        self.engine.cursor(self.seen.then_some((self.at.x, self.at.y)));
        let bytes = self.engine.present();
        if bytes.is_empty() {
            return Ok(());
        }
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let result = self.out.write_all(bytes).and_then(|()| self.out.flush());
        self.written.fetch_add(length, Ordering::Relaxed);
        if result.is_err() {
            self.engine.invalidate();
        }
        result
    }
}
