#pragma once
#include <cstddef>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/param.h"
#include "base/result.h"

namespace lix::adapt {

/// A row-major matrix of floats that belongs to somebody else: values[row * columns + column].
struct Matrix {
  std::span<const float> values;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::span<const float> row(std::size_t i) const { return values.subspan(i * columns, columns); }
};

/// Labelled unit features: `features` [N, D], `labels` [N] in 0..classes-1.
struct Labelled {
  Matrix features;
  std::span<const int> labels;
};

/// What an adapter is fitted on. All features and text rows are unit vectors.
struct Task {
  Labelled support;     ///< [C * shots, D]
  Labelled validation;  ///< may be empty (0 rows)
  Matrix text;          ///< class text weights [C, D]; may be empty (0 rows) where no text tower is at hand
  std::size_t classes = 0;
  float logitScale = 100.f;  ///< of the zero-shot logits Z = logitScale * F * W'
  std::stop_token stop = {};  ///< looked at before a fit and once an iteration; a stopped fit fails with Cancelled
};

/// A fitted few-shot classifier.
class Classifier {
 public:
  virtual ~Classifier() = default;
  /// Logits [Q, C] of unit query features [Q, D], higher = more likely.
  virtual std::vector<float> logits(Matrix queries) const = 0;
  /// The settings in force after fitting (searched values included), for the result row.
  virtual ParamValues settings() const { return {}; }
};

/// Whether an adapter answers from memory and closed forms, or takes optimiser steps on the support first.
enum class Training { Free, Fitted };

/// One training-free (or trained) few-shot adapter.
struct Adapter {
  std::string id;  ///< "prototype", "tip-adapter", ...
  std::string title;
  std::string citation;
  std::vector<Param> params;
  bool needsSupport = true;      ///< refuses a task without support rows, or with a class that has none
  bool needsText = false;        ///< refuses a task without class text weights
  bool needsValidation = false;  ///< all it adds to another is a search on validation rows; without it falls back to it
  Training training = Training::Free;
  Result<std::unique_ptr<Classifier>> (*fit)(const Task& task, const ParamValues& params);
};

/// All adapters, in the order of their files in adapters/.
std::span<const Adapter* const> table();

/// The adapter of that id, or an error that lists the ids there are.
Result<const Adapter*> find(std::string_view id);

}  // namespace lix::adapt
