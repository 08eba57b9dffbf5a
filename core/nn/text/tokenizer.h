#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"

namespace lix::nn {

/// One caption as the text tower reads it.
struct TokenRow {
  std::vector<std::int32_t> ids;  ///< [contextLength], padded
  int length = 0;                 ///< tokens before padding, the end token included
  bool truncated = false;         ///< the caption was longer than the context
};

/// Turns captions into token ids. SentencePiece models (ours and SigLIP's): `<pad>` 0, `</s>` 1, `<unk>` 2, padded
/// with 1. CLIP's byte pairs: a start and an end mark, the two last ids; padded with 0 (OpenCLIP) or the end mark
/// (Hugging Face). A tokenizer.json: as its post-processor and tokenizer_config.json say.
class Tokenizer {
 public:
  virtual ~Tokenizer() = default;
  virtual TokenRow encode(std::string_view caption, int contextLength) const = 0;
  virtual int vocabularySize() const = 0;
  /// The pieces of a caption as text, for people.
  virtual std::vector<std::string> pieces(std::string_view caption) const = 0;
  /// Writes the files that a checkpoint folder keeps, from which loadTokenizer() makes the same tokenizer, for a text
  /// tower that reads `contextLength` tokens (SigLIP's are 64).
  virtual Result<void> save(const std::filesystem::path& folder, int contextLength = 64) const = 0;
  /// Equal hash = same ids for every caption.
  virtual std::uint64_t hash() const = 0;
};

/// Loads the tokenizer of a checkpoint folder by what lies there: spiece.model; else bpe_*.txt.gz; else vocab.json with
/// merges.txt; else tokenizer.json (Unigram, byte pairs). Captions are cleaned as the checkpoint's own program does, by
/// OpenCLIP's rule where it is OpenCLIP's. Also of a bpe_*.txt.gz alone.
Result<std::shared_ptr<const Tokenizer>> loadTokenizer(const std::filesystem::path& checkpoint);

/// Trains a SentencePiece unigram model on captions (lower-cased and canonicalised as SigLIP does), with
/// `<pad>` 0, `</s>` 1, `<unk>` 2. The vocabulary becomes smaller where the captions do not support `vocabularySize`.
Result<std::shared_ptr<const Tokenizer>> trainTokenizer(const std::vector<std::string>& captions, int vocabularySize);

}  // namespace lix::nn
