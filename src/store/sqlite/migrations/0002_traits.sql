-- What visits have learnt of a list page and of the articles behind it, as JSON.
ALTER TABLE list ADD COLUMN traits TEXT;
