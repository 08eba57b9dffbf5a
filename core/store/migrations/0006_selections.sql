-- Pictures of a dataset that somebody keeps under a name.

CREATE TABLE selections (
  id         INTEGER PRIMARY KEY,
  dataset    TEXT NOT NULL,  -- by name: those that come with the program are in no table, and one that is taken out of the
                             -- workspace and put back finds its selections again
  name       TEXT NOT NULL,  -- unique in its dataset
  note       TEXT NOT NULL,
  pictures   INTEGER NOT NULL, -- rows of selection_pictures, counted by whoever writes them
  created_at TEXT NOT NULL,
  changed_at TEXT NOT NULL,
  CONSTRAINT selection_name_is_not_empty CHECK (name <> ''),
  CONSTRAINT selection_name_is_unique_in_its_dataset UNIQUE (dataset, name)
);

CREATE TABLE selection_pictures (
  selection INTEGER NOT NULL REFERENCES selections (id) ON DELETE CASCADE,
  position  INTEGER NOT NULL, -- order of the pictures; rises, with gaps where some were taken out
  picture   TEXT NOT NULL,    -- key in the dataset
  PRIMARY KEY (selection, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX selection_pictures_by_key ON selection_pictures (selection, picture);
