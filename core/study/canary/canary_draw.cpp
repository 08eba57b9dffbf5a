#include "study/canary/canary_draw.h"

#include <algorithm>
#include <unordered_set>

#include "base/parallel.h"
#include "base/text.h"
#include "imaging/hash.h"
#include "imaging/transform.h"
#include "study/eval/embed.h"

namespace lix::study {
namespace {

/// A picture that was asked for: which one, and of which class.
struct Wanted {
  std::size_t sample = 0;
  std::size_t owner = 0;  ///< class of the plan
};

struct Read {
  std::uint64_t hash = 0;
  bool learned = false;
  imaging::Image square;
};

class Drawing {
 public:
  Drawing(const data::Dataset& dataset, const CanaryPlan& plan, const Pack& learned, const nn::Preprocess& preprocess)
      : dataset_(dataset), plan_(plan), packSize_(learned.pictureSize()), preprocess_(preprocess) {
    for (const PackedSample& sample : learned.samples()) {
      if (sample.split == 0) {
        learned_.insert(sample.hash);
      }
    }
  }

  /// Pictures of one kind until every class has `perClass`, there are `most`, or there are no more.
  std::vector<CanaryPicture> take(std::vector<std::size_t> CanaryClass::*kind, std::size_t perClass, std::size_t most) {
    std::vector<std::size_t> next(plan_.classes.size(), 0), taken(plan_.classes.size(), 0);
    std::vector<CanaryPicture> out;
    while (true) {
      const std::vector<Wanted> round = nextRound(kind, perClass, most - out.size(), next, taken);
      if (round.empty()) {
        return out;
      }
      std::vector<Result<Read>> reads(round.size(), fail(ErrorCode::BadInput, ""));
      parallelFor(round.size(), [&](std::size_t i) { reads[i] = read(round[i].sample); });
      for (std::size_t i = 0; i < round.size(); ++i) {
        if (keeps(reads[i], round[i].sample)) {
          ++taken[round[i].owner];
          out.push_back({round[i].sample, int(round[i].owner), std::move(reads[i]->square)});
        }
      }
    }
  }

  /// Leaves out classes without their shots or a query, and numbers the others anew.
  void keepWholeClasses(CanaryDraw& draw, std::size_t shots) const {
    std::vector<std::size_t> support(plan_.classes.size(), 0), query(plan_.classes.size(), 0);
    for (const auto& picture : draw.support) {
      ++support[std::size_t(picture.label)];
    }
    for (const auto& picture : draw.query) {
      ++query[std::size_t(picture.label)];
    }
    std::vector<int> numbers(plan_.classes.size(), -1);
    for (std::size_t c = 0; c < plan_.classes.size(); ++c) {
      if (support[c] == shots && query[c] > 0) {
        numbers[c] = int(draw.classes.size());
        draw.classes.push_back(plan_.classes[c].name);
      }
    }
    for (auto* pictures : {&draw.support, &draw.query}) {
      std::erase_if(*pictures, [&](const CanaryPicture& one) { return numbers[std::size_t(one.label)] < 0; });
      for (CanaryPicture& one : *pictures) {
        one.label = numbers[std::size_t(one.label)];
      }
      std::ranges::stable_sort(*pictures, {}, &CanaryPicture::label);
    }
  }

  void addNotes(std::vector<std::string>& notes) const {
    const auto add = [&](std::size_t count, const char* one, const char* many, const std::string& why = "") {
      if (count > 0) {
        notes.push_back(cat("Left out of the canary: ", count, " ", count == 1 ? one : many, why, "."));
      }
    };
    add(shared_, "picture that the run learns from", "pictures that the run learns from");
    add(repeated_, "picture that repeats another", "pictures that repeat others");
    add(unread_, "picture that cannot be read", "pictures that cannot be read", cat(" (", firstUnread_, ")"));
  }

  std::size_t shared() const { return shared_; }

 private:
  std::vector<Wanted> nextRound(std::vector<std::size_t> CanaryClass::*kind, std::size_t perClass, std::size_t most,
                                std::vector<std::size_t>& next, const std::vector<std::size_t>& taken) const {
    std::vector<std::size_t> planned = taken;
    std::vector<Wanted> round;
    while (round.size() < most) {  // always a class that has the fewest
      std::size_t fewest = plan_.classes.size();
      for (std::size_t c = 0; c < plan_.classes.size(); ++c) {
        const bool open = next[c] < (plan_.classes[c].*kind).size() && planned[c] < perClass;
        if (open && (fewest == plan_.classes.size() || planned[c] < planned[fewest])) {
          fewest = c;
        }
      }
      if (fewest == plan_.classes.size()) {
        break;
      }
      round.push_back({(plan_.classes[fewest].*kind)[next[fewest]++], fewest});
      ++planned[fewest];
    }
    return round;
  }

  Result<Read> read(std::size_t sample) const {
    LIX_TRY(const imaging::Image picture, dataset_.pictures->load(sample));
    Read out{.hash = imaging::contentHash(picture), .square = fitted(picture, preprocess_)};
    for (const imaging::Fit fit :
         {imaging::Fit::Squash, imaging::Fit::CropCentre}) {  // a pack does not say which it is
      out.learned =
          out.learned || learned_.contains(imaging::contentHash(imaging::fitSquare(picture, packSize_, {.fit = fit})));
    }
    return out;
  }

  bool keeps(const Result<Read>& picture, std::size_t sample) {
    if (!picture) {
      firstUnread_ = unread_++ == 0 ? cat(dataset_.samples[sample].key, ": ", picture.error().message) : firstUnread_;
      return false;
    }
    if (picture->learned) {
      ++shared_;
      return false;
    }
    const bool fresh = seen_.insert(picture->hash).second;
    repeated_ += fresh ? 0 : 1;
    return fresh;
  }

  const data::Dataset& dataset_;
  const CanaryPlan& plan_;
  const int packSize_;
  const nn::Preprocess& preprocess_;
  std::unordered_set<std::uint64_t> learned_, seen_;
  std::size_t shared_ = 0, repeated_ = 0, unread_ = 0;
  std::string firstUnread_;
};

}  // namespace

Result<CanaryDraw> drawCanary(const data::Dataset& dataset, const CanaryPlan& plan, const CanarySettings& settings,
                              const Pack& learned, const nn::Preprocess& preprocess) {
  const auto shots = std::size_t(std::max(1, settings.shots));
  Drawing drawing(dataset, plan, learned, preprocess);
  CanaryDraw draw;
  draw.support = drawing.take(&CanaryClass::support, shots, shots * plan.classes.size());
  draw.query = drawing.take(&CanaryClass::query, settings.mostQueries, settings.mostQueries);
  drawing.keepWholeClasses(draw, shots);
  if (draw.classes.size() < 2) {
    return fail(
        ErrorCode::BadInput,
        cat("The canary '", dataset.name, "' has fewer than two classes with ", shots, " support ",
            shots == 1 ? "picture" : "pictures", " and a query left",
            drawing.shared() > 0 ? cat(", since the run learns from ", drawing.shared(), " of its pictures") : "",
            "; choose another --canary, or fewer --canary-shots."));
  }
  draw.notes.push_back(cat("The canary asks ", draw.query.size(), " test pictures of '", dataset.name, "' in ",
                           draw.classes.size(), " classes, with ", shots, shots == 1 ? " shot" : " shots", " from its ",
                           plan.supportSplit == data::Split::Train ? "training" : "validation", " split."));
  if (const std::size_t left = plan.allClasses - draw.classes.size(); left > 0) {
    draw.notes.push_back(cat("Left out of the canary: ", left, left == 1 ? " class" : " classes", " of ",
                             plan.allClasses, ", without the pictures or beyond ", settings.mostSupport,
                             " pictures of support."));
  }
  drawing.addNotes(draw.notes);
  return draw;
}

}  // namespace lix::study
