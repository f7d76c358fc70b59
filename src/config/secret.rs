//! Where a secret is, and fetching it when a connection is made: never when the config is read, never into a message or
//! a `Debug`.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use secrecy::SecretString;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

use super::mask::variable;

pub(super) const KEYS: &[&str] = &["token_env", "token_file", "token_command"];

/// Not the secret: the way to it.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// The name of an environment variable.
    Environment(String),
    /// For this user alone: no right of group or others.
    File(PathBuf),
    /// Program and arguments, run without a shell; the secret is the first line of what it prints.
    Command(Vec<String>),
}

/// An argument may be a secret too: only the program is told.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => write!(f, "Environment({})", variable(name)),
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Command(words) => write!(f, "Command({}, ..)", words.first().map_or("", String::as_str)),
        }
    }
}

/// Why there is no secret; holds none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretError {
    pub message: String,
    pub hint: String,
}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.hint)
    }
}

impl std::error::Error for SecretError {}

fn error(message: impl Into<String>, hint: impl Into<String>) -> SecretError {
    SecretError { message: message.into(), hint: hint.into() }
}

/// How long a command may take: long enough for a password manager, too short to wait for a person.
const DEADLINE: Duration = Duration::from_secs(10);
/// No token is longer.
const LONGEST: u64 = 64 * 1024;

impl Credential {
    /// Reads the variable or the file, or runs the command. Call it anew for each connection: tokens are rotated.
    pub async fn secret(&self) -> Result<SecretString, SecretError> {
        match self {
            Self::Environment(name) => {
                let shown = variable(name);
                match std::env::var(name) {
                    Ok(text) => checked(&text, &format!("token_env {shown}")),
                    Err(std::env::VarError::NotPresent) => Err(error(
                        format!("token_env {shown} is not set"),
                        "export the variable of this name before warroom starts",
                    )),
                    Err(std::env::VarError::NotUnicode(_)) => {
                        Err(error(format!("token_env {shown} is not UTF-8"), "set it to the token alone"))
                    }
                }
            }
            Self::File(path) => {
                let read = path.clone();
                let reading = tokio::task::spawn_blocking(move || read_file(&read));
                match tokio::time::timeout(DEADLINE, reading).await {
                    Ok(Ok(text)) => checked(&text?, "token_file"),
                    Ok(Err(_)) | Err(_) => Err(error("token_file cannot be read", "its disk does not answer")),
                }
            }
            Self::Command(words) => checked(&run(words, DEADLINE).await?, "token_command"),
        }
    }
}

/// A secret goes into a header: one line, visible ASCII.
fn checked(text: &str, from: &str) -> Result<SecretString, SecretError> {
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(error(format!("{from} is empty"), "it must hold the token"));
    }
    if !line.chars().all(|sign| matches!(sign, ' '..='~')) {
        return Err(error(
            format!("{from} holds signs that no token has"),
            "it must hold the token alone, as plain text",
        ));
    }
    Ok(SecretString::from(line))
}

/// Whether the file is there and for this user alone. Blocks for a moment.
pub(super) fn may_be_used(path: &Path) -> Result<(), SecretError> {
    let name = path.display();
    let metadata = std::fs::metadata(path)
        .map_err(|_| error("`token_file` is not there or cannot be read", format!("looked for {name}")))?;
    if !metadata.is_file() {
        return Err(error("`token_file` is not a file", format!("looked at {name}")));
    }
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            let message = format!("`token_file` may be read by others (mode {mode:04o})");
            return Err(error(message, format!("chmod 0600 {name}")));
        }
    }
    Ok(())
}

fn read_file(path: &Path) -> Result<String, SecretError> {
    may_be_used(path)?;
    let unreadable = |_| error("`token_file` cannot be read", "it must hold the token alone, as plain text");
    let mut text = String::new();
    std::fs::File::open(path).map_err(unreadable)?.take(LONGEST).read_to_string(&mut text).map_err(unreadable)?;
    Ok(text)
}

/// The output of the command. What it says on its error channel is not shown: it may hold the secret.
async fn run(words: &[String], deadline: Duration) -> Result<String, SecretError> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(error("token_command is empty", "give the program and its arguments"));
    };
    let by_hand = "run it by hand to see why";
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|cause| {
            let reason = match cause.kind() {
                std::io::ErrorKind::NotFound => "there is no such program",
                std::io::ErrorKind::PermissionDenied => "it may not be run",
                _ => "it cannot be started",
            };
            error(format!("token_command `{program}`: {reason}"), "it is looked for in PATH, without a shell")
        })?;
    let output = child.stdout.take();
    let finished = tokio::time::timeout(deadline, async {
        let mut bytes = Vec::new();
        if let Some(output) = output {
            output.take(LONGEST).read_to_end(&mut bytes).await?;
        }
        std::io::Result::Ok((bytes, child.wait().await?))
    });
    match finished.await {
        Ok(Ok((bytes, status))) if status.success() => {
            String::from_utf8(bytes).map_err(|_| error(format!("token_command `{program}` printed no text"), by_hand))
        }
        Ok(Ok((_, status))) => Err(error(format!("token_command `{program}` failed ({status})"), by_hand)),
        Ok(Err(_)) => Err(error(format!("token_command `{program}` cannot be read from"), by_hand)),
        Err(_) => Err(error(
            format!("token_command `{program}` took longer than {} s", deadline.as_secs_f32()),
            "it must not ask a person; unlock the password manager first",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn command(words: &[&str]) -> Credential {
        Credential::Command(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_command_without_a_shell() {
        let told = command(&["printf", "%s\\n%s", "$HOME;tok", "second line"]).secret().await.expect("a secret");
        assert_eq!(told.expose_secret(), "$HOME;tok");
        let failed = command(&["false", "hunter2"]).secret().await.expect_err("failed");
        assert_eq!(failed.message, "token_command `false` failed (exit status: 1)");
        let missing = command(&["no-such-program-here"]).secret().await.expect_err("failed");
        assert_eq!(missing.message, "token_command `no-such-program-here`: there is no such program");
        let silent = command(&["true"]).secret().await.expect_err("failed");
        assert_eq!(silent.message, "token_command is empty");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_command_that_waits_for_ever() {
        let late = run(&["sleep".to_owned(), "600".to_owned()], Duration::from_millis(20)).await.expect_err("late");
        assert!(late.message.starts_with("token_command `sleep` took longer than"), "{late}");
    }

    #[tokio::test]
    async fn a_variable() {
        let unset = Credential::Environment("WARROOM_TEST_NOT_SET".to_owned()).secret().await.expect_err("not set");
        assert_eq!(
            unset.to_string(),
            "token_env WARROOM_TEST_NOT_SET is not set; export the variable of this name before warroom starts"
        );
        let set = Credential::Environment("CARGO_PKG_NAME".to_owned()).secret().await.expect("cargo sets it");
        assert_eq!(set.expose_secret(), "warroom");
        let mistaken = Credential::Environment("glsa_abc123".to_owned());
        assert!(!format!("{mistaken:?} {:?}", mistaken.secret().await).contains("abc123"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_file_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("token");
        std::fs::write(&path, "glsa_x\n").expect("written");
        let rights = |mode| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
        let file = Credential::File(path.clone());
        rights(0o640);
        let refused = file.secret().await.expect_err("refused");
        assert_eq!(refused.message, "`token_file` may be read by others (mode 0640)");
        assert_eq!(refused.hint, format!("chmod 0600 {}", path.display()));
        rights(0o600);
        assert_eq!(file.secret().await.expect("a secret").expose_secret(), "glsa_x");
        std::fs::write(&path, "gl\u{1b}sa").expect("written");
        assert!(file.secret().await.expect_err("refused").message.contains("signs that no token has"));
    }

    #[test]
    fn nothing_secret_is_told() {
        assert_eq!(format!("{:?}", command(&["curl", "-H", "Bearer hunter2"])), "Command(curl, ..)");
    }
}
