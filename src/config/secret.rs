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
        match self.text(outside)?.lines().next().unwrap_or_default() {
            "" => Err(self.place.problem("the secret is empty")),
            line => Ok(Secret::new(line)),
        }
    }

    /// Reads a secret that is headers of HTTP: `Name: value`, a line each; empty lines count for nothing.
    ///
    /// # Errors
    /// As [`SecretSource::read`], and when a line is no header. No error shows what stands there.
    pub fn read_headers(&self, outside: &Outside<'_>) -> Result<Vec<(String, Secret)>, Problem> {
        let text = self.text(outside)?;
        let mut headers = Vec::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let wrong =
                || self.place.problem(format!("line {} of the secret is no header: write it as `Name: value`", at + 1));
            let (name, value) = line.split_once(':').ok_or_else(wrong)?;
            let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
            let sound = !name.is_empty() && name.chars().all(token) && value.chars().all(|c| (' '..='~').contains(&c));
            if !sound {
                return Err(wrong());
            }
            headers.push((name.to_ascii_lowercase(), Secret::new(value.trim())));
        }
        if headers.is_empty() { Err(self.place.problem("the secret is empty")) } else { Ok(headers) }
    }

    fn text(&self, outside: &Outside<'_>) -> Result<String, Problem> {
        let file = |path: &Path| {
            (outside.read)(path).map_err(|e| self.place.problem(format!("cannot read {}: {e}", path.display())))
        };
        let unset = |name: &str, why: &str| self.place.problem(format!("environment variable {name} is not set{why}"));
        Ok(match &self.from {
            SecretFrom::File(path) => file(path)?,
            SecretFrom::Env(name) => (outside.env)(name).ok_or_else(|| unset(name, ""))?,
            SecretFrom::Credential(name) => {
                let folder = (outside.env)(CREDENTIALS)
                    .ok_or_else(|| unset(CREDENTIALS, " (systemd sets it inside a service with LoadCredential=)"))?;
                file(&Path::new(&folder).join(name))?
            }
        })
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
    fn headers_are_read_a_line_each_and_faults_show_none_of_them() {
        let place = Place { file: "c.toml".to_owned(), line: 3, key: "feed[1].headers_file".to_owned() };
        let source = SecretSource { from: SecretFrom::Env("H".into()), place };
        let read = |text: &str| {
            let text = text.to_owned();
            let env = move |_: &str| Some(text.clone());
            source.read_headers(&Outside { read: &|_| Err(std::io::ErrorKind::NotFound.into()), env: &env })
        };
        let got = read("X-Api-Key: s3cret\n\nCookie:a=b\n").unwrap();
        let shown: Vec<(&str, &str)> = got.iter().map(|(n, v)| (n.as_str(), v.reveal())).collect();
        assert_eq!(shown, [("x-api-key", "s3cret"), ("cookie", "a=b")]);
        for text in ["s3cret", "X Key: s3cret", ": s3cret", "X-Key: s3cr\u{7}et", ""] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains("feed[1].headers_file") && !message.contains("s3cr"), "{message}");
        }
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
