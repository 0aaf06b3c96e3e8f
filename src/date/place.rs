//! The zone of a page that names none, by language, charset and country.

use chrono_tz::Tz;

/// Top-level domain, the languages spoken there, zone of the capital or of most people.
const COUNTRIES: &[(&str, &str, Tz)] = &[
    ("cn", "zh", Tz::Asia__Shanghai),
    ("tw", "zh", Tz::Asia__Taipei),
    ("hk", "zh en", Tz::Asia__Hong_Kong),
    ("mo", "zh pt", Tz::Asia__Macau),
    ("sg", "en zh", Tz::Asia__Singapore),
    ("jp", "ja", Tz::Asia__Tokyo),
    ("kr", "ko", Tz::Asia__Seoul),
    ("de", "de", Tz::Europe__Berlin),
    ("at", "de", Tz::Europe__Vienna),
    ("ch", "de fr it", Tz::Europe__Zurich),
    ("li", "de", Tz::Europe__Vaduz),
    ("lu", "fr de", Tz::Europe__Luxembourg),
    ("fr", "fr", Tz::Europe__Paris),
    ("be", "fr nl", Tz::Europe__Brussels),
    ("nl", "nl", Tz::Europe__Amsterdam),
    ("es", "es ca", Tz::Europe__Madrid),
    ("it", "it", Tz::Europe__Rome),
    ("pt", "pt", Tz::Europe__Lisbon),
    ("br", "pt", Tz::America__Sao_Paulo),
    ("ru", "ru", Tz::Europe__Moscow),
    ("by", "ru be", Tz::Europe__Minsk),
    ("kz", "ru kk", Tz::Asia__Almaty),
    ("ua", "uk ru", Tz::Europe__Kyiv),
    ("pl", "pl", Tz::Europe__Warsaw),
    ("cz", "cs", Tz::Europe__Prague),
    ("sk", "sk", Tz::Europe__Bratislava),
    ("hu", "hu", Tz::Europe__Budapest),
    ("ro", "ro", Tz::Europe__Bucharest),
    ("bg", "bg", Tz::Europe__Sofia),
    ("gr", "el", Tz::Europe__Athens),
    ("tr", "tr", Tz::Europe__Istanbul),
    ("se", "sv", Tz::Europe__Stockholm),
    ("no", "no nb nn", Tz::Europe__Oslo),
    ("dk", "da", Tz::Europe__Copenhagen),
    ("fi", "fi sv", Tz::Europe__Helsinki),
    ("uk", "en", Tz::Europe__London),
    ("gb", "en", Tz::Europe__London),
    ("ie", "en", Tz::Europe__Dublin),
    ("us", "en es", Tz::America__New_York),
    ("ca", "en fr", Tz::America__Toronto),
    ("mx", "es", Tz::America__Mexico_City),
    ("ar", "es", Tz::America__Argentina__Buenos_Aires),
    ("cl", "es", Tz::America__Santiago),
    ("co", "es", Tz::America__Bogota),
    ("pe", "es", Tz::America__Lima),
    ("ve", "es", Tz::America__Caracas),
    ("uy", "es", Tz::America__Montevideo),
    ("ec", "es", Tz::America__Guayaquil),
    ("in", "en hi", Tz::Asia__Kolkata),
    ("pk", "en ur", Tz::Asia__Karachi),
    ("bd", "bn en", Tz::Asia__Dhaka),
    ("id", "id", Tz::Asia__Jakarta),
    ("my", "ms en", Tz::Asia__Kuala_Lumpur),
    ("ph", "en", Tz::Asia__Manila),
    ("th", "th", Tz::Asia__Bangkok),
    ("vn", "vi", Tz::Asia__Ho_Chi_Minh),
    ("il", "he", Tz::Asia__Jerusalem),
    ("ir", "fa", Tz::Asia__Tehran),
    ("ae", "ar en", Tz::Asia__Dubai),
    ("eg", "ar", Tz::Africa__Cairo),
    ("ng", "en", Tz::Africa__Lagos),
    ("ke", "en", Tz::Africa__Nairobi),
    ("za", "en", Tz::Africa__Johannesburg),
    ("au", "en", Tz::Australia__Sydney),
    ("nz", "en", Tz::Pacific__Auckland),
];

/// Charsets of one country; a template's English does not outvote them.
const CHARSETS: &[(&str, Tz)] = &[
    ("gbk", Tz::Asia__Shanghai),
    ("gb18030", Tz::Asia__Shanghai),
    ("gb2312", Tz::Asia__Shanghai),
    ("big5", Tz::Asia__Taipei),
    ("shift_jis", Tz::Asia__Tokyo),
    ("euc-jp", Tz::Asia__Tokyo),
    ("iso-2022-jp", Tz::Asia__Tokyo),
    ("euc-kr", Tz::Asia__Seoul),
    ("windows-1251", Tz::Europe__Moscow),
    ("koi8-r", Tz::Europe__Moscow),
    ("koi8-u", Tz::Europe__Kyiv),
    ("windows-1254", Tz::Europe__Istanbul),
    ("windows-1253", Tz::Europe__Athens),
    ("windows-1255", Tz::Asia__Jerusalem),
    ("windows-1258", Tz::Asia__Ho_Chi_Minh),
    ("windows-874", Tz::Asia__Bangkok),
];

/// The zone of a page that names none: by language, charset and country of the host. UTC at last.
///
/// A language that names its country decides, but for English, which templates leave behind: there the
/// charset and the country of the host come first. A language without a country is spoken in the host's
/// country where it can be. The second value says which of them decided: `lang=zh-CN`, `charset=Big5`,
/// `host=.de`, `default`.
#[must_use]
pub fn zone_of(lang: Option<&str>, charset: Option<&str>, host: &str) -> (Tz, String) {
    let written = lang.unwrap_or_default().trim();
    let tag = written.to_ascii_lowercase().replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let by_charset = charset.and_then(|name| {
        let lower = name.to_ascii_lowercase();
        let zone = CHARSETS.iter().find(|(known, _)| *known == lower)?.1;
        Some((zone, format!("charset={name}")))
    });
    let domain = host.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let country = COUNTRIES.iter().find(|(code, ..)| host.contains('.') && *code == domain);
    let by_host = country.map(|(code, _, zone)| (*zone, format!("host=.{code}")));
    let by_region = parts.find_map(region).map(|zone| (zone, format!("lang={written}")));
    if primary == "en" {
        return by_charset.or(by_host).or(by_region).unwrap_or_else(|| (Tz::UTC, "default".to_owned()));
    }
    let spoken = country.filter(|(_, languages, _)| languages.split(' ').any(|l| l == primary));
    let by_language = || {
        if let Some((code, _, zone)) = spoken {
            return Some((*zone, format!("host=.{code}")));
        }
        // Traditional characters in Big5 under a bare `zh` are Taiwan's.
        if primary == "zh" && by_charset.is_some() {
            return by_charset.clone();
        }
        home(primary).map(|zone| (zone, format!("lang={written}")))
    };
    by_region
        .or_else(by_language)
        .or_else(|| by_charset.clone())
        .or(by_host)
        .unwrap_or_else(|| (Tz::UTC, "default".to_owned()))
}

/// The zone of a region or script subtag.
fn region(subtag: &str) -> Option<Tz> {
    match subtag {
        "hans" => Some(Tz::Asia__Shanghai),
        "hant" => Some(Tz::Asia__Taipei),
        code if code.len() == 2 => COUNTRIES.iter().find(|(known, ..)| *known == code).map(|row| row.2),
        _ => None,
    }
}

/// The zone of a language spoken mostly in one.
fn home(language: &str) -> Option<Tz> {
    if language.is_empty() || matches!(language, "en" | "ar") {
        return None;
    }
    COUNTRIES.iter().find(|(_, languages, _)| languages.split(' ').next() == Some(language)).map(|row| row.2)
}
