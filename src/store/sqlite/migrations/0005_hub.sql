-- Subscriptions at the hub (W3C WebSub): what is asked for and not verified yet, and what is owed to whom.
CREATE TABLE subscription (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    topic    TEXT NOT NULL,
    callback TEXT NOT NULL,
    host     TEXT NOT NULL,
    secret   TEXT,
    -- NULL until it is verified
    until    INTEGER,
    -- what is asked for, as JSON, and when to verify it
    wish     TEXT,
    wish_at  INTEGER,
    tries    INTEGER NOT NULL DEFAULT 0,
    -- digests of the document delivered last and of the one that is owed
    sent     TEXT,
    owed     TEXT,
    due_at   INTEGER,
    -- failures in a row, and since when
    failures INTEGER NOT NULL DEFAULT 0,
    since    INTEGER,
    rests    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, callback)
);
CREATE INDEX subscription_due ON subscription (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX subscription_wish ON subscription (wish_at) WHERE wish_at IS NOT NULL;
CREATE INDEX subscription_host ON subscription (host);
