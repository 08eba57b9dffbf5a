#include "pages/inspect/context_list.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/random.h"
#include "base/text.h"
#include "desk/dataset_shelf.h"
#include "shared/datasets.h"

namespace lix::app {
namespace {
namespace fs = std::filesystem;

constexpr std::uint64_t kStreamContext = 0x636f6e74;  // as `lixp inspect` draws its context
constexpr std::size_t kBlock = 16;                    // files decoded before they are embedded

Result<ContextList> listOfDataset(const DatasetShelf& datasets, const ContextChoice& choice) {
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
  ContextList list;
  for (const std::size_t at : chosen) {
    list.pictures.push_back(data::PictureRef::sample(choice.name, samples[at].key));
    list.labels.push_back(samples[at].captions.empty() ? samples[at].key : samples[at].captions.front());
  }
  list.name = cat(" of ", choice.name, ", ", nameOf(choice.split), " split");
  list.leftOut = all.size() - chosen.size();
  return list;
}

ContextList listOfPictures(const ContextChoice& choice) {
  std::vector<std::size_t> order(choice.pictures.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i] = i;
  }
  if (order.size() > std::size_t(choice.most)) {
    const auto drawn = permutation(order.size(), Random(0, kStreamContext));
    order.assign(drawn.begin(), drawn.begin() + choice.most);
    std::ranges::sort(order);
  }
  ContextList list;
  for (const std::size_t i : order) {
    list.pictures.push_back(choice.pictures[i]);
    list.labels.push_back(i < choice.labels.size() ? choice.labels[i] : data::shortName(choice.pictures[i]));
  }
  list.name = choice.source == ContextChoice::Source::Support     ? cat(" of the support set ", choice.name)
              : choice.source == ContextChoice::Source::Selection ? std::string(" of the selection")
                                                                  : std::string(" of this page");
  list.leftOut = choice.pictures.size() - order.size();
  return list;
}

/// Features in parts, each row with its position in the list.
struct Parts {
  std::vector<study::Features> features;
  std::vector<std::size_t> rows;
  std::vector<data::Skipped> skipped;
};

Result<void> addSamples(const study::Reader& reader, const DatasetShelf& datasets,
                        std::span<const data::PictureRef> pictures, const std::optional<fs::path>& cache,
                        const Progress& progress, Parts& parts) {
  std::map<std::string, std::vector<std::size_t>> byDataset;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (!pictures[i].isFile()) {
      byDataset[pictures[i].dataset].push_back(i);
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
      const auto found = (*opened)->byKey.find(pictures[position].key);
      if (found == (*opened)->byKey.end()) {
        parts.skipped.push_back({pictures[position].key, cat("The dataset '", name, "' has no picture '",
                                                             pictures[position].key, "' any more.")});
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

Result<void> addFiles(const study::Reader& reader, const DatasetShelf& datasets,
                      std::span<const data::PictureRef> pictures, const Progress& progress, Parts& parts) {
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
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (!pictures[i].isFile()) {
      continue;
    }
    if (!report(progress, "pictures", (long long)i, (long long)pictures.size())) {
      return fail(ErrorCode::Cancelled, "Embedding pictures was cancelled.");
    }
    if (auto image = datasets.load(pictures[i])) {
      images.push_back(std::move(*image));
      positions.push_back(i);
    } else {
      parts.skipped.push_back({data::shortName(pictures[i]), image.error().message});
    }
    if (images.size() == kBlock) {
      LIX_CHECK(flush());
    }
  }
  return flush();
}

}  // namespace

Result<ContextList> listOf(const DatasetShelf& datasets, const ContextChoice& choice) {
  return choice.source == ContextChoice::Source::Dataset ? listOfDataset(datasets, choice) : listOfPictures(choice);
}

Result<EmbeddedList> embedList(const study::Reader& reader, const DatasetShelf& datasets,
                               std::span<const data::PictureRef> pictures, const std::optional<fs::path>& cache,
                               const Progress& progress) {
  Parts parts;
  LIX_CHECK(addSamples(reader, datasets, pictures, cache, progress, parts));
  LIX_CHECK(addFiles(reader, datasets, pictures, progress, parts));
  return EmbeddedList{study::Reader::joined(parts.features), std::move(parts.rows), std::move(parts.skipped)};
}

std::vector<PictureLabels> labelsOf(const DatasetShelf& datasets, std::span<const data::PictureRef> pictures) {
  std::vector<PictureLabels> all;
  std::map<std::string, std::shared_ptr<const OpenDataset>> opened;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    if (pictures[i].isFile()) {
      continue;
    }
    const auto [at, isNew] = opened.try_emplace(pictures[i].dataset);
    if (isNew) {
      at->second = datasets.open(pictures[i].dataset).value_or(nullptr);
    }
    if (at->second == nullptr || !at->second->byKey.contains(pictures[i].key)) {
      continue;
    }
    const data::Dataset& set = at->second->set;
    const data::Sample& sample = set.samples[at->second->byKey.at(pictures[i].key)];
    for (std::size_t s = 0; s < std::min(set.labelSets.size(), sample.labels.size()); ++s) {
      const data::LabelSet& labels = set.labelSets[s];
      auto found = std::ranges::find(all, labels.name, &PictureLabels::set);
      if (found == all.end()) {
        found = all.insert(all.end(), {labels.name, std::vector<std::string>(pictures.size())});
      }
      if (sample.labels[s] >= 0) {
        found->classes[i] = labels.classes[std::size_t(sample.labels[s])];
      }
    }
  }
  return all;
}

}  // namespace lix::app
