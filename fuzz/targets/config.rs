//! feeds.toml to settings or faults: each fault lies in the file and is told with its cure.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::config::{Environment, parse};

fuzz_target!(|data: &str| {
    match parse(data, "feeds.toml", &Environment::default()) {
        Ok(config) => {
            let mut names: Vec<&str> = config.portals.iter().map(|portal| portal.id.as_str()).collect();
            names.sort_unstable();
            let all = names.len();
            names.dedup();
            assert_eq!(all, names.len(), "two portals have one name");
        }
        Err(faults) => {
            assert!(faults.count() > 0);
            let lines = data.lines().count().max(1) + 1;
            for fault in faults.iter() {
                if let Some((line, column)) = faults.place(fault) {
                    assert!((1..=lines).contains(&line) && column >= 1, "{line}:{column}");
                }
            }
            assert!(!faults.render(false).trim().is_empty());
        }
    }
});
