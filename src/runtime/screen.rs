//! Between ratatui and the terminal: one write a frame, no byte when nothing changed, and a meter of what was written.
//! The seam at which a thriftier writer takes the place of crossterm's.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Gathers a frame and hands it over in one write; counts the bytes.
pub struct OneWrite<W: Write> {
    out: W,
    frame: Vec<u8>,
    written: Arc<AtomicU64>,
}

impl<W: Write> OneWrite<W> {
    pub fn new(out: W, written: Arc<AtomicU64>) -> Self {
        Self { out, frame: Vec::with_capacity(16 * 1024), written }
    }
}

impl<W: Write> Write for OneWrite<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.frame.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let result = self.out.write_all(&self.frame).and_then(|()| self.out.flush());
        self.written.fetch_add(u64::try_from(self.frame.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
        self.frame.clear();
        result
    }
}

/// Leaves out what the terminal already has: ratatui hides the cursor anew with every frame.
pub struct Quiet<B: Backend> {
    inner: B,
    cursor_shown: Option<bool>,
    cursor_at: Option<Position>,
}

impl<B: Backend> Quiet<B> {
    pub const fn new(inner: B) -> Self {
        Self { inner, cursor_shown: None, cursor_at: None }
    }

    pub const fn inner(&self) -> &B {
        &self.inner
    }

    fn forget(&mut self) {
        self.cursor_shown = None;
        self.cursor_at = None;
    }
}

impl<B: Backend> Backend for Quiet<B> {
    type Error = B::Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<(), Self::Error>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        // Drawing moves the terminal's cursor, so where it stood is no longer known.
        self.cursor_at = None;
        self.inner.draw(content)
    }

    fn hide_cursor(&mut self) -> Result<(), Self::Error> {
        if self.cursor_shown == Some(false) {
            return Ok(());
        }
        self.cursor_shown = Some(false);
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<(), Self::Error> {
        if self.cursor_shown == Some(true) {
            return Ok(());
        }
        self.cursor_shown = Some(true);
        self.inner.show_cursor()
    }

    /// From memory: to ask a terminal is a round trip, and over a slow link an answer that never comes.
    fn get_cursor_position(&mut self) -> Result<Position, Self::Error> {
        Ok(self.cursor_at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Self::Error> {
        let position = position.into();
        if self.cursor_at == Some(position) {
            return Ok(());
        }
        self.cursor_at = Some(position);
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<(), Self::Error> {
        self.forget();
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<(), Self::Error> {
        self.forget();
        self.inner.clear_region(region)
    }

    fn size(&self) -> Result<Size, Self::Error> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize, Self::Error> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use ratatui::Terminal;
    use ratatui::backend::CrosstermBackend;
    use ratatui::widgets::Paragraph;

    use super::*;

    #[derive(Clone, Default)]
    struct Pipe(Arc<std::sync::Mutex<Vec<usize>>>);

    impl Write for Pipe {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("one thread").push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_frame_is_one_write_and_an_unchanged_frame_none() {
        let pipe = Pipe::default();
        let written = Arc::new(AtomicU64::new(0));
        let out = OneWrite::new(pipe.clone(), Arc::clone(&written));
        let options =
            ratatui::TerminalOptions { viewport: ratatui::Viewport::Fixed(ratatui::layout::Rect::new(0, 0, 20, 3)) };
        let mut terminal = Terminal::with_options(Quiet::new(CrosstermBackend::new(out)), options)
            .expect("a terminal of a fixed size");
        let mut draw = |text: &str| {
            terminal.draw(|frame| frame.render_widget(Paragraph::new(text.to_owned()), frame.area())).expect("drawn");
        };
        draw("burning");
        assert_eq!(pipe.0.lock().expect("one thread").len(), 1);
        draw("burning");
        assert_eq!(pipe.0.lock().expect("one thread").len(), 1, "nothing changed, nothing written");
        draw("out");
        assert_eq!(pipe.0.lock().expect("one thread").len(), 2);
        assert_eq!(written.load(Ordering::Relaxed), pipe.0.lock().expect("one thread").iter().sum::<usize>() as u64);
    }
}
