#include "study/few_shot/class_conditioned.h"

#include <algorithm>
#include <map>

#include "adapt/affinity.h"
#include "adapt/check.h"
#include "adapt/linear.h"
#include "base/text.h"
#include "study/few_shot/problem.h"

namespace lix::study {
namespace {

constexpr std::size_t kPicturesAtOnce = 256;
constexpr const char* kZeroShot = "zero-shot";

/// A matrix with memory of its own.
struct Block {
  std::vector<float> values;
  std::size_t columns = 0;
  adapt::Matrix matrix() const { return {values, columns == 0 ? 0 : values.size() / columns, columns}; }
  std::span<float> row(std::size_t i) { return std::span(values).subspan(i * columns, columns); }
};

/// Affinities with memory of their own, filled picture by picture.
struct Store {
  Block support, prototypes, text;
  std::vector<std::size_t> places;  ///< which of the problem's queries each picture is
  adapt::Affinities view() const { return {support.matrix(), prototypes.matrix(), text.matrix()}; }
  void clear() {
    for (Block* block : {&support, &prototypes, &text}) {
      block->values.clear();
    }
    places.clear();
  }
};

/// One draw of one shot count (or zero-shot alone) with what is fitted on it.
struct Trial {
  const Problem* problem = nullptr;
  std::size_t shots = 0, draw = 0;
  std::vector<std::uint32_t> support, validation;  ///< pool rows, class by class
  std::vector<int> labels, validationLabels;
  std::vector<std::size_t> slots;    ///< of each support picture among those that were mixed for its class
  std::vector<float> prototypes;     ///< [C, D] unit
  std::vector<float> prototypeText;  ///< [C]
  Store known;                       ///< of the validation pictures
  struct Fitted {
    std::string name, reason;
    std::unique_ptr<adapt::AffinityClassifier> classifier;
    Answers answers;
    double secondsFit = 0.0, secondsQuery = 0.0;
  };
  std::vector<Fitted> fitted;
};

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
    mixSupports();
    LIX_CHECK(compareValidation());
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
  }

  /// Every support picture once, mixed for its own class; then the means of each trial.
  void mixSupports() {
    mixed_.resize(supports_.size());
    for (std::size_t c = 0; c < supports_.size(); ++c) {
      mixed_[c].resize(supports_[c].size() * width_);
      data_.poolMixed->mix(supports_[c], c, mixed_[c]);
    }
    for (Trial& trial : trials_) {
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
  }

  /// What of a block of pictures a trial wants: which ones, and where they go.
  struct Wanted {
    Trial* trial = nullptr;
    Store* into = nullptr;
    std::vector<std::size_t> pictures;  ///< places in the block
  };

  /// Mixes a block of pictures for every class in turn, and hands each trial its affinities.
  void compare(const MixedPictures& from, std::span<const std::uint32_t> rows, std::vector<Wanted>& wanted) {
    for (Wanted& one : wanted) {
      const std::size_t classes = one.trial->problem->classes.size(), old = one.into->places.size();
      const std::size_t count = old + one.pictures.size();
      one.into->support.columns = one.trial->support.size();
      one.into->prototypes.columns = one.trial->support.empty() ? 0 : classes;
      one.into->text.columns = data_.text.rows > 0 ? classes : 0;
      for (Block* block : {&one.into->support, &one.into->prototypes, &one.into->text}) {
        block->values.resize(count * block->columns);
      }
      one.into->places.resize(count);
    }
    std::vector<float> block(rows.size() * width_);
    for (std::size_t c = 0; c < supports_.size(); ++c) {
      if (std::ranges::none_of(wanted, [&](const Wanted& one) { return one.trial->problem->indexOf[c] >= 0; })) {
        continue;
      }
      from.mix(rows, c, block);
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
  }

  /// The columns of class c for the pictures that a trial wants.
  void hand(Wanted& one, std::size_t c, adapt::Matrix pictures, std::span<const float> affinities,
            std::span<const float> text) {
    const Trial& trial = *one.trial;
    const int label = trial.problem->indexOf[c];
    const std::size_t old = one.into->places.size() - one.pictures.size(), slots = supports_[c].size();
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

  /// The affinities of the validation pictures of all trials; a picture of several is mixed once.
  Result<void> compareValidation() {
    std::map<std::uint32_t, std::vector<std::pair<Trial*, std::size_t>>> users;
    for (Trial& trial : trials_) {
      for (std::size_t v = 0; v < trial.validation.size(); ++v) {
        users[trial.validation[v]].emplace_back(&trial, v);
      }
    }
    std::vector<std::uint32_t> rows;
    for (const auto& [row, of] : users) {
      rows.push_back(row);
    }
    for (std::size_t begin = 0; begin < rows.size(); begin += kPicturesAtOnce) {
      const auto part = std::span(rows).subspan(begin, std::min(kPicturesAtOnce, rows.size() - begin));
      std::map<Trial*, Wanted> wanted;
      std::map<Trial*, std::vector<std::size_t>> places;
      for (std::size_t i = 0; i < part.size(); ++i) {
        for (const auto& [trial, v] : users.at(part[i])) {
          Wanted& one = wanted[trial];
          one.trial = trial;
          one.into = &trial->known;
          one.pictures.push_back(i);
          places[trial].push_back(v);
        }
      }
      LIX_CHECK(compareBlock(*data_.poolMixed, part, wanted, places));
    }
    for (Trial& trial : trials_) {  // labels follow the pictures, which came in the order of the pool
      std::vector<int> labels;
      for (const std::size_t place : trial.known.places) {
        labels.push_back(trial.validationLabels[place]);
      }
      trial.validationLabels = std::move(labels);
    }
    return {};
  }

  Result<void> compareBlock(const MixedPictures& from, std::span<const std::uint32_t> rows,
                            std::map<Trial*, Wanted>& wanted,
                            const std::map<Trial*, std::vector<std::size_t>>& places) {
    if (!lix::report(progress_, "mixing pictures for each class", done_, total())) {
      return fail(ErrorCode::Cancelled, "The few-shot evaluation was stopped; nothing of it is kept.");
    }
    done_ += static_cast<long long>(rows.size());
    std::vector<Wanted> list;
    for (auto& [trial, one] : wanted) {
      list.push_back(std::move(one));
    }
    compare(from, rows, list);
    for (const Wanted& one : list) {
      const auto& of = places.at(one.trial);
      std::ranges::copy(of, one.into->places.end() - static_cast<std::ptrdiff_t>(of.size()));
    }
    return {};
  }

  long long total() const {
    return static_cast<long long>(data_.query.labels.size()) + static_cast<long long>(data_.pool.labels.size());
  }

  adapt::AffinityTask taskOf(const Trial& trial) const {
    return {.labels = trial.labels,
            .prototypeText = trial.prototypeText,
            .validation = trial.known.view(),
            .validationLabels = trial.validationLabels,
            .classes = trial.problem->classes.size(),
            .logitScale = data_.logitScale};
  }

  Result<void> fit(Trial& trial) {
    std::vector<FewShotAdapter> entries;
    if ((trial.shots == 0 || trial.draw == settings_.firstDraw) && data_.text.rows > 0) {
      entries.push_back({.id = kZeroShot});
    }
    std::ranges::copy_if(settings_.adapters, std::back_inserter(entries),
                         [&](const auto& entry) { return trial.shots > 0 && entry.id != kZeroShot; });
    const adapt::Task sizes{.validation = {.features = {}, .labels = trial.validationLabels},
                            .classes = trial.problem->classes.size()};
    for (const FewShotAdapter& asked : entries) {
      Trial::Fitted fitted{.name = nameOf(asked)};
      const FewShotAdapter entry = fixedWhereNeeded(asked, sizes, fitted.reason);
      LIX_TRY(const adapt::Adapter* adapter, adapt::find(entry.id));
      const Stopwatch watch;
      LIX_TRY(fitted.classifier, adapt::fitAffinity(*adapter, taskOf(trial), entry.params));
      fitted.secondsFit = watch.seconds();
      trial.fitted.push_back(std::move(fitted));
    }
    return {};
  }

  Result<void> answerQueries() {
    const Stopwatch whole;
    double answering = 0.0;
    Store store;
    std::vector<std::uint32_t> part;
    for (std::size_t begin = 0; begin < data_.query.labels.size(); begin += kPicturesAtOnce) {
      part.clear();
      for (std::size_t i = begin; i < std::min(begin + kPicturesAtOnce, data_.query.labels.size()); ++i) {
        part.push_back(static_cast<std::uint32_t>(i));
      }
      std::map<Trial*, Wanted> wanted;
      std::map<Trial*, std::vector<std::size_t>> places;
      std::vector<Store> stores(trials_.size());
      for (std::size_t t = 0; t < trials_.size(); ++t) {
        Wanted one{.trial = &trials_[t], .into = &stores[t], .pictures = {}};
        for (std::size_t i = 0; i < part.size(); ++i) {
          if (trials_[t].problem->indexOf[static_cast<std::size_t>(data_.query.labels[part[i]])] >= 0) {
            one.pictures.push_back(i);
          }
        }
        places[&trials_[t]] = one.pictures;
        wanted.emplace(&trials_[t], std::move(one));
      }
      LIX_CHECK(compareBlock(*data_.queryMixed, part, wanted, places));
      for (std::size_t t = 0; t < trials_.size(); ++t) {
        for (Trial::Fitted& fitted : trials_[t].fitted) {
          const Stopwatch watch;
          append(fitted.answers, fitted.classifier->logits(stores[t].view()), trials_[t].problem->classes.size(),
                 settings_.keep);
          fitted.secondsQuery += watch.seconds();
          answering += watch.seconds();
        }
      }
    }
    shared_ = (whole.seconds() - answering) / static_cast<double>(trials_.size());
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
      point.secondsQuery = fitted.secondsQuery + shared_;
      if (!fitted.reason.empty()) {
        point.settings["chosen_by"] = fitted.reason;
      }
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
  long long done_ = 0;
  double shared_ = 0.0;  ///< seconds of mixing and comparing the queries, of one trial
};

}  // namespace

Result<void> evaluateClassConditioned(const FewShotData& data, const FewShotSettings& settings, const Reach& reach,
                                      const Progress& progress, FewShotResult& result) {
  return Conditioned(data, settings, reach, progress, result).run();
}

}  // namespace lix::study
