#pragma once
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/workspace.h"

namespace lix::store {

/// Which vectors an adapter saw: the model's own embedding, or the pooled one of a Llip, whose true image vector
/// depends on the caption.
enum class VectorKind { Embedding, Pooled };
std::string_view nameOf(VectorKind kind);  ///< "embedding", "pooled"

/// One measured number with all that is needed to measure it again; its id is the key for that.
struct EvaluationRow {
  long long id = 0;
  std::string kind;                  ///< "zero-shot", "few-shot", ...
  std::filesystem::path checkpoint;  ///< folder it was read from
  std::string weightsHash;           ///< which weights those were
  std::string checkpointLabel;       ///< name of its curve: models that differ in their seed alone share it
  std::string dataset;
  std::string split;                     ///< the split that the query pictures come from
  std::string labelSet;                  ///< "class", "count", "colour", ...
  std::string templates;                 ///< name of the prompt templates, "" where none are used
  std::optional<long long> modelSeed;    ///< seed of the training, where known
  std::optional<long long> supportSeed;  ///< seed of the support draw; none for zero-shot
  std::string adapter;                   ///< "prototype", "tip-adapter", "knn"; "" for zero-shot
  int shots = 0;                         ///< 0 is zero-shot
  int classes = 0;                       ///< how many classes had enough pictures
  long long supportSize = 0, querySize = 0;
  std::string metric;           ///< "top1"
  double value = 0.0;           ///< a finite number
  std::string settings = "{}";  ///< JSON: what was asked for; without seeds. Rows of one curve share it
  std::string findings = "{}";  ///< JSON: what came out besides the value: strengths found on validation, ...
  VectorKind vectors = VectorKind::Embedding;
  std::string createdAt;
};

/// What was predicted for one query picture.
struct PredictionRow {
  std::string sample;  ///< the picture's key in its dataset
  std::string label, predicted;
  double margin = 0.0;  ///< score of the predicted class minus that of the best other
};

/// What must agree; empty means anything.
struct EvaluationFilter {
  std::string kind, checkpointLabel, weightsHash, dataset, split, labelSet, adapter, metric;
  std::optional<VectorKind> vectors;
  std::optional<int> shots;
};

class EvaluationStore {
 public:
  explicit EvaluationStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// One transaction with its predictions (each sample once); returns the id.
  Result<long long> add(const EvaluationRow& row, std::span<const PredictionRow> predictions = {}) const;
  Result<EvaluationRow> find(long long id) const;
  /// By id, so oldest first. Feed them to curvePoints (store/curve.h).
  Result<std::vector<EvaluationRow>> list(const EvaluationFilter& filter = {}) const;
  /// The greatest id, 0 for no results: rows were added since where it has grown.
  Result<long long> newest() const;
  /// By sample.
  Result<std::vector<PredictionRow>> predictions(long long evaluation) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
