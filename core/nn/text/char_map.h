#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::nn::detail {

/// A SentencePiece model's character map as the `Precompiled` normalizer of tokenizer.json holds it, base64 of: u32 size of
/// a Darts double array in bytes, the array, replacement texts ended by zero bytes.
class CharMap {
 public:
  /// Fails where it is no base64 or the array could not be walked safely; `origin` names it.
  static Result<CharMap> fromBase64(std::string_view text, std::string_view origin);

  /// Replaces as Hugging Face's `tokenizers` do: a grapheme of less than 6 bytes as a whole by its shortest entry, else
  /// each of its characters.
  std::string apply(std::string_view utf8) const;

 private:
  /// Appends what `part` becomes; false where the map has no entry that it begins with.
  bool replace(std::string_view part, std::string& out) const;

  std::vector<std::uint32_t> units_;
  std::string texts_;
};

}  // namespace lix::nn::detail
