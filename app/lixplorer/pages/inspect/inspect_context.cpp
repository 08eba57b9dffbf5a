#include "pages/inspect/inspect_context.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "desk/checkpoint_shelf.h"
#include "desk/dataset_shelf.h"
#include "shared/datasets.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t kStreamContext = 0x636f6e74;  // as `lixp inspect` draws its context
constexpr std::size_t kBlock = 16;                    // files decoded before they are embedded
constexpr int kBisections = 40;

/// Which pictures the choice stands for, and what is said of them.
struct Wanted {
  std::vector<data::PictureRef> pictures;
  std::vector<std::string> labels;
  std::string name;
};

Result<Wanted> wantedOfDataset(const DatasetShelf& datasets, const ContextChoice& choice) {
  LIX_TRY(const auto opened, datasets.open(choice.name));
  const auto& samples = opened->set.samples;
  const auto all = samplesOf(opened->set, choice.split);
  std::vector<std::size_t> chosen;
  std::vector<bool> taken(samples.size(), false);
  const auto take = [&](std::size_t at) {
    if (!taken[at] && chosen.size() < std::size_t(choice.most)) {
      taken[at] = true;
      chosen.push_back(at);
    }
  };
  for (const data::PictureRef& ref : choice.pictures) {
    const auto found = ref.dataset == choice.name ? opened->byKey.find(ref.key) : opened->byKey.end();
    if (found != opened->byKey.end() && samples[found->second].split == choice.split) {
      take(found->second);
    }
  }
  for (const std::uint32_t at : permutation(all.size(), Random(0, kStreamContext))) {
    take(all[at]);
  }
  Wanted wanted;
  for (const std::size_t at : chosen) {
    wanted.pictures.push_back(data::PictureRef::sample(choice.name, samples[at].key));
    wanted.labels.push_back(samples[at].captions.empty() ? samples[at].key : samples[at].captions.front());
  }
  wanted.name = cat(" of ", choice.name, ", ", nameOf(choice.split), " split");
  return wanted;
}

Wanted wantedOfList(const ContextChoice& choice) {
  std::vector<std::size_t> order(choice.pictures.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  if (order.size() > std::size_t(choice.most)) {
    const auto drawn = permutation(order.size(), Random(0, kStreamContext));
    order.assign(drawn.begin(), drawn.begin() + choice.most);
    std::ranges::sort(order);
  }
  Wanted wanted;
  for (const std::size_t i : order) {
    wanted.pictures.push_back(choice.pictures[i]);
    wanted.labels.push_back(i < choice.labels.size() ? choice.labels[i] : data::shortName(choice.pictures[i]));
  }
  wanted.name = choice.source == ContextChoice::Source::Support ? cat(" of the support set ", choice.name)
                                                                : std::string(" of this page");
  return wanted;
}

/// Pictures that met the tower, in parts, each row with its position in `wanted`.
struct Parts {
  std::vector<study::Features> features;
  std::vector<std::size_t> rows;
  std::vector<data::Skipped> skipped;
};

Result<void> addSamples(const study::Reader& reader, const DatasetShelf& datasets, const Wanted& wanted,
                        const std::optional<fs::path>& cache, const Progress& progress, Parts& parts) {
  std::map<std::string, std::vector<std::size_t>> byDataset;
  for (std::size_t i = 0; i < wanted.pictures.size(); ++i) {
    if (!wanted.pictures[i].isFile()) {
      byDataset[wanted.pictures[i].dataset].push_back(i);
    }
  }
  for (const auto& [name, positions] : byDataset) {
    const auto opened = datasets.open(name);
    if (!opened) {
      parts.skipped.push_back({name, opened.error().message});
      continue;
    }
    std::vector<std::size_t> samples;
    std::map<std::size_t, std::size_t> positionOf;
    for (const std::size_t position : positions) {
      const auto found = (*opened)->byKey.find(wanted.pictures[position].key);
      if (found == (*opened)->byKey.end()) {
        parts.skipped.push_back({wanted.pictures[position].key, cat("The dataset '", name, "' has no picture '",
                                                                    wanted.pictures[position].key, "' any more.")});
      } else if (positionOf.emplace(found->second, position).second) {
        samples.push_back(found->second);
      }
    }
    if (samples.empty()) {
      continue;
    }
    LIX_TRY(auto features, reader.embed((*opened)->set, samples, cache, progress));
    for (const std::size_t sample : features.items) {
      parts.rows.push_back(positionOf.at(sample));
    }
    parts.skipped.insert(parts.skipped.end(), features.skipped.begin(), features.skipped.end());
    parts.features.push_back(std::move(features));
  }
  return {};
}

Result<void> addFiles(const study::Reader& reader, const DatasetShelf& datasets, const Wanted& wanted,
                      const Progress& progress, Parts& parts) {
  std::vector<imaging::Image> images;
  std::vector<std::size_t> positions;
  const auto flush = [&]() -> Result<void> {
    if (!images.empty()) {
      LIX_TRY(auto features, reader.embed(images));
      for (const std::size_t item : features.items) {
        parts.rows.push_back(positions[item]);
      }
      parts.features.push_back(std::move(features));
      images.clear();
      positions.clear();
    }
    return {};
  };
  for (std::size_t i = 0; i < wanted.pictures.size(); ++i) {
    if (!wanted.pictures[i].isFile()) {
      continue;
    }
    if (!report(progress, "pictures", (long long)i, (long long)wanted.pictures.size())) {
      return fail(ErrorCode::Cancelled, "The context was cancelled.");
    }
    if (auto image = datasets.load(wanted.pictures[i])) {
      images.push_back(std::move(*image));
      positions.push_back(i);
    } else {
      parts.skipped.push_back({data::shortName(wanted.pictures[i]), image.error().message});
    }
    if (images.size() == kBlock) {
      LIX_CHECK(flush());
    }
  }
  return flush();
}

}  // namespace

Result<std::shared_ptr<const ContextBase>> embedContext(const CheckpointShelf& checkpoints,
                                                        const DatasetShelf& datasets, const fs::path& checkpoint,
                                                        const ContextChoice& choice,
                                                        const std::optional<fs::path>& cache,
                                                        const Progress& progress) {
  LIX_TRY(const auto reader, checkpoints.open(checkpoint));
  LIX_CHECK(study::contextTau(reader->evaluator(), 1.0));  // a Llip has no context
  Wanted wanted;
  if (choice.source == ContextChoice::Source::Dataset) {
    LIX_TRY(wanted, wantedOfDataset(datasets, choice));
  } else {
    wanted = wantedOfList(choice);
  }
  Parts parts;
  LIX_CHECK(addSamples(*reader, datasets, wanted, cache, progress, parts));
  LIX_CHECK(addFiles(*reader, datasets, wanted, progress, parts));
  if (parts.rows.size() < 2) {
    return fail(ErrorCode::BadInput, cat("The context has ", parts.rows.size(), " readable pictures",
                                         choice.source == ContextChoice::Source::Page ? " on this page" : wanted.name,
                                         "; a context needs two or more."));
  }
  auto base = std::make_shared<ContextBase>();
  base->checkpoint = checkpoint;
  base->weightsHash = reader->facts().weightsHash;
  base->name = cat(parts.rows.size(), " pictures", wanted.name);
  for (const std::size_t position : parts.rows) {
    base->pictures.push_back(wanted.pictures[position]);
    base->labels.push_back(wanted.labels[position]);
  }
  base->set = reader->contextSet(study::Reader::joined(parts.features));
  base->skipped = std::move(parts.skipped);
  return base;
}

Result<double> quarterTau(const QueryVector& query, const study::ContextSet& set) {
  const auto others = std::ranges::count_if(set.hashes, [&](std::uint64_t hash) { return hash != query.hash; });
  double low = std::log(kLeastTau), high = std::log(kMostTau);
  for (int i = 0; i < kBisections; ++i) {
    const double middle = 0.5 * (low + high);
    LIX_TRY(const auto reading, study::readContext(query.values, query.hash, set, std::exp(middle)));
    (reading.effectiveNeighbours < 0.25 * double(others) ? low : high) = middle;
  }
  return std::exp(0.5 * (low + high));
}

Result<std::shared_ptr<const ContextAnswer>> readContextOf(const CheckpointShelf& checkpoints, ContextQuestion question,
                                                           PreparedPictures& prepared) {
  LIX_TRY(const auto reader, checkpoints.open(question.base->checkpoint));
  const study::ReaderFacts& facts = reader->facts();
  if (facts.weightsHash != question.base->weightsHash) {
    return fail(ErrorCode::BadInput,
                cat("The weights of ", facts.name, " were replaced while the page was open; choose the context anew."));
  }
  const auto picture = prepared.get(*reader, question.picture);
  auto answer = std::make_shared<ContextAnswer>();
  if (question.query == nullptr || question.query->hash != question.picture.hash ||
      question.query->weightsHash != facts.weightsHash) {
    LIX_TRY(const auto features, reader->embed(std::span(&picture->read, 1)));
    if (features.size() == 0) {
      return fail(ErrorCode::BadInput, features.skipped.empty() ? cat(question.picture.label, " cannot be read.")
                                                                : features.skipped.front().reason);
    }
    question.query = std::make_shared<const QueryVector>(
        QueryVector{facts.weightsHash, question.picture.hash, reader->contextSet(features).values});
  }
  answer->learned = facts.tauContext;
  if (!question.tau && !facts.tauContext) {
    LIX_TRY(const double quarter, quarterTau(*question.query, question.base->set));
    question.tau = quarter;
    answer->quarter = true;
  }
  LIX_TRY(answer->tau, study::contextTau(reader->evaluator(), question.tau));
  LIX_TRY(answer->reading,
          study::readContext(question.query->values, question.query->hash, question.base->set, answer->tau.value));
  answer->shown = picture->shown;
  answer->model = facts.recipe.empty() ? facts.name : cat(facts.name, " (", facts.recipe, ")");
  answer->question = std::move(question);
  return answer;
}

}  // namespace lix::app
