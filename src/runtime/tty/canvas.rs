//! What is drawn on and sent to a backend, whole, frame by frame. A backend that keeps what it shows, as the writer does,
//! finds what differs itself: to compare pictures here too would cost a second picture and a walk over both. Not for a
//! backend that writes every cell it is given.

use ratatui::backend::{Backend, ClearType};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// A picture as large as the terminal, and the backend that shows it.
pub struct Canvas<B: Backend> {
    backend: B,
    buffer: Buffer,
}

impl<B: Backend> Canvas<B> {
    /// Asks the backend for its size.
    pub fn new(backend: B) -> Result<Self, B::Error> {
        let size = backend.size()?;
        Ok(Self { backend, buffer: Buffer::empty(Rect::new(0, 0, size.width, size.height)) })
    }

    pub const fn backend(&self) -> &B {
        &self.backend
    }

    /// What is shown is not to be relied on: the next frame comes anew.
    pub fn clear(&mut self) -> Result<(), B::Error> {
        self.backend.clear_region(ClearType::All)
    }

    /// One frame, as large as the terminal is now: `paint` gets blank cells, and says where the cursor is to be seen.
    pub fn draw<T>(&mut self, paint: impl FnOnce(&mut Buffer) -> (T, Option<Position>)) -> Result<T, B::Error> {
        let size = self.backend.size()?;
        let area = Rect::new(0, 0, size.width, size.height);
        if area == self.buffer.area {
            self.buffer.reset();
        } else {
            self.buffer = Buffer::empty(area);
            self.clear()?;
        }
        let (told, cursor) = paint(&mut self.buffer);
        let rows = self.buffer.content.chunks(usize::from(size.width.max(1)));
        let cells = (0..).zip(rows).flat_map(|(y, row)| (0..).zip(row).map(move |(x, cell)| (x, y, cell)));
        self.backend.draw(cells)?;
        match cursor {
            Some(at) => {
                self.backend.show_cursor()?;
                self.backend.set_cursor_position(at)?;
            }
            None => self.backend.hide_cursor()?,
        }
        self.backend.flush()?;
        Ok(told)
    }
}
