//! Being told that files have grown or were replaced, instead of looking again and again: where the system tells it, and
//! seldom enough not to be needed where it does not, as on a disk of the network.

#[cfg(target_os = "linux")]
pub(super) use on_linux::Watched;

#[cfg(target_os = "linux")]
mod on_linux {
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::path::{Path, PathBuf};
    use std::thread;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};

    /// Who writes much wakes us no more often than this.
    const REST: Duration = Duration::from_millis(50);
    /// What is not told of is seen as late as this: where that has happened, as on a disk of the network, and at first.
    const LATEST: Duration = Duration::from_secs(2);
    /// Each look in vain makes the next one come twice as late, up to this: whoever reads a file that rests is not woken.
    const RESTING: Duration = Duration::from_secs(16);

    /// The files as they are named; a name may come to stand for another file.
    pub(in super::super) struct Watched {
        paths: Vec<PathBuf>,
        told: Option<OwnedFd>,
        latest: Duration,
        /// The last wait ended without a word.
        in_vain: bool,
        /// They have grown without a word.
        is_deaf: bool,
    }

    impl Default for Watched {
        fn default() -> Self {
            Self { paths: Vec::new(), told: None, latest: LATEST, in_vain: false, is_deaf: false }
        }
    }

    impl Watched {
        /// Whether growth of all of them is told of. If it was not so before they must be looked at once more: what came in
        /// between was told to nobody.
        pub(in super::super) fn covers<'a>(&mut self, paths: impl Iterator<Item = &'a Path> + Clone) -> bool {
            if self.told.is_some() && self.paths.iter().map(PathBuf::as_path).eq(paths.clone()) {
                return true;
            }
            self.paths = paths.map(Path::to_owned).collect();
            let growth = WatchFlags::MODIFY | WatchFlags::ATTRIB | WatchFlags::MOVE_SELF | WatchFlags::DELETE_SELF;
            let told = init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK).ok();
            self.told = told.filter(|told| self.paths.iter().all(|path| add_watch(told, path, growth).is_ok()));
            false
        }

        /// They have grown since the last wait: nobody told, if it ended without a word.
        pub(in super::super) const fn grew(&mut self) {
            if self.in_vain {
                (self.is_deaf, self.in_vain, self.latest) = (true, false, LATEST);
            }
        }

        /// Waits until one of them may have grown, or in vain for a while.
        pub(in super::super) fn wait(&mut self) {
            let Some(told) = &self.told else { return };
            let mut asked = [PollFd::new(told, PollFlags::IN)];
            let latest = Timespec { tv_sec: i64::try_from(self.latest.as_secs()).unwrap_or(0), tv_nsec: 0 };
            self.in_vain = poll(&mut asked, Some(&latest)).is_ok_and(|ready| ready == 0);
            if self.in_vain {
                self.latest = if self.is_deaf { LATEST } else { (self.latest * 2).min(RESTING) };
                return;
            }
            self.latest = LATEST;
            thread::sleep(REST);
            let mut buffer = [MaybeUninit::uninit(); 4 * 1024];
            let mut reader = Reader::new(told, &mut buffer);
            let mut is_renamed = false;
            while let Ok(event) = reader.next() {
                is_renamed |= event.events() != ReadFlags::MODIFY;
            }
            // Another file may have its name by now, or will have it soon.
            if is_renamed {
                self.told = None;
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use std::fs;

        use super::*;

        #[test]
        fn growth_ends_the_wait_and_a_new_name_the_watch() {
            let folder = std::env::temp_dir().join(format!("warroom-watched-{}", uuid::Uuid::now_v7()));
            fs::create_dir(&folder).expect("a folder");
            let file = folder.join("a.log");
            fs::write(&file, "one").expect("written");
            let mut watched = Watched::default();
            let paths = || std::iter::once(file.as_path());
            assert!(!watched.covers(paths()), "what came before is looked for once more");
            assert!(watched.covers(paths()));
            fs::write(&file, "one and two").expect("written");
            watched.wait();
            assert!(watched.covers(paths()));
            fs::rename(&file, folder.join("a.log.1")).expect("renamed");
            watched.wait();
            assert!(!watched.covers(paths()), "nothing has the name");
            fs::write(&file, "new").expect("written");
            assert!(!watched.covers(paths()));
            assert!(watched.covers(paths()));
            fs::remove_dir_all(&folder).expect("removed");
        }

        #[test]
        fn a_file_that_rests_is_looked_at_seldom_unless_it_grows_without_a_word() {
            let file = tempfile::NamedTempFile::new().expect("a file");
            let mut watched = Watched { latest: Duration::ZERO, ..Watched::default() };
            let _ = watched.covers(std::iter::once(file.path()));
            watched.wait();
            assert!(watched.in_vain);
            watched.latest = Duration::from_secs(8);
            // What was told of is no news about the watch.
            fs::write(file.path(), "one").expect("written");
            watched.wait();
            watched.grew();
            assert!(!watched.is_deaf && watched.latest == LATEST);
            // As after a wait on a disk of the network.
            (watched.in_vain, watched.latest) = (true, RESTING);
            watched.grew();
            assert!(watched.is_deaf && watched.latest == LATEST);
            watched.latest = Duration::ZERO;
            watched.wait();
            assert_eq!(watched.latest, LATEST, "it stays so");
        }
    }
}

/// Elsewhere nothing is told.
#[cfg(not(target_os = "linux"))]
#[derive(Default)]
pub(super) struct Watched;

#[cfg(not(target_os = "linux"))]
impl Watched {
    pub fn covers<'a>(&mut self, _paths: impl Iterator<Item = &'a std::path::Path> + Clone) -> bool {
        false
    }

    pub fn grew(&mut self) {}

    pub fn wait(&mut self) {}
}
