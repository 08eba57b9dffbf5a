-- Where this workspace lay, so that paths that were written down whole are found again after it was moved.

CREATE TABLE places (
  id     INTEGER PRIMARY KEY,  -- the highest is where it lay when it was last opened for writing
  folder TEXT NOT NULL UNIQUE  -- absolute
);
