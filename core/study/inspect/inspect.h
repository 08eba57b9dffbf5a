#pragma once
#include <cstddef>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "imaging/image.h"

namespace lix::study {

struct Evaluator;
class InspectMemory;

/// How cosines become logits, scale x cosine + bias, and whether the sigmoid of a logit is a probability: only a model
/// of the sigmoid loss has a bias.
struct LogitRule {
  double scale = 1.0;
  double bias = 0.0;
  bool sigmoid = false;
};
LogitRule logitRule(const Evaluator& evaluator);

/// Every picture with every caption, row-major [pictures, captions].
struct ScoreTable {
  std::size_t pictures = 0;
  std::size_t captions = 0;
  LogitRule rule;
  std::vector<float> cosines;
  std::vector<float> logits;
  std::vector<float> probabilities;  ///< sigmoid(logit); empty for a model of the softmax loss
};

/// The softmax weights by which captions mix the tokens of one picture (Llip, arXiv 2405.00740), [captions, heads,
/// tokens].
struct MixtureReading {
  std::size_t captions = 0;
  std::size_t heads = 0;
  std::size_t tokens = 0;
  double tau = 0.0;  ///< by which the scores were divided
  std::vector<float> weights;
  std::vector<double> entropies;  ///< [captions, heads], in nats: 0 one token, ln tokens all alike
  std::vector<float> embeddings;  ///< [captions, D], of the picture for each caption, un-normalised

  /// 1 - cosine of the picture's embeddings for two captions, [captions, captions]: symmetric, 0 on the diagonal.
  /// Captions^2 D operations, so for those pictures alone whose distances are shown.
  std::vector<float> distances() const;

  /// Weights of caption `first` minus those of `second`, [heads, tokens].
  std::vector<float> difference(std::size_t first, std::size_t second) const;
};

/// Where in the picture the image vector comes from, as shares of the patches that sum to one: [maps, rows, columns].
struct MapReading {
  std::size_t rows = 0;
  std::size_t columns = 0;
  bool perCaption = false;  ///< else one map, the same for every caption
  std::vector<float> values;
  std::string explanation;  ///< what the map combines, in a sentence or two
};

struct PictureReading {
  std::optional<MixtureReading> mixture;  ///< Llip only
  MapReading map;
};

/// What a checkpoint makes of pictures and captions.
struct Reading {
  ScoreTable scores;
  std::vector<PictureReading> pictures;
  std::vector<std::string> notes;  ///< captions that were cut, a tau other than the checkpoint's
};

/// What is changed of a Llip's mixing to see what it does; the checkpoint stays as it is. Refused for other models.
struct InspectSettings {
  std::optional<double> tau;                ///< instead of the checkpoint's, which it was trained with
  std::vector<std::size_t> withoutTokens;   ///< mixture tokens whose scores become -infinity, so that the others share
  std::vector<std::size_t> heads;           ///< whose parts of the mixed vector count, the others' being 0; empty: all
  bool operator==(const InspectSettings&) const = default;
};

/// Encodes pictures (one by one) and captions and reads scores, mixture weights and maps; with a memory of this evaluator
/// (study/inspect/memory.h) only those that are new to it. Of a Llip, pictures beyond the first 512 MB of weights,
/// embeddings and maps have scores alone, which a note says. Fails on no pictures or captions, an empty caption or one
/// that is not UTF-8, a tau that is not positive, tokens or heads that there are not, and settings for another model; with ErrorCode::Cancelled once `stop` is
/// asked for, which is looked at before each picture and each block of captions.
Result<Reading> inspect(const Evaluator& evaluator, const std::vector<imaging::Image>& pictures,
                        const std::vector<std::string>& captions, const InspectSettings& settings = {},
                        InspectMemory* memory = nullptr, std::stop_token stop = {});

/// The part of a picture that the image tower reads, at the picture's own resolution: maps lie over it.
imaging::Image partRead(const Evaluator& evaluator, const imaging::Image& picture);
imaging::Mask partRead(const Evaluator& evaluator, const imaging::Mask& mask);

/// The picture at the size that the image tower takes: reading it gives the same numbers as reading the picture, without
/// resizing it each time.
imaging::Image asRead(const Evaluator& evaluator, const imaging::Image& picture);

}  // namespace lix::study
