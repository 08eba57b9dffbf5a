#include "pages/support/support_scorer.h"

#include <algorithm>
#include <unordered_set>

#include "adapt/adapter.h"
#include "data/file_pictures.h"

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

/// A support set as adapters take it, and what could not be read of it.
struct SupportScorer::Basis {
  ScoredTask scored;
  std::unordered_set<std::uint64_t> hashes;
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

void SupportScorer::begin(const study::Reader& reader) {
  if (weights_ != reader.facts().weightsHash) {
    weights_ = reader.facts().weightsHash;
    rows_.clear();
    texts_.clear();
  }
}

std::vector<data::PictureRef> SupportScorer::missingOf(const support::SupportSet& set) const {
  std::vector<data::PictureRef> missing;
  for (const auto& one : set.classes) {
    for (const data::PictureRef& picture : one.pictures) {
      const auto row = rows_.find(picture);
      if (row == rows_.end() || row->second.version != versionOf(picture)) {
        missing.push_back(picture);
      }
    }
  }
  return missing;
}

std::size_t SupportScorer::missing(const study::Reader& reader, const support::SupportSet& set) {
  const std::scoped_lock lock(mutex_);
  begin(reader);
  return missingOf(set).size();
}

Result<void> SupportScorer::prepare(const study::Reader& reader, const support::SupportSet& set,
                                    const std::optional<std::filesystem::path>& cache, const Progress& progress) {
  std::vector<data::PictureRef> missing;
  {
    const std::scoped_lock lock(mutex_);
    begin(reader);
    missing = missingOf(set);
  }
  LIX_TRY(const EmbeddedPictures embedded, embedPictures(reader, datasets_, missing, cache, progress));
  const std::scoped_lock lock(mutex_);
  keep(reader, embedded);
  return {};
}

void SupportScorer::keep(const study::Reader& reader, const EmbeddedPictures& embedded) {
  begin(reader);
  const std::size_t width = embedded.vectors.width;
  for (std::size_t i = 0; i < embedded.pictures.size(); ++i) {
    const float* first = embedded.vectors.values.data() + i * width;
    rows_[embedded.pictures[i]] = {versionOf(embedded.pictures[i]), embedded.hashes[i], {first, first + width}};
  }
}

Result<void> SupportScorer::addTexts(const study::Reader& reader, const support::SupportSet& set, Basis& basis) {
  std::vector<std::string> fresh;
  for (const auto& one : set.classes) {
    if (!texts_.contains(one.name)) {
      fresh.push_back(one.name);
    }
  }
  if (!fresh.empty()) {
    LIX_TRY(const study::Vectors texts, reader.classTexts(fresh, kTemplates));
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      const float* first = texts.values.data() + i * texts.width;
      texts_[fresh[i]] = {first, first + texts.width};
    }
  }
  for (const auto& one : set.classes) {
    const auto& row = texts_.at(one.name);
    basis.scored.text.insert(basis.scored.text.end(), row.begin(), row.end());
  }
  return {};
}

Result<SupportScorer::Basis> SupportScorer::basis(const study::Reader& reader, const support::SupportSet& set) {
  Basis basis;
  ScoredTask& scored = basis.scored;
  scored.width = static_cast<std::size_t>(reader.facts().embedWidth);
  scored.logitScale = static_cast<float>(reader.facts().rule.scale);
  // Few pictures are new here (the page prepares many as a task), so that the disk's cache is not worth opening.
  std::vector<data::PictureRef> missing;
  {
    const std::scoped_lock lock(mutex_);
    begin(reader);
    missing = missingOf(set);
  }
  LIX_TRY(const EmbeddedPictures fresh, embedPictures(reader, datasets_, missing, std::nullopt));
  const std::scoped_lock lock(mutex_);
  keep(reader, fresh);
  basis.unreadable = fresh.skipped;
  for (std::size_t c = 0; c < set.classes.size(); ++c) {
    scored.names.push_back(set.classes[c].name);
    for (const data::PictureRef& picture : set.classes[c].pictures) {
      const auto row = rows_.find(picture);
      if (row != rows_.end() && row->second.version == versionOf(picture)) {
        scored.support.insert(scored.support.end(), row->second.vector.begin(), row->second.vector.end());
        scored.labels.push_back(static_cast<int>(c));
        scored.hashes.push_back(row->second.hash);
        basis.hashes.insert(row->second.hash);
        scored.width = row->second.vector.size();
      }
    }
  }
  LIX_CHECK(addTexts(reader, set, basis));
  return basis;
}

Result<SupportScores> SupportScorer::score(const study::Reader& reader, const support::SupportSet& set,
                                           std::shared_ptr<const QueryPictures> queries,
                                           const study::AdapterSettings& settings) {
  LIX_TRY(Basis basis, this->basis(reader, set));
  SupportScores scores{.unreadable = std::move(basis.unreadable)};
  auto scored = std::make_shared<ScoredTask>(std::move(basis.scored));
  if (queries) {
    scored->queryLabels = labelsOf(*queries, scored->names);
    for (std::size_t i = 0; i < scored->queryLabels.size(); ++i) {
      if (basis.hashes.contains(queries->embedded.hashes[i])) {
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
                                           const study::AdapterSettings& settings) {
  LIX_TRY(const Basis basis, this->basis(reader, set));
  study::SupportTask task = basis.scored.task();
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
