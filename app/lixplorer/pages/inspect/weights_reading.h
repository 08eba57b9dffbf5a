#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "figures/weights_figure.h"
#include "pages/inspect/inspect_reading.h"

namespace lix::app {

inline constexpr std::size_t kMostShown = 24;  ///< captions in one figure

/// A stretch of a list of captions.
struct CaptionRange {
  std::size_t first = 0;
  std::size_t count = 0;
  bool operator==(const CaptionRange&) const = default;
};
/// The page of at most kMostShown captions that the current one is on.
CaptionRange shownCaptions(std::size_t captions, int current);

/// Whether a Llip is read as it was trained: its own tau, every head, every token.
bool asTrained(const study::InspectSettings& settings, const study::ReaderFacts& facts);

/// Where a picture of `answer` lies in `other`, if that is of the same captions under the same weights.
std::optional<std::size_t> sameIn(const ReadAnswer& other, const ReadAnswer& answer, std::size_t picture);
/// The same under other weights.
std::optional<std::size_t> samePictureIn(const ReadAnswer& other, const ReadAnswer& answer, std::size_t picture);

enum class DifferenceOf { Captions, Checkpoints, Both, Trained, Nothing };

/// What a figure of weights is made of; readings of other weights or settings where they are at hand.
struct WeightsSubject {
  const ReadAnswer* answer = nullptr;
  std::size_t picture = 0;
  int caption = 0;
  CaptionRange shown;
  std::pair<int, int> captions{0, 1};         ///< of a difference of captions
  DifferenceOf of = DifferenceOf::Captions;
  const study::MixtureReading* trained = nullptr;  ///< the same picture and captions, as trained
  const float* trainedCosines = nullptr;           ///< one a caption
  const study::MixtureReading* other = nullptr;    ///< by another checkpoint with as many heads and tokens
  std::string otherModel;
};

/// "cosine 0.345", or "cosine 0.345 → 0.301 (−0.044)" where it is not as trained.
std::string scoreText(const WeightsSubject& subject, std::size_t caption);
/// "−0.044": three decimals and a true sign.
std::string signedText(double value);
figures::WeightsData weightsOf(const WeightsSubject& subject);

}  // namespace lix::app
