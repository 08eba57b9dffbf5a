#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "adapt/adapter.h"
#include "base/param.h"
#include "base/progress.h"
#include "base/result.h"
#include "study/few_shot/draw.h"
#include "study/few_shot/mixed_pictures.h"
#include "study/metrics/bootstrap.h"
#include "study/metrics/statistics.h"

namespace lix::study {

/// What a few-shot evaluation is made of: unit features of one model. The memory belongs to the caller.
struct FewShotData {
  adapt::Labelled pool;                 ///< pictures that support and validation are drawn from
  adapt::Labelled query;                ///< pictures of another split, which are only classified
  adapt::Matrix text;                   ///< class text vectors [C, D], or 0 rows where the model has no text tower
  std::vector<std::string> classNames;  ///< [C]
  float logitScale = 100.f;
  std::span<const std::uint64_t> poolIds;   ///< which picture each row is, to prove that the splits are disjoint;
  std::span<const std::uint64_t> queryIds;  ///< either both or neither
  /// The same pictures mixed for each class, where a model (Llip) does that: both or neither. With them
  /// class-conditioned vectors are compared (study/few_shot/class_conditioned.h), and the features serve the checks
  /// alone.
  const MixedPictures* poolMixed = nullptr;
  const MixedPictures* queryMixed = nullptr;
};

struct FewShotAdapter {
  std::string id;
  ParamValues params;
  std::string name;  ///< of its curve; the id where empty. Two entries must not have the same name.
};

struct FewShotSettings {
  std::vector<std::size_t> shots{1, 2, 4, 8, 16, 32};
  std::size_t draws = 5;
  std::size_t firstDraw = 0;  ///< number of the first draw, to measure one of them again
  std::uint64_t seed = 0;
  std::vector<FewShotAdapter> adapters;  ///< "zero-shot" is always measured, listed or not
  enum class Keep { Numbers, Predictions } keep = Keep::Numbers;
  Replace replace = Replace::Never;  ///< of support pictures, where a class has too few
};

struct FewShotPrediction {
  std::uint32_t queryRow = 0;
  int predicted = 0;   ///< class index of FewShotData
  float margin = 0.f;  ///< best score less the second, in the adapter's own unit
};

/// One adapter on one draw. Zero-shot ("zero-shot") is measured once at shots = 0 over all classes that have a query,
/// and once at every shot count over the classes that reach it, so that it can be compared on the same classes.
struct FewShotPoint {
  std::string adapter;
  std::size_t shots = 0;
  std::size_t draw = 0;
  std::uint64_t seed = 0;           ///< the support is drawSupport(pool labels, classes, shots, seed, draw)
  double accuracy = 0.0;            ///< 0 to 1
  double meanPerClassRecall = 0.0;  ///< 0 to 1
  std::size_t classes = 0;
  std::size_t supportSize = 0;
  std::size_t validationSize = 0;
  std::size_t querySize = 0;
  double secondsFit = 0.0;
  double secondsQuery = 0.0;                                    ///< of all queries together
  ParamValues settings;                                         ///< in force, searched values included
  std::vector<FewShotPrediction> predictions;                   ///< for Keep::Predictions
  std::shared_ptr<const std::vector<std::uint32_t>> queryRows;  ///< which rows of the query were asked, in order
  std::vector<std::uint64_t> outcomes;  ///< one bit of each whether it was answered right (study/metrics/bootstrap.h)
};

/// The classes of a shot count: those with shots + min(shots, 4) pictures in the pool (with replacement: one) and at
/// least one query.
struct FewShotReach {
  std::size_t shots = 0;
  std::vector<std::size_t> classes;
};

struct FewShotResult {
  std::vector<FewShotPoint> points;  ///< by shots, then draw, then adapter
  std::vector<FewShotReach> reach;   ///< of the shot counts that were run
  std::vector<std::string> notes;    ///< sentences for the reader: what was left out and why
};

/// One place of a curve: over the draws of one adapter at one shot count.
struct FewShotCurvePoint {
  std::string adapter;
  std::size_t shots = 0;
  std::size_t classes = 0;
  Summary accuracy;
  Summary meanPerClassRecall;
  Interval interval;  ///< 95 % of the accuracy, by a bootstrap over the draws and queries
};

/// Runs every adapter on every draw of every shot count. A shot count that fewer than two classes reach is left out
/// with a note; where none is left, or one class only is given, that is an error, and so are splits that share
/// pictures.
Result<FewShotResult> evaluateFewShot(const FewShotData& data, const FewShotSettings& settings,
                                      const Progress& progress = {});

/// The curves of a result, in the order of its points.
std::vector<FewShotCurvePoint> curve(const FewShotResult& result);

}  // namespace lix::study
