#include "store/evaluation_store.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "base/contracts.h"
#include "base/text.h"
#include "store/connection.h"

namespace lix::store {
namespace {

constexpr const char* kColumns =
    "kind, checkpoint, weights_hash, checkpoint_label, dataset, split, label_set, templates, model_seed, support_seed, "
    "adapter, "
    "shots, classes, support_size, query_size, metric, value, settings, findings, vectors, created_at";

constexpr int kOutcomesSince = 3;  // the schema version that has the table

/// What each kind of vectors is called, in the order of VectorKind.
constexpr std::array<std::string_view, 4> kVectorNames{"embedding", "pooled", "class-conditioned", "own"};

VectorKind vectorKindOf(std::string_view name) {
  const auto at = std::ranges::find(kVectorNames, name);
  return at == kVectorNames.end() ? VectorKind::Embedding : VectorKind(at - kVectorNames.begin());
}

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
  row.settings = connection.moved().json(query.text());
  row.findings = query.text();
  row.vectors = vectorKindOf(query.text());
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

void insertOutcomes(Connection& connection, long long id, const Outcomes& outcomes) {
  LIX_REQUIRE(outcomes.bits.size() == (outcomes.queries + 63) / 64);
  std::string bytes((outcomes.queries + 7) / 8, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(outcomes.bits[i / 8] >> (8 * (i % 8)) & 0xffu);
  }
  Query(connection, "INSERT INTO outcomes (evaluation, query_set, right) VALUES (?, ?, ?)")
      .with(id, outcomes.querySet, Blob{bytes})
      .run();
}

Outcomes outcomesFrom(std::string querySet, std::size_t queries, const std::string& bytes) {
  Outcomes out{std::move(querySet), queries, std::vector<std::uint64_t>((queries + 63) / 64, 0)};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out.bits[i / 8] |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * (i % 8));
  }
  if (queries % 64 != 0) {
    out.bits.back() &= (std::uint64_t{1} << (queries % 64)) - 1;
  }
  return out;
}

/// The condition of a filter: what is empty stands not in it, so that the indices serve. Its values: bindFilter.
std::string matching(const EvaluationFilter& filter) {
  std::string sql = "id > ?";
  const auto add = [&](const char* column, bool wanted) { sql += wanted ? cat(" AND ", column, " = ?") : ""; };
  add("kind", !filter.kind.empty());
  add("checkpoint_label", !filter.checkpointLabel.empty());
  add("weights_hash", !filter.weightsHash.empty());
  add("dataset", !filter.dataset.empty());
  add("split", !filter.split.empty());
  add("label_set", !filter.labelSet.empty());
  add("adapter", !filter.adapter.empty());
  add("metric", !filter.metric.empty());
  add("vectors", filter.vectors.has_value());
  add("shots", filter.shots.has_value());
  return sql;
}

void bindFilter(Query& query, const EvaluationFilter& filter) {
  int at = 0;
  query.bind(++at, filter.after);
  for (const std::string* text :
       {&filter.kind, &filter.checkpointLabel, &filter.weightsHash, &filter.dataset, &filter.split, &filter.labelSet,
        &filter.adapter, &filter.metric}) {
    if (!text->empty()) {
      query.bind(++at, *text);
    }
  }
  if (filter.vectors) {
    query.bind(++at, nameOf(*filter.vectors));
  }
  if (filter.shots) {
    query.bind(++at, *filter.shots);
  }
}

}  // namespace

std::string_view nameOf(VectorKind kind) { return kVectorNames.at(static_cast<std::size_t>(kind)); }

std::string querySetOf(std::span<const std::string> keys, std::span<const std::string> labels) {
  LIX_REQUIRE(keys.size() == labels.size());
  unsigned long long hash = hash64(cat(keys.size()));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    // Each with its length, so that no two lists give the same bytes.
    hash = hash64(cat(keys[i].size(), ":", keys[i], labels[i].size(), ":", labels[i]), hash);
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", hash);
  return text;
}

Result<long long> EvaluationStore::add(const EvaluationRow& row, std::span<const PredictionRow> predictions,
                                       const Outcomes* outcomes) const {
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
    if (outcomes != nullptr) {
      insertOutcomes(*connection_, id, *outcomes);
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
    Query query(*connection_, cat("SELECT id, ", kColumns, " FROM evaluations WHERE ", matching(filter), " ORDER BY id"));
    bindFilter(query, filter);
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

Result<OutcomeTable> EvaluationStore::outcomes(const EvaluationFilter& filter) const {
  return reading(*connection_, [&]() -> Result<OutcomeTable> {
    OutcomeTable table;
    if (schemaVersionOf(*connection_) < kOutcomesSince) {
      return table;
    }
    Query query(*connection_, cat("SELECT id, query_size, query_set, right FROM outcomes JOIN evaluations ON id = "
                                  "evaluation WHERE ",
                                  matching(filter), " ORDER BY id"));
    for (bindFilter(query, filter); query.next();) {
      const long long id = query.integer();
      const long long queries = query.integer();
      std::string querySet = query.text();
      const std::string bytes = query.text();
      // Bits of another number of queries say nothing of this evaluation.
      if (queries > 0 && bytes.size() == (static_cast<std::size_t>(queries) + 7) / 8) {
        table.emplace(id, outcomesFrom(std::move(querySet), static_cast<std::size_t>(queries), bytes));
      }
    }
    return table;
  });
}

}  // namespace lix::store
