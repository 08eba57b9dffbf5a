#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "imaging/image.h"

namespace lix::study {

struct Evaluator;
struct ImageFeatures;

/// tau_ctx of LIxP's context, and where it comes from.
struct ContextTau {
  enum class Source { Checkpoint, Given };
  double value = 0.0;
  Source source = Source::Checkpoint;
};

/// The tau_ctx that was given, else the one that the checkpoint learned (lixp.log_tau). A checkpoint without one needs
/// it given; a Llip has no image vector that could attend to others.
Result<ContextTau> contextTau(const Evaluator& evaluator, std::optional<double> given);

/// Pictures that a picture may attend to: raw image embeddings [n, width], row-major, and the hash of each picture's
/// pixels.
struct ContextSet {
  std::size_t width = 0;
  std::vector<float> values;
  std::vector<std::uint64_t> hashes;
};
ContextSet contextSet(const ImageFeatures& features);

/// The raw image embedding of one picture.
std::vector<float> imageVector(const Evaluator& evaluator, const imaging::Image& picture);

/// What one picture attends to in a set of pictures (LIxP, arXiv 2411.15099).
struct ContextReading {
  std::vector<double> weights;        ///< softmax_j(x.x_j / (tau sqrt(width))) of unit vectors; 0 where masked
  std::vector<double> contributions;  ///< weight x norm of the raw x_j, which is what is summed up
  std::vector<bool> masked;           ///< the picture itself
  double effectiveNeighbours = 0.0;   ///< exp of the weights' entropy
  std::vector<float> contextual;      ///< sum of weight x raw x_j [width]: the picture with its context
};

/// The tau_ctx at which a picture has so many effective neighbours, by bisection of log tau between the ends; the
/// nearer end where there is none. For comparing checkpoints whose temperatures differ.
Result<double> tauOfNeighbours(std::span<const float> picture, std::uint64_t hash, const ContextSet& set,
                               double neighbours, double least, double most);

/// How much of what is attended carries the picture's own label.
struct AttendedPurity {
  double weight = 0.0;  ///< sum of the weights of those with the label
  double chance = 0.0;  ///< share of the pictures (masked ones left out) with the label: what even weights give
};
/// Labels as text, one a picture of the set; nothing where `own` is empty or none of the pictures has a label.
std::optional<AttendedPurity> attendedPurity(const ContextReading& reading, std::span<const std::string> labels,
                                             const std::string& own);

/// Pictures with the query's own hash are masked, as LIxP masks the diagonal of its batch. Fails where nothing else is
/// left.
Result<ContextReading> readContext(std::span<const float> picture, std::uint64_t hash, const ContextSet& set,
                                   double tau);

}  // namespace lix::study
