#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "nn/text/pair_merges.h"
#include "nn/text/word_models.h"

namespace lix::nn::detail {

/// CLIP's byte pairs: a word becomes bytes, each a unit of the vocabulary, the last one with "</w>", and the pair of
/// the lowest rank is merged, everywhere in the word, until none is left.
class ClipBpe {
 public:
  /// The 512 units in OpenAI's order and what each merge makes, as bpe_*.txt files imply them; the marks come last.
  static Result<ClipBpe> fromMerges(const std::vector<Merge>& merges, std::string_view origin);
  /// A vocabulary with ids of its own (vocab.json), which names the marks "<|startoftext|>" and "<|endoftext|>".
  static Result<ClipBpe> fromVocabulary(Vocabulary ids, const std::vector<Merge>& merges,
                                        std::string_view origin);

  void append(std::string_view word, std::vector<std::int32_t>& ids) const;
  /// The bytes that an id stands for, "" for a mark.
  std::string bytes(int id) const;
  /// An id's token as the file writes it.
  const std::string& text(int id) const { return texts_[static_cast<std::size_t>(id)]; }
  /// Whether an id ends a word.
  bool endsWord(int id) const;
  int size() const { return static_cast<int>(texts_.size()); }
  int startId() const { return start_; }
  int endId() const { return end_; }
  /// The id of a token by its text in the file, or -1.
  int find(const std::string& token) const;

 private:
  static Result<ClipBpe> make(Vocabulary ids, const std::vector<Merge>& merges,
                              std::string_view start, std::string_view end, std::string_view origin);

  std::vector<std::string> texts_;  ///< by id; "" where no token has it
  Vocabulary ids_;
  std::array<int, 512> units_{};  ///< id of each byte, then of each byte at the end of a word
  PairMerges merges_;
  int start_ = 0;
  int end_ = 0;
};

}  // namespace lix::nn::detail
