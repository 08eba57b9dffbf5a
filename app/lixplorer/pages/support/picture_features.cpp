#include "pages/support/picture_features.h"

#include <memory>
#include <numeric>
#include <utility>

namespace lix::app {
namespace {

/// Pixels of any pictures, as a dataset's source.
class RefPictures : public data::PictureSource {
 public:
  RefPictures(const DatasetShelf& datasets, std::vector<data::PictureRef> pictures)
      : datasets_(datasets), pictures_(std::move(pictures)) {}
  Result<imaging::Image> load(std::size_t index) const override { return datasets_.load(pictures_[index]); }

 private:
  const DatasetShelf& datasets_;
  std::vector<data::PictureRef> pictures_;
};

/// Embedding nothing at all is an error; here it is an answer where each picture has its reason.
Result<EmbeddedPictures> noneOf(const study::Reader& reader, const data::Dataset& set, const Error& error) {
  EmbeddedPictures embedded;
  embedded.vectors.width = static_cast<std::size_t>(reader.facts().embedWidth);
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    const auto picture = set.pictures->load(i);
    if (picture) {
      return std::unexpected(error);
    }
    embedded.skipped.push_back({set.samples[i].key, picture.error().message});
  }
  return embedded;
}

}  // namespace

Result<EmbeddedPictures> embedPictures(const study::Reader& reader, const DatasetShelf& datasets,
                                       std::span<const data::PictureRef> pictures,
                                       const std::optional<std::filesystem::path>& cache, const Progress& progress) {
  EmbeddedPictures embedded;
  if (pictures.empty()) {
    embedded.vectors.width = static_cast<std::size_t>(reader.facts().embedWidth);
    return embedded;
  }
  data::Dataset set;
  set.name = "pictures";
  for (const data::PictureRef& picture : pictures) {
    set.samples.push_back({.key = picture.isFile() ? picture.file.string() : data::shortName(picture)});
  }
  set.pictures = std::make_shared<RefPictures>(datasets, std::vector(pictures.begin(), pictures.end()));
  std::vector<std::size_t> all(pictures.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  auto embedding = reader.embed(set, all, cache, progress);
  if (!embedding) {
    if (embedding.error().code == ErrorCode::Cancelled) {
      return std::unexpected(embedding.error());
    }
    return noneOf(reader, set, embedding.error());
  }
  study::Features features = std::move(*embedding);
  embedded.vectors = reader.unitVectors(features);
  for (const std::size_t item : features.items) {
    embedded.pictures.push_back(pictures[item]);
  }
  embedded.hashes = std::move(features.hashes);
  embedded.skipped = std::move(features.skipped);
  return embedded;
}

}  // namespace lix::app
