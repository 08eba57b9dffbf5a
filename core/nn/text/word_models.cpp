#include "nn/text/word_models.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <optional>

#include "nn/text/pair_merges.h"
#include "nn/text/prefix_index.h"

namespace lix::nn::detail {
namespace {

constexpr double kUnknownPenalty = 10.0;  // of SentencePiece and of `tokenizers`
constexpr int kNone = -1;

std::size_t characterSize(std::string_view text) {
  const auto isInside = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; };
  return static_cast<std::size_t>(std::find_if_not(text.begin() + 1, text.end(), isInside) - text.begin());
}

/// Ids of the 256 bytes as tokens, -1 where there is none.
template <class Find>
std::array<int, 256> byteIds(Find&& find) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::array<int, 256> ids;
  for (unsigned byte = 0; byte < 256; ++byte) {
    ids[byte] = find(std::string("<0x") + kDigits[byte >> 4] + kDigits[byte & 15] + '>');
  }
  return ids;
}

/// Whether all bytes of `text` are tokens; appends them then.
bool appendBytes(std::string_view text, const std::array<int, 256>& bytes, std::vector<std::int32_t>& ids) {
  const auto idOf = [&](char c) { return bytes[static_cast<unsigned char>(c)]; };
  if (std::ranges::any_of(text, [&](char c) { return idOf(c) == kNone; })) {
    return false;
  }
  std::ranges::transform(text, std::back_inserter(ids), idOf);
  return true;
}

class Unigram {
 public:
  Unigram(std::vector<std::pair<std::string, double>> pieces, const UnknownRules& unknown) : unknown_(unknown) {
    std::vector<PrefixIndex::Entry> entries;
    double worst = std::numeric_limits<double>::infinity();
    for (auto& [text, score] : pieces) {
      entries.emplace_back(std::move(text), static_cast<int>(scores_.size()));
      scores_.push_back(score);
      worst = std::min(worst, score);
    }
    unknownScore_ = worst - kUnknownPenalty;
    index_ = PrefixIndex(std::move(entries));
    bytes_ = byteIds([&](const std::string& token) { return find(token); });
  }

  void append(std::string_view word, std::vector<std::int32_t>& ids) const {
    std::vector<Step> steps(word.size() + 1);
    for (std::size_t at = 0; at < word.size();) {
      const std::size_t character = characterSize(word.substr(at));
      const double before = steps[at].score;
      bool known = false;
      index_.forEachPrefix(word.substr(at), [&](std::size_t length, int id) {
        known = known || length == character;
        offer(steps[at + length], before + scores_[static_cast<std::size_t>(id)], at, id);
      });
      if (!known) {
        offer(steps[at + character], before + unknownScore_, at, kNone);
      }
      at += character;
    }
    appendPath(word, steps, ids);
  }

 private:
  /// The best way to a place in the word: the last piece on it, and where that began.
  struct Step {
    double score = 0;
    std::size_t begin = 0;
    int id = kNone;
    bool reached = false;
  };

  static void offer(Step& step, double score, std::size_t begin, int id) {
    if (!step.reached || score > step.score) {
      step = {score, begin, id, true};
    }
  }

  int find(const std::string& token) const {
    int found = kNone;
    index_.forEachPrefix(token, [&](std::size_t length, int id) { found = length == token.size() ? id : found; });
    return found;
  }

  bool isUnknown(const Step& step) const { return step.id == kNone || step.id == unknown_.id; }

  void appendPath(std::string_view word, const std::vector<Step>& steps, std::vector<std::int32_t>& ids) const {
    std::vector<std::size_t> ends;
    for (std::size_t end = word.size(); end > 0; end = steps[end].begin) {
      if (!ends.empty() && unknown_.fused && isUnknown(steps[end]) && isUnknown(steps[ends.back()])) {
        continue;  // part of the unknown text behind it, whose beginning is looked for from its end
      }
      ends.push_back(end);
    }
    std::size_t begin = 0;
    for (auto end = ends.rbegin(); end != ends.rend(); begin = *end, ++end) {
      const Step& step = steps[*end];
      if (step.id != kNone && step.id != unknown_.id) {
        ids.push_back(step.id);
      } else if (!(unknown_.bytes && appendBytes(word.substr(begin, *end - begin), bytes_, ids)) &&
                 unknown_.id != kNone) {
        ids.push_back(unknown_.id);
      }
    }
  }

  UnknownRules unknown_;
  PrefixIndex index_;
  std::vector<double> scores_;
  std::array<int, 256> bytes_{};
  double unknownScore_ = 0;
};

class BytePairs {
 public:
  BytePairs(const Vocabulary& vocabulary, const std::vector<Merge>& merges, const UnknownRules& unknown)
      : unknown_(unknown) {
    for (const auto& [text, id] : vocabulary) {
      if (!text.empty() && characterSize(text) == text.size()) {
        characters_.emplace(text, id);
      }
    }
    for (std::size_t rank = 0; rank < merges.size(); ++rank) {
      const auto& [left, right] = merges[rank];
      merges_.add(vocabulary.at(left), vocabulary.at(right), static_cast<int>(rank), vocabulary.at(left + right));
    }
    bytes_ = byteIds([&](const std::string& token) {
      const auto found = vocabulary.find(token);
      return found == vocabulary.end() ? kNone : found->second;
    });
  }

  void append(std::string_view word, std::vector<std::int32_t>& ids) const {
    std::vector<int> parts;
    bool pending = false;  // an unknown character waits for what follows it, since the two may become one token
    const auto flush = [&] {
      if (pending && unknown_.id != kNone) {
        parts.push_back(unknown_.id);
      }
      pending = false;
    };
    while (!word.empty()) {
      const std::string_view character = word.substr(0, characterSize(word));
      word.remove_prefix(character.size());
      const auto found = characters_.find(std::string(character));
      if (found != characters_.end()) {
        flush();
        parts.push_back(found->second);
      } else if (!unknown_.bytes || !appendBytes(character, bytes_, parts)) {
        if (!unknown_.fused) {
          flush();
        }
        pending = true;
      }
    }
    flush();
    merges_.apply(parts);
    ids.insert(ids.end(), parts.begin(), parts.end());
  }

 private:
  UnknownRules unknown_;
  Vocabulary characters_;  ///< the tokens of one character
  PairMerges merges_;
  std::array<int, 256> bytes_{};
};

}  // namespace

WordModel unigramModel(std::vector<std::pair<std::string, double>> pieces, const UnknownRules& unknown) {
  return [model = std::make_shared<const Unigram>(std::move(pieces), unknown)](
             std::string_view word, std::vector<std::int32_t>& ids) { model->append(word, ids); };
}

WordModel bytePairModel(const Vocabulary& vocabulary, const std::vector<Merge>& merges, const UnknownRules& unknown) {
  return [model = std::make_shared<const BytePairs>(vocabulary, merges, unknown)](
             std::string_view word, std::vector<std::int32_t>& ids) { model->append(word, ids); };
}

}  // namespace lix::nn::detail
