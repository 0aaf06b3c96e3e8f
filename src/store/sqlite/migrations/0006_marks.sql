-- The categories of articles, in feed order: who asks for one reads no other article.
CREATE TABLE category (
    tag       TEXT NOT NULL,
    tagged_at INTEGER NOT NULL,
    tagged    INTEGER NOT NULL,
    PRIMARY KEY (tag, tagged_at DESC, tagged DESC)
) WITHOUT ROWID;
CREATE INDEX category_article ON category (tagged);
INSERT OR IGNORE INTO category (tag, tagged_at, tagged)
    SELECT own.value, article.dated, article.number FROM article, json_each(article.doc, '$.categories') AS own
    WHERE article.dropped = 0;

-- The newest change of an article that ever stood in the feed.
ALTER TABLE history ADD COLUMN updated INTEGER;
