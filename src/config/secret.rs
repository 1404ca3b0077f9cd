//! Reading secrets from where the server file says they are.

use std::fs::File;
use std::io::Read;

use crate::config::server::Secret;
use crate::unit;

/// The most bytes of a secret; a larger file is some other file.
pub const LONGEST_SECRET: usize = 16 * 1024;

/// Why there is no secret. It says where, and never what.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secret's file `{file}` cannot be read: {error}; check its path and permissions")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        error: std::io::Error,
    },
    /// It is a folder, a pipe or a device.
    #[error("`{0}` is no file; name the file that holds the secret")]
    NoFile(String),
    /// The variable is not set, or is not UTF-8.
    #[error("the environment variable `{0}`, which should hold a secret, is not set to a text")]
    Unset(String),
    /// Nothing is there.
    #[error("{0} is empty; a secret has at least one character")]
    Empty(String),
    /// Too much is there.
    #[error("{0} holds more than {LONGEST_SECRET} bytes, so it is no secret")]
    TooLong(String),
    /// It is not text.
    #[error("{0} holds no text in one line; a secret has no line breaks or other control characters")]
    NotText(String),
}

impl Secret {
    /// The secret as it is now; one line break at its end, as editors leave one, is none of it.
    pub fn read(&self) -> Result<unit::Secret, SecretError> {
        let (text, at) = match self {
            Self::File(file) => (read(file)?, format!("the secret's file `{file}`")),
            Self::Env(variable) => {
                let text = std::env::var(variable).map_err(|_| SecretError::Unset(variable.clone()))?;
                (text.into_bytes(), format!("the environment variable `{variable}`"))
            }
        };
        checked(text, at)
    }
}

fn read(path: &str) -> Result<Vec<u8>, SecretError> {
    let unreadable = |error| SecretError::Unreadable { file: path.to_owned(), error };
    // A pipe would be waited for, so only what is a file is opened.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(SecretError::NoFile(path.to_owned()));
    }
    let mut bytes = Vec::new();
    // With its line break, the longest has two bytes more.
    let most = LONGEST_SECRET as u64 + 3;
    File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)).map_err(unreadable)?;
    Ok(bytes)
}

fn checked(bytes: Vec<u8>, at: String) -> Result<unit::Secret, SecretError> {
    let Ok(mut text) = String::from_utf8(bytes) else { return Err(SecretError::NotText(at)) };
    if text.ends_with('\n') {
        text.pop();
        if text.ends_with('\r') {
            text.pop();
        }
    }
    if text.is_empty() {
        Err(SecretError::Empty(at))
    } else if LONGEST_SECRET < text.len() {
        Err(SecretError::TooLong(at))
    } else if text.contains(char::is_control) {
        Err(SecretError::NotText(at))
    } else {
        Ok(unit::Secret::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_break_at_the_end_is_none_of_it() {
        let longest = "x".repeat(LONGEST_SECRET);
        for (held, secret) in [
            ("hunter2", Some("hunter2")),
            ("hunter2\n", Some("hunter2")),
            ("hunter2\r\n", Some("hunter2")),
            (" hunter2 \n", Some(" hunter2 ")),
            ("hunter2\n\n", None),
            ("hunter2\nhunter3\n", None),
            ("hun\0ter2", None),
            ("", None),
            ("\n", None),
            ("\r\n", None),
            (&longest, Some(&longest)),
            (&format!("{longest}\r\n"), Some(&longest)),
            (&format!("{longest}x"), None),
        ] {
            let read = checked(held.as_bytes().to_vec(), "it".to_owned());
            assert_eq!(read.as_ref().ok().map(unit::Secret::reveal), secret, "{held:.40?}");
        }
        assert!(matches!(checked(vec![0xff], String::new()), Err(SecretError::NotText(_))));
    }

    #[test]
    fn is_read_from_files_and_the_environment_and_never_told() {
        let folder = std::env::temp_dir().join(format!("backstop-secret-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
        std::fs::write(path("hook"), "hunter2\n").unwrap();
        std::fs::write(path("huge"), vec![b'x'; 1 << 20]).unwrap();
        std::fs::write(path("two"), "hunter2\nhunter3\n").unwrap();
        assert_eq!(Secret::File(path("hook")).read().unwrap().reveal(), "hunter2");
        // Cargo sets it for whatever it runs.
        assert_eq!(Secret::Env("CARGO_PKG_NAME".to_owned()).read().unwrap().reveal(), "backstop");
        for (secret, why) in [
            (Secret::File(path("none")), "cannot be read"),
            (Secret::File(path("")), "is no file"),
            (Secret::File(path("huge")), "holds more than"),
            (Secret::File(path("two")), "no text in one line"),
            (Secret::Env("BACKSTOP_NO_SUCH_VARIABLE".to_owned()), "is not set"),
        ] {
            let error = secret.read().unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(text.contains(why) && !text.contains("hunter"), "{text}");
        }
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
