#include "nn/checkpoint/safetensors_header.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace lix::nn {
namespace {

struct DTypeRow {
  DType type;
  std::string_view name;
  std::size_t size;
};
constexpr auto kTypes = std::to_array<DTypeRow>({
    {DType::Bool, "BOOL", 1},
    {DType::U8, "U8", 1},
    {DType::I8, "I8", 1},
    {DType::I16, "I16", 2},
    {DType::U16, "U16", 2},
    {DType::F16, "F16", 2},
    {DType::BF16, "BF16", 2},
    {DType::I32, "I32", 4},
    {DType::U32, "U32", 4},
    {DType::F32, "F32", 4},
    {DType::F64, "F64", 8},
    {DType::I64, "I64", 8},
    {DType::U64, "U64", 8},
});

const DTypeRow& row(DType type) { return *std::ranges::find(kTypes, type, &DTypeRow::type); }

}  // namespace

std::size_t itemSize(DType type) { return row(type).size; }
std::string_view name(DType type) { return row(type).name; }

namespace detail {
namespace {

enum Field : unsigned { kNone = 0, kDType = 1, kShape = 2, kOffsets = 4, kAll = 7 };

Field fieldOf(std::string_view key) {
  return key == "dtype" ? kDType : key == "shape" ? kShape : key == "data_offsets" ? kOffsets : kNone;
}

/// Takes the header apart as it is read: nothing is stored that was not asked for, and nesting cannot grow.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit HeaderReader(Header& header) : header_(header) {}
  const std::string& problem() const { return problem_; }

  bool key(string_t& text) override {
    if (level_ == Level::Top) {
      if (text.size() > kMaxName) {
        return reject(cat("the name ", shown(text), " is longer than ", kMaxName, " bytes"));
      }
      if (!names_.insert(text).second) {
        return reject(cat("the name ", shown(text), " occurs twice"));
      }
      if (names_.size() > kMaxTensors) {
        return reject(cat("it names more than ", kMaxTensors, " tensors"));
      }
    } else if (level_ == Level::Metadata) {
      if (header_.metadata.contains(text)) {
        return reject(cat("the metadata key ", shown(text), " occurs twice"));
      }
      if (header_.metadata.size() >= kMaxTensors) {
        return reject(cat("it has more than ", kMaxTensors, " metadata entries"));
      }
    } else {
      field_ = fieldOf(text);
      if (field_ == kNone || (seen_ & field_) != 0) {
        return reject(cat("the tensor ", shown(current().name), " has ", field_ == kNone ? "the unknown" : "twice the",
                          " field ", shown(text)));
      }
      seen_ |= field_;
    }
    key_ = std::move(text);
    return true;
  }

  bool start_object(std::size_t) override {
    if (level_ == Level::None) {
      level_ = Level::Top;
      return true;
    }
    if (level_ == Level::Top && key_ == kMetadata) {
      level_ = Level::Metadata;
      return true;
    }
    if (level_ == Level::Top) {
      level_ = Level::Entry;
      seen_ = 0;
      header_.entries.emplace_back().name = std::move(key_);
      return true;
    }
    return unexpected("an object");
  }

  bool end_object() override {
    if (level_ == Level::Entry && seen_ != kAll) {
      return reject(cat("the tensor ", shown(current().name), " lacks its ",
                        (seen_ & kDType) == 0   ? "dtype"
                        : (seen_ & kShape) == 0 ? "shape"
                                                : "data_offsets"));
    }
    level_ = level_ == Level::Top ? Level::None : Level::Top;
    return true;
  }

  bool start_array(std::size_t) override {
    if (level_ != Level::Entry || (field_ != kShape && field_ != kOffsets)) {
      return unexpected("a list");
    }
    level_ = Level::List;
    offsets_ = 0;
    return true;
  }

  bool end_array() override {
    level_ = Level::Entry;
    if (field_ == kOffsets && offsets_ != 2) {
      return reject(cat("data_offsets of the tensor ", shown(current().name), " are not two numbers"));
    }
    return true;
  }

  bool number_unsigned(number_unsigned_t value) override {
    if (level_ != Level::List) {
      return unexpected("a number");
    }
    if (value > static_cast<std::uint64_t>(INT64_MAX)) {
      return reject(cat("the tensor ", shown(current().name), " has the impossible number ", value));
    }
    if (field_ == kOffsets) {
      (offsets_++ == 0 ? current().begin : current().end) = value;
      return offsets_ <= 2 || reject(cat("data_offsets of the tensor ", shown(current().name), " are not two numbers"));
    }
    if (current().shape.size() == kMaxRank) {
      return reject(cat("the tensor ", shown(current().name), " has more than ", kMaxRank, " dimensions"));
    }
    current().shape.push_back(static_cast<std::int64_t>(value));
    return true;
  }

  bool string(string_t& text) override {
    if (level_ == Level::Metadata) {
      header_.metadata.emplace(std::move(key_), std::move(text));
      return true;
    }
    if (level_ != Level::Entry || field_ != kDType) {
      return unexpected("a text");
    }
    if (const auto type = parseDType(text)) {
      current().type = *type;
      return true;
    }
    return reject(cat("the tensor ", shown(current().name), " has the dtype ", shown(text),
                      ", which this program does not read"));
  }

  bool null() override { return unexpected("null"); }
  bool boolean(bool) override { return unexpected("a truth value"); }
  bool number_integer(number_integer_t value) override { return unexpected(cat("the negative number ", value)); }
  bool number_float(number_float_t, const string_t& text) override {
    return unexpected(cat("the number ", shown(text)));
  }
  bool binary(binary_t&) override { return unexpected("binary data"); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::json::exception& error) override {
    std::string_view what = error.what();
    if (const auto id = what.find("] "); id != std::string_view::npos) {
      what.remove_prefix(id + 2);  // "[json.exception.parse_error.101] "
    }
    // The parser quotes what it read last, which may be no text at all.
    return reject(cat("its header is not valid JSON at byte ", position, isUtf8(what) ? cat(" (", what, ")") : ""));
  }

 private:
  enum class Level { None, Top, Metadata, Entry, List };

  HeaderEntry& current() { return header_.entries.back(); }
  bool reject(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool unexpected(std::string_view what) {
    if (level_ == Level::None) {
      return reject(cat("its header is ", what, " instead of an object"));
    }
    if (level_ == Level::Metadata) {
      return reject(cat("the metadata entry ", shown(key_), " is ", what, " instead of a text"));
    }
    if (level_ == Level::Top) {
      return reject(cat(shown(key_), " is ", what, " instead of an object"));
    }
    return reject(cat("the ",
                      field_ == kDType   ? "dtype"
                      : field_ == kShape ? "shape"
                                         : "data_offsets",
                      " of the tensor ", shown(current().name), " holds ", what));
  }

  Header& header_;
  Level level_ = Level::None;
  Field field_ = kNone;
  unsigned seen_ = 0;
  int offsets_ = 0;
  std::string key_;
  std::string problem_;
  std::unordered_set<std::string> names_;
};

}  // namespace

std::optional<DType> parseDType(std::string_view text) {
  const auto found = std::ranges::find(kTypes, text, &DTypeRow::name);
  return found == kTypes.end() ? std::nullopt : std::optional(found->type);
}

std::optional<std::uint64_t> byteSize(DType type, const std::vector<std::int64_t>& shape) {
  auto size = static_cast<std::int64_t>(itemSize(type));
  for (const auto extent : shape) {
    if (extent < 0 || __builtin_mul_overflow(size, extent, &size)) {
      return std::nullopt;
    }
  }
  return static_cast<std::uint64_t>(size);
}

std::string shown(std::string_view name) {
  constexpr std::size_t kShown = 80;
  if (name.size() <= kShown) {
    return cat('"', name, '"');
  }
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) {
    --end;  // not in the middle of a character
  }
  return cat('"', name.substr(0, end), "...\"");
}

Result<Header> parseHeader(std::string_view json, const std::filesystem::path& path) {
  const auto damaged = [&](std::string_view why) {
    return fail(ErrorCode::BadInput,
                cat(path.string(), " is not a valid safetensors file: ", why, ". Get the file again."));
  };
  if (!json.starts_with('{')) {
    return damaged("its header does not begin with '{'");
  }
  if (json.contains('\0')) {  // the JSON parser would take it for the end
    return damaged("its header holds a zero byte");
  }
  Header header;
  HeaderReader reader(header);
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &reader)) {
    return damaged(reader.problem());
  }
  return header;
}

}  // namespace detail
}  // namespace lix::nn
