#include "nn/text/clip_bpe.h"

#include <unordered_map>

#include "base/text.h"
#include "nn/text/tokenizer_json.h"
#include "nn/text/unicode.h"

namespace lix::nn::detail {
namespace {

constexpr std::string_view kWordEnd = "</w>";

/// OpenAI's order of the bytes: the visible ones of Latin-1 as themselves, the other 68 as U+0100 and on.
std::array<std::pair<unsigned char, char32_t>, 256> makeUnits() {
  std::array<std::pair<unsigned char, char32_t>, 256> units;
  std::size_t count = 0;
  const auto visible = [](unsigned byte) { return (byte >= 33 && byte <= 126) || (byte >= 161 && byte != 173); };
  for (unsigned byte = 0; byte < 256; ++byte) {
    if (visible(byte)) {
      units[count++] = {static_cast<unsigned char>(byte), byte};
    }
  }
  for (unsigned byte = 0, other = 0; byte < 256; ++byte) {
    if (!visible(byte)) {
      units[count++] = {static_cast<unsigned char>(byte), 256 + other++};
    }
  }
  return units;
}

const auto& units() {
  static const auto made = makeUnits();
  return made;
}

std::unexpected<Error> damaged(std::string_view origin, std::string_view why) {
  return fail(ErrorCode::BadInput, cat(origin, " is not a usable CLIP vocabulary: ", why, ". Get the file again."));
}

}  // namespace

Result<ClipBpe> ClipBpe::fromMerges(const std::vector<Merge>& merges, std::string_view origin) {
  Vocabulary ids;
  int next = 0;
  for (const std::string_view ending : {std::string_view(), kWordEnd}) {
    for (const auto& [byte, unit] : units()) {
      ids[cat(toUtf8(std::u32string_view(&unit, 1)), ending)] = next++;
    }
  }
  for (const auto& [left, right] : merges) {
    ids[left + right] = next++;  // where two merges make the same text, the later id counts, as in OpenAI's table
  }
  ids["<start_of_text>"] = next++;
  ids["<end_of_text>"] = next++;
  return make(std::move(ids), merges, "<start_of_text>", "<end_of_text>", origin);
}

Result<ClipBpe> ClipBpe::fromVocabulary(Vocabulary ids, const std::vector<Merge>& merges,
                                        std::string_view origin) {
  return make(std::move(ids), merges, "<|startoftext|>", "<|endoftext|>", origin);
}

Result<ClipBpe> ClipBpe::make(Vocabulary ids, const std::vector<Merge>& merges,
                              std::string_view start, std::string_view end, std::string_view origin) {
  ClipBpe bpe;
  LIX_TRY(bpe.texts_, textsById(ids, origin));
  bpe.ids_ = std::move(ids);
  for (const auto& [byte, unit] : units()) {
    const std::string text = toUtf8(std::u32string_view(&unit, 1));
    const int inside = bpe.find(text), ending = bpe.find(cat(text, kWordEnd));
    if (inside < 0 || ending < 0) {
      return damaged(origin, cat("it has no token for the byte ", int(byte)));
    }
    bpe.units_[byte] = inside;
    bpe.units_[256u + byte] = ending;
  }
  for (std::size_t rank = 0; rank < merges.size(); ++rank) {
    const auto& [left, right] = merges[rank];
    const int a = bpe.find(left), b = bpe.find(right), made = bpe.find(left + right);
    if (a < 0 || b < 0 || made < 0) {
      return damaged(origin, cat("the merge \"", left, " ", right, "\" speaks of tokens that it has not"));
    }
    bpe.merges_.add(a, b, static_cast<int>(rank), made);
  }
  bpe.start_ = bpe.find(std::string(start));
  bpe.end_ = bpe.find(std::string(end));
  if (bpe.start_ < 0 || bpe.end_ < 0) {
    return damaged(origin, cat("it has no ", start, " and ", end));
  }
  return bpe;
}

int ClipBpe::find(const std::string& token) const {
  const auto found = ids_.find(token);
  return found == ids_.end() ? -1 : found->second;
}

void ClipBpe::append(std::string_view word, std::vector<std::int32_t>& ids) const {
  if (word.empty()) {
    return;
  }
  std::vector<int> parts;
  for (const char byte : word) {
    parts.push_back(units_[static_cast<unsigned char>(byte)]);
  }
  parts.back() = units_[256u + static_cast<unsigned char>(word.back())];
  merges_.apply(parts);
  ids.insert(ids.end(), parts.begin(), parts.end());
}

bool ClipBpe::endsWord(int id) const { return texts_[static_cast<std::size_t>(id)].ends_with(kWordEnd); }

std::string ClipBpe::bytes(int id) const {
  if (id == start_ || id == end_) {
    return {};
  }
  static const auto byUnit = [] {
    std::unordered_map<char32_t, char> map;
    for (const auto& [byte, unit] : units()) {
      map[unit] = static_cast<char>(byte);
    }
    return map;
  }();
  std::string_view text = texts_[static_cast<std::size_t>(id)];
  text.remove_suffix(endsWord(id) ? kWordEnd.size() : 0);
  std::string out;
  for (const char32_t unit : toCharacters(text)) {
    const auto found = byUnit.find(unit);
    out += found == byUnit.end() ? std::string("?") : std::string(1, found->second);
  }
  return out;
}

}  // namespace lix::nn::detail
