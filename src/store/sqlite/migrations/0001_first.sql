-- Times are milliseconds since 1970 in UTC. A row outlives the configuration that made it.

CREATE TABLE value (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL
) WITHOUT ROWID;

-- One row a portal: when it is due, who visits it, how it fares.
CREATE TABLE portal (
    name         TEXT PRIMARY KEY,
    enabled      INTEGER NOT NULL,
    pace         TEXT NOT NULL,
    due_at       INTEGER NOT NULL,
    asked        INTEGER NOT NULL DEFAULT 0,
    lease_node   TEXT,
    lease_until  INTEGER,
    revision     INTEGER NOT NULL DEFAULT 0,
    title        TEXT,
    lang         TEXT,
    last_visit   INTEGER,
    last_ok      INTEGER,
    failures     INTEGER NOT NULL DEFAULT 0,
    since        INTEGER,
    degraded     INTEGER NOT NULL DEFAULT 0,
    error        TEXT,
    counts       TEXT NOT NULL DEFAULT '{}',
    notes        TEXT NOT NULL DEFAULT '[]'
) WITHOUT ROWID;
CREATE INDEX portal_due ON portal (due_at) WHERE enabled = 1;
CREATE INDEX portal_lease ON portal (lease_until) WHERE lease_until IS NOT NULL;

-- One row a host: its turn, its robots.txt, which visit holds it.
CREATE TABLE host (
    name          TEXT PRIMARY KEY,
    next_at       INTEGER,
    rest_until    INTEGER,
    robots_at     INTEGER,
    robots_status INTEGER NOT NULL DEFAULT 0,
    robots_body   TEXT,
    lease_portal  TEXT,
    lease_node    TEXT,
    lease_until   INTEGER
) WITHOUT ROWID;

-- List pages as read last.
CREATE TABLE list (
    portal        TEXT NOT NULL,
    url           TEXT NOT NULL,
    etag          TEXT,
    last_modified TEXT,
    items         TEXT NOT NULL,
    next          TEXT,
    PRIMARY KEY (portal, url)
) WITHOUT ROWID;

-- Articles. The row stays when its content is dropped: ids are minted once.
CREATE TABLE article (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    id          TEXT NOT NULL UNIQUE,
    key         TEXT NOT NULL,
    portal      TEXT NOT NULL,
    dated       INTEGER NOT NULL,
    first_seen  INTEGER NOT NULL,
    updated     INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    story       TEXT,
    dropped     INTEGER NOT NULL DEFAULT 0,
    doc         TEXT NOT NULL,
    evidence    TEXT NOT NULL
);
CREATE INDEX article_feed ON article (portal, dated DESC, number DESC) WHERE dropped = 0;
CREATE INDEX article_all ON article (dated DESC, number DESC, portal) WHERE dropped = 0;
CREATE INDEX article_story ON article (portal, story) WHERE story IS NOT NULL;

-- Addresses: every key that was seen leads to its article, or remembers a page that could not be read.
CREATE TABLE page (
    portal        TEXT NOT NULL,
    key           TEXT NOT NULL,
    url           TEXT NOT NULL,
    article       INTEGER REFERENCES article (number),
    etag          TEXT,
    last_modified TEXT,
    next_visit    INTEGER,
    visits        INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (portal, key)
) WITHOUT ROWID;
CREATE INDEX page_revisit ON page (portal, next_visit) WHERE article IS NOT NULL AND next_visit IS NOT NULL;
