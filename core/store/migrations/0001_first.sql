-- Moments are text: UTC, ISO 8601 ("2026-01-31T12:00:00.000Z"). Paths inside the workspace folder are relative to it, others
-- absolute. JSON columns can be read with json_extract().

CREATE TABLE datasets (             -- where pictures lie; the pictures themselves stay there
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL UNIQUE, -- what people and runs call it
  kind        TEXT NOT NULL,        -- the source that reads it: folder, table, emoji, scenes, ...
  path        TEXT NOT NULL,        -- folder or file; '' for what the program makes itself
  options     TEXT NOT NULL,        -- JSON: settings of the source
  counts      TEXT NOT NULL,        -- JSON: pictures, captions, classes, skipped files
  fingerprint TEXT NOT NULL,        -- hash over what was found; differs when the data changed
  added_at    TEXT NOT NULL,
  CONSTRAINT dataset_name_is_not_empty CHECK (name <> ''),
  CONSTRAINT options_are_json CHECK (json_valid(options)),
  CONSTRAINT counts_are_json CHECK (json_valid(counts))
);

CREATE TABLE runs (                  -- trainings, whatever became of them
  id              INTEGER PRIMARY KEY,
  name            TEXT NOT NULL UNIQUE,
  recipe          TEXT NOT NULL,     -- siglip, siglixp, llip_16, ...
  size            TEXT NOT NULL,     -- size preset: tiny, ...
  dataset         TEXT NOT NULL,     -- by name; those that come with the program are in no table
  seed            INTEGER NOT NULL,
  device          TEXT NOT NULL,     -- cpu, cuda
  threads         INTEGER NOT NULL,  -- the same numbers come out only with the same count ...
  cpu_capability  TEXT NOT NULL,     -- ... and the same instructions: AVX2, AVX512
  build           TEXT NOT NULL,     -- build id of the program
  settings        TEXT NOT NULL,     -- JSON: all that was asked for
  out             TEXT NOT NULL,     -- checkpoint folder
  status          TEXT NOT NULL CHECK (status IN ('queued', 'running', 'paused', 'done', 'failed', 'cancelled', 'interrupted')),
  message         TEXT NOT NULL,     -- why it failed or stopped
  steps_total     INTEGER NOT NULL,  -- steps it shall make
  step            INTEGER NOT NULL,  -- steps it has made
  created_at      TEXT NOT NULL,
  started_at      TEXT,              -- first start
  finished_at     TEXT,              -- NULL while it is not over
  heartbeat_at    TEXT,              -- last sign of life
  host            TEXT NOT NULL,     -- machine of the process that trains, '' before the first start
  pid             INTEGER NOT NULL,  -- its process number there
  process_start   INTEGER NOT NULL,  -- clock ticks from boot to its start (/proc/<pid>/stat, field 22)
  parent_run      INTEGER REFERENCES runs (id) ON DELETE SET NULL, -- run that it continues from with another recipe or data
  init_checkpoint TEXT NOT NULL,     -- checkpoint folder it began from, '' for random weights
  trashed_at      TEXT,              -- NULL unless it lies in the trash
  tags            TEXT NOT NULL,     -- words separated by commas
  notes           TEXT NOT NULL,
  CONSTRAINT run_name_is_not_empty CHECK (name <> ''),
  CONSTRAINT settings_are_json CHECK (json_valid(settings))
);
CREATE INDEX runs_by_out ON runs (out);
CREATE INDEX runs_by_parent ON runs (parent_run);

CREATE TABLE run_control (       -- what somebody asks of a run; read by its process between steps
  run          INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  request      TEXT NOT NULL CHECK (request IN ('none', 'pause', 'resume', 'stop', 'cancel')),
  requested_at TEXT NOT NULL
);

CREATE TABLE metric_points (  -- series of runs
  run   INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step  INTEGER NOT NULL,     -- steps made when it was measured
  name  TEXT NOT NULL,        -- series: loss, temperature/main, ...
  value REAL,                 -- NULL: not a number
  PRIMARY KEY (run, step, name)
) WITHOUT ROWID;

CREATE TABLE checkpoints (           -- checkpoint folders and what they hold now
  id           INTEGER PRIMARY KEY,
  run          INTEGER REFERENCES runs (id) ON DELETE CASCADE, -- NULL for an imported one
  step         INTEGER NOT NULL,
  path         TEXT NOT NULL UNIQUE,
  weights_hash TEXT NOT NULL,        -- of model.safetensors
  recipe       TEXT NOT NULL,
  created_at   TEXT NOT NULL,        -- when the folder was last written
  CONSTRAINT checkpoint_path_is_not_empty CHECK (path <> '')
);
CREATE INDEX checkpoints_by_run ON checkpoints (run, step);

CREATE TABLE evaluations (          -- one measured number each; the id is the key for measuring it again
  id               INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
  kind             TEXT NOT NULL,   -- zero-shot, few-shot, ...
  checkpoint       TEXT NOT NULL,   -- folder it was read from
  weights_hash     TEXT NOT NULL,   -- which weights those were
  checkpoint_label TEXT NOT NULL,   -- name of its curve; models that differ in their seed alone share it
  dataset          TEXT NOT NULL,
  split            TEXT NOT NULL,   -- where the query pictures come from
  label_set        TEXT NOT NULL,   -- class, count, colour, ...
  templates        TEXT NOT NULL,   -- name of the prompt templates, '' where none are used
  model_seed       INTEGER,         -- seed of the training, NULL where unknown
  support_seed     INTEGER,         -- seed of the support draw, NULL for zero-shot
  adapter          TEXT NOT NULL,   -- prototype, tip-adapter, knn, ...; '' for zero-shot
  shots            INTEGER NOT NULL CHECK (shots >= 0), -- support pictures a class
  classes          INTEGER NOT NULL, -- how many classes had enough pictures
  support_size     INTEGER NOT NULL, -- pictures
  query_size       INTEGER NOT NULL, -- pictures
  metric           TEXT NOT NULL,   -- top1, ...
  value            REAL NOT NULL,
  settings         TEXT NOT NULL,   -- JSON: what was asked for, without seeds
  findings         TEXT NOT NULL,   -- JSON: what came out besides the value
  vectors          TEXT NOT NULL CHECK (vectors IN ('embedding', 'pooled')), -- the model's own or the pooled ones of a Llip
  created_at       TEXT NOT NULL,
  CONSTRAINT settings_are_json CHECK (json_valid(settings)),
  CONSTRAINT findings_are_json CHECK (json_valid(findings))
);
CREATE INDEX evaluations_by_curve ON evaluations (dataset, checkpoint_label, label_set, adapter, shots);

CREATE TABLE predictions (       -- what was predicted for each query picture of an evaluation
  evaluation INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
  sample     TEXT NOT NULL,      -- key of the picture in its dataset
  label      TEXT NOT NULL,      -- true class
  predicted  TEXT NOT NULL,      -- predicted class
  margin     REAL,               -- score of the predicted class minus that of the best other; NULL: not a number
  PRIMARY KEY (evaluation, sample)
) WITHOUT ROWID;
