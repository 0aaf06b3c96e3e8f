-- What feeds ask beyond the newest articles.

-- Moves with everything that happens to an article: greater than any turn before it.
ALTER TABLE article ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
UPDATE article SET turn = number;
CREATE INDEX article_turn ON article (turn);
-- When it was seen gone for the second time; it leaves the feeds then.
ALTER TABLE article ADD COLUMN withdrawn INTEGER;
CREATE INDEX article_withdrawn ON article (portal, withdrawn) WHERE withdrawn IS NOT NULL;
-- When an address that leads to an article was first found gone.
ALTER TABLE page ADD COLUMN gone_at INTEGER;

-- The words of articles, one row an article by its number; filled by the code, each Chinese character a word.
CREATE VIRTUAL TABLE search USING fts5 (words, content = '', contentless_delete = 1, tokenize = 'unicode61');

-- How far each feed's history is written, and the articles that stand in its current document, as JSON.
CREATE TABLE history (
    feed  TEXT PRIMARY KEY,
    asked TEXT NOT NULL,
    seen  INTEGER NOT NULL,
    open  TEXT NOT NULL,
    count INTEGER NOT NULL
) WITHOUT ROWID;
-- What left the current document of a feed, in that order; written once.
CREATE TABLE archived (
    feed    TEXT NOT NULL,
    article INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    PRIMARY KEY (feed, article)
) WITHOUT ROWID;
CREATE UNIQUE INDEX archived_place ON archived (feed, place);

-- Times in which a portal was broken.
CREATE TABLE incident (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    portal    TEXT NOT NULL,
    broke     INTEGER NOT NULL,
    recovered INTEGER,
    last_ok   INTEGER,
    fault     TEXT NOT NULL,
    -- how often it broke, one hour's ups and downs counted as one incident, and when it did last
    times     INTEGER NOT NULL DEFAULT 1,
    again     INTEGER
);
CREATE INDEX incident_portal ON incident (portal, number);
