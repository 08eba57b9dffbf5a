#include "store/evaluation_store.h"

#include <cmath>

#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

constexpr const char* kColumns =
    "kind, checkpoint, weights_hash, checkpoint_label, dataset, split, label_set, templates, model_seed, support_seed, "
    "adapter, "
    "shots, classes, support_size, query_size, metric, value, settings, findings, vectors, created_at";

EvaluationRow readRow(const Connection& connection, Query& query) {
  EvaluationRow row;
  row.id = query.integer();
  row.kind = query.text();
  row.checkpoint = connection.restored(query.text());
  row.weightsHash = query.text();
  row.checkpointLabel = query.text();
  row.dataset = query.text();
  row.split = query.text();
  row.labelSet = query.text();
  row.templates = query.text();
  row.modelSeed = query.optionalInteger();
  row.supportSeed = query.optionalInteger();
  row.adapter = query.text();
  row.shots = static_cast<int>(query.integer());
  row.classes = static_cast<int>(query.integer());
  row.supportSize = query.integer();
  row.querySize = query.integer();
  row.metric = query.text();
  row.value = query.real();
  row.settings = query.text();
  row.findings = query.text();
  row.vectors = query.text() == nameOf(VectorKind::Pooled) ? VectorKind::Pooled : VectorKind::Embedding;
  row.createdAt = query.text();
  return row;
}

void insertRow(Connection& connection, const EvaluationRow& row) {
  Query(connection, cat("INSERT INTO evaluations (", kColumns,
                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"))
      .with(row.kind, connection.stored(row.checkpoint), row.weightsHash, row.checkpointLabel, row.dataset, row.split,
            row.labelSet, row.templates, row.modelSeed, row.supportSeed, row.adapter, row.shots, row.classes,
            row.supportSize, row.querySize, row.metric, row.value, row.settings, row.findings, nameOf(row.vectors),
            now())
      .run();
}

}  // namespace

std::string_view nameOf(VectorKind kind) { return kind == VectorKind::Pooled ? "pooled" : "embedding"; }

Result<long long> EvaluationStore::add(const EvaluationRow& row, std::span<const PredictionRow> predictions) const {
  if (!std::isfinite(row.value)) {
    return fail(ErrorCode::BadInput, cat("The result '", row.metric, "' of ", row.checkpointLabel, " on ", row.dataset,
                                         " is not a finite number, so it is not kept; look for values that are not "
                                         "numbers in the checkpoint's weights."));
  }
  return writing(*connection_, [&]() -> Result<long long> {
    insertRow(*connection_, row);
    const long long id = connection_->database().getLastInsertRowid();
    Query insert(*connection_,
                 "INSERT INTO predictions (evaluation, sample, label, predicted, margin) VALUES (?, ?, ?, ?, ?)");
    for (const PredictionRow& prediction : predictions) {
      insert.with(id, prediction.sample, prediction.label, prediction.predicted, prediction.margin).run();
    }
    return id;
  });
}

Result<EvaluationRow> EvaluationStore::find(long long id) const {
  return reading(*connection_, [&]() -> Result<EvaluationRow> {
    Query query(*connection_, cat("SELECT id, ", kColumns, " FROM evaluations WHERE id = ?"));
    if (!query.with(id).next()) {
      return fail(ErrorCode::NotFound,
                  cat("The workspace has no result with key ", id, ". Name one of a curve's table."));
    }
    return readRow(*connection_, query);
  });
}

Result<std::vector<EvaluationRow>> EvaluationStore::list(const EvaluationFilter& filter) const {
  return reading(*connection_, [&]() -> Result<std::vector<EvaluationRow>> {
    Query query(*connection_, cat("SELECT id, ", kColumns,
                                  " FROM evaluations WHERE ?1 IN ('', kind) AND ?2 IN ('', checkpoint_label) AND ?3 IN "
                                  "('', weights_hash) AND ?4 IN ('', dataset) "
                                  "AND ?5 IN ('', split) AND ?6 IN ('', label_set) AND ?7 IN ('', adapter) AND ?8 IN "
                                  "('', metric) AND ?9 IN ('', vectors) "
                                  "AND ?10 IN (-1, shots) ORDER BY id"));
    query.with(filter.kind, filter.checkpointLabel, filter.weightsHash, filter.dataset, filter.split, filter.labelSet,
               filter.adapter, filter.metric, filter.vectors ? nameOf(*filter.vectors) : "", filter.shots.value_or(-1));
    std::vector<EvaluationRow> rows;
    while (query.next()) {
      rows.push_back(readRow(*connection_, query));
    }
    return rows;
  });
}

Result<long long> EvaluationStore::newest() const {
  return reading(*connection_, [&]() -> Result<long long> {
    Query query(*connection_, "SELECT coalesce(max(id), 0) FROM evaluations");
    query.next();
    return query.integer();
  });
}

Result<std::vector<PredictionRow>> EvaluationStore::predictions(long long evaluation) const {
  return reading(*connection_, [&]() -> Result<std::vector<PredictionRow>> {
    Query query(*connection_,
                "SELECT sample, label, predicted, margin FROM predictions WHERE evaluation = ? ORDER BY sample");
    std::vector<PredictionRow> rows;
    for (query.with(evaluation); query.next();) {
      PredictionRow row;
      row.sample = query.text();
      row.label = query.text();
      row.predicted = query.text();
      row.margin = query.real();
      rows.push_back(std::move(row));
    }
    return rows;
  });
}

}  // namespace lix::store
