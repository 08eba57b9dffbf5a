#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "adapt/adapter.h"
#include "base/result.h"

namespace lix::study {

/// What a hand-made support set is scored on. The memory belongs to the caller.
struct SupportTask {
  adapt::Labelled support;              ///< unit rows; classes by position in classNames
  adapt::Matrix query;                  ///< unit rows
  std::span<const int> queryLabels;     ///< one a query row, -1 where it is not known or no class of the set; or empty
  adapt::Matrix text;                   ///< class text vectors [C, D], or 0 rows
  std::vector<std::string> classNames;  ///< [C]
  float logitScale = 100.f;
  /// Of the pictures' content, one a row, or empty: then what depends on a picture depends on its row.
  std::span<const std::uint64_t> supportHashes = {}, queryHashes = {};
  std::stop_token stop = {};  ///< asked to, fits end within an iteration: each then refuses, which nobody should show
};

struct SupportPrediction {
  std::size_t query = 0;  ///< row
  int predicted = 0;
  int second = 0;      ///< runner-up; equal to predicted where there is one class
  float margin = 0.f;  ///< best score less the second, in the adapter's own unit
  int label = -1;
};

/// One adapter on the set as it stands.
struct AdapterScore {
  std::string id, title;
  bool waiting = false;            ///< was not asked yet: then nothing else is set
  std::string refusal;             ///< why it cannot answer at present, in one sentence; then nothing else is set
  std::optional<double> accuracy;  ///< of the queries with a label; none without any
  std::size_t scored = 0;          ///< queries behind the accuracy
  ParamValues settings;            ///< in force
  std::vector<SupportPrediction> predictions;  ///< one a query row, in its order
};

/// Settings by adapters' ids; those that are not there are at their defaults.
using AdapterSettings = std::map<std::string, ParamValues>;

enum class Adapters { All, Quick, Fitted };
/// Whether an adapter only compares vectors, so that it answers in milliseconds: zero-shot, prototypes, neighbours and
/// Tip-Adapter. The others learn or solve something first.
bool isQuick(const adapt::Adapter& adapter);
/// Those that need no validation rows, in the order of adapt::table().
std::vector<const adapt::Adapter*> supportAdapters(Adapters which);

/// These adapters on classes that have pictures (empty columns are left out of support, scoring and text, and say so
/// nowhere else). Fewer than two classes with pictures: every adapter refuses.
std::vector<AdapterScore> scoreSupport(const SupportTask& task, std::span<const adapt::Adapter* const> adapters,
                                       const AdapterSettings& settings = {});
/// Every adapter that needs no validation rows, at its defaults.
std::vector<AdapterScore> scoreSupport(const SupportTask& task);

}  // namespace lix::study
