#include "shared/support_pictures.h"

#include <map>

#include "base/text.h"
#include "data/file_pictures.h"
#include "data/key_index.h"

namespace lix::app {
namespace {

/// A picture of another source.
struct Place {
  std::shared_ptr<const data::PictureSource> source;
  std::size_t index = 0;
};

class GatheredPictures : public data::PictureSource {
 public:
  explicit GatheredPictures(std::vector<Place> places) : places_(std::move(places)) {}
  Result<imaging::Image> load(std::size_t index) const override { return at(index).source->load(at(index).index); }
  Result<imaging::Image> loadSmall(std::size_t index, int side) const override {
    return at(index).source->loadSmall(at(index).index, side);
  }
  std::filesystem::path file(std::size_t index) const override { return at(index).source->file(at(index).index); }
  Result<std::optional<data::StoredPicture>> stored(std::size_t index) const override {
    return at(index).source->stored(at(index).index);
  }
  std::optional<imaging::Mask> mask(std::size_t index, std::size_t caption) const override {
    return at(index).source->mask(at(index).index, caption);
  }

 private:
  const Place& at(std::size_t index) const { return places_.at(index); }
  std::vector<Place> places_;
};

/// The datasets that pictures come from, each opened once.
class Opened {
 public:
  explicit Opened(const DatasetOpener& open) : open_(open) {}

  /// Adds the picture to `places` and gives its sample, without labels.
  Result<data::Sample> sampleOf(const data::PictureRef& picture, std::vector<Place>& places) {
    if (picture.isFile()) {
      places.push_back({std::make_shared<data::FilePictures>(std::vector{picture.file}), 0});
      return data::Sample{.key = picture.file.string(), .captions = {}, .labels = {}};
    }
    auto known = sets_.find(picture.dataset);
    if (known == sets_.end()) {
      LIX_TRY(std::shared_ptr<const data::Dataset> set, open_(picture.dataset));
      data::KeyIndex keys(set->samples);
      known = sets_.emplace(picture.dataset, Set{std::move(set), std::move(keys)}).first;
    }
    const auto found = known->second.keys.find(picture.key);
    if (found == known->second.keys.end()) {
      return fail(ErrorCode::NotFound,
                  cat("The dataset '", picture.dataset, "' has no picture '", picture.key,
                      "' any more, so the support set cannot be written; take it out of the set."));
    }
    const data::Sample& sample = known->second.set->samples[found->second];
    places.push_back({known->second.set->pictures, found->second});
    return data::Sample{.key = data::shortName(picture), .captions = sample.captions, .labels = {}, .version = sample.version};
  }

 private:
  struct Set {
    std::shared_ptr<const data::Dataset> set;
    data::KeyIndex keys;
  };
  const DatasetOpener& open_;
  std::map<std::string, Set> sets_;
};

}  // namespace

Result<data::Dataset> datasetOf(const support::SupportSet& set, const DatasetOpener& open) {
  data::Dataset all{.name = set.name, .samples = {}, .labelSets = {{"class", {}}}, .skipped = {}, .pictures = nullptr};
  std::vector<Place> places;
  Opened opened(open);
  for (const support::SupportClass& one : set.classes) {
    for (const data::PictureRef& picture : one.pictures) {
      LIX_TRY(data::Sample sample, opened.sampleOf(picture, places));
      sample.labels = {int(all.labelSets[0].classes.size())};
      all.samples.push_back(std::move(sample));
    }
    all.labelSets[0].classes.push_back(one.name);
  }
  all.pictures = std::make_shared<GatheredPictures>(std::move(places));
  return all;
}

}  // namespace lix::app
