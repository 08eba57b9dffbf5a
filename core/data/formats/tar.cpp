#include "data/formats/tar.h"

#include <algorithm>

#include "base/text.h"

namespace lix::data {
namespace {

constexpr std::uint64_t kBlock = 512;
constexpr std::uint64_t kLongestSpecial = 1 << 20;  // bytes of pax records or a long name

std::uint64_t inBlocks(std::uint64_t size) { return (size + kBlock - 1) / kBlock * kBlock; }

/// A text field, which ends at its width or at a zero byte.
std::string_view textOf(std::string_view block, std::size_t offset, std::size_t width) {
  const auto field = block.substr(offset, width);
  return field.substr(0, field.find('\0'));
}

/// An octal number, or base-256 where the first bit is set (GNU, star); nothing where it is neither.
std::optional<std::uint64_t> numberOf(std::string_view block, std::size_t offset, std::size_t width) {
  const auto field = block.substr(offset, width);
  std::uint64_t value = 0;
  if (static_cast<unsigned char>(field[0]) == 0x80) {
    for (const char c : field.substr(1)) {
      if (value >> 55 != 0) {
        return std::nullopt;
      }
      value = value << 8 | static_cast<unsigned char>(c);
    }
    return value;
  }
  const auto digits = trim(textOf(block, offset, width));
  for (const char c : digits) {
    if (c < '0' || c > '7') {
      return std::nullopt;
    }
    value = value << 3 | std::uint64_t(c - '0');
  }
  return value;
}

/// The sum of all bytes, where those of the field of the sum count as spaces; some old programs summed signed bytes.
bool sumIsRight(std::string_view block) {
  constexpr std::size_t kSumAt = 148, kSumWidth = 8;
  const auto stated = numberOf(block, kSumAt, kSumWidth);
  int plain = 0, high = 0;
  for (std::size_t i = 0; i < kBlock; ++i) {  // without a branch, so that it is done 16 at a time
    plain += static_cast<unsigned char>(block[i]);
    high += static_cast<unsigned char>(block[i]) >> 7;
  }
  for (std::size_t i = kSumAt; i < kSumAt + kSumWidth; ++i) {
    plain += ' ' - static_cast<unsigned char>(block[i]);
    high -= static_cast<unsigned char>(block[i]) >> 7;
  }
  return stated && (*stated == std::uint64_t(plain) || std::int64_t(*stated) == plain - 256 * high);
}

bool isZero(std::string_view block) { return block.find_first_not_of('\0') == std::string_view::npos; }

std::string nameOf(std::string_view block) {
  const auto name = textOf(block, 0, 100);
  const bool isUstar = block.substr(257, 6) == std::string_view("ustar\0", 6);
  const auto prefix = isUstar ? textOf(block, 345, 155) : std::string_view();
  return prefix.empty() ? std::string(name) : cat(prefix, "/", name);
}

TarEntry::Kind kindOf(char type) {
  switch (type) {
    case '0':
    case '\0':
    case '7':
      return TarEntry::Kind::File;
    case '1':
    case '2':
      return TarEntry::Kind::Link;
    case '5':
      return TarEntry::Kind::Folder;
    default:
      return TarEntry::Kind::Other;
  }
}

bool isSpecial(char type) { return type == 'x' || type == 'g' || type == 'L' || type == 'K'; }

}  // namespace

bool looksLikeTar(std::string_view head) {
  return head.size() >= kBlock && !isZero(head.substr(0, kBlock)) && sumIsRight(head.substr(0, kBlock));
}

Result<TarWalk> TarWalk::open(const std::filesystem::path& path) {
  LIX_TRY(ByteFile file, ByteFile::open(path));
  return TarWalk(std::move(file), path);
}

std::unexpected<Error> TarWalk::damaged(std::string_view why) const {
  return fail(ErrorCode::BadInput,
              cat("The shard '", path_.filename().string(), "' is damaged at byte ", at_, ": ", why, "."));
}

Result<std::optional<TarEntry>> TarWalk::next() {
  Pending pending;
  while (at_ < file_.size()) {
    if (file_.size() - at_ < kBlock) {
      return damaged("it ends within a header");
    }
    LIX_TRY(const std::string_view block, file_.view(at_, kBlock));
    if (isZero(block)) {
      break;
    }
    const auto stated = numberOf(block, 124, 12);
    if (!sumIsRight(block) || !stated) {
      return damaged("there is no header of a tar file");
    }
    const char type = block[156];
    const std::uint64_t left = file_.size() - at_ - kBlock;
    const std::uint64_t size = isSpecial(type) ? *stated : pending.size.value_or(*stated);
    if (size > left) {
      return damaged(cat("the entry '", pending.name.value_or(nameOf(block)), "' claims ", size,
                         " bytes, the file has ", left, " more"));
    }
    if (isSpecial(type)) {
      LIX_CHECK(takeSpecial(type, size, pending));
      at_ += kBlock + inBlocks(size);
      continue;
    }
    TarEntry entry{pending.name.value_or(nameOf(block)), pending.isSparse ? TarEntry::Kind::Other : kindOf(type),
                   at_ + kBlock, size};
    if (entry.name.starts_with("./")) {
      entry.name.erase(0, 2);
    }
    if (entry.name.ends_with('/') && entry.kind == TarEntry::Kind::File) {
      entry.kind = TarEntry::Kind::Folder;  // as V7 writes them
    }
    // Links and folders have no content whatever their size says.
    at_ += kBlock + (entry.kind == TarEntry::Kind::Link || entry.kind == TarEntry::Kind::Folder ? 0 : inBlocks(size));
    return entry;
  }
  return std::optional<TarEntry>();
}

Result<void> TarWalk::takeSpecial(char type, std::uint64_t size, Pending& pending) {
  if (size > kLongestSpecial) {
    return damaged(cat("a special entry has ", size, " bytes, more than ", kLongestSpecial));
  }
  if (type == 'g' || type == 'K') {
    return {};  // of all that follow, or the target of a link
  }
  std::string content(std::size_t(size), '\0');
  LIX_CHECK(file_.read(at_ + kBlock, content.size(), content.data()));
  if (type == 'x') {
    return takePax(content, pending);
  }
  pending.name = content.substr(0, content.find('\0'));
  return {};
}

/// Records "LENGTH key=value\n", where LENGTH counts all of it.
Result<void> TarWalk::takePax(const std::string& records, Pending& pending) {
  for (std::size_t at = 0; at < records.size() && records[at] != '\0';) {
    const auto space = records.find(' ', at);
    const auto length =
        space == std::string::npos ? std::nullopt : toInteger(std::string_view(records).substr(at, space - at));
    if (!length || *length <= 0 || std::size_t(*length) > records.size() - at ||
        at + std::size_t(*length) <= space + 1) {
      return damaged("its pax records have no right length");
    }
    const std::string_view record = std::string_view(records).substr(space + 1, at + std::size_t(*length) - space - 2);
    const auto equals = record.find('=');
    const auto key = record.substr(0, equals);
    const auto value = equals == std::string_view::npos ? std::string_view() : record.substr(equals + 1);
    if (key == "path") {
      pending.name = std::string(value);
    } else if (key == "size") {
      const auto number = toInteger(value);
      if (!number || *number < 0) {
        return damaged("its pax records hold a size that is no number");
      }
      pending.size = std::uint64_t(*number);
    } else if (key.starts_with("GNU.sparse.")) {
      pending.isSparse = true;
    }
    at += std::size_t(*length);
  }
  return {};
}

Result<std::string> TarWalk::content(const TarEntry& entry, std::uint64_t most) {
  if (entry.size > most) {
    return fail(ErrorCode::BadInput,
                cat("'", entry.name, "' has ", entry.size, " bytes, more than the ", most, " that it may have."));
  }
  if (entry.size <= ByteFile::kWindow) {
    LIX_TRY(const std::string_view bytes, file_.view(entry.offset, std::size_t(entry.size)));
    return std::string(bytes);
  }
  std::string text(std::size_t(entry.size), '\0');
  LIX_CHECK(file_.read(entry.offset, text.size(), text.data()));
  return text;
}

}  // namespace lix::data
