#include "pages/inspect/nearest_search.h"

#include <set>
#include <span>
#include <utility>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

/// The captions of samples, each once, in the pictures' order.
void collectCaptions(const DatasetShelf& datasets, std::size_t most, NearBase& base) {
  std::set<std::string> seen;
  for (const data::PictureRef& picture : base.pictures) {
    const auto opened = picture.isFile() ? nullptr : datasets.open(picture.dataset).value_or(nullptr);
    const auto found = opened ? opened->byKey.find(picture.key) : decltype(opened->byKey.end())();
    if (!opened || found == opened->byKey.end()) {
      continue;
    }
    for (const std::string& caption : opened->set.samples[found->second].captions) {
      if (!seen.insert(caption).second) {
        continue;
      }
      if (base.captions.size() < most) {
        base.captions.push_back(caption);
      } else {
        ++base.captionsLeftOut;
      }
    }
  }
}

Result<std::vector<float>> pictureVector(const study::Reader& reader, const LoadedPicture& picture,
                                         PreparedPictures& prepared) {
  const auto read = prepared.get(reader, picture);
  LIX_TRY(const auto features, reader.embed(std::span(&read->read, 1)));
  if (features.size() == 0) {
    return fail(ErrorCode::BadInput, features.skipped.empty() ? cat(picture.label, " cannot be read.")
                                                              : features.skipped.front().reason);
  }
  return reader.unitVectors(features).values;
}

}  // namespace

Result<std::shared_ptr<const NearBase>> embedNear(const CheckpointShelf& checkpoints, const DatasetShelf& datasets,
                                                  const fs::path& checkpoint, ContextChoice choice,
                                                  const std::optional<fs::path>& cache, const Progress& progress,
                                                  std::size_t mostCaptions) {
  LIX_TRY(const auto reader, checkpoints.open(checkpoint));
  choice.most = kMostNearPictures;
  LIX_TRY(const ContextList list, listOf(datasets, choice));
  LIX_TRY(EmbeddedList embedded, embedList(*reader, datasets, list.pictures, cache, progress));
  if (embedded.rows.empty()) {
    return fail(ErrorCode::BadInput,
                cat("There is no readable picture", list.name, ", so that nothing can be near.",
                    embedded.skipped.empty() ? std::string() : cat(" ", embedded.skipped.front().reason)));
  }
  auto base = std::make_shared<NearBase>();
  base->checkpoint = checkpoint;
  base->towerKey = reader->facts().towerKey;
  base->pooled = reader->facts().mixture;
  base->name = cat(embedded.rows.size(), embedded.rows.size() == 1 ? " picture" : " pictures", list.name);
  base->picturesLeftOut = list.leftOut;
  for (const std::size_t position : embedded.rows) {
    base->pictures.push_back(list.pictures[position]);
    base->labels.push_back(list.labels[position]);
  }
  base->hashes = embedded.features.hashes;
  base->pictureVectors = reader->unitVectors(embedded.features);
  base->skipped = std::move(embedded.skipped);
  collectCaptions(datasets, mostCaptions, *base);
  if (!base->captions.empty()) {
    LIX_TRY(base->captionVectors, reader->captionVectors(base->captions, progress));
  }
  return base;
}

Result<std::shared_ptr<const NearAnswer>> findNear(const CheckpointShelf& checkpoints, NearQuestion question,
                                                   PreparedPictures& prepared) {
  const NearBase& base = *question.base;
  LIX_TRY(const auto reader, checkpoints.open(base.checkpoint));
  const study::ReaderFacts& facts = reader->facts();
  if (facts.towerKey != base.towerKey) {
    return fail(ErrorCode::BadInput, cat("The weights of ", facts.name,
                                         " were replaced while the page was open; choose the dataset anew."));
  }
  std::vector<float> query;
  if (question.picture) {
    LIX_TRY(query, pictureVector(*reader, *question.picture, prepared));
  } else {
    LIX_TRY(auto vectors, reader->captionVectors({question.caption}));
    query = std::move(vectors.values);
  }
  auto answer = std::make_shared<NearAnswer>();
  answer->model = facts.recipe.empty() ? facts.name : cat(facts.name, " (", facts.recipe, ")");
  answer->pictures = nearestRows(query, base.pictureVectors, question.count);
  answer->captions = nearestRows(query, base.captionVectors, question.count);
  for (const NearRow& one : answer->pictures) {
    const bool equal = question.picture && base.hashes[one.row] == question.picture->hash;
    answer->samePicture.push_back(equal || (question.picture && base.pictures[one.row] == question.picture->ref));
  }
  for (const NearRow& one : answer->captions) {
    answer->sameCaption.push_back(!question.picture && base.captions[one.row] == question.caption);
  }
  answer->question = std::move(question);
  return answer;
}

}  // namespace lix::app
