//! Forms of dates in other tools' words, as strftime.

/// A form of PHP's `DateTime::createFromFormat`.
///
/// # Errors
/// The letter that has no counterpart.
pub(super) fn of_php(format: &str) -> Result<String, String> {
    let mut told = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        let form = match letter {
            'd' => "%d",
            'j' => "%-d",
            'm' => "%m",
            'n' => "%-m",
            'Y' => "%Y",
            'y' => "%y",
            'H' => "%H",
            'G' => "%-H",
            'h' => "%I",
            'g' => "%-I",
            'i' => "%M",
            's' => "%S",
            'A' | 'a' => "%p",
            'D' => "%a",
            'l' => "%A",
            'M' => "%b",
            'F' => "%B",
            'O' | 'P' | 'p' => "%z",
            'U' => "%s",
            '!' | '|' => "",
            '%' => "%%",
            '\\' => {
                told.extend(letters.next());
                continue;
            }
            letter if letter.is_ascii_alphabetic() || matches!(letter, '?' | '*' | '+' | '#') => {
                return Err(letter.to_string());
            }
            other => {
                told.push(other);
                continue;
            }
        };
        told.push_str(form);
    }
    Ok(told)
}

/// A format description of the Rust crate `time`.
///
/// # Errors
/// The component that has no counterpart.
pub(super) fn of_rust_time(format: &str) -> Result<String, String> {
    let mut told = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('[') {
        told.push_str(&before.replace('%', "%%"));
        let (component, behind) = after.split_once(']').ok_or("a `[` without its `]`")?;
        rest = behind;
        let mut words = component.split_whitespace();
        let name = words.next().unwrap_or_default();
        let has = |word: &str| component.contains(word);
        let dash = if has("padding:none") { "-" } else { "" };
        let form = match name {
            "year" if has("repr:last_two") => "%y".to_owned(),
            "year" => "%Y".to_owned(),
            "month" if has("repr:short") => "%b".to_owned(),
            "month" if has("repr:long") => "%B".to_owned(),
            "month" => format!("%{dash}m"),
            "day" => format!("%{dash}d"),
            "weekday" if has("repr:short") => "%a".to_owned(),
            "weekday" => "%A".to_owned(),
            "hour" if has("repr:12") => format!("%{dash}I"),
            "hour" => format!("%{dash}H"),
            "minute" => format!("%{dash}M"),
            "second" => format!("%{dash}S"),
            "period" => "%p".to_owned(),
            "unix_timestamp" => "%s".to_owned(),
            other => return Err(format!("[{other}]")),
        };
        told.push_str(&form);
    }
    told.push_str(&rest.replace('%', "%%"));
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_dates_are_told_as_strftime() {
        assert_eq!(of_php("d.m.Y H:i").as_deref(), Ok("%d.%m.%Y %H:%M"));
        assert_eq!(of_php("!j F Y \\a\\t G:i").as_deref(), Ok("%-d %B %Y at %-H:%M"));
        assert!(of_php("z").is_err());
        assert_eq!(
            of_rust_time("[day padding:none]/[month padding:none]/[year]").as_deref(),
            Ok("%-d/%-m/%Y")
        );
        assert_eq!(of_rust_time("[month repr:short] [day], [year]").as_deref(), Ok("%b %d, %Y"));
        assert!(of_rust_time("[ordinal]").is_err() && of_rust_time("[year").is_err());
    }
}
