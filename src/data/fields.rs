//! What the fields of a record mean, by their names: title, link, date and the others, in the spellings of many systems.

use serde_json::{Map, Value};

/// What a field tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Title,
    Link,
    Date,
    Modified,
    Summary,
    Body,
    Author,
    Source,
    Category,
    Image,
    Id,
}

/// Names by role, without marks and in lower case, the surer first.
const NAMES: [(Role, &str); 11] = [
    (
        Role::Title,
        "title doctitle newstitle articletitle headline showtitle listtitle maintitle longtitle \
         shorttitle subject biaoti titletext name topic linktitle",
    ),
    (
        Role::Link,
        "url link docpuburl puburl articleurl newsurl contenturl detailurl pageurl weburl shareurl \
         linkurl permalink canonicalurl href arturl infourl jumpurl uri path mainentityofpage id",
    ),
    (
        Role::Date,
        "datepublished publishtime publishedat publishdate publisheddate publishedtime pubtime \
         pubdate published publicationdate publisheddatetime publishat docreltime docpubtime \
         releasetime releasedate firstpublishedat firstpublished dategmt date datetime newstime \
         displaytime showtime displaydate posttime postdate issuetime issuedate onlinetime inputtime \
         addtime createtime createdat createdate created ctime creationdate time timestamp dateline \
         fbsj sj rq day",
    ),
    (
        Role::Modified,
        "datemodified modifiedgmt modified modifiedat updatedat updatetime updated lastmodified \
         edittime mtime",
    ),
    (
        Role::Summary,
        "summary abstract docabstract digest description desc intro introduction excerpt brief lead \
         teaser standfirst zhaiyao dek summarytext",
    ),
    (
        Role::Body,
        "articlebody contenthtml bodyhtml htmlcontent dochtmlcon doccontent content body html \
         fulltext richtext contenttext newscontent articlecontent detail details neirong text",
    ),
    (Role::Author, "author authors authorname writer byline docauthor reporter creator zuozhe"),
    (
        Role::Source,
        "source sourcename docsource docsourcename origin copyfrom medianame media laiyuan comefrom \
         articlesource publishername",
    ),
    (
        Role::Category,
        "articlesection category categoryname channelname columnname channel column section \
         docchannel catname sectionname",
    ),
    (
        Role::Image,
        "image cover coverurl coverimage titleimage titlepic thumb thumbnail thumbnailurl img imgurl \
         imageurl pic picurl litpic featuredimage poster",
    ),
    (Role::Id, "guid uuid docid newsid articleid contentid infoid metadataid postid id slug"),
];

fn names(role: Role) -> impl Iterator<Item = &'static str> {
    NAMES.iter().filter(move |(known, _)| *known == role).flat_map(|(_, names)| names.split(' '))
}

/// A name without its marks, in lower case: `doc_pub-url`, `DocPubUrl`.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Objects within a record that stand for it.
const INNER: [&str; 12] = [
    "node",
    "attributes",
    "fields",
    "article",
    "news",
    "post",
    "item",
    "data",
    "source",
    "content",
    "info",
    "doc",
];
/// Wrappers of a text: WordPress, GraphQL, Java's dates, Mongo's, JSON-LD's.
const TEXTS: [&str; 15] = [
    "rendered",
    "text",
    "html",
    "value",
    "plaintext",
    "time",
    "date",
    "name",
    "@value",
    "@id",
    "url",
    "src",
    "href",
    "$date",
    "$oid",
];

/// A record: an object with what stands in it under other names.
#[derive(Debug)]
pub(super) struct Fields<'a>(Vec<(String, &'a Value)>);

impl<'a> Fields<'a> {
    /// The fields of an object, and of those within it that stand for it.
    pub(super) fn of(map: &'a Map<String, Value>) -> Self {
        let mut all: Vec<(String, &Value)> = map.iter().map(|(name, value)| (plain(name), value)).collect();
        let inner: Vec<&Map<String, Value>> = map
            .iter()
            .filter(|(name, _)| INNER.contains(&plain(name).as_str()))
            .filter_map(|(_, value)| value.as_object())
            .collect();
        for map in inner {
            all.extend(map.iter().map(|(name, value)| (plain(name), value)));
        }
        Self(all)
    }

    /// All values of a role, the surer first.
    pub(super) fn values(&self, role: Role) -> impl Iterator<Item = &'a Value> {
        names(role)
            .flat_map(|wanted| self.0.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| *value))
    }

    /// All texts of a role, the surer first.
    pub(super) fn texts(&self, role: Role) -> impl Iterator<Item = String> {
        self.values(role).filter_map(text)
    }

    /// The same with the name of each.
    pub(super) fn named(&self, role: Role) -> impl Iterator<Item = (&'static str, String)> {
        names(role).flat_map(|wanted| {
            let own = self.0.iter().filter(move |(name, _)| name == wanted);
            own.filter_map(move |(_, value)| Some((wanted, text(value)?)))
        })
    }

    /// All texts of a role that are times, the surer first.
    pub(super) fn times(&self, role: Role) -> impl Iterator<Item = String> {
        names(role).flat_map(|wanted| {
            let own = self.0.iter().filter(move |(name, _)| name == wanted);
            own.filter_map(move |(_, value)| {
                let told = parted(value).or_else(|| text(value))?;
                Some(if wanted.ends_with("gmt") { in_utc(told) } else { told })
            })
        })
    }

    /// What a field of any name says.
    pub(super) fn by_name(&self, name: &str) -> Option<String> {
        let wanted = plain(name);
        let told = self.0.iter().find(|(name, _)| *name == wanted).and_then(|(_, value)| text(value))?;
        Some(told).filter(|told| told.len() < MOST_NAME)
    }
}

/// A name that stands in an address is shorter.
const MOST_NAME: usize = 200;

/// A time in parts, as Java's `LocalDateTime` is written: `[2021,3,11,9,11,43]`.
fn parted(value: &Value) -> Option<String> {
    let parts: Option<Vec<u64>> = value.as_array()?.iter().take(6).map(Value::as_u64).collect();
    match *parts?.as_slice() {
        [year, month, day] => Some(format!("{year:04}-{month:02}-{day:02}")),
        [year, month, day, hour, minute] => {
            Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}"))
        }
        [year, month, day, hour, minute, second] => {
            Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"))
        }
        _ => None,
    }
}

/// A time that is UTC by its field's name (`date_gmt` of WordPress) and does not say so.
fn in_utc(told: String) -> String {
    let is_bare = told.len() == "2021-03-11T01:11:43".len() && told.ends_with(|c: char| c.is_ascii_digit());
    if is_bare { format!("{}Z", told.replacen(' ', "T", 1)) } else { told }
}

/// What a value says as text: itself, or what a wrapper of texts holds; of several authors all.
pub(super) fn text(value: &Value) -> Option<String> {
    let told = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object(map) => {
            let wrapped = |wanted: &&str| {
                map.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
            };
            let inner =
                TEXTS.iter().filter_map(wrapped).find(|value| value.is_string() || value.is_number())?;
            return text(inner);
        }
        Value::Array(list) => {
            let all: Vec<String> =
                list.iter().take(8).filter(|value| !value.is_array()).filter_map(text).collect();
            all.join(", ")
        }
        Value::Null | Value::Bool(_) => return None,
    };
    Some(told).filter(|told| !told.is_empty())
}
