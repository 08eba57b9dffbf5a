-- What lists of very many runs and results need, so that they read little.

CREATE TABLE metric_series (       -- what each series of a run came to; kept by whoever writes its points
  name       TEXT NOT NULL,        -- series: loss, temperature/main, ...
  run        INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  points     INTEGER NOT NULL,     -- how many there are
  gaps       INTEGER NOT NULL,     -- of them not a number
  last_step  INTEGER NOT NULL,
  last_value REAL,                 -- at last_step; NULL: not a number
  PRIMARY KEY (name, run)
) WITHOUT ROWID;
CREATE INDEX metric_series_by_run ON metric_series (run);
INSERT INTO metric_series (name, run, points, gaps, last_step, last_value)
  SELECT name, run, count(*), count(*) - count(value), max(step), value FROM metric_points GROUP BY run, name;

ALTER TABLE runs ADD COLUMN archived_at TEXT;                  -- NULL unless it is put aside: kept, and not listed
ALTER TABLE runs ADD COLUMN change INTEGER NOT NULL DEFAULT 0; -- what run_changes.count was when it last changed
CREATE INDEX runs_by_change ON runs (change);
CREATE INDEX runs_by_status ON runs (status);
CREATE INDEX runs_archived ON runs (archived_at) WHERE archived_at IS NOT NULL;

CREATE TABLE run_changes (         -- one row
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  count INTEGER NOT NULL           -- changes of runs so far; grows only
);
INSERT INTO run_changes VALUES (1, 0);
CREATE TRIGGER run_was_added AFTER INSERT ON runs BEGIN
  UPDATE run_changes SET count = count + 1;
  UPDATE runs SET change = (SELECT count FROM run_changes) WHERE id = NEW.id;
END;
CREATE TRIGGER run_was_changed AFTER UPDATE ON runs WHEN NEW.change = OLD.change BEGIN
  UPDATE run_changes SET count = count + 1;
  UPDATE runs SET change = (SELECT count FROM run_changes) WHERE id = NEW.id;
END;
CREATE TRIGGER run_was_deleted AFTER DELETE ON runs BEGIN
  UPDATE run_changes SET count = count + 1;
END;
-- A place in the queue is told with its run.
CREATE TRIGGER run_was_queued AFTER INSERT ON run_queue BEGIN
  UPDATE runs SET change = change WHERE id = NEW.run;
END;
CREATE TRIGGER run_was_moved AFTER UPDATE ON run_queue BEGIN
  UPDATE runs SET change = change WHERE id = NEW.run;
END;
CREATE TRIGGER run_left_the_queue AFTER DELETE ON run_queue BEGIN
  UPDATE runs SET change = change WHERE id = OLD.run;
END;

CREATE INDEX evaluations_by_kind ON evaluations (kind, metric);
