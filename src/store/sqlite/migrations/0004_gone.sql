-- When an article last left the portal's feed, or came back to it.
ALTER TABLE portal ADD COLUMN moved INTEGER;
-- Set when pages of different articles name this address as theirs: it tells none of them.
ALTER TABLE page ADD COLUMN shared INTEGER NOT NULL DEFAULT 0;
