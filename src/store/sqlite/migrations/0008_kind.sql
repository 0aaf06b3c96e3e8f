-- What the portal's list was recognised as.
ALTER TABLE portal ADD COLUMN kind TEXT;
