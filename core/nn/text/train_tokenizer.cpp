#include <sentencepiece_trainer.h>

#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "nn/text/sentencepiece_tokenizer.h"

namespace lix::nn {
namespace {

constexpr std::size_t kMaxSentences = 500'000;  ///< more change the pieces little and cost memory
constexpr std::size_t kMaxSentence = 4000;      ///< bytes; the trainer skips sentences of more than 4192

/// Canonical captions that say something, every n-th where there are very many, long ones cut at a blank.
std::vector<std::string> sentences(const std::vector<std::string>& captions) {
  const std::size_t stride = captions.size() / kMaxSentences + 1;
  std::vector<std::string> out;
  for (std::size_t i = 0; i < captions.size(); i += stride) {
    std::string text = canonicalText(captions[i]);
    if (text.size() > kMaxSentence) {
      const auto blank = text.rfind(' ', kMaxSentence);
      text.resize(blank == std::string::npos ? 0 : blank);
    }
    if (!text.empty()) {
      out.push_back(std::move(text));
    }
  }
  return out;
}

class Sentences final : public sentencepiece::SentenceIterator {
 public:
  explicit Sentences(const std::vector<std::string>& all) : all_(all) {}
  bool done() const override { return next_ == all_.size(); }
  void Next() override { ++next_; }
  const std::string& value() const override { return all_[next_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& all_;
  std::size_t next_ = 0;
};

/// Calls visit(begin, size) for every UTF-8 character.
template <class Visit>
void forEachCharacter(const std::string& text, Visit&& visit) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 1;
    while (i + size < text.size() && (static_cast<unsigned char>(text[i + size]) & 0xC0) == 0x80) {
      ++size;
    }
    visit(i, size);
    i += size;
  }
}

/// Blanks out all but the `keep` commonest characters, so that a rich script leaves room for words. (The trainer's own
/// character_coverage refuses less than 0.98.)
void keepCommonest(std::vector<std::string>& texts, std::size_t keep) {
  std::unordered_map<std::string, long long> counts;
  for (const auto& text : texts) {
    forEachCharacter(text, [&](std::size_t begin, std::size_t size) { ++counts[text.substr(begin, size)]; });
  }
  if (counts.size() <= keep) {
    return;
  }
  std::vector<std::pair<long long, std::string>> order;
  for (const auto& [character, count] : counts) {
    order.emplace_back(-count, character);
  }
  std::ranges::sort(order);
  for (std::size_t i = keep; i < order.size(); ++i) {
    counts.erase(order[i].second);
  }
  for (auto& text : texts) {
    std::string kept;
    forEachCharacter(text, [&](std::size_t begin, std::size_t size) {
      const auto character = text.substr(begin, size);
      kept += counts.contains(character) ? character : " ";
    });
    text = canonicalText(kept);
  }
  std::erase(texts, "");
}

}  // namespace

Result<std::shared_ptr<const Tokenizer>> trainTokenizer(const std::vector<std::string>& captions, int vocabularySize) {
  constexpr int kLeast = 16;
  if (vocabularySize < kLeast) {
    return fail(ErrorCode::BadInput,
                cat("A vocabulary of ", vocabularySize, " pieces is too small; ask for at least ", kLeast, "."));
  }
  auto texts = sentences(captions);
  keepCommonest(texts, static_cast<std::size_t>(vocabularySize) / 2);
  if (texts.empty()) {
    return fail(ErrorCode::BadInput,
                cat("No tokenizer can be trained: none of the ", captions.size(), " captions holds a word."));
  }
  const std::unordered_map<std::string, std::string> settings = {
      {"model_type", "unigram"},
      {"vocab_size", std::to_string(vocabularySize)},
      {"hard_vocab_limit", "false"},  // fewer pieces where the captions do not support so many
      {"character_coverage", "1.0"},
      {"pad_id", "0"},
      {"eos_id", "1"},
      {"unk_id", "2"},
      {"bos_id", "-1"},
      {"num_threads", "2"},  // a constant: sums, and with them the pieces, depend on it
      {"minloglevel", "2"},
  };
  std::string model;
  try {
    Sentences iterator(texts);
    const auto status = sentencepiece::SentencePieceTrainer::Train(settings, &iterator, &model);
    if (!status.ok()) {
      return fail(ErrorCode::BadInput,
                  cat("No tokenizer of ", vocabularySize, " pieces can be trained from ", texts.size(),
                      " captions: ", status.error_message(), ". Change the vocabulary size or add captions."));
    }
  } catch (const std::exception& error) {
    return fail(ErrorCode::BadInput, cat("Training a tokenizer failed: ", error.what(), "."));
  }
  return detail::makeSentencePiece(std::move(model), {}, "The tokenizer just trained");
}

}  // namespace lix::nn
