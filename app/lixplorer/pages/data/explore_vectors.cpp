#include "pages/data/explore_vectors.h"

#include <numeric>

#include "base/memory.h"
#include "base/text.h"

namespace lix::app {
namespace {

constexpr std::size_t kPart = 4096;  // pictures whose features are in memory as floats

}  // namespace

std::vector<std::uint32_t> ExploreVectors::rowsOf(const std::vector<std::uint32_t>& which) const {
  std::vector<std::uint32_t> found;
  for (const std::uint32_t sample : which) {
    if (sample < rowOf.size() && rowOf[sample] >= 0) {
      found.push_back(std::uint32_t(rowOf[sample]));
    }
  }
  return found;
}

Result<std::shared_ptr<const ExploreVectors>> embedForExploring(const study::Reader& reader,
                                                                const std::filesystem::path& checkpoint,
                                                                std::shared_ptr<const OpenDataset> set,
                                                                const std::optional<std::filesystem::path>& cache,
                                                                const Progress& progress) {
  const study::ReaderFacts& facts = reader.facts();
  const std::size_t total = set->set.samples.size(), width = std::size_t(facts.embedWidth);
  const double bytes = double(total) * double(2 * width + 32);
  if (const auto free = freeMemory(); free && bytes > double(*free)) {
    return fail(ErrorCode::NoMemory, cat("The vectors of ", total, " pictures take ", bytesText(bytes), ", and ",
                                         bytesText(double(*free)), " are free; close other programs, or choose a smaller "
                                                                   "dataset."));
  }
  auto all = std::make_shared<ExploreVectors>();
  all->of = set;
  all->checkpoint = checkpoint;
  all->model = facts.recipe.empty() ? facts.name : cat(facts.name, " (", facts.recipe, ")");
  all->towerKey = facts.towerKey;
  all->pooled = facts.mixture;
  all->rows = study::HalfRows(width);
  all->rows.reserve(total);
  all->rowOf.assign(total, -1);
  std::vector<std::size_t> every(total);
  std::iota(every.begin(), every.end(), std::size_t{0});
  const auto take = [&](const study::Features& features) -> Result<void> {
    const study::Vectors vectors = reader.unitVectors(features);
    for (std::size_t i = 0; i < features.size(); ++i) {
      const std::size_t sample = features.items[i];
      all->rowOf[sample] = std::int32_t(all->samples.size());
      all->samples.push_back(std::uint32_t(sample));
      all->hashes.push_back(features.hashes[i]);
    }
    all->skipped.insert(all->skipped.end(), features.skipped.begin(), features.skipped.end());
    return features.size() == 0 ? Result<void>() : all->rows.append({vectors.values, vectors.size(), vectors.width});
  };
  LIX_CHECK(reader.embedInParts(set->set, every, kPart, cache, take, progress));
  if (all->samples.empty()) {
    return fail(ErrorCode::BadInput, cat("None of ", total, " pictures could be read",
                                         all->skipped.empty() ? "." : ": " + all->skipped.front().reason));
  }
  return all;
}

}  // namespace lix::app
