#include "data/scenes/scene_captions.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "data/scenes/scene_render.h"
#include "support/support.h"

namespace lix::data {
namespace {

constexpr int kSize = 128;

/// What the pixels under a mask say, found from the picture alone.
struct Seen {
  double red = 0.0, green = 0.0, blue = 0.0;  // mean
  double x = 0.0, y = 0.0;                    // centre of mass, fractions of the side
  double spread = 0.0;                        // of the brightness, relative: 0 for a plain object
  long pixels = 0;
};

Seen look(const imaging::Image& picture, const imaging::Mask& mask) {
  const auto in = [&](int x, int y) {
    return x >= 0 && y >= 0 && x < kSize && y < kSize && mask.values[std::size_t(y) * kSize + x] == 255;
  };
  Seen seen;
  double squares = 0.0;
  long inner = 0;
  double sum = 0.0;
  for (int y = 0; y < kSize; ++y) {
    for (int x = 0; x < kSize; ++x) {
      if (in(x, y)) {
        const std::uint8_t* pixel = picture.row(y) + x * 3;
        seen.red += pixel[0], seen.green += pixel[1], seen.blue += pixel[2];
        seen.x += (x + 0.5) / kSize, seen.y += (y + 0.5) / kSize;
        if (in(x - 1, y) && in(x + 1, y) && in(x, y - 1) && in(x, y + 1)) {  // the rim is blended
          const double brightness = pixel[0] + pixel[1] + pixel[2];
          sum += brightness, squares += brightness * brightness;
          ++inner;
        }
        ++seen.pixels;
      }
    }
  }
  const double n = double(std::max(1L, seen.pixels));
  for (double* mean : {&seen.red, &seen.green, &seen.blue, &seen.x, &seen.y}) {
    *mean /= n;
  }
  const double inside = double(std::max(1L, inner));
  seen.spread = std::sqrt(std::max(0.0, squares / inside - sum / inside * sum / inside)) / std::max(1.0, sum / inside);
  return seen;
}

/// Hue in degrees.
double hue(double r, double g, double b) {
  const double angle = std::atan2(std::sqrt(3.0) * (g - b), 2.0 * r - g - b) * 180.0 / M_PI;
  return angle < 0.0 ? angle + 360.0 : angle;
}

/// The name of the colour with the nearest hue; the centres are those of the plain words, not the renderer's values.
std::string nearestColour(const Seen& seen) {
  const std::vector<std::pair<double, std::string>> words{{0, "red"},      {30, "orange"},     {50, "yellow"},
                                                          {130, "green"},  {180, "turquoise"}, {225, "blue"},
                                                          {275, "purple"}, {325, "pink"}};
  const double at = hue(seen.red, seen.green, seen.blue);
  return std::ranges::min_element(words, {},
                                  [&](const auto& word) {
                                    const double apart = std::abs(at - word.first);
                                    return std::min(apart, 360.0 - apart);
                                  })
      ->second;
}

const SceneCaption& captionOf(const std::vector<SceneCaption>& captions, Aspect aspect) {
  return *std::ranges::find(captions, aspect, &SceneCaption::aspect);
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(SceneCaptions, SayWhatAHandMadeSceneShows) {
  const Scene scene{.background = Background::DarkGrey,
                    .objects = {{.shape = Shape::Circle,
                                 .colour = Colour::Orange,
                                 .texture = Texture::Striped,
                                 .place = Place::Left,
                                 .x = 0.17,
                                 .y = 0.5},
                                {.shape = Shape::Star,
                                 .colour = Colour::Blue,
                                 .size = Size::Small,
                                 .place = Place::Top,
                                 .x = 0.6,
                                 .y = 0.2}}};
  std::vector<std::string> texts;
  for (const SceneCaption& caption : captionsOf(scene)) {
    texts.push_back(caption.text);
  }
  EXPECT_EQ(texts,
            (std::vector<std::string>{"an orange circle", "an orange circle on the left", "a striped orange circle",
                                      "a large orange circle", "a blue star", "a plain blue star",
                                      "an orange circle left of a blue star",
                                      "two objects: an orange circle and a blue star", "a dark grey background"}));
}

TEST(SceneCaptions, AloneAnObjectHasNoRelation) {
  const auto captions = captionsOf({.objects = {{}}});
  EXPECT_EQ(captions.size(), 6u);
  EXPECT_EQ(captionOf(captions, Aspect::Count).text, "one object: a red circle");
}

TEST(SceneCaptions, AreDifferentWithinAPicture) {
  for (std::uint64_t n = 0; n < 500; ++n) {
    std::set<std::string> texts;
    const auto captions = captionsOf(makeScene({}, n));
    for (const SceneCaption& caption : captions) {
      texts.insert(caption.text);
    }
    EXPECT_EQ(texts.size(), captions.size());
  }
}

TEST(SceneCaptions, ColourAndTextureAreSeenUnderTheMask) {
  for (std::uint64_t n = 0; n < 300; ++n) {
    const Scene scene = makeScene({.seed = 2}, n);
    const imaging::Image picture = renderScene(scene, kSize);
    for (const SceneCaption& caption : captionsOf(scene)) {
      if (caption.aspect != Aspect::Object && caption.aspect != Aspect::Texture) {
        continue;
      }
      const Seen seen = look(picture, captionMask(scene, caption, kSize));
      ASSERT_GT(seen.pixels, 30);
      EXPECT_TRUE(says(caption.text, nearestColour(seen)))
          << n << ": " << caption.text << " looks " << nearestColour(seen);
      if (caption.aspect == Aspect::Texture) {
        EXPECT_EQ(says(caption.text, "plain"), seen.spread < 0.05) << n << ": " << caption.text << " " << seen.spread;
      }
    }
  }
}

TEST(SceneCaptions, PlacesAreWhereTheMaskLies) {
  for (std::uint64_t n = 0; n < 300; ++n) {
    const Scene scene = makeScene({.seed = 3}, n);
    const auto captions = captionsOf(scene);
    const SceneCaption& caption = captionOf(captions, Aspect::Place);
    const Seen seen = look(renderScene(scene, kSize), captionMask(scene, caption, kSize));
    const std::string where = seen.x < 1.0 / 3   ? "on the left"
                              : seen.x > 2.0 / 3 ? "on the right"
                              : seen.y < 1.0 / 3 ? "at the top"
                              : seen.y > 2.0 / 3 ? "at the bottom"
                                                 : "in the centre";
    EXPECT_TRUE(caption.text.ends_with(where)) << n << ": " << caption.text << " is " << where;
  }
}

TEST(SceneCaptions, RelationsHoldBetweenTheTwoThings) {
  std::set<std::string> met;
  for (std::uint64_t n = 0; n < 300; ++n) {
    const Scene scene = makeScene({.seed = 4}, n);
    if (scene.objects.size() < 2) {
      continue;
    }
    const auto captions = captionsOf(scene);
    const SceneCaption& caption = captionOf(captions, Aspect::Relation);
    ASSERT_EQ(caption.objects, (std::vector{0, 1}));
    const imaging::Image picture = renderScene(scene, kSize);
    const Seen first = look(picture, objectMask(scene, std::vector{0}, kSize));
    const Seen second = look(picture, objectMask(scene, std::vector{1}, kSize));
    for (const auto& [word, gap] : std::vector<std::pair<std::string, double>>{{" left of ", second.x - first.x},
                                                                               {" right of ", first.x - second.x},
                                                                               {" above ", second.y - first.y},
                                                                               {" below ", first.y - second.y}}) {
      if (says(caption.text, word)) {
        met.insert(word);
        EXPECT_GT(gap, 0.13) << n << ": " << caption.text;
        EXPECT_TRUE(says(caption.text.substr(0, caption.text.find(word)), nearestColour(first))) << caption.text;
        EXPECT_TRUE(says(caption.text.substr(caption.text.find(word)), nearestColour(second))) << caption.text;
      }
    }
    const imaging::Mask both = captionMask(scene, caption, kSize);
    EXPECT_EQ(std::ranges::count(both.values, 255), first.pixels + second.pixels);
  }
  EXPECT_EQ(met.size(), 4u);
}

TEST(SceneCaptions, CountAndBackgroundShareThePictureBetweenThem) {
  for (std::uint64_t n = 0; n < 200; ++n) {
    const Scene scene = makeScene({.seed = 5}, n);
    const imaging::Image picture = renderScene(scene, kSize);
    const auto captions = captionsOf(scene);
    const SceneCaption& count = captionOf(captions, Aspect::Count);
    const SceneCaption& behind = captionOf(captions, Aspect::Background);
    EXPECT_TRUE(count.text.starts_with(kCountNames[scene.objects.size() - 1]));
    const imaging::Mask things = captionMask(scene, count, kSize);
    const imaging::Mask rest = captionMask(scene, behind, kSize);
    long differing = 0;
    for (std::size_t i = 0; i < things.values.size(); ++i) {
      ASSERT_EQ(things.values[i] + rest.values[i], 255);
      const std::uint8_t* pixel = picture.pixels.data() + i * 3;
      const bool coloured = std::max({pixel[0], pixel[1], pixel[2]}) - std::min({pixel[0], pixel[1], pixel[2]}) > 60;
      differing += coloured != (things.values[i] == 255);
    }
    EXPECT_LT(differing, 700) << n;  // pixels at the rims, of 16,384
    const Seen seen = look(picture, rest);
    const double grey = (seen.red + seen.green + seen.blue) / 3.0;
    const std::string looks = grey < 30                   ? "a black"
                              : grey < 130                ? "a dark grey"
                              : grey < 215                ? "a light grey"
                              : seen.red - seen.blue > 15 ? "a cream"
                                                          : "a white";
    EXPECT_EQ(behind.text, looks + " background") << n;
  }
}

TEST(SceneCaptions, TheSizeIsThatOfTheMask) {
  for (std::uint64_t n = 0; n < 300; ++n) {
    const Scene scene = makeScene({.seed = 6}, n);
    const auto captions = captionsOf(scene);
    const SceneCaption& caption = captionOf(captions, Aspect::Size);
    const imaging::Mask mask = captionMask(scene, caption, kSize);
    int top = kSize, bottom = -1;
    for (int i = 0; i < kSize * kSize; ++i) {
      if (mask.values[std::size_t(i)] == 255) {
        top = std::min(top, i / kSize), bottom = std::max(bottom, i / kSize);
      }
    }
    EXPECT_EQ(says(caption.text, "a large "), bottom - top + 1 > 0.22 * kSize) << n << ": " << caption.text;
  }
}

}  // namespace
}  // namespace lix::data
