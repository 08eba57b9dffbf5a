#include "study/few_shot/class_conditioned.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "adapt/check.h"
#include "adapt/linear.h"
#include "base/text.h"
#include "study/few_shot/conditioned_trial.h"

namespace lix::study {
namespace {

constexpr std::size_t kMostPictures = 256;
constexpr std::size_t kBlockBytes = std::size_t{256} << 20;
constexpr const char* kZeroShot = "zero-shot";

using Trial = ConditionedTrial;
using Store = AffinityStore;

class Conditioned {
 public:
  Conditioned(const FewShotData& data, const FewShotSettings& settings, const Reach& reach, const Progress& progress,
              FewShotResult& result)
      : data_(data),
        settings_(settings),
        reach_(reach),
        progress_(progress),
        result_(result),
        width_(data.poolMixed->columns()),
        supports_(data.classNames.size()),
        slotOf_(data.classNames.size()) {}

  Result<void> run() {
    drawAll();
    LIX_CHECK(mixSupports());
    for (Trial& trial : trials_) {
      LIX_CHECK(fit(trial));
    }
    LIX_CHECK(answerQueries());
    for (Trial& trial : trials_) {
      report(trial);
    }
    return {};
  }

 private:
  const Problem* problemFor(const std::vector<std::size_t>& classes) {
    for (const auto& problem : problems_) {
      if (problem->classes == classes) {
        return problem.get();
      }
    }
    problems_.push_back(std::make_unique<Problem>(problemOf(data_, classes)));
    return problems_.back().get();
  }

  void drawAll() {
    if (data_.text.rows > 0) {
      trials_.push_back({.problem = problemFor(reach_.classes(0))});
    }
    for (const FewShotReach& reach : result_.reach) {
      const Problem* problem = problemFor(reach.classes);
      for (std::size_t draw = settings_.firstDraw; draw < settings_.firstDraw + settings_.draws; ++draw) {
        Draw drawn =
            drawSupport(data_.pool.labels, reach.classes, reach.shots, settings_.seed, draw, settings_.replace);
        Trial trial{.problem = problem, .shots = reach.shots, .draw = draw};
        trial.support = std::move(drawn.support);
        trial.validation = std::move(drawn.validation);
        for (const std::uint32_t row : trial.support) {
          const auto c = static_cast<std::size_t>(data_.pool.labels[row]);
          trial.labels.push_back(problem->indexOf[c]);
          const auto [found, added] = slotOf_[c].emplace(row, supports_[c].size());
          if (added) {
            supports_[c].push_back(row);
          }
          trial.slots.push_back(found->second);
        }
        for (const std::uint32_t row : trial.validation) {
          trial.validationLabels.push_back(problem->indexOf[static_cast<std::size_t>(data_.pool.labels[row])]);
        }
        trials_.push_back(std::move(trial));
      }
    }
    total_ = static_cast<long long>(data_.query.labels.size());
    for (const Trial& trial : trials_) {
      total_ += searches(trial) ? static_cast<long long>(trial.validation.size()) : 0;
    }
  }

  /// Every support picture once, mixed for its own class; then the means of each trial.
  Result<void> mixSupports() {
    const Stopwatch watch;
    mixed_.resize(supports_.size());
    for (std::size_t c = 0; c < supports_.size(); ++c) {
      mixed_[c].resize(supports_[c].size() * width_);
      LIX_CHECK(mix(*data_.poolMixed, supports_[c], c, mixed_[c]));
    }
    std::size_t pictures = 0;
    for (Trial& trial : trials_) {
      averageSupport(trial);
      pictures += trial.support.size();
    }
    for (Trial& trial : trials_) {
      trial.secondsSupport = watch.seconds() * static_cast<double>(trial.support.size()) /
                             static_cast<double>(std::max<std::size_t>(1, pictures));
    }
    return {};
  }

  void averageSupport(Trial& trial) {
    const std::size_t classes = trial.problem->classes.size();
    std::vector<double> sums(trial.support.empty() ? 0 : classes * width_, 0.0);
    if (sums.empty()) {  // zero-shot alone, which asks nothing of them
      trial.prototypeText.assign(classes, 0.f);
    }
    for (std::size_t s = 0; s < trial.support.size(); ++s) {
      const auto label = static_cast<std::size_t>(trial.labels[s]);
      const float* row = mixed_[trial.problem->classes[label]].data() + trial.slots[s] * width_;
      for (std::size_t k = 0; k < width_; ++k) {
        sums[label * width_ + k] += row[k];
      }
    }
    trial.prototypes.assign(sums.begin(), sums.end());
    for (std::size_t c = 0; c < classes && !sums.empty(); ++c) {
      const auto mean = std::span(trial.prototypes).subspan(c * width_, width_);
      adapt::normalise(mean);
      if (data_.text.rows > 0) {
        trial.prototypeText.push_back(
            adapt::multiplyTransposed({mean, 1, width_}, {data_.text.row(trial.problem->classes[c]), 1, width_})[0]);
      }
    }
  }

  /// What of a block of pictures a trial wants: which ones, and where they go.
  struct Wanted {
    Trial* trial = nullptr;
    Store* into = nullptr;
    std::vector<std::size_t> pictures;  ///< places in the block
  };

  /// Mixes pictures for a class, and refuses what the adapters cannot compare.
  Result<void> mix(const MixedPictures& from, std::span<const std::uint32_t> rows, std::size_t c,
                   std::span<float> out) const {
    from.mix(rows, c, out);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      float squares = 0.f;
      for (const float value : out.subspan(i * width_, width_)) {
        squares += value * value;
      }
      if (!std::isfinite(squares)) {
        return fail(ErrorCode::BadInput,
                    cat(&from == data_.poolMixed ? "Pool" : "Query", " picture ", rows[i], ", mixed for class '",
                        data_.classNames[c], "', holds a value that is not a finite number: the model that made it ",
                        "has diverged, or the file is damaged."));
      }
    }
    return {};
  }

  /// Mixes a block of pictures for every class in turn, and hands each trial its affinities.
  Result<void> compare(const MixedPictures& from, std::span<const std::uint32_t> rows, std::vector<Wanted>& wanted) {
    if (!lix::report(progress_, "mixing pictures for each class", done_, total_)) {
      return fail(ErrorCode::Cancelled, "The few-shot evaluation was stopped; nothing of it is kept.");
    }
    done_ += static_cast<long long>(rows.size());
    for (Wanted& one : wanted) {
      const std::size_t classes = one.trial->problem->classes.size();
      one.into->pictures += one.pictures.size();
      one.into->support.columns = one.trial->support.size();
      one.into->prototypes.columns = one.trial->support.empty() ? 0 : classes;
      one.into->text.columns = data_.text.rows > 0 ? classes : 0;
      for (AffinityBlock* block : {&one.into->support, &one.into->prototypes, &one.into->text}) {
        block->values.resize(one.into->pictures * block->columns);
      }
    }
    std::vector<float> block(rows.size() * width_);
    for (std::size_t c = 0; c < supports_.size(); ++c) {
      if (std::ranges::none_of(wanted, [&](const Wanted& one) { return one.trial->problem->indexOf[c] >= 0; })) {
        continue;
      }
      LIX_CHECK(mix(from, rows, c, block));
      const adapt::Matrix pictures{block, rows.size(), width_};
      const auto affinities = adapt::multiplyTransposed(pictures, {mixed_[c], supports_[c].size(), width_});
      const auto text = data_.text.rows > 0 ? adapt::multiplyTransposed(pictures, {data_.text.row(c), 1, width_})
                                            : std::vector<float>();
      for (Wanted& one : wanted) {
        if (one.trial->problem->indexOf[c] >= 0) {
          hand(one, c, pictures, affinities, text);
        }
      }
    }
    return {};
  }

  /// The columns of class c for the pictures that a trial wants.
  void hand(Wanted& one, std::size_t c, adapt::Matrix pictures, std::span<const float> affinities,
            std::span<const float> text) {
    const Trial& trial = *one.trial;
    const int label = trial.problem->indexOf[c];
    const std::size_t old = one.into->pictures - one.pictures.size(), slots = supports_[c].size();
    const auto [first, last] = std::ranges::equal_range(trial.labels, label);
    const auto begin = static_cast<std::size_t>(first - trial.labels.begin());
    const auto end = static_cast<std::size_t>(last - trial.labels.begin());
    const auto means =
        trial.prototypes.empty()
            ? std::vector<float>()
            : adapt::multiplyTransposed(
                  pictures,
                  {std::span(trial.prototypes).subspan(static_cast<std::size_t>(label) * width_, width_), 1, width_});
    for (std::size_t i = 0; i < one.pictures.size(); ++i) {
      const std::size_t picture = one.pictures[i];
      const auto row = one.into->support.row(old + i);
      for (std::size_t s = begin; s < end; ++s) {
        row[s] = affinities[picture * slots + trial.slots[s]];
      }
      if (!means.empty()) {
        one.into->prototypes.row(old + i)[static_cast<std::size_t>(label)] = means[picture];
      }
      if (!text.empty()) {
        one.into->text.row(old + i)[static_cast<std::size_t>(label)] = text[picture];
      }
    }
  }

  /// Whether an adapter of a trial asks for its validation pictures.
  bool searches(const Trial& trial) const {
    return trial.shots > 0 && std::ranges::any_of(settings_.adapters, [](const FewShotAdapter& entry) {
             const auto adapter = adapt::find(entry.id);
             return adapter && (*adapter)->needsValidation;
           });
  }

  /// How many pictures are compared with these trials at once.
  std::size_t picturesAtOnce(std::span<const Trial> trials) const {
    std::size_t floats = width_;
    for (const Trial& trial : trials) {
      floats += trial.support.size() + 2 * trial.problem->classes.size();
    }
    return std::clamp<std::size_t>(kBlockBytes / (floats * sizeof(float)), 1, kMostPictures);
  }

  /// The affinities of the validation pictures of a trial.
  Result<Store> compareValidation(Trial& trial) {
    Store known;
    const std::size_t most = picturesAtOnce({&trial, 1});
    for (std::size_t begin = 0; begin < trial.validation.size(); begin += most) {
      const auto rows = std::span(trial.validation).subspan(begin, std::min(most, trial.validation.size() - begin));
      std::vector<Wanted> wanted{{.trial = &trial, .into = &known, .pictures = {}}};
      for (std::size_t i = 0; i < rows.size(); ++i) {
        wanted.front().pictures.push_back(i);
      }
      LIX_CHECK(compare(*data_.poolMixed, rows, wanted));
    }
    return known;
  }

  Result<void> fit(Trial& trial) {
    std::vector<FewShotAdapter> entries;
    if ((trial.shots == 0 || trial.draw == settings_.firstDraw) && data_.text.rows > 0) {
      entries.push_back({.id = kZeroShot});
    }
    std::ranges::copy_if(settings_.adapters, std::back_inserter(entries),
                         [&](const auto& entry) { return trial.shots > 0 && entry.id != kZeroShot; });
    Store known;  // of one trial at a time: it is the largest thing there is
    const Stopwatch comparing;
    if (searches(trial)) {
      LIX_TRY(known, compareValidation(trial));
    }
    const double secondsKnown = comparing.seconds();
    for (const FewShotAdapter& entry : entries) {
      LIX_TRY(const adapt::Adapter* adapter, adapt::find(entry.id));
      adapt::AffinityTask task{.labels = trial.labels,
                               .prototypeText = trial.prototypeText,
                               .validation = {},
                               .validationLabels = {},
                               .classes = trial.problem->classes.size(),
                               .logitScale = data_.logitScale};
      if (adapter->needsValidation) {
        task.validation = known.view();
        task.validationLabels = trial.validationLabels;
      }
      Trial::Fitted fitted{.name = nameOf(entry)};
      const Stopwatch watch;
      LIX_TRY(fitted.classifier, adapt::fitAffinity(*adapter, task, entry.params));
      fitted.secondsFit = watch.seconds() + (adapter->needsSupport ? trial.secondsSupport : 0.0) +
                          (adapter->needsValidation ? secondsKnown : 0.0);
      trial.fitted.push_back(std::move(fitted));
    }
    return {};
  }

  /// The queries of a block that each trial asks.
  std::vector<Wanted> wantedOf(std::span<const std::uint32_t> queries, std::vector<Store>& stores) {
    std::vector<Wanted> wanted;
    for (std::size_t t = 0; t < trials_.size(); ++t) {
      stores[t].clear();
      wanted.push_back({.trial = &trials_[t], .into = &stores[t], .pictures = {}});
      for (std::size_t i = 0; i < queries.size(); ++i) {
        if (trials_[t].problem->indexOf[static_cast<std::size_t>(data_.query.labels[queries[i]])] >= 0) {
          wanted.back().pictures.push_back(i);
        }
      }
    }
    return wanted;
  }

  /// Shares the seconds of a block among the trials by how many affinities were made for each.
  static void apportion(double seconds, std::vector<Wanted>& wanted) {
    const auto made = [](const Wanted& one) {
      return static_cast<double>(one.into->support.values.size() + one.into->prototypes.values.size() +
                                 one.into->text.values.size());
    };
    double all = 0.0;
    for (const Wanted& one : wanted) {
      all += made(one);
    }
    for (Wanted& one : wanted) {
      one.trial->secondsQueries += all > 0.0 ? seconds * made(one) / all : 0.0;
    }
  }

  Result<void> answerQueries() {
    std::vector<std::uint32_t> rows(data_.query.labels.size());
    std::iota(rows.begin(), rows.end(), 0u);
    std::vector<Store> stores(trials_.size());
    const std::size_t most = picturesAtOnce(trials_);
    for (std::size_t begin = 0; begin < rows.size(); begin += most) {
      const auto part = std::span(rows).subspan(begin, std::min(most, rows.size() - begin));
      const Stopwatch comparing;
      std::vector<Wanted> wanted = wantedOf(part, stores);
      LIX_CHECK(compare(*data_.queryMixed, part, wanted));
      apportion(comparing.seconds(), wanted);
      for (std::size_t t = 0; t < trials_.size(); ++t) {
        for (Trial::Fitted& fitted : trials_[t].fitted) {
          const Stopwatch watch;
          append(fitted.answers, fitted.classifier->logits(stores[t].view()), trials_[t].problem->classes.size(),
                 settings_.keep);
          fitted.secondsQuery += watch.seconds();
        }
      }
    }
    return {};
  }

  void report(Trial& trial) {
    for (Trial::Fitted& fitted : trial.fitted) {
      const bool zeroShot = fitted.name == kZeroShot;
      FewShotPoint point{
          .adapter = fitted.name, .shots = trial.shots, .draw = zeroShot ? 0 : trial.draw, .seed = settings_.seed};
      judge(point, *trial.problem, fitted.answers, settings_.keep);
      point.supportSize = zeroShot ? 0 : trial.support.size();
      point.validationSize = zeroShot ? 0 : trial.validation.size();
      point.settings = fitted.classifier->settings();
      point.secondsFit = fitted.secondsFit;
      point.secondsQuery = fitted.secondsQuery + trial.secondsQueries;
      result_.points.push_back(std::move(point));
    }
    trial.fitted.clear();
  }

  const FewShotData& data_;
  const FewShotSettings& settings_;
  const Reach& reach_;
  const Progress& progress_;
  FewShotResult& result_;
  std::size_t width_;
  std::vector<std::unique_ptr<Problem>> problems_;
  std::vector<Trial> trials_;
  std::vector<std::vector<std::uint32_t>> supports_;          ///< of each class: pool rows of any draw
  std::vector<std::map<std::uint32_t, std::size_t>> slotOf_;  ///< and where they stand
  std::vector<std::vector<float>> mixed_;                     ///< and what they are, [slots, D]
  long long done_ = 0, total_ = 0;                            ///< pictures
};

}  // namespace

Result<void> evaluateClassConditioned(const FewShotData& data, const FewShotSettings& settings, const Reach& reach,
                                      const Progress& progress, FewShotResult& result) {
  return Conditioned(data, settings, reach, progress, result).run();
}

}  // namespace lix::study
