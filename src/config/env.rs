//! What stands beside the file: flags and variables that override it, and the folders systemd gives.

use std::fmt;
use std::path::{Path, PathBuf};

use ipnet::IpNet;

/// What stands beside the file. Handed in, so that a test has no process to set up.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// Overrides `server.listen` (`--listen`).
    pub listen: Option<String>,
    /// Overrides `store.url` (`--store`).
    pub store: Option<String>,
    /// Added to `fetch.allow_networks` (`--allow-network`).
    pub allow_networks: Vec<IpNet>,
    /// Used where the file names no `server.admin_token_file` (`TIDINGS_ADMIN_TOKEN`).
    pub admin_token: Option<String>,
    /// Where a relative `store.url` lies (`STATE_DIRECTORY`); None: the working directory.
    pub state_directory: Option<PathBuf>,
    /// Where a relative secret's file lies (`CREDENTIALS_DIRECTORY`); None: the working directory.
    pub credentials_directory: Option<PathBuf>,
}

impl Environment {
    /// Takes the folders and the secret from the process. Flags, and the variables that stand for them,
    /// are the command line's to fill in.
    #[must_use]
    pub fn from_process() -> Self {
        let folder = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        Self {
            admin_token: std::env::var("TIDINGS_ADMIN_TOKEN").ok().filter(|token| !token.is_empty()),
            state_directory: std::env::var("STATE_DIRECTORY").ok().as_deref().and_then(first_folder),
            credentials_directory: folder("CREDENTIALS_DIRECTORY"),
            ..Self::default()
        }
    }

    /// Where the store's file lies.
    pub(super) fn in_state(&self, path: &Path) -> PathBuf {
        self.state_directory.as_deref().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }

    /// Where a secret's file lies.
    pub(super) fn in_credentials(&self, path: &Path) -> PathBuf {
        self.credentials_directory.as_deref().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}

/// systemd lists several state directories with colons between them (systemd.exec(5)); the first is ours.
fn first_folder(list: &str) -> Option<PathBuf> {
    list.split(':').find(|folder| !folder.is_empty()).map(PathBuf::from)
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment")
            .field("listen", &self.listen)
            .field("store", &self.store)
            .field("allow_networks", &self.allow_networks)
            .field("admin_token", &self.admin_token.as_ref().map(|_| "***"))
            .field("state_directory", &self.state_directory)
            .field("credentials_directory", &self.credentials_directory)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_several_state_directories_is_ours() {
        assert_eq!(first_folder("/var/lib/tidings:/var/lib/other"), Some(PathBuf::from("/var/lib/tidings")));
        assert_eq!(first_folder(""), None);
    }

    #[test]
    fn the_token_is_not_shown() {
        let environment = Environment { admin_token: Some("hunter2".to_owned()), ..Environment::default() };
        assert!(!format!("{environment:?}").contains("hunter2"));
    }
}
