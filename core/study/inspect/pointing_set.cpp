#include "study/inspect/pointing_set.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/text.h"
#include "data/scenes/scene.h"
#include "study/inspect/memory.h"
#include "study/inspect/pointing.h"
#include "study/metrics/statistics.h"
#include "study/metrics/wilson.h"

namespace lix::study {
namespace {

constexpr std::array<std::string_view, 7> kKinds{"object", "place",    "texture", "size",
                                                 "relation", "count", "background"};

/// Means over one picture's captions of a kind, one entry a picture.
struct Means {
  std::size_t captions = 0;
  std::vector<double> hits, shares, chances;

  void add(const std::vector<Pointing>& found) {
    if (found.empty()) {
      return;
    }
    double hit = 0.0, share = 0.0, chance = 0.0;
    for (const Pointing& one : found) {
      hit += one.hit ? 1.0 : 0.0;
      share += one.share;
      chance += one.chance;
    }
    const auto count = double(found.size());
    captions += found.size();
    hits.push_back(hit / count);
    shares.push_back(share / count);
    chances.push_back(chance / count);
  }
};

Estimate estimate(const std::vector<double>& means) {
  const Summary summary = summarise(means);
  const double half = summary.interval.value_or(1.0);  // of one picture nothing is known
  return {summary.mean, {std::max(0.0, summary.mean - half), std::min(1.0, summary.mean + half)}};
}

Estimate rate(const std::vector<double>& means) {
  const bool none = std::ranges::all_of(means, [](double x) { return x == 0.0; });
  const bool every = std::ranges::all_of(means, [](double x) { return x == 1.0; });
  return none || every ? Estimate{every ? 1.0 : 0.0, wilsonInterval(every ? means.size() : 0, means.size())}
                       : estimate(means);
}

PointingKind kindOf(std::string name, const Means& means) {
  return {std::move(name),       means.captions, means.hits.size(), rate(means.hits), estimate(means.shares),
          summarise(means.chances).mean};
}

using ByKind = std::map<std::string_view, std::vector<Pointing>>;

/// Pointing of one sample's captions by their kind, and under "all".
Result<ByKind> pointSample(const Evaluator& evaluator, const data::Dataset& dataset, std::size_t sample,
                           const InspectSettings& settings, InspectMemory& memory, PointingSet& set) {
  const std::vector<std::string>& captions = dataset.samples[sample].captions;
  LIX_TRY(const imaging::Image picture, dataset.pictures->load(sample));
  LIX_TRY(const Reading reading, inspect(evaluator, {picture}, captions, settings, &memory));
  const MapReading& map = reading.pictures[0].map;
  set.perCaption = map.perCaption;
  set.explanation = map.explanation;
  ByKind found;
  for (std::size_t c = 0; c < captions.size(); ++c) {
    const auto mask = dataset.pictures->mask(sample, c);
    const auto one = mask ? pointing(map, map.perCaption ? c : 0, partRead(evaluator, *mask)) : std::nullopt;
    if (one) {
      found[sceneKind(captions[c])].push_back(*one);
      found["all"].push_back(*one);
    }
  }
  return found;
}

}  // namespace

std::string_view sceneKind(std::string_view caption) {
  const auto has = [caption](std::string_view part) { return caption.find(part) != std::string_view::npos; };
  const auto hasWord = [&](const auto& names) {
    return std::ranges::any_of(names, [&](std::string_view name) { return has(cat(" ", name, " ")); });
  };
  if (caption.ends_with(" background")) {
    return "background";
  }
  if (has(": ")) {
    return "count";
  }
  if (has(" left of ") || has(" right of ") || has(" above ") || has(" below ")) {
    return "relation";
  }
  if (has(" on the ") || has(" at the ") || has(" in the ")) {
    return "place";
  }
  return hasWord(data::kTextureNames) ? "texture" : hasWord(data::kSizeNames) ? "size" : "object";
}

Result<PointingSet> pointingOver(const Evaluator& evaluator, const data::Dataset& dataset,
                                 const std::vector<std::size_t>& samples, const InspectSettings& settings,
                                 const Progress& progress) {
  if (samples.empty() || dataset.samples[samples.front()].captions.empty() ||
      !dataset.pictures->mask(samples.front(), 0)) {
    return fail(ErrorCode::Unsupported, cat("'", dataset.name, "' does not know which pixels its captions speak of; the "
                                            "built-in dataset 'scenes' does."));
  }
  InspectMemory memory(0);  // captions come again and again, pictures do not
  PointingSet set;
  std::map<std::string_view, Means> means;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (!report(progress, cat("Pointing on ", dataset.name), static_cast<long long>(i),
                static_cast<long long>(samples.size()))) {
      return fail(ErrorCode::Cancelled, "Pointing was cancelled.");
    }
    const auto found = pointSample(evaluator, dataset, samples[i], settings, memory, set);
    if (!found) {
      set.skipped.push_back({dataset.samples[samples[i]].key, found.error().message});
      continue;
    }
    set.pictures += found->empty() ? 0 : 1;  // else no caption of it has a mask
    for (const auto& [kind, scores] : *found) {
      means[kind].add(scores);
    }
  }
  if (means.empty()) {
    return fail(ErrorCode::BadInput, cat("None of ", samples.size(), " pictures of '", dataset.name, "' could be pointed "
                                         "at", set.skipped.empty() ? "; take pictures with captions of what is in them." : ": " + set.skipped.front().reason));
  }
  set.kinds.push_back(kindOf("all", means.at("all")));
  for (const std::string_view kind : kKinds) {
    if (const auto one = means.find(kind); one != means.end()) {
      set.kinds.push_back(kindOf(std::string(kind), one->second));
    }
  }
  return set;
}

}  // namespace lix::study
