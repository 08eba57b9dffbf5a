#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <thread>

#include "data/scenes/scene_dataset.h"
#include "data/scenes/scene_render.h"
#include "data/scenes/scene_shapes.h"
#include "support/support.h"

namespace lix::data {
namespace {

Split alwaysTest(std::string_view) { return Split::Test; }

TEST(Scenes, ArePureFunctionsOfSeedAndNumber) {
  EXPECT_EQ(makeScene({.seed = 3}, 17), makeScene({.seed = 3}, 17));
  EXPECT_NE(makeScene({.seed = 3}, 17), makeScene({.seed = 3}, 18));
  EXPECT_NE(makeScene({.seed = 3}, 17), makeScene({.seed = 4}, 17));
  EXPECT_TRUE(renderScene(makeScene({}, 5), 64) == renderScene(makeScene({}, 5), 64));
}

TEST(Scenes, HaveOneLargestObjectAndNoTwoAlike) {
  for (std::uint64_t n = 0; n < 2000; ++n) {
    const Scene scene = makeScene({}, n);
    ASSERT_GE(scene.objects.size(), 1u);
    ASSERT_LE(scene.objects.size(), std::size_t(kMostObjects));
    std::set<Place> places;
    std::set<std::pair<Shape, Colour>> kinds;
    for (const SceneObject& object : scene.objects) {
      places.insert(object.place);
      kinds.insert({object.shape, object.colour});
      EXPECT_TRUE(&object == &scene.objects[0] || (object.size == Size::Small && scene.objects[0].size == Size::Large));
    }
    EXPECT_EQ(places.size(), scene.objects.size());
    EXPECT_EQ(kinds.size(), scene.objects.size());
  }
}

TEST(Scenes, TheLargestObjectCoversMostPixelsWhateverTheShapes) {
  std::map<std::pair<Shape, Size>, long> area;
  for (int shape = 0; shape < int(kShapeNames.size()); ++shape) {
    for (const Size size : {Size::Small, Size::Large}) {
      const Scene scene{.objects = {{.shape = Shape(shape), .size = size}}};
      const imaging::Mask mask = objectMask(scene, std::vector{0}, 128);
      area[{Shape(shape), size}] = std::ranges::count(mask.values, 255);
    }
  }
  long largestSmall = 0;
  long smallestLarge = 128 * 128;
  for (const auto& [kind, pixels] : area) {
    EXPECT_GT(pixels, 50);
    (kind.second == Size::Small ? largestSmall : smallestLarge) =
        kind.second == Size::Small ? std::max(largestSmall, pixels) : std::min(smallestLarge, pixels);
  }
  EXPECT_GT(smallestLarge, largestSmall);
}

TEST(Scenes, ObjectsStayInsideAndApart) {
  for (std::uint64_t n = 0; n < 400; ++n) {
    const Scene scene = makeScene({}, n);
    std::vector<int> owner(64 * 64, -1);
    for (int i = 0; i < int(scene.objects.size()); ++i) {
      const SceneObject& object = scene.objects[std::size_t(i)];
      EXPECT_GE(std::min(object.x, object.y) - object.radius(), 0.0);
      EXPECT_LE(std::max(object.x, object.y) + object.radius(), 1.0);
      const imaging::Mask mask = objectMask(scene, std::vector{i}, 64);
      int pixels = 0;
      for (std::size_t at = 0; at < mask.values.size(); ++at) {
        if (mask.values[at] == 255) {
          ++pixels;
          EXPECT_EQ(owner[at], -1) << "scene " << n;
          owner[at] = i;
        }
      }
      EXPECT_GE(pixels, 15) << "scene " << n;
    }
  }
}

TEST(Scenes, EveryShapeStaysWithinOneAlongBothAxesWhenTurned) {
  for (int shape = 0; shape < int(kShapeNames.size()); ++shape) {
    int inner = 0;
    for (double y = -1.5; y <= 1.5; y += 0.02) {
      for (double x = -1.5; x <= 1.5; x += 0.02) {
        if (inside(Shape(shape), x, y)) {
          ++inner;
          for (const double turn : {-0.15, 0.0, 0.15}) {
            EXPECT_LE(std::abs(std::cos(turn) * x - std::sin(turn) * y), 1.0) << kShapeNames[std::size_t(shape)];
            EXPECT_LE(std::abs(std::sin(turn) * x + std::cos(turn) * y), 1.0) << kShapeNames[std::size_t(shape)];
          }
        }
      }
    }
    EXPECT_GT(inner, 500);
  }
}

TEST(Scenes, ShapesAreWhatTheirNamesSay) {
  EXPECT_TRUE(inside(Shape::Circle, 0.6, 0.6));
  EXPECT_FALSE(inside(Shape::Circle, 0.75, 0.75));
  EXPECT_TRUE(inside(Shape::Square, 0.75, 0.75));
  EXPECT_FALSE(inside(Shape::Ring, 0.0, 0.0));
  EXPECT_TRUE(inside(Shape::Ring, 0.0, 0.7));
  EXPECT_TRUE(inside(Shape::Triangle, 0.0, -0.9));  // one corner up,
  EXPECT_TRUE(inside(Shape::Triangle, 0.8, 0.7));   // one down on each side
  EXPECT_FALSE(inside(Shape::Triangle, 0.6, -0.6));
  EXPECT_TRUE(inside(Shape::Star, 0.0, -0.95));  // points up, between the lower points is a gap
  EXPECT_FALSE(inside(Shape::Star, 0.0, 0.6));
  EXPECT_TRUE(inside(Shape::Star, 0.9 * std::sin(0.8 * M_PI), -0.9 * std::cos(0.8 * M_PI)));
  EXPECT_TRUE(inside(Shape::Cross, 0.9, 0.0));
  EXPECT_FALSE(inside(Shape::Cross, 0.5, 0.5));
  EXPECT_TRUE(inside(Shape::Diamond, 0.0, 0.95));
  EXPECT_FALSE(inside(Shape::Diamond, 0.5, 0.5));
  EXPECT_FALSE(inside(Shape::Heart, 0.0, -0.85));  // the notch above, the tip below
  EXPECT_TRUE(inside(Shape::Heart, 0.0, 0.85));
}

TEST(Scenes, TexturesDarkenAPartOfTheObject) {
  for (const Texture texture : {Texture::Plain, Texture::Striped, Texture::Dotted, Texture::Checked}) {
    int dark = 0;
    for (int i = 0; i < 10000; ++i) {
      dark += isDark(texture, (i % 100) * 0.0032 - 0.16, (i / 100) * 0.0032 - 0.16);
    }
    if (texture == Texture::Plain) {
      EXPECT_EQ(dark, 0);
    } else {
      EXPECT_GT(dark, 2000) << kTextureNames[std::size_t(texture)];
      EXPECT_LT(dark, 6000) << kTextureNames[std::size_t(texture)];
    }
  }
}

TEST(Scenes, ConceptsSetHowManyPicturesShareTheMainObject) {
  const auto distinct = [](int concepts) {
    std::set<std::pair<Shape, Colour>> kinds;
    for (std::uint64_t n = 0; n < 3000; ++n) {
      const SceneObject main = makeScene({.seed = 1, .concepts = concepts}, n).objects.front();
      kinds.insert({main.shape, main.colour});
    }
    return kinds.size();
  };
  EXPECT_EQ(distinct(0), 64u);
  EXPECT_EQ(distinct(5), 5u);
  EXPECT_EQ(distinct(1), 1u);
}

TEST(Scenes, DatasetLabelsAreTheMainObjectsAndEveryClassOccurs) {
  const Dataset set = sceneDataset("scenes", {.seed = 7}, 1000, 32, alwaysTest);
  ASSERT_EQ(set.samples.size(), 1000u);
  ASSERT_EQ(set.labelSets.size(), 4u);
  std::vector<std::set<int>> seen(4);
  std::set<std::string> keys;
  for (std::size_t n = 0; n < set.samples.size(); ++n) {
    const Sample& sample = set.samples[n];
    const Scene scene = makeScene({.seed = 7}, n);
    EXPECT_EQ(set.labelSets[0].classes[std::size_t(sample.labels[0])], kCountNames[scene.objects.size() - 1]);
    EXPECT_EQ(set.labelSets[1].classes[std::size_t(sample.labels[1])], nameOf(kColourNames, scene.objects[0].colour));
    EXPECT_EQ(set.labelSets[2].classes[std::size_t(sample.labels[2])], nameOf(kShapeNames, scene.objects[0].shape));
    EXPECT_EQ(set.labelSets[3].classes[std::size_t(sample.labels[3])], nameOf(kPlaceNames, scene.objects[0].place));
    EXPECT_EQ(sample.split, Split::Test);
    keys.insert(sample.key);
    for (std::size_t i = 0; i < 4; ++i) {
      seen[i].insert(sample.labels[i]);
    }
  }
  EXPECT_EQ(keys.size(), 1000u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(seen[i].size(), set.labelSets[i].classes.size()) << set.labelSets[i].name;
  }
}

TEST(Scenes, LoadTheSameFromSeveralThreads) {
  const Dataset set = sceneDataset("scenes", {}, 60, 48, alwaysTest);
  std::vector<std::vector<imaging::Image>> drawn(4);
  {
    std::vector<std::jthread> threads;
    for (auto& mine : drawn) {
      threads.emplace_back([&mine, &set] {
        for (std::size_t i = 0; i < set.samples.size(); ++i) {
          mine.push_back(set.pictures->load(i).value());
        }
      });
    }
  }
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    for (const auto& mine : drawn) {
      EXPECT_TRUE(mine[i] == renderScene(makeScene({}, i), 48));
    }
  }
}

TEST(Scenes, DatasetGivesTheMaskOfEachCaption) {
  const Dataset set = sceneDataset("scenes", {}, 20, 40, alwaysTest);
  for (std::size_t i = 0; i < set.samples.size(); ++i) {
    for (std::size_t caption = 0; caption < set.samples[i].captions.size(); ++caption) {
      const auto mask = set.pictures->mask(i, caption);
      ASSERT_TRUE(mask);
      EXPECT_EQ(mask->width, 40);
      EXPECT_EQ(mask->height, 40);
      EXPECT_EQ(mask->values.size(), 1600u);
      EXPECT_GT(std::ranges::count(mask->values, 255), 0);
    }
    EXPECT_FALSE(set.pictures->mask(i, set.samples[i].captions.size()));
  }
}

}  // namespace
}  // namespace lix::data
