#include "study/few_shot/few_shot.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "study/few_shot/check.h"
#include "study/few_shot/draw.h"
#include "study/metrics/accuracy.h"

namespace lix::study {
namespace {

constexpr const char* kZeroShot = "zero-shot";

/// Rows of a matrix copied together, with labels of the chosen classes counted from 0.
struct Rows {
  std::vector<float> values;
  std::vector<int> labels;
  std::vector<std::uint32_t> from;
  std::size_t columns = 0;

  adapt::Matrix matrix() const { return {values, from.size(), columns}; }
  adapt::Labelled labelled() const { return {matrix(), labels}; }
};

/// The classes of one shot count as a problem of their own.
struct Problem {
  std::size_t shots = 0;
  std::vector<std::size_t> classes;  ///< of FewShotData
  std::vector<int> indexOf;          ///< of a class of FewShotData among `classes`, or -1
  Rows query;
  Rows text;
};

Rows gather(const adapt::Labelled& from, std::vector<std::uint32_t> rows, const std::vector<int>& indexOf) {
  Rows out{.from = std::move(rows), .columns = from.features.columns};
  out.values.reserve(out.from.size() * out.columns);
  for (const std::uint32_t i : out.from) {
    const auto row = from.features.row(i);
    out.values.insert(out.values.end(), row.begin(), row.end());
    out.labels.push_back(indexOf[static_cast<std::size_t>(from.labels[i])]);
  }
  return out;
}

std::vector<std::size_t> countByClass(std::span<const int> labels, std::size_t classes) {
  std::vector<std::size_t> counts(classes, 0);
  for (const int label : labels) {
    ++counts[static_cast<std::size_t>(label)];
  }
  return counts;
}

class Evaluation {
 public:
  Evaluation(const FewShotData& data, const FewShotSettings& settings, const Progress& progress, FewShotResult& result)
      : data_(data),
        settings_(settings),
        progress_(progress),
        result_(result),
        poolCounts_(countByClass(data.pool.labels, data.classNames.size())),
        queryCounts_(countByClass(data.query.labels, data.classNames.size())) {
    // Zero-shot has points of its own, which no draw changes.
    std::ranges::copy_if(settings.adapters, std::back_inserter(adapters_),
                         [](const auto& entry) { return entry.id != kZeroShot; });
  }

  Result<void> run() {
    LIX_CHECK(chooseShots());
    total_ = static_cast<long long>(result_.reach.size() * settings_.draws * adapters_.size());
    LIX_CHECK(zeroShot(problem(0)));
    for (const FewShotReach& reach : result_.reach) {
      const Problem here = problem(reach.shots);
      LIX_CHECK(zeroShot(here));
      for (std::size_t draw = 0; draw < settings_.draws; ++draw) {
        LIX_CHECK(evaluate(here, draw));
      }
    }
    return {};
  }

 private:
  std::vector<std::size_t> reach(std::size_t shots) const {
    const std::size_t needed = shots + validationShots(shots);
    std::vector<std::size_t> classes;
    for (std::size_t c = 0; c < poolCounts_.size(); ++c) {
      if (poolCounts_[c] >= needed && queryCounts_[c] > 0) {
        classes.push_back(c);
      }
    }
    return classes;
  }

  /// Fills result_.reach with the shot counts that at least two classes reach.
  Result<void> chooseShots() {
    std::vector<std::size_t> shots = settings_.shots;
    std::ranges::sort(shots);
    shots.erase(std::ranges::unique(shots).begin(), shots.end());
    const std::size_t all = poolCounts_.size();
    if (reach(0).size() < 2) {
      return fail(ErrorCode::BadInput,
                  cat("Only ", reach(0).size(), " of ", all, " classes has a query picture: a few-shot ",
                      "evaluation tells at least two classes apart."));
    }
    for (const std::size_t count : shots) {
      std::vector<std::size_t> classes = reach(count);
      if (classes.size() < all) {
        result_.notes.push_back(cat(count, count == 1 ? " shot" : " shots", ": ", classes.size(), " of ", all,
                                    " classes have the ", count + validationShots(count), " pool pictures (",
                                    validationShots(count), " for validation) and the query picture that this needs",
                                    classes.size() < 2 ? "; left out." : "."));
      }
      if (classes.size() >= 2) {
        result_.reach.push_back({count, std::move(classes)});
      }
    }
    if (result_.reach.empty()) {
      return fail(
          ErrorCode::BadInput,
          cat("There are more shots than images: already ", shots.front(), shots.front() == 1 ? " shot" : " shots",
              " of a class ", "needs ", shots.front() + validationShots(shots.front()), " pool pictures (",
              validationShots(shots.front()), " for validation) and a query picture, and fewer than two of the ", all,
              " classes have them; ", mostShots()));
    }
    return {};
  }

  std::string mostShots() const {
    std::vector<std::size_t> counts;
    for (std::size_t c = 0; c < poolCounts_.size(); ++c) {
      if (queryCounts_[c] > 0) {
        counts.push_back(poolCounts_[c]);
      }
    }
    std::ranges::sort(counts, std::greater{});
    std::size_t most = counts[1];  // two classes have that many
    while (most > 0 && most + validationShots(most) > counts[1]) {
      --most;
    }
    return most == 0 ? "add pictures." : cat("ask for at most ", most, ", or add pictures.");
  }

  Problem problem(std::size_t shots) const {
    Problem out{.shots = shots, .classes = reach(shots), .indexOf = std::vector<int>(poolCounts_.size(), -1)};
    for (std::size_t i = 0; i < out.classes.size(); ++i) {
      out.indexOf[out.classes[i]] = static_cast<int>(i);
    }
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < data_.query.labels.size(); ++i) {
      if (out.indexOf[static_cast<std::size_t>(data_.query.labels[i])] >= 0) {
        rows.push_back(static_cast<std::uint32_t>(i));
      }
    }
    out.query = gather(data_.query, std::move(rows), out.indexOf);
    if (data_.text.rows > 0) {
      out.text.columns = data_.text.columns;
      for (const std::size_t c : out.classes) {
        const auto row = data_.text.row(c);
        out.text.values.insert(out.text.values.end(), row.begin(), row.end());
        out.text.from.push_back(static_cast<std::uint32_t>(c));
      }
    }
    return out;
  }

  Result<void> zeroShot(const Problem& here) {
    if (data_.text.rows == 0) {
      return {};
    }
    const adapt::Task task{.text = here.text.matrix(), .classes = here.classes.size(), .logitScale = data_.logitScale};
    return measure(here, task, {.id = kZeroShot}, 0);
  }

  Result<void> evaluate(const Problem& here, std::size_t draw) {
    Draw drawn = drawSupport(data_.pool.labels, here.classes, here.shots, settings_.seed, draw);
    const Rows support = gather(data_.pool, std::move(drawn.support), here.indexOf);
    const Rows validation = gather(data_.pool, std::move(drawn.validation), here.indexOf);
    const adapt::Task task{.support = support.labelled(),
                           .validation = validation.labelled(),
                           .text = here.text.matrix(),
                           .classes = here.classes.size(),
                           .logitScale = data_.logitScale};
    for (const FewShotAdapter& adapter : adapters_) {
      if (!report(progress_, "few-shot evaluations", done_, total_)) {
        return fail(ErrorCode::Cancelled, cat("The few-shot evaluation was stopped after ", done_, " of ", total_,
                                              " evaluations; nothing of it is kept."));
      }
      ++done_;
      LIX_CHECK(measure(here, task, adapter, draw));
    }
    return {};
  }

  Result<void> measure(const Problem& here, const adapt::Task& task, const FewShotAdapter& entry, std::size_t draw) {
    LIX_TRY(const adapt::Adapter* adapter, adapt::find(entry.id));
    LIX_TRY(const std::unique_ptr<adapt::Classifier> classifier, adapter->fit(task, entry.params));
    const std::vector<float> logits = classifier->logits(here.query.matrix());
    const Scores scores{logits, task.classes};
    const std::vector<int> predicted = predictions(scores);
    FewShotPoint point{.adapter = entry.name.empty() ? entry.id : entry.name,
                       .shots = here.shots,
                       .draw = draw,
                       .seed = settings_.seed};
    point.accuracy = accuracy(predicted, here.query.labels).value_or(0.0);
    point.meanPerClassRecall = meanPerClassRecall(predicted, here.query.labels, task.classes).value_or(0.0);
    point.classes = task.classes;
    point.supportSize = task.support.features.rows;
    point.validationSize = task.validation.features.rows;
    point.querySize = predicted.size();
    point.settings = classifier->settings();
    if (settings_.keep == FewShotSettings::Keep::Predictions) {
      const std::vector<float> margin = margins(scores);
      for (std::size_t i = 0; i < predicted.size(); ++i) {
        const auto original = static_cast<int>(here.classes[static_cast<std::size_t>(predicted[i])]);
        point.predictions.push_back({here.query.from[i], original, margin[i]});
      }
    }
    result_.points.push_back(std::move(point));
    return {};
  }

  const FewShotData& data_;
  const FewShotSettings& settings_;
  const Progress& progress_;
  FewShotResult& result_;
  std::vector<FewShotAdapter> adapters_;
  std::vector<std::size_t> poolCounts_;
  std::vector<std::size_t> queryCounts_;
  long long done_ = 0;
  long long total_ = 0;
};

}  // namespace

Result<FewShotResult> evaluateFewShot(const FewShotData& data, const FewShotSettings& settings,
                                      const Progress& progress) {
  FewShotResult result;
  LIX_CHECK(checkFewShot(data, settings, result.notes));
  if (data.text.rows == 0) {
    result.notes.push_back("There are no class text vectors, so there is no zero-shot point.");
  }
  LIX_CHECK(Evaluation(data, settings, progress, result).run());
  return result;
}

std::vector<FewShotCurvePoint> curve(const FewShotResult& result) {
  std::vector<FewShotCurvePoint> out;
  std::vector<std::vector<double>> accuracies;
  std::vector<std::vector<double>> recalls;
  for (const FewShotPoint& point : result.points) {
    const auto same = [&](const FewShotCurvePoint& place) {
      return place.adapter == point.adapter && place.shots == point.shots;
    };
    const auto at = static_cast<std::size_t>(std::ranges::find_if(out, same) - out.begin());
    if (at == out.size()) {
      out.push_back({.adapter = point.adapter, .shots = point.shots, .classes = point.classes});
      accuracies.emplace_back();
      recalls.emplace_back();
    }
    accuracies[at].push_back(point.accuracy);
    recalls[at].push_back(point.meanPerClassRecall);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].accuracy = summarise(accuracies[i]);
    out[i].meanPerClassRecall = summarise(recalls[i]);
  }
  return out;
}

}  // namespace lix::study
