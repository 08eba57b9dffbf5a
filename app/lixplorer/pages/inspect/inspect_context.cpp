#include "pages/inspect/inspect_context.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

/// What is known of the rows that were embedded.
void describeRows(const DatasetShelf& datasets, const ContextChoice& choice, const ContextList& list,
                  std::span<const std::size_t> rows, ContextBase& base) {
  for (const std::size_t position : rows) {
    base.pictures.push_back(list.pictures[position]);
    base.labels.push_back(list.labels[position]);
  }
  base.labelSets = labelsOf(datasets, base.pictures);
  if (choice.source == ContextChoice::Source::Support) {
    base.labelSets.insert(base.labelSets.begin(), {cat("classes of ", choice.name), base.labels});
  }
}

/// The class of the query's own picture: of its sample, else of an equal picture of the context.
std::string ownClass(const std::vector<PictureLabels>& own, const PictureLabels& labels,
                     const study::ContextReading& reading) {
  const auto found = std::ranges::find(own, labels.set, &PictureLabels::set);
  if (found != own.end() && !found->classes.front().empty()) {
    return found->classes.front();
  }
  const auto self = std::ranges::find(reading.masked, true);
  return self == reading.masked.end() ? std::string() : labels.classes[std::size_t(self - reading.masked.begin())];
}

std::vector<LabelPurity> puritiesOf(const DatasetShelf& datasets, const ContextBase& base,
                                    const data::PictureRef& picture, const study::ContextReading& reading) {
  const auto own = labelsOf(datasets, std::span(&picture, 1));
  std::vector<LabelPurity> purities;
  for (const PictureLabels& labels : base.labelSets) {
    LabelPurity purity{labels.set, ownClass(own, labels, reading), {}};
    purity.purity = study::attendedPurity(reading, labels.classes, purity.own);
    purities.push_back(std::move(purity));
  }
  return purities;
}

Result<std::shared_ptr<const QueryVector>> queryOf(const study::Reader& reader, const LoadedPicture& picture,
                                                   const imaging::Image& read) {
  LIX_TRY(const auto features, reader.embed(std::span(&read, 1)));
  if (features.size() == 0) {
    return fail(ErrorCode::BadInput, features.skipped.empty() ? cat(picture.label, " cannot be read.")
                                                              : features.skipped.front().reason);
  }
  return std::make_shared<const QueryVector>(
      QueryVector{reader.facts().towerKey, picture.hash, reader.contextSet(features).values});
}

Result<void> compareCaptions(const study::Reader& reader, ContextAnswer& answer) {
  ContextQuestion& question = answer.question;
  if (question.captions.empty()) {
    return {};
  }
  if (question.captionVectors == nullptr || question.captionVectors->weightsHash != reader.facts().weightsHash ||
      question.captionVectors->captions != question.captions) {
    LIX_TRY(auto vectors, reader.captionVectors(question.captions));
    question.captionVectors = std::make_shared<const CaptionVectors>(
        CaptionVectors{reader.facts().weightsHash, question.captions, std::move(vectors)});
  }
  answer.captions =
      captionCosines(question.query->values, answer.reading.contextual, question.captionVectors->vectors);
  return {};
}

}  // namespace

Result<std::shared_ptr<const ContextBase>> embedContext(const CheckpointShelf& checkpoints,
                                                        const DatasetShelf& datasets, const fs::path& checkpoint,
                                                        const ContextChoice& choice,
                                                        const std::optional<fs::path>& cache,
                                                        const Progress& progress) {
  LIX_TRY(const auto reader, checkpoints.open(checkpoint));
  LIX_CHECK(study::contextTau(reader->evaluator(), 1.0));  // a Llip has no context
  LIX_TRY(const ContextList list, listOf(datasets, choice));
  LIX_TRY(EmbeddedList embedded, embedList(*reader, datasets, list.pictures, cache, progress));
  if (embedded.rows.size() < 2) {
    return fail(ErrorCode::BadInput,
                cat("The context has ", embedded.rows.size(), " readable pictures", list.name,
                    "; a context needs two or more.",
                    embedded.skipped.empty() ? std::string() : cat(" ", embedded.skipped.front().reason)));
  }
  auto base = std::make_shared<ContextBase>();
  base->checkpoint = checkpoint;
  base->towerKey = reader->facts().towerKey;
  base->name = cat(embedded.rows.size(), " pictures", list.name);
  describeRows(datasets, choice, list, embedded.rows, *base);
  base->set = reader->contextSet(embedded.features);
  base->skipped = std::move(embedded.skipped);
  return base;
}

Result<double> quarterTau(const QueryVector& query, const study::ContextSet& set) {
  const auto others = std::ranges::count_if(set.hashes, [&](std::uint64_t hash) { return hash != query.hash; });
  return study::tauOfNeighbours(query.values, query.hash, set, 0.25 * double(others), kLeastTau, kMostTau);
}

Result<std::shared_ptr<const ContextAnswer>> readContextOf(const CheckpointShelf& checkpoints,
                                                           const DatasetShelf& datasets, ContextQuestion question,
                                                           PreparedPictures& prepared) {
  LIX_TRY(const auto reader, checkpoints.open(question.base->checkpoint));
  const study::ReaderFacts& facts = reader->facts();
  if (facts.towerKey != question.base->towerKey) {
    return fail(ErrorCode::BadInput,
                cat("The weights of ", facts.name, " were replaced while the page was open; choose the context anew."));
  }
  const auto picture = prepared.get(*reader, question.picture);
  auto answer = std::make_shared<ContextAnswer>();
  if (question.query == nullptr || question.query->hash != question.picture.hash ||
      question.query->towerKey != facts.towerKey) {
    LIX_TRY(question.query, queryOf(*reader, question.picture, picture->read));
  }
  const QueryVector& query = *question.query;
  const study::ContextSet& set = question.base->set;
  answer->learned = facts.tauContext;
  if (question.neighbours) {
    LIX_TRY(question.tau,
            study::tauOfNeighbours(query.values, query.hash, set, *question.neighbours, kLeastTau, kMostTau));
  } else if (!question.tau && !facts.tauContext) {
    LIX_TRY(question.tau, quarterTau(query, set));
    answer->quarter = true;
  }
  LIX_TRY(answer->tau, study::contextTau(reader->evaluator(), question.tau));
  LIX_TRY(answer->reading, study::readContext(query.values, query.hash, set, answer->tau.value));
  answer->purities = puritiesOf(datasets, *question.base, question.picture.ref, answer->reading);
  answer->question = std::move(question);
  LIX_CHECK(compareCaptions(*reader, *answer));
  answer->shown = picture->shown;
  answer->model = facts.recipe.empty() ? facts.name : cat(facts.name, " (", facts.recipe, ")");
  return answer;
}

Result<ContextPair> readContexts(const CheckpointShelf& checkpoints, const DatasetShelf& datasets,
                                 ContextQuestion first, std::optional<ContextQuestion> second,
                                 PreparedPictures& prepared) {
  ContextPair pair;
  LIX_TRY(pair.first, readContextOf(checkpoints, datasets, std::move(first), prepared));
  if (!second) {
    return pair;
  }
  second->neighbours = pair.first->reading.effectiveNeighbours;
  auto answer = readContextOf(checkpoints, datasets, std::move(*second), prepared);
  if (!answer) {
    pair.problem = answer.error().message;
    return pair;
  }
  pair.second = std::move(*answer);
  pair.overlap = compareContexts(pair.first->question.base->pictures, pair.first->reading,
                                 pair.second->question.base->pictures, pair.second->reading, kTopCompared);
  return pair;
}

}  // namespace lix::app
