#include "nn/text/clip_tokenizer.h"

#include "base/contracts.h"
#include "base/file.h"
#include "base/text.h"

namespace lix::nn {
namespace {

class ClipTokenizer final : public Tokenizer {
 public:
  explicit ClipTokenizer(detail::ClipFiles files) : files_(std::move(files)) {}

  TokenRow encode(std::string_view caption, int contextLength) const override {
    LIX_REQUIRE(contextLength > 0);
    const auto room = static_cast<std::size_t>(contextLength);
    TokenRow row;
    row.ids.push_back(files_.bpe.startId());
    for (const detail::ClipWord& word : words(caption)) {
      if (row.ids.size() >= room) {
        break;  // the end mark has no room left, so nothing that follows counts
      }
      append(word, row.ids);
    }
    row.ids.push_back(files_.bpe.endId());
    row.truncated = row.ids.size() > room;
    row.ids.resize(std::min(row.ids.size(), room));
    row.ids.back() = files_.bpe.endId();
    row.length = static_cast<int>(row.ids.size());
    row.ids.resize(room, files_.padId);
    return row;
  }

  int vocabularySize() const override { return files_.bpe.size(); }

  std::vector<std::string> pieces(std::string_view caption) const override {
    std::vector<std::string> out;
    for (const detail::ClipWord& word : words(caption)) {
      std::vector<std::int32_t> ids;
      append(word, ids);
      for (const auto id : ids) {
        const bool mark = word.kind != detail::ClipWord::Kind::Text;
        out.push_back(mark ? word.text : files_.bpe.bytes(id) + (files_.bpe.endsWord(id) ? "</w>" : ""));
        if (!isUtf8(out.back())) {
          out.back() = files_.bpe.text(id);  // part of a character: as the file writes its bytes
        }
      }
    }
    return out;
  }

  Result<void> save(const std::filesystem::path& folder, int /*contextLength*/) const override {
    for (const auto& [name, bytes] : files_.bytes) {
      LIX_CHECK(writeFile(folder / name, bytes));
    }
    return {};
  }

  std::uint64_t hash() const override {
    std::uint64_t hash = hash64(cat("clip ", files_.rules == detail::ClipRules::OpenClip, ' ', files_.padId));
    for (const auto& [name, bytes] : files_.bytes) {
      hash = hash64(bytes, hash);
    }
    return hash;
  }

 private:
  std::vector<detail::ClipWord> words(std::string_view caption) const {
    return files_.clean ? detail::clipWords(detail::cleaned(caption, *files_.clean), files_.rules)
                        : detail::clipWords(caption, files_.rules);
  }

  void append(const detail::ClipWord& word, std::vector<std::int32_t>& ids) const {
    switch (word.kind) {
      case detail::ClipWord::Kind::Text:
        return files_.bpe.append(word.text, ids);
      case detail::ClipWord::Kind::Start:
        return ids.push_back(files_.bpe.startId());
      case detail::ClipWord::Kind::End:
        return ids.push_back(files_.bpe.endId());
    }
  }

  detail::ClipFiles files_;
};

}  // namespace

std::shared_ptr<const Tokenizer> detail::makeClipTokenizer(ClipFiles files) {
  return std::make_shared<ClipTokenizer>(std::move(files));
}

}  // namespace lix::nn
