#pragma once
#include <cstdint>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::study {

/// How often something is said.
struct WordCount {
  std::string word;
  std::size_t count = 0;
  bool operator==(const WordCount&) const = default;
};

/// A caption that several pictures have.
struct SharedCaption {
  std::string caption;                 ///< as the first of them has it
  std::vector<std::uint32_t> samples;  ///< rising, each once
};

/// What the captions of a dataset are like.
struct CaptionStatistics {
  std::size_t samples = 0, captions = 0, words = 0;
  std::vector<std::uint32_t> withoutCaption;  ///< samples, rising
  std::vector<std::size_t> lengths;           ///< how many captions have 0, 1, 2, ... words
  std::size_t vocabulary = 0;                 ///< different words
  std::vector<WordCount> frequent;            ///< the most frequent words, falling, then by word
  std::vector<SharedCaption> shared;          ///< by how many pictures have it, falling, then by the first of them
  double meanLength() const { return captions == 0 ? 0.0 : double(words) / double(captions); }
};

/// Makes words and captions equal that differ in case only.
using Fold = std::function<std::string(std::string_view)>;

/// The words of a caption: what stands between spaces, without ASCII punctuation at either end; "a dog's toy." has
/// three.
std::vector<std::string_view> wordsOf(std::string_view caption);

/// Statistics of the captions of samples 0, 1, ...; of the words the `most` most frequent. Captions are equal whose
/// folded words are. Fails as cancelled where it is asked to stop.
Result<CaptionStatistics> captionStatistics(std::span<const std::span<const std::string>> captions, std::size_t most,
                                            const Fold& fold, const std::stop_token& stop = {});

/// The value at a share of a histogram of 0, 1, 2, ...: 0.5 is the median (the lower one). 0 for an empty one.
std::size_t atShare(std::span<const std::size_t> histogram, double share);

}  // namespace lix::study
