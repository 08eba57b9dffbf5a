#pragma once
#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "study/compare/agreement.h"

namespace lix::app {

/// Who is right about a picture.
enum class Verdict { Both, OnlyA, OnlyB, Neither };
inline constexpr std::size_t kVerdicts = 4;

/// What two models say of one labelled picture.
struct ComparedPicture {
  std::string key;   ///< in the dataset
  std::string name;  ///< its first caption, else its key
  int label = 0;     ///< class index
  int saidA = 0, saidB = 0;
  double marginA = 0.0, marginB = 0.0;  ///< see trueMargins
  Verdict verdict() const;
};

/// Pictures by verdict.
struct VerdictCounts {
  std::array<std::size_t, kVerdicts> of{};
  std::size_t operator[](Verdict verdict) const { return of[static_cast<std::size_t>(verdict)]; }
  std::size_t all() const { return of[0] + of[1] + of[2] + of[3]; }
  std::optional<double> accuracyA() const;  ///< none without pictures
  std::optional<double> accuracyB() const;
};
VerdictCounts countVerdicts(std::span<const ComparedPicture> pictures);

/// B's accuracy less A's on the same pictures; none for no pictures.
using study::PairedDifference;
std::optional<PairedDifference> pairedDifference(const VerdictCounts& counts);

/// Score of the true class less the best other one, over the root of the mean square of these margins, so that models
/// and methods whose scores have other units can be set side by side. scores [pictures, classes], row-major, at least
/// two classes; positive where the model is right.
std::vector<double> trueMargins(std::span<const float> scores, std::size_t classes, std::span<const int> labels);

enum class PictureOrder { Dataset, GainOfB, GainOfA, LeastSure };

/// Which pictures are wanted: those to which all that is given applies.
struct PictureFilter {
  std::optional<Verdict> verdict;
  std::optional<int> label, saidA, saidB;  ///< classes
  std::string text;                        ///< somewhere in name or key, in capitals or not
  bool operator==(const PictureFilter&) const = default;
};
/// Their positions, in that order. Gains are differences of margins; the least sure are those with the smallest |margin|
/// of either model. Equal ones stay in the order of the dataset.
std::vector<std::size_t> chosenPictures(std::span<const ComparedPicture> pictures, const PictureFilter& filter,
                                        PictureOrder order);

}  // namespace lix::app
