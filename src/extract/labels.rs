//! What names a date in meta elements and on lines of data: of publication, of change, of something else.

/// Meta elements of publication, the surest first.
pub(super) const PUBLISHED: [&str; 26] = [
    "article:published_time",
    "PubDate",
    "og:article:published_time",
    "apub:time",
    "firstpublishedtime",
    "publishdate",
    "publish-date",
    "publish_date",
    "article.published",
    "published_time",
    "datePublished",
    "DC.date.issued",
    "DCTERMS.issued",
    "dcterms.created",
    "sailthru.date",
    "parsely-pub-date",
    "article_date_original",
    "weibo: article:create_at",
    "og:published_time",
    "og:pubdate",
    "pubdate",
    "cXenseParse:recs:publishtime",
    "OriginalPublicationDate",
    "DC.date",
    "citation_publication_date",
    "date",
];
/// Meta elements of a change, the surest first.
pub(super) const MODIFIED: [&str; 6] = [
    "article:modified_time",
    "og:updated_time",
    "lastmodifiedtime",
    "last-modified",
    "dateModified",
    "DCTERMS.modified",
];

/// Words before a date of publication on a line of data.
pub(super) const LABELS: [&str; 34] = [
    "发布时间",
    "发布日期",
    "发表时间",
    "发表日期",
    "发布于",
    "发表于",
    "时间",
    "日期",
    "刊发时间",
    "上传时间",
    "添加时间",
    "创建时间",
    "发稿时间",
    "录入时间",
    "加入时间",
    "發布日期",
    "發佈日期",
    "刊登日期",
    "更新时间",
    "公開日",
    "掲載日",
    "更新日",
    "投稿日",
    "published",
    "posted",
    "erstellt",
    "veröffentlicht",
    "datum",
    "stand",
    "publié",
    "publicado",
    "date",
    "pubblicato",
    "опубликовано",
];
/// Words before a date of change.
pub(super) const CHANGES: [&str; 12] = [
    "修改时间",
    "最后更新",
    "最后修改",
    "编辑时间",
    "last updated",
    "updated",
    "modified",
    "zuletzt",
    "aktualisiert",
    "mis à jour",
    "actualizado",
    "aggiornato",
];
/// Words behind a date that name it, and whether they name a change.
pub(super) const BEHIND: [(&str, bool); 12] = [
    ("originally published", false),
    ("first published", false),
    ("published", false),
    ("posted", false),
    ("veröffentlicht", false),
    ("publié", false),
    ("发布", false),
    ("latest version", true),
    ("last updated", true),
    ("last modified", true),
    ("updated", true),
    ("更新", true),
];
/// Words before dates of something else.
pub(super) const OTHERS: [&str; 8] =
    ["成文日期", "成文时间", "截止", "有效期", "实施日期", "生效日期", "生成日期", "废止"];
/// What a sentence of the page's own says around the date: `This entry was posted on 19 May 2010 at …`.
pub(super) const POSTED: [&str; 9] = [
    "posted on",
    "was posted",
    "gepostet",
    "published on",
    "veröffentlicht am",
    "publié le",
    "publicado el",
    "publicado em",
    "pubblicato il",
];
