#include "pages/support/support_scorer.h"

#include <algorithm>
#include <unordered_set>

#include "adapt/adapter.h"
#include "base/text.h"
#include "data/file_pictures.h"
#include "pages/support/set_features.h"

namespace lix::app {
namespace {

constexpr const char* kTemplates = "plain";  // as `lixp eval` asks by default

/// Changes when a file does; samples of datasets do not change while they are open.
std::uint64_t versionOf(const data::PictureRef& picture) {
  if (!picture.isFile()) {
    return 0;
  }
  const auto state = data::fileState(picture.file);
  return state ? state->version : 0;
}

adapt::Matrix matrixOf(const std::vector<float>& values, std::size_t width) {
  return {values, width == 0 ? 0 : values.size() / width, width};
}

/// As embedPictures() names it.
std::string keyOf(const data::PictureRef& picture) {
  return picture.isFile() ? picture.file.string() : data::shortName(picture);
}

/// What is kept may be of another checkpoint by now.
Result<void> checkWeights(const std::string& kept, const study::Reader& reader) {
  return kept == reader.facts().weightsHash
             ? Result<void>()
             : fail(ErrorCode::Cancelled, "Another checkpoint was chosen before the pictures were read.");
}

/// The class of each query by its place among `names`, -1 where it is none of them.
std::vector<int> labelsOf(const QueryPictures& queries, const std::vector<std::string>& names) {
  std::map<std::string, int> classes;
  for (std::size_t c = 0; c < names.size(); ++c) {
    classes.emplace(foldedName(names[c]), static_cast<int>(c));
  }
  std::map<std::string, int> known;  // names are folded once, not for every query
  std::vector<int> labels;
  for (const std::string& name : queries.classNames) {
    auto label = known.find(name);
    if (label == known.end()) {
      const auto found = classes.find(foldedName(name));
      label = known.emplace(name, found == classes.end() ? -1 : found->second).first;
    }
    labels.push_back(label->second);
  }
  return labels;
}

}  // namespace

/// Pictures with the versions of their files when they were asked about.
struct SupportScorer::Pictures {
  std::vector<data::PictureRef> pictures;
  std::vector<std::uint64_t> versions;

  void add(const data::PictureRef& picture, std::uint64_t version) {
    pictures.push_back(picture);
    versions.push_back(version);
  }
  static Pictures of(const support::SupportSet& set) {
    Pictures all;
    for (const auto& one : set.classes) {
      for (const data::PictureRef& picture : one.pictures) {
        all.add(picture, versionOf(picture));
      }
    }
    return all;
  }
};

/// A support set as adapters take it, and what could not be read of it.
struct SupportScorer::Basis {
  ScoredTask scored;
  std::vector<data::Skipped> unreadable;
};

study::SupportTask ScoredTask::task() const {
  return {.support = {matrixOf(support, width), labels},
          .query = queries ? matrixOf(queries->embedded.vectors.values, width) : adapt::Matrix(),
          .queryLabels = queryLabels,
          .text = matrixOf(text, width),
          .classNames = names,
          .logitScale = logitScale,
          .supportHashes = hashes,
          .queryHashes = queries ? std::span<const std::uint64_t>(queries->embedded.hashes)
                                 : std::span<const std::uint64_t>()};
}

SupportScorer::Pictures SupportScorer::missingOf(const study::Reader& reader, const Pictures& all) {
  const std::scoped_lock lock(mutex_);
  if (weights_ != reader.facts().weightsHash) {
    weights_ = reader.facts().weightsHash;
    rows_.clear();
    texts_.clear();
    unreadable_.clear();
  }
  Pictures missing;
  for (std::size_t i = 0; i < all.pictures.size(); ++i) {
    const auto row = rows_.find(all.pictures[i]);
    const auto failed = unreadable_.find(all.pictures[i]);
    const bool known = (row != rows_.end() && row->second.version == all.versions[i]) ||
                       (failed != unreadable_.end() && failed->second.version == all.versions[i]);
    if (!known) {
      missing.add(all.pictures[i], all.versions[i]);
    }
  }
  return missing;
}

std::size_t SupportScorer::missing(const study::Reader& reader, const support::SupportSet& set) {
  return missingOf(reader, Pictures::of(set)).pictures.size();
}

void SupportScorer::retryUnreadable() {
  const std::scoped_lock lock(mutex_);
  unreadable_.clear();
}

Result<void> SupportScorer::prepare(const study::Reader& reader, const support::SupportSet& set,
                                    const std::optional<std::filesystem::path>& cache, const Progress& progress) {
  const Pictures missing = missingOf(reader, Pictures::of(set));
  LIX_TRY(const EmbeddedPictures embedded, embedPictures(reader, datasets_, missing.pictures, cache, progress));
  return keep(reader, missing, embedded);
}

Result<void> SupportScorer::keep(const study::Reader& reader, const Pictures& asked,
                                 const EmbeddedPictures& embedded) {
  std::map<data::PictureRef, std::size_t> places;
  for (std::size_t i = 0; i < embedded.pictures.size(); ++i) {
    places.emplace(embedded.pictures[i], i);
  }
  std::map<std::string, std::string> reasons;
  for (const data::Skipped& one : embedded.skipped) {
    reasons.emplace(one.key, one.reason);
  }
  const std::scoped_lock lock(mutex_);
  LIX_CHECK(checkWeights(weights_, reader));
  for (std::size_t i = 0; i < asked.pictures.size(); ++i) {
    const data::PictureRef& picture = asked.pictures[i];
    if (const auto place = places.find(picture); place != places.end()) {
      const std::size_t width = embedded.vectors.width;
      const float* first = embedded.vectors.values.data() + place->second * width;
      rows_[picture] = {asked.versions[i], embedded.hashes[place->second], {first, first + width}};
      unreadable_.erase(picture);
    } else {
      const std::string key = keyOf(picture);
      rows_.erase(picture);
      unreadable_[picture] = {asked.versions[i], {key, reasons[key]}};
    }
  }
  return {};
}

/// The text tower is not run under the lock: others go on meanwhile.
Result<void> SupportScorer::readTexts(const study::Reader& reader, const support::SupportSet& set) {
  std::vector<std::string> fresh;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& one : set.classes) {
      if (!texts_.contains(one.name)) {
        fresh.push_back(one.name);
      }
    }
  }
  if (fresh.empty()) {
    return {};
  }
  LIX_TRY(const study::Vectors texts, reader.classTexts(fresh, kTemplates));
  const std::scoped_lock lock(mutex_);
  LIX_CHECK(checkWeights(weights_, reader));
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const float* first = texts.values.data() + i * texts.width;
    texts_[fresh[i]] = {first, first + texts.width};
  }
  return {};
}

Result<SupportScorer::Basis> SupportScorer::basis(const study::Reader& reader, const support::SupportSet& set) {
  const Pictures all = Pictures::of(set);
  const Pictures missing = missingOf(reader, all);
  if (missing.pictures.size() > kMostAtOnce) {
    return fail(ErrorCode::Busy, cat(missing.pictures.size(), " pictures of the set were not read yet by this "
                                     "checkpoint: Score now (Ctrl+Return) in Accuracy reads them."));
  }
  // So few that the disk's cache is not worth opening.
  LIX_TRY(const EmbeddedPictures fresh, embedPictures(reader, datasets_, missing.pictures, std::nullopt));
  LIX_CHECK(keep(reader, missing, fresh));
  LIX_CHECK(readTexts(reader, set));
  return gathered(reader, set, all);
}

Result<SupportScorer::Basis> SupportScorer::gathered(const study::Reader& reader, const support::SupportSet& set,
                                                     const Pictures& all) {
  Basis basis;
  ScoredTask& scored = basis.scored;
  scored.width = static_cast<std::size_t>(reader.facts().embedWidth);
  scored.logitScale = static_cast<float>(reader.facts().rule.scale);
  const std::scoped_lock lock(mutex_);
  LIX_CHECK(checkWeights(weights_, reader));
  std::size_t at = 0;
  for (std::size_t c = 0; c < set.classes.size(); ++c) {
    scored.names.push_back(set.classes[c].name);
    const auto& text = texts_.at(set.classes[c].name);
    scored.text.insert(scored.text.end(), text.begin(), text.end());
    for (const data::PictureRef& picture : set.classes[c].pictures) {
      const std::uint64_t version = all.versions[at++];
      if (const auto row = rows_.find(picture); row != rows_.end() && row->second.version == version) {
        scored.pictures.push_back(picture);
        scored.support.insert(scored.support.end(), row->second.vector.begin(), row->second.vector.end());
        scored.labels.push_back(static_cast<int>(c));
        scored.hashes.push_back(row->second.hash);
        scored.width = row->second.vector.size();
      } else if (const auto failed = unreadable_.find(picture); failed != unreadable_.end()) {
        basis.unreadable.push_back(failed->second.why);
      }
    }
  }
  return basis;
}

Result<SetFeatures> SupportScorer::features(const study::Reader& reader, const support::SupportSet& set) {
  LIX_TRY(Basis basis, this->basis(reader, set));
  ScoredTask& scored = basis.scored;
  const std::size_t textWidth = scored.names.empty() ? 0 : scored.text.size() / scored.names.size();
  return SetFeatures{.pictures = std::move(scored.pictures),
                     .labels = std::move(scored.labels),
                     .hashes = std::move(scored.hashes),
                     .vectors = {scored.width, std::move(scored.support)},
                     .names = std::move(scored.names),
                     .text = {textWidth, std::move(scored.text)},
                     .logitScale = scored.logitScale};
}

Result<SupportScores> SupportScorer::score(const study::Reader& reader, const support::SupportSet& set,
                                           std::shared_ptr<const QueryPictures> queries,
                                           const study::AdapterSettings& settings) {
  LIX_TRY(Basis basis, this->basis(reader, set));
  SupportScores scores{.unreadable = std::move(basis.unreadable)};
  auto scored = std::make_shared<ScoredTask>(std::move(basis.scored));
  if (queries) {
    const std::unordered_set<std::uint64_t> inSet(scored->hashes.begin(), scored->hashes.end());
    scored->queryLabels = labelsOf(*queries, scored->names);
    for (std::size_t i = 0; i < scored->queryLabels.size(); ++i) {
      if (inSet.contains(queries->embedded.hashes[i])) {
        scored->queryLabels[i] = -1;
        ++scores.leftOut;
      }
    }
    scores.queries = scored->queryLabels.size() - scores.leftOut;
    scored->queries = std::move(queries);
  }
  auto quick = study::scoreSupport(scored->task(), study::supportAdapters(study::Adapters::Quick), settings);
  for (const adapt::Adapter* adapter : study::supportAdapters(study::Adapters::All)) {
    const auto answer = std::ranges::find(quick, adapter->id, &study::AdapterScore::id);
    scores.adapters.push_back(answer == quick.end()
                                  ? study::AdapterScore{.id = adapter->id, .title = adapter->title, .waiting = true}
                                  : std::move(*answer));
  }
  scores.task = std::move(scored);
  return scores;
}

Result<Predictions> SupportScorer::predict(const study::Reader& reader, const support::SupportSet& set,
                                           const EmbeddedPictures& pictures, const std::string& adapter,
                                           const study::AdapterSettings& settings, std::stop_token stop) {
  LIX_TRY(const Basis basis, this->basis(reader, set));
  study::SupportTask task = basis.scored.task();
  task.stop = std::move(stop);
  task.query = matrixOf(pictures.vectors.values, basis.scored.width);
  task.queryHashes = {};
  std::vector<const adapt::Adapter*> asked = study::supportAdapters(study::Adapters::All);
  std::erase_if(asked, [&](const adapt::Adapter* one) { return one->id != adapter; });
  const auto scores = study::scoreSupport(task, asked, settings);
  const auto chosen = std::ranges::find(scores, adapter, &study::AdapterScore::id);
  if (chosen == scores.end()) {
    return fail(ErrorCode::NotFound, "There is no adapter '" + adapter + "' for support sets; choose another.");
  }
  Predictions predictions{.adapterTitle = chosen->title, .refusal = chosen->refusal};
  for (const study::SupportPrediction& one : chosen->predictions) {
    predictions.rows.push_back({pictures.pictures[one.query], basis.scored.names[static_cast<std::size_t>(one.predicted)],
                                basis.scored.names[static_cast<std::size_t>(one.second)], one.margin});
  }
  return predictions;
}

}  // namespace lix::app
