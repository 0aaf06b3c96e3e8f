//! The options that every command takes, and the configuration they lead to.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::ArgAction;
use clap::builder::FalseyValueParser;
use ipnet::IpNet;

use crate::config::{self, Config, DEFAULT_PATH, Environment, Faults};

/// The options that every command takes, before or after its name.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options for every command")]
pub(super) struct Options {
    /// Configuration [default: feeds.toml]
    #[arg(long, short, global = true, value_name = "FILE", env = "TIDINGS_CONFIG", hide_env = true)]
    config: Option<PathBuf>,
    /// A private network that may be fetched; repeatable
    #[arg(
        long = "allow-network",
        global = true,
        value_name = "CIDR",
        env = "TIDINGS_ALLOW_NETWORK",
        hide_env = true,
        value_delimiter = ',',
        value_parser = network
    )]
    allow_networks: Vec<IpNet>,
    /// Where articles are kept, above `store.url`
    #[arg(long, global = true, value_name = "URL", env = "TIDINGS_STORE", hide_env = true)]
    store: Option<String>,
    /// Where feeds are served, above `server.listen`
    #[arg(long, global = true, value_name = "ADDR", env = "TIDINGS_LISTEN", hide_env = true)]
    listen: Option<String>,
    /// The log as text, json or journal; else auto
    #[arg(
        long,
        global = true,
        value_name = "FORM",
        env = "TIDINGS_LOG_FORMAT",
        hide_env = true,
        value_enum,
        default_value_t = LogFormat::Auto,
        hide_possible_values = true,
        hide_default_value = true
    )]
    pub(super) log_format: LogFormat,
    /// What is logged: error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "FILTER", env = "TIDINGS_LOG", hide_env = true)]
    pub(super) log: Option<String>,
    // the short help alone: everything there is to say stands in it
    /// Print help
    #[arg(long, short, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum LogFormat {
    /// To the journal when systemd connected standard error to it, else text
    Auto,
    /// A line for people
    Text,
    /// An object a line
    Json,
    /// The systemd journal, with fields
    Journal,
}

/// Which halves of the daemon run.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct Halves {
    /// Serve only: no portal is visited by this process
    #[arg(long, env = "TIDINGS_NO_VISITS", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(super) no_visits: bool,
    /// Visit only: nothing listens in this process
    #[arg(long, env = "TIDINGS_NO_LISTEN", hide_env = true, value_parser = FalseyValueParser::new())]
    pub(super) no_listen: bool,
}

impl Halves {
    /// What either of two says.
    pub(super) fn or(self, other: Self) -> Self {
        Self { no_visits: self.no_visits || other.no_visits, no_listen: self.no_listen || other.no_listen }
    }
}

impl Options {
    /// Where the configuration lies.
    pub(super) fn path(&self) -> &Path {
        self.config.as_deref().unwrap_or_else(|| Path::new(DEFAULT_PATH))
    }

    /// What stands beside the configuration.
    pub(super) fn environment(&self) -> Environment {
        Environment {
            listen: self.listen.clone(),
            store: self.store.clone(),
            allow_networks: self.allow_networks.clone(),
            ..Environment::from_process()
        }
    }

    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// All its faults at once.
    pub(super) fn load(&self) -> Result<Config, Faults> {
        config::load(self.path(), &self.environment())
    }

    /// As [`Options::load`]; no file is as good as an empty one unless it was asked for by name.
    ///
    /// # Errors
    /// All faults of a file that is there.
    pub(super) fn load_or_default(&self) -> Result<Config, Faults> {
        if self.config.is_none() && !Path::new(DEFAULT_PATH).exists() {
            return config::parse("", DEFAULT_PATH, &self.environment());
        }
        self.load()
    }
}

/// A network, or one address as a network of its own.
fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|e| text.parse::<IpAddr>().map(IpNet::from).map_err(|_| e))
        .map_err(|_| "write a network as 127.0.0.0/8 or fd00::/8, or one address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_a_network() {
        assert_eq!(network("127.0.0.1").unwrap().to_string(), "127.0.0.1/32");
        assert_eq!(network(" fd00::/8 ").unwrap().to_string(), "fd00::/8");
        assert!(network("localhost").is_err());
    }
}
