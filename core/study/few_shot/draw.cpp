#include "study/few_shot/draw.h"

#include <algorithm>

#include "base/contracts.h"
#include "base/random.h"

namespace lix::study {
namespace {

constexpr std::uint64_t kStreamFewShot = 0x6665772d73686f74;  // "few-shot"
constexpr std::uint64_t kStreamReplace = 0x7265706c61636564;  // "replaced"

}  // namespace

std::size_t validationShots(std::size_t shots) { return std::min<std::size_t>(shots, 4); }

Draw drawSupport(std::span<const int> labels, std::span<const std::size_t> classes, std::size_t shots,
                 std::uint64_t seed, std::size_t draw, Replace replace) {
  std::vector<std::vector<std::uint32_t>> rowsOf;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto label = static_cast<std::size_t>(labels[i]);
    rowsOf.resize(std::max(rowsOf.size(), label + 1));
    rowsOf[label].push_back(static_cast<std::uint32_t>(i));
  }
  Draw out;
  for (const std::size_t c : classes) {
    const std::size_t rows = c < rowsOf.size() ? rowsOf[c].size() : 0;
    const bool enough = rows >= shots + validationShots(shots);
    LIX_REQUIRE(enough || (replace == Replace::WhereTooFew && rows > 0));
    const std::size_t held = enough ? validationShots(shots) : std::min(validationShots(shots), rows / 2);
    const auto order = permutation(rows, Random(seed, kStreamFewShot, draw, c));
    Random again(seed, kStreamReplace, draw, c);
    for (std::size_t i = 0; i < shots; ++i) {
      const std::size_t place = rows - held >= shots ? i : static_cast<std::size_t>(again.below(rows - held));
      out.support.push_back(rowsOf[c][order[place]]);
    }
    for (std::size_t i = order.size() - held; i < order.size(); ++i) {
      out.validation.push_back(rowsOf[c][order[i]]);
    }
  }
  return out;
}

}  // namespace lix::study
