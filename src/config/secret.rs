//! Secrets: where they come from, and a type that never shows them.

use super::{Outside, Place, Problem};
use std::fmt;
use std::path::{Path, PathBuf};

/// A secret. Debug and Display show `<redacted>`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes `text` as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself: only for handing it to whoever asks for it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

/// Where a secret comes from. It is read when it is needed, so that a command which needs no secret works for a user
/// who may not read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretSource {
    /// File or variable.
    pub from: SecretFrom,
    /// The key that names it.
    pub place: Place,
}

/// The kinds of places that secrets come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretFrom {
    /// The first line of a file.
    File(PathBuf),
    /// The first line of a file in the folder of systemd's credentials.
    Credential(String),
    /// An environment variable.
    Env(String),
}

/// Environment variable with the folder of systemd's credentials; set only inside the service.
pub(super) const CREDENTIALS: &str = "CREDENTIALS_DIRECTORY";

impl SecretSource {
    /// Reads the secret.
    ///
    /// # Errors
    /// When the file cannot be read, the variable is not set, or there is nothing in it.
    pub fn read(&self, outside: &Outside<'_>) -> Result<Secret, Problem> {
        let file = |path: &Path| {
            (outside.read)(path).map_err(|e| self.place.problem(format!("cannot read {}: {e}", path.display())))
        };
        let unset = |name: &str, why: &str| self.place.problem(format!("environment variable {name} is not set{why}"));
        let text = match &self.from {
            SecretFrom::File(path) => file(path)?,
            SecretFrom::Env(name) => (outside.env)(name).ok_or_else(|| unset(name, ""))?,
            SecretFrom::Credential(name) => {
                let folder = (outside.env)(CREDENTIALS)
                    .ok_or_else(|| unset(CREDENTIALS, " (systemd sets it inside a service with LoadCredential=)"))?;
                file(&Path::new(&folder).join(name))?
            }
        };
        match text.lines().next().unwrap_or_default() {
            "" => Err(self.place.problem("the secret is empty")),
            line => Ok(Secret::new(line)),
        }
    }

    /// Whether it can only be read inside the service, and we are not there.
    pub fn only_inside_service(&self, outside: &Outside<'_>) -> bool {
        matches!(self.from, SecretFrom::Credential(_)) && (outside.env)(CREDENTIALS).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "<redacted> <redacted> Some(<redacted>)");
        assert_eq!(secret.reveal(), "hunter2");
    }

    #[test]
    fn secrets_come_from_files_variables_and_credentials() {
        let read = |path: &Path| match path.to_str() {
            Some("/run/cred/smtp" | "/etc/pw") => Ok("s3cret\nsecond line\n".to_owned()),
            Some("/etc/empty") => Ok("\n".to_owned()),
            _ => Err(std::io::ErrorKind::NotFound.into()),
        };
        let env = |name: &str| match name {
            "PW" => Some("s3cret".to_owned()),
            CREDENTIALS => Some("/run/cred".to_owned()),
            _ => None,
        };
        let outside = Outside { read: &read, env: &env };
        let place = Place { file: "c.toml".to_owned(), line: 3, key: "channel[1].password_file".to_owned() };
        for (from, expected) in [
            (SecretFrom::File("/etc/pw".into()), None),
            (SecretFrom::Env("PW".into()), None),
            (SecretFrom::Credential("smtp".into()), None),
            (SecretFrom::Env("NO".into()), Some("environment variable NO is not set")),
            (SecretFrom::File("/etc/empty".into()), Some("the secret is empty")),
            (SecretFrom::File("/etc/none".into()), Some("cannot read /etc/none: entity not found")),
        ] {
            let got = SecretSource { from: from.clone(), place: place.clone() }.read(&outside);
            match expected {
                None => assert_eq!(got, Ok(Secret::new("s3cret")), "{from:?}"),
                Some(message) => assert_eq!(got, Err(place.problem(message)), "{from:?}"),
            }
        }
    }
}
