//! What lies outside the screen: the clipboard, the shell that we are suspended to, the responder's editor.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::process::Command;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream::BoxStream;
use rustix::process::{Signal, getpid, kill_process};
use uuid::Uuid;

use super::decode::Input;
use super::input::from_terminal;
use super::run::Outside;
use super::tty::{self, Link, Outlet, Pane};

/// What terminals take by OSC 52 before they cut or refuse it.
const CLIPBOARD: usize = 74_994;

/// The terminal that this process was started in.
pub struct Terminal {
    /// Inside tmux a sequence for the outer terminal is wrapped.
    pub inside_tmux: bool,
    /// Is told when the size may have changed.
    pub pane: Pane,
    /// The way of all bytes to the terminal.
    pub outlet: Outlet,
    /// It is the terminal itself that answers, and not a multiplexer between.
    pub may_ask: bool,
    /// `$VISUAL` or `$EDITOR`, already split into words; empty when neither is set.
    pub editor: Vec<String>,
}

impl Terminal {
    /// What the terminal has not taken would come to whoever has it next.
    fn give_back(&self) {
        tty::give_back();
        self.outlet.forget();
    }
}

impl Outside for Terminal {
    fn input(&mut self) -> BoxStream<'static, Input> {
        from_terminal()
    }

    fn is_clear(&self) -> bool {
        self.outlet.is_clear()
    }

    async fn cleared(&self) -> io::Result<()> {
        self.outlet.cleared().await
    }

    fn drawn_first(&mut self) -> io::Result<()> {
        if self.may_ask { self.outlet.ask() } else { Ok(()) }
    }

    fn answered(&mut self) {
        self.outlet.answered();
    }

    fn link(&self) -> Link {
        self.outlet.link()
    }

    fn copy(&mut self, text: &str) -> Result<String, String> {
        let encoded = STANDARD.encode(text);
        if encoded.len() > CLIPBOARD {
            return Err(format!("not copied: {} kB are more than a terminal takes", text.len() / 1_000));
        }
        let sequence = if self.inside_tmux {
            format!("\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")
        } else {
            format!("\x1b]52;c;{encoded}\x07")
        };
        self.outlet.write_all(sequence.as_bytes()).map_err(|error| format!("not copied: {error}"))?;
        let by = if self.inside_tmux { "through tmux " } else { "" };
        Ok(format!("{} characters sent {by}to the terminal's clipboard", text.chars().count()))
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.give_back();
        // SIGSTOP and not SIGTSTP: the latter is listened to, and would come back here.
        kill_process(getpid(), Signal::STOP)?;
        Ok(())
    }

    fn resume(&mut self) -> io::Result<()> {
        tty::enter()?;
        self.pane.ask();
        Ok(())
    }

    fn resized(&mut self) {
        self.pane.ask();
    }

    fn edit(&mut self, text: &str) -> Result<String, String> {
        let Some((program, arguments)) = self.editor.split_first() else {
            return Err("no editor: set $VISUAL or $EDITOR".to_owned());
        };
        let path = std::env::temp_dir().join(format!("warroom-{}.md", Uuid::now_v7()));
        let failed = |what: &str, error: &dyn std::fmt::Display| format!("{what}: {error}");
        let result = (|| {
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path)
                .map_err(|error| failed("no file for the editor", &error))?;
            file.write_all(text.as_bytes()).map_err(|error| failed("no file for the editor", &error))?;
            drop(file);
            self.give_back();
            let ended = Command::new(program).args(arguments).arg(&path).status();
            let again = tty::enter();
            let status = ended.map_err(|error| failed(&format!("{program} did not start"), &error))?;
            again.map_err(|error| failed("the terminal did not come back", &error))?;
            if !status.success() {
                return Err(format!("{program} ended with {status}: the text is as it was"));
            }
            fs::read_to_string(&path).map_err(|error| failed("the edited text is not readable", &error))
        })();
        let removed = fs::remove_file(&path);
        drop(removed);
        result
    }
}
