#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "data/dataset.h"
#include "imaging/image.h"
#include "study/inspect/context.h"
#include "study/inspect/inspect.h"
#include "study/inspect/pointing_set.h"

namespace lix::study {

struct Evaluator;
struct ImageFeatures;
class InspectMemory;

/// What a checkpoint says of itself.
struct ReaderFacts {
  std::filesystem::path folder;
  std::string name;    ///< of the folder
  std::string recipe;  ///< "siglip", ...; "" where the file does not say
  std::string weightsHash;
  std::string towerKey;  ///< of the weights and of how pictures are fitted: equal keys, equal vectors of a picture
  bool mixture = false;  ///< a Llip
  LogitRule rule;
  std::optional<double> tauContext;  ///< learned by LIxP
  std::optional<double> tauMixture;  ///< of a Llip
  int heads = 0, tokens = 0;         ///< of a Llip's mixing
  int imageSize = 0;
  int contextLength = 0;
  int embedWidth = 0;
  long long parameters = 0;
};

/// Unit vectors [size, width], row-major, as adapters take them.
struct Vectors {
  std::size_t width = 0;
  std::vector<float> values;
  std::size_t size() const { return width == 0 ? 0 : values.size() / width; }
};

/// A caption as the tokenizer cuts it.
struct CaptionLength {
  int tokens = 0;  ///< with the marks at its ends; at most kMostTokensCounted
  bool cut = false;  ///< longer than what the text tower reads
};
inline constexpr int kMostTokensCounted = 1024;

/// Pictures that met the image tower, for one Reader.
struct Features {
  std::shared_ptr<const ImageFeatures> rows;
  std::vector<std::size_t> items;     ///< which of the pictures asked for each row is
  std::vector<std::uint64_t> hashes;  ///< content of each row's picture
  std::vector<data::Skipped> skipped;
  std::size_t size() const { return items.size(); }
};

/// A checkpoint as plain numbers, for programs that know nothing of LibTorch. Const functions may be called from
/// several threads; nothing tracks gradients.
class Reader {
 public:
  static Result<std::shared_ptr<const Reader>> open(const std::filesystem::path& checkpoint);
  ~Reader();

  const ReaderFacts& facts() const { return facts_; }
  const Evaluator& evaluator() const { return *evaluator_; }

  /// Samples of a dataset, with the feature cache of embedPictures (study/eval/embed.h); items are dataset indices.
  Result<Features> embed(const data::Dataset& dataset, const std::vector<std::size_t>& samples,
                         const std::optional<std::filesystem::path>& cache, const Progress& progress = {}) const;
  /// The same in parts of so many samples, each given to `take` and then forgotten, with the cache opened once; a part of
  /// which no picture can be read brings its skipped ones alone. What `take` refuses ends it.
  Result<void> embedInParts(const data::Dataset& dataset, const std::vector<std::size_t>& samples, std::size_t part,
                            const std::optional<std::filesystem::path>& cache,
                            const std::function<Result<void>(const Features&)>& take, const Progress& progress = {}) const;
  /// Pictures at hand; items are their positions. Rounded to fp16 like cached ones, so that a picture gives one vector.
  Result<Features> embed(std::span<const imaging::Image> pictures) const;
  /// Several features as one, rows in that order; items are then 0..n-1.
  static Features joined(std::span<const Features> parts);

  /// The embedding, or for a Llip the uniform mixture ("pooled").
  Vectors unitVectors(const Features& features) const;
  /// For readContext; not for a Llip (contextTau refuses it).
  ContextSet contextSet(const Features& features) const;
  std::vector<float> imageVector(const imaging::Image& picture) const;
  /// Class text vectors [C, width] from built-in or own templates ("plain", "simple", a file).
  Result<Vectors> classTexts(const std::vector<std::string>& classes, const std::string& templates) const;
  /// Zero-shot cosines [n, C]; a Llip mixes each picture for each class.
  Result<std::vector<float>> zeroShot(const Features& features, const std::vector<std::string>& classes,
                                      const std::string& templates) const;
  /// Unit vectors of captions [N, width] by the text tower alone (of a Llip what its mixtures are compared with), in
  /// blocks, with progress.
  Result<Vectors> captionVectors(const std::vector<std::string>& captions, const Progress& progress = {}) const;
  /// Their lengths in tokens, without the text tower.
  Result<std::vector<CaptionLength>> captionLengths(const std::vector<std::string>& captions,
                                                    const Progress& progress = {}) const;
  /// inspect() of study/inspect/inspect.h, which remembers the pictures and captions last read (at most some 300 MB), so
  /// that other captions or settings cost no encoding of pictures.
  Result<Reading> read(const std::vector<imaging::Image>& pictures, const std::vector<std::string>& captions,
                       const InspectSettings& settings = {}, std::stop_token stop = {}) const;
  /// pointingOver() of study/inspect/pointing_set.h.
  Result<PointingSet> point(const data::Dataset& dataset, const std::vector<std::size_t>& samples,
                            const InspectSettings& settings, const Progress& progress = {}) const;

 private:
  explicit Reader(std::unique_ptr<const Evaluator> evaluator);
  std::unique_ptr<const Evaluator> evaluator_;
  std::unique_ptr<InspectMemory> memory_;
  ReaderFacts facts_;
};

}  // namespace lix::study
