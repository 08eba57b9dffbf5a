#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace lix::study {

/// At most so many validation pictures of a class: min(shots, 4), as CoOp does.
std::size_t validationShots(std::size_t shots);

/// Which rows of a pool one draw takes, class by class in the order asked for.
struct Draw {
  std::vector<std::uint32_t> support;     ///< `shots` of each class
  std::vector<std::uint32_t> validation;  ///< min(shots, 4) of each class, none of them in the support
};

/// Results name a draw by one number, supportSeedOf: the seed times kDrawsOfASeed plus the number of the draw.
inline constexpr std::uint64_t kDrawsOfASeed = 1'000'000;
inline constexpr std::uint64_t kMostSeed = 9'000'000'000'000;  ///< so that the number fits 63 bits

struct SeedAndDraw {
  std::uint64_t seed = 0;
  std::size_t draw = 0;  ///< less than kDrawsOfASeed
};
constexpr std::int64_t supportSeedOf(std::uint64_t seed, std::size_t draw) {
  return static_cast<std::int64_t>(seed * kDrawsOfASeed + draw);
}
constexpr SeedAndDraw seedAndDrawOf(std::int64_t supportSeed) {
  const auto number = static_cast<std::uint64_t>(supportSeed);
  return {number / kDrawsOfASeed, static_cast<std::size_t>(number % kDrawsOfASeed)};
}

/// What happens where a class has fewer rows than a draw needs: it may not be asked for, or rows are taken several
/// times.
enum class Replace { Never, WhereTooFew };

/// The draw number `draw` of `shots` pictures of each of `classes`, from rows with these labels. Every class has its
/// own random order, a function of (seed, draw, class) and of the order of its rows; the support is its beginning and
/// the validation its end. So a draw with fewer shots is contained in the same draw with more, whichever classes either
/// takes. Each class must have shots + min(shots, 4) rows, or with Replace::WhereTooFew one: otherwise a broken
/// contract. A class that has fewer than that gives at most half of its rows to validation, and `shots` of the others
/// are drawn with replacement where they are fewer (as the released Tip-Adapter does); of such a class a draw with fewer
/// shots may hold rows that the draw with more does not.
Draw drawSupport(std::span<const int> labels, std::span<const std::size_t> classes, std::size_t shots,
                 std::uint64_t seed, std::size_t draw, Replace replace = Replace::Never);

}  // namespace lix::study
