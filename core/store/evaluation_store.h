#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/workspace.h"

namespace lix::store {

/// Which vectors an adapter saw: the model's own embedding; of a Llip, whose true image vector depends on the caption,
/// its tokens mixed evenly or for each class; or a person's own, made without a checkpoint.
enum class VectorKind { Embedding, Pooled, ClassConditioned, Own };
std::string_view nameOf(VectorKind kind);  ///< "embedding", "pooled", "class-conditioned", "own"

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

/// Which queries were answered right, so that intervals over queries and paired differences can be made later.
struct Outcomes {
  std::string querySet;  ///< equal where the query pictures, their labels and their order are (querySetOf)
  std::size_t queries = 0;
  std::vector<std::uint64_t> bits;  ///< bit q % 64 of word q / 64; bits past the last query are 0

  friend bool operator==(const Outcomes&, const Outcomes&) = default;
};
/// By the id of their evaluation.
using OutcomeTable = std::map<long long, Outcomes>;

/// The name of a query set: a hash over the keys and true classes of its pictures in their order.
std::string querySetOf(std::span<const std::string> keys, std::span<const std::string> labels);

/// What must agree; empty means anything.
struct EvaluationFilter {
  std::string kind, checkpointLabel, weightsHash, dataset, split, labelSet, adapter, metric;
  std::optional<VectorKind> vectors;
  std::optional<int> shots;
  long long after = 0;  ///< ids above this one
};

class EvaluationStore {
 public:
  explicit EvaluationStore(const Workspace& workspace) : connection_(&workspace.connection()) {}

  /// One transaction with its predictions (each sample once) and outcomes; returns the id.
  Result<long long> add(const EvaluationRow& row, std::span<const PredictionRow> predictions = {},
                        const Outcomes* outcomes = nullptr) const;
  Result<EvaluationRow> find(long long id) const;
  /// By id, so oldest first. Feed them to curvePoints (store/curve.h).
  Result<std::vector<EvaluationRow>> list(const EvaluationFilter& filter = {}) const;
  /// The greatest id, 0 for no results: rows were added since where it has grown.
  Result<long long> newest() const;
  /// By sample.
  Result<std::vector<PredictionRow>> predictions(long long evaluation) const;
  /// Those of the rows that the filter names and that have them; none in a workspace of an older version, read only.
  Result<OutcomeTable> outcomes(const EvaluationFilter& filter = {}) const;

 private:
  Connection* connection_;
};

}  // namespace lix::store
