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

}  // namespace

/// A support set as adapters take it.
struct SupportScorer::Basis {
  std::size_t width = 0;
  std::vector<float> support, text;
  std::vector<int> labels;
  std::vector<std::string> names;
  std::unordered_set<std::uint64_t> hashes;
  std::vector<data::Skipped> unreadable;
  float logitScale = 100.f;

  study::SupportTask task() const {
    return {.support = {matrixOf(support, width), labels},
            .text = matrixOf(text, width),
            .classNames = names,
            .logitScale = logitScale};
  }
};

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
    basis.text.insert(basis.text.end(), row.begin(), row.end());
  }
  return {};
}

Result<SupportScorer::Basis> SupportScorer::basis(const study::Reader& reader, const support::SupportSet& set) {
  Basis basis{.width = static_cast<std::size_t>(reader.facts().embedWidth),
              .logitScale = static_cast<float>(reader.facts().rule.scale)};
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
    basis.names.push_back(set.classes[c].name);
    for (const data::PictureRef& picture : set.classes[c].pictures) {
      const auto row = rows_.find(picture);
      if (row != rows_.end() && row->second.version == versionOf(picture)) {
        basis.support.insert(basis.support.end(), row->second.vector.begin(), row->second.vector.end());
        basis.labels.push_back(static_cast<int>(c));
        basis.hashes.insert(row->second.hash);
        basis.width = row->second.vector.size();
      }
    }
  }
  LIX_CHECK(addTexts(reader, set, basis));
  return basis;
}

Result<SupportScores> SupportScorer::score(const study::Reader& reader, const support::SupportSet& set,
                                           const QueryPictures* queries) {
  LIX_TRY(const Basis basis, this->basis(reader, set));
  SupportScores scores{.unreadable = basis.unreadable};
  std::vector<float> rows;
  std::vector<int> labels;
  if (queries != nullptr) {
    std::map<std::string, int> classes;
    for (std::size_t c = 0; c < basis.names.size(); ++c) {
      classes.emplace(foldedName(basis.names[c]), static_cast<int>(c));
    }
    const std::size_t width = queries->embedded.vectors.width;
    for (std::size_t i = 0; i < queries->embedded.pictures.size(); ++i) {
      if (basis.hashes.contains(queries->embedded.hashes[i])) {
        ++scores.leftOut;
        continue;
      }
      const float* first = queries->embedded.vectors.values.data() + i * width;
      rows.insert(rows.end(), first, first + width);
      const auto found = classes.find(foldedName(queries->classNames[i]));
      labels.push_back(found == classes.end() ? -1 : found->second);
    }
  }
  scores.queries = labels.size();
  study::SupportTask task = basis.task();
  task.query = matrixOf(rows, basis.width);
  task.queryLabels = labels;
  scores.adapters = study::scoreSupport(task);
  return scores;
}

Result<Predictions> SupportScorer::predict(const study::Reader& reader, const support::SupportSet& set,
                                           const EmbeddedPictures& pictures, const std::string& adapter) {
  LIX_TRY(const Basis basis, this->basis(reader, set));
  study::SupportTask task = basis.task();
  task.query = matrixOf(pictures.vectors.values, basis.width);
  const auto scores = study::scoreSupport(task);
  const auto chosen = std::ranges::find(scores, adapter, &study::AdapterScore::id);
  if (chosen == scores.end()) {
    return fail(ErrorCode::NotFound, "There is no adapter '" + adapter + "' for support sets; choose another.");
  }
  Predictions predictions{.adapterTitle = chosen->title, .refusal = chosen->refusal};
  for (const study::SupportPrediction& one : chosen->predictions) {
    predictions.rows.push_back({pictures.pictures[one.query], basis.names[static_cast<std::size_t>(one.predicted)],
                                basis.names[static_cast<std::size_t>(one.second)], one.margin});
  }
  return predictions;
}

}  // namespace lix::app
