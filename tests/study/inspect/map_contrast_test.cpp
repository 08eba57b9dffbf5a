#include "study/inspect/map_contrast.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace lix::study {
namespace {

MapReading three() {
  return {.rows = 1,
          .columns = 4,
          .perCaption = true,
          .values = {0.5F, 0.5F, 0.0F, 0.0F, 0.25F, 0.25F, 0.25F, 0.25F, 0.0F, 0.0F, 0.5F, 0.5F},
          .explanation = {}};
}

TEST(MapContrast, TheMeanIsOfAllCaptions) {
  MapReading maps = three();
  EXPECT_EQ(meanMap(maps), (std::vector<float>{0.25F, 0.25F, 0.25F, 0.25F}));
  maps.values[0] = 0.8F;
  maps.values[1] = 0.2F;
  const auto mean = meanMap(maps);
  EXPECT_FLOAT_EQ(mean[0], 0.35F);
  EXPECT_FLOAT_EQ(mean[1], 0.15F);
  EXPECT_TRUE(meanMap({}).empty());
}

TEST(MapContrast, TheDistanceIsTheShareThatWouldHaveToMove) {
  const MapReading maps = three();
  EXPECT_EQ(mapDistance(mapOf(maps, 0), mapOf(maps, 0)), 0.0);
  EXPECT_EQ(mapDistance(mapOf(maps, 0), mapOf(maps, 1)), 0.5) << "(0.25 + 0.25 + 0.25 + 0.25) / 2";
  EXPECT_EQ(mapDistance(mapOf(maps, 0), mapOf(maps, 2)), 1.0) << "no patch in common";
  EXPECT_EQ(mapDistance(mapOf(maps, 2), mapOf(maps, 0)), 1.0) << "either way";
}

TEST(MapContrast, OneMapStandsForEveryCaption) {
  MapReading one = three();
  one.perCaption = false;
  one.values.resize(4);
  EXPECT_EQ(mapDistance(mapOf(one, 7), mapOf(three(), 0)), 0.0);
}

TEST(MapContrast, MapsThatCannotBeComparedHaveNoDistance) {
  const std::vector<float> two{0.5F, 0.5F}, bad{0.5F, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(mapDistance(two, std::vector<float>{1.0F}), std::nullopt);
  EXPECT_EQ(mapDistance(two, bad), std::nullopt);
  EXPECT_EQ(mapDistance({}, {}), std::nullopt);
}

}  // namespace
}  // namespace lix::study
