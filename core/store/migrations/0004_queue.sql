-- Trainings that wait for their turn, and steps that somebody asked to keep.

CREATE TABLE run_queue (          -- queued runs that start one after another; one that began has left it
  run   INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  place INTEGER NOT NULL          -- the smallest starts next
);

CREATE TABLE keep_requests (      -- the present step of a training shall stay as a checkpoint of its own
  run          INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
  requested_at TEXT NOT NULL
);
