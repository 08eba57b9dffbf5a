#pragma once
#include "nn/text/tokenizer.h"

namespace lix::study::test {

/// One token a byte, then the end token 1.
class ByteTokenizer : public nn::Tokenizer {
 public:
  explicit ByteTokenizer(int vocabulary) : vocabulary_(vocabulary) {}

  nn::TokenRow encode(std::string_view caption, int contextLength) const override {
    nn::TokenRow row{std::vector<std::int32_t>(std::size_t(contextLength), 1)};
    row.truncated = caption.size() >= std::size_t(contextLength);
    row.length = row.truncated ? contextLength : int(caption.size()) + 1;
    for (int i = 0; i + 1 < row.length; ++i) {
      row.ids[std::size_t(i)] = 3 + static_cast<unsigned char>(caption[std::size_t(i)]) % (vocabulary_ - 4);
    }
    return row;
  }
  int vocabularySize() const override { return vocabulary_; }
  std::vector<std::string> pieces(std::string_view caption) const override { return {std::string(caption)}; }
  Result<void> save(const std::filesystem::path&, int) const override { return {}; }
  std::uint64_t hash() const override { return 1; }

 private:
  int vocabulary_;
};

}  // namespace lix::study::test
