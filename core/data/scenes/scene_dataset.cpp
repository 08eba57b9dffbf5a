#include "data/scenes/scene_dataset.h"

#include "base/contracts.h"
#include "base/text.h"
#include "data/scenes/scene_captions.h"
#include "data/scenes/scene_render.h"

namespace lix::data {
namespace {

/// To be raised whenever makeScene or renderScene comes to draw other pixels, so that caches know.
constexpr int kRenderer = 1;

class ScenePictures : public PictureSource {
 public:
  ScenePictures(const SceneOptions& options, std::size_t count, int size)
      : options_(options), count_(count), size_(size) {}
  Result<imaging::Image> load(std::size_t index) const override {
    LIX_REQUIRE(index < count_);
    return renderScene(makeScene(options_, index), size_);
  }
  std::optional<imaging::Mask> mask(std::size_t index, std::size_t caption) const override {
    LIX_REQUIRE(index < count_);
    const Scene scene = makeScene(options_, index);
    const std::vector<SceneCaption> captions = captionsOf(scene);
    return caption < captions.size() ? std::optional(captionMask(scene, captions[caption], size_)) : std::nullopt;
  }

 private:
  SceneOptions options_;
  std::size_t count_;
  int size_;
};

template <std::size_t N>
LabelSet labelSet(const char* name, const std::array<std::string_view, N>& classes) {
  return {name, {classes.begin(), classes.end()}};
}

}  // namespace

Dataset sceneDataset(const std::string& name, const SceneOptions& options, std::size_t count, int size,
                     const std::function<Split(std::string_view key)>& splitOf) {
  Dataset dataset{.name = name,
                  .labelSets = {labelSet("count", kCountNames), labelSet("colour", kColourNames),
                                labelSet("shape", kShapeNames), labelSet("place", kPlaceNames)},
                  .pictures = std::make_shared<ScenePictures>(options, count, size)};
  dataset.samples.reserve(count);
  const std::uint64_t version = hash64(cat(kRenderer, " ", options.concepts, " ", size));
  for (std::size_t number = 0; number < count; ++number) {
    const Scene scene = makeScene(options, number);
    const SceneObject& main = scene.objects.front();
    Sample sample{.key = cat(options.seed, "-", number),
                  .labels = {int(scene.objects.size()) - 1, int(main.colour), int(main.shape), int(main.place)}};
    for (SceneCaption& caption : captionsOf(scene)) {
      sample.captions.push_back(std::move(caption.text));
    }
    sample.split = splitOf(sample.key);
    sample.version = version;
    dataset.samples.push_back(std::move(sample));
  }
  return dataset;
}

}  // namespace lix::data
