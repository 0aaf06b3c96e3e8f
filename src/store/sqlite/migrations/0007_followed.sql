-- Feeds elsewhere that name a hub (W3C WebSub): we are told of their news at /hub/callback/TOKEN.
CREATE TABLE followed (
    token  TEXT PRIMARY KEY,
    portal TEXT NOT NULL,
    list   TEXT NOT NULL,
    hub    TEXT NOT NULL,
    topic  TEXT NOT NULL,
    secret TEXT NOT NULL,
    -- our address as the hub was told it; NULL before it was asked
    base   TEXT,
    -- when the lease ends; NULL until the hub confirmed it
    until  INTEGER,
    -- when to ask the hub (again)
    ask_at INTEGER NOT NULL,
    tries  INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE UNIQUE INDEX followed_list ON followed (portal, list);
CREATE INDEX followed_due ON followed (ask_at);
