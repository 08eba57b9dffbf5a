-- What the window keeps: support sets made by hand, and how it showed the workspace.

CREATE TABLE support_sets (       -- pictures sorted into classes by hand
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE, -- what people call it
  changed_at TEXT NOT NULL,       -- when its draft was last written
  CONSTRAINT support_set_name_is_not_empty CHECK (name <> '')
);

CREATE TABLE support_versions (   -- what a support set held at some time
  id          INTEGER PRIMARY KEY,
  support_set INTEGER NOT NULL REFERENCES support_sets (id) ON DELETE CASCADE,
  version     INTEGER NOT NULL CHECK (version >= 0), -- 1, 2, ...: saved, never changed; 0: the draft, changed by each edit
  note        TEXT NOT NULL,      -- why it was saved, '' where nobody said
  saved_at    TEXT NOT NULL,
  UNIQUE (support_set, version)
);

CREATE TABLE support_classes (    -- the classes of a version, also those without pictures
  version  INTEGER NOT NULL REFERENCES support_versions (id) ON DELETE CASCADE, -- the row, not its number
  position INTEGER NOT NULL,      -- 0, 1, ... in the order of the window
  name     TEXT NOT NULL,
  PRIMARY KEY (version, position),
  UNIQUE (version, name),
  CONSTRAINT support_class_name_is_not_empty CHECK (name <> '')
) WITHOUT ROWID;

CREATE TABLE support_pictures (   -- the pictures of each class
  version  INTEGER NOT NULL,      -- row of support_versions
  class    INTEGER NOT NULL,      -- position of the class
  position INTEGER NOT NULL,      -- 0, 1, ... in the class
  picture  TEXT NOT NULL,         -- 'file:PATH', or 'sample:DATASET', a line break and the key in the dataset
  PRIMARY KEY (version, class, position),
  UNIQUE (version, picture),
  FOREIGN KEY (version, class) REFERENCES support_classes (version, position) ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE layouts (            -- how the window showed this workspace
  name     TEXT PRIMARY KEY,      -- session: the open page and what was chosen on each
  document TEXT NOT NULL,         -- JSON
  saved_at TEXT NOT NULL,
  CONSTRAINT layout_name_is_not_empty CHECK (name <> ''),
  CONSTRAINT document_is_json CHECK (json_valid(document))
) WITHOUT ROWID;
