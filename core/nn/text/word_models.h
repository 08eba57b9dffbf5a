#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace lix::nn::detail {

/// Appends the ids of one word, which is UTF-8.
using WordModel = std::function<void(std::string_view word, std::vector<std::int32_t>& ids)>;

/// What both models do with a character that is no token.
struct UnknownRules {
  int id = -1;                ///< of the unknown token, -1 for none: then such a character is left out
  bool bytes = false;         ///< its bytes are tokens ("<0xE2>") where all of them are in the vocabulary
  bool fused = true;          ///< neighbours that are unknown become one token
};

/// The pieces of the greatest sum of scores (Viterbi), as Hugging Face's `tokenizers` find them: an unknown character
/// scores 10 less than the worst piece. Ids are places in `pieces`, whose texts differ and are not empty.
WordModel unigramModel(std::vector<std::pair<std::string, double>> pieces, const UnknownRules& unknown);

using Vocabulary = std::unordered_map<std::string, int>;
using Merge = std::pair<std::string, std::string>;

/// Byte pairs over characters. Every side of a merge and what it makes are in the vocabulary.
WordModel bytePairModel(const Vocabulary& vocabulary, const std::vector<Merge>& merges, const UnknownRules& unknown);

}  // namespace lix::nn::detail
