-- Which queries were answered right, and evaluations of more kinds of vectors. A check of a column can only be changed by
-- making its table anew; predictions refer to evaluations, so that they are made anew as well.

CREATE TABLE evaluations_3 (        -- one measured number each; the id is the key for measuring it again
  id               INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice
  kind             TEXT NOT NULL,   -- zero-shot, few-shot, ... (docs/results.md says what each holds)
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
  vectors          TEXT NOT NULL    -- the model's own, those of a Llip mixed evenly or for each class, a person's own
    CHECK (vectors IN ('embedding', 'pooled', 'class-conditioned', 'own')),
  created_at       TEXT NOT NULL,
  CONSTRAINT settings_are_json CHECK (json_valid(settings)),
  CONSTRAINT findings_are_json CHECK (json_valid(findings))
);
INSERT INTO evaluations_3 SELECT
  id, kind, checkpoint, weights_hash, checkpoint_label, dataset, split, label_set, templates, model_seed, support_seed,
  adapter, shots, classes, support_size, query_size, metric, value, settings, findings, vectors, created_at
  FROM evaluations;
-- Ids of removed rows stay used, also where the last ones were removed.
DELETE FROM sqlite_sequence WHERE name = 'evaluations_3';
INSERT INTO sqlite_sequence (name, seq) SELECT 'evaluations_3', seq FROM sqlite_sequence WHERE name = 'evaluations';

CREATE TABLE predictions_3 (     -- what was predicted for each query picture of an evaluation
  evaluation INTEGER NOT NULL REFERENCES evaluations_3 (id) ON DELETE CASCADE,
  sample     TEXT NOT NULL,      -- key of the picture in its dataset
  label      TEXT NOT NULL,      -- true class
  predicted  TEXT NOT NULL,      -- predicted class
  margin     REAL,               -- score of the predicted class minus that of the best other; NULL: not a number
  PRIMARY KEY (evaluation, sample)
) WITHOUT ROWID;
INSERT INTO predictions_3 SELECT evaluation, sample, label, predicted, margin FROM predictions;

DROP TABLE predictions;
DROP TABLE evaluations;
ALTER TABLE evaluations_3 RENAME TO evaluations;
ALTER TABLE predictions_3 RENAME TO predictions;
CREATE INDEX evaluations_by_curve ON evaluations (dataset, checkpoint_label, label_set, adapter, shots);

CREATE TABLE outcomes (          -- which queries of an evaluation were answered right
  evaluation INTEGER PRIMARY KEY REFERENCES evaluations (id) ON DELETE CASCADE,
  query_set  TEXT NOT NULL,      -- hash over the keys and labels of the query pictures in their order
  right      BLOB NOT NULL       -- one bit a query in that order, from the lowest bit of the first byte
);
