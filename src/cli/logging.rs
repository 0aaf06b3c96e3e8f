//! The log: to the journal, as JSON or as text, always beside standard output.

use std::io::{self, IsTerminal};
use std::os::unix::fs::MetadataExt;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::exit::Usage;
use super::options::LogFormat;
use super::out;

/// Who writes the log: a daemon tells each visit, a command only what a person must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Voice {
    /// From `info` up.
    Daemon,
    /// From `warn` up.
    Command,
}

/// Starts the log for this process; panics are told there as well.
///
/// # Errors
/// When the filter cannot be read.
pub(super) fn start(format: LogFormat, filter: Option<&str>, voice: Voice) -> Result<(), Usage> {
    // chromiumoxide tells of every message of a newer Chromium that it does not know; what matters comes back as an error
    let usual = match voice {
        Voice::Daemon => "info,chromiumoxide=off",
        Voice::Command => "warn,chromiumoxide=off",
    };
    let wanted = filter.filter(|text| !text.trim().is_empty()).unwrap_or(usual);
    let filter = EnvFilter::try_new(wanted).map_err(|e| {
        Usage(format!("`{wanted}` is no log filter ({e}); write `debug`, or `tidings::fetch=debug,info`"))
    })?;
    let format = match format {
        LogFormat::Auto if is_the_journal() => LogFormat::Journal,
        LogFormat::Auto => LogFormat::Text,
        chosen => chosen,
    };
    // a second start in one process (tests) keeps the first log
    drop(tracing_subscriber::registry().with(filter).with(layer(format)).try_init());
    tell_panics();
    Ok(())
}

fn layer<S>(format: LogFormat) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
{
    let text = || {
        let colour = out::colour_on_stderr();
        tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(colour).with_target(false)
    };
    match format {
        LogFormat::Json => tracing_subscriber::fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(io::stderr)
            .with_ansi(false)
            .boxed(),
        LogFormat::Journal => match tracing_journald::layer() {
            // field names as they are; the journal adds the priority itself
            Ok(journal) => {
                journal.with_field_prefix(None).with_syslog_identifier("tidings".to_owned()).boxed()
            }
            Err(_) => text().boxed(),
        },
        LogFormat::Auto | LogFormat::Text => text().boxed(),
    }
}

/// Whether standard error is the stream that systemd connected to the journal (systemd.exec(5), `$JOURNAL_STREAM`).
fn is_the_journal() -> bool {
    let Ok(stream) = std::env::var("JOURNAL_STREAM") else { return false };
    !io::stderr().is_terminal()
        && std::fs::metadata("/proc/self/fd/2").is_ok_and(|file| names(&stream, file.dev(), file.ino()))
}

fn names(stream: &str, device: u64, inode: u64) -> bool {
    stream.split_once(':').is_some_and(|(d, i)| d.parse() == Ok(device) && i.parse() == Ok(inode))
}

/// A panic is a fault of tidings: it belongs in the log, in the log's form.
fn tell_panics() {
    std::panic::set_hook(Box::new(|info| {
        let what = info.payload_as_str().unwrap_or("without a message");
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(panic.place = %place, "a panic was caught, please report it: {what}");
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_stream_of_the_journal_is_the_journal() {
        assert!(names("8:1234", 8, 1234));
        assert!(!names("8:1234", 8, 1235) && !names("8", 8, 0) && !names("", 0, 0));
    }

    #[test]
    fn a_filter_that_makes_no_sense_is_refused() {
        assert!(start(LogFormat::Text, Some("tidings=loud,,="), Voice::Command).is_err());
    }
}
