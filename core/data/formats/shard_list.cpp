#include "data/formats/shard_list.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostShards = 1'000'000;
constexpr std::string_view kJoin = "::";

std::vector<std::string> sourcesOf(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const auto end = text.find(kJoin);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(end + kJoin.size());
  }
}

bool isAddress(std::string_view text) {
  return text.find("://") != std::string_view::npos || text.starts_with("pipe:");
}

std::unexpected<Error> badBrace(std::string_view pattern, std::string_view why) {
  return fail(ErrorCode::BadInput, cat("The shards '", pattern, "' cannot be listed: ", why,
                                       ". Write for example name-{00000..00012}.tar."));
}

/// "7..12", "007..012" or "a,b,c" as the texts that it stands for.
Result<std::vector<std::string>> alternatives(const std::string& inside, std::string_view pattern) {
  const auto dots = inside.find("..");
  if (dots == std::string::npos) {
    return split(inside, ',');
  }
  const std::string from = inside.substr(0, dots), to = inside.substr(dots + 2);
  const auto first = toInteger(from), last = toInteger(to);
  if (!first || !last || *first < 0 || *last < *first) {
    return badBrace(pattern, cat("'{", inside, "}' is no range of rising whole numbers"));
  }
  if (*last - *first >= (long long)kMostShards) {
    return badBrace(pattern, cat("'{", inside, "}' names more than ", kMostShards, " shards"));
  }
  const std::size_t width = from.starts_with('0') || to.starts_with('0') ? std::max(from.size(), to.size()) : 0;
  std::vector<std::string> result;
  result.reserve(std::size_t(*last - *first + 1));
  for (long long i = *first; i <= *last; ++i) {
    std::string number = std::to_string(i);
    number.insert(0, width > number.size() ? width - number.size() : 0, '0');
    result.push_back(std::move(number));
  }
  return result;
}

Result<void> expandInto(const std::string& pattern, std::vector<std::string>& all) {
  const auto open = pattern.find('{');
  const auto close = pattern.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos) {
    if (all.size() >= kMostShards) {
      return badBrace(pattern, cat("they are more than ", kMostShards));
    }
    all.push_back(pattern);
    return {};
  }
  if (close == std::string::npos || pattern.find('{', open + 1) < close) {
    return badBrace(pattern, "a brace is not closed");
  }
  LIX_TRY(const auto inner, alternatives(pattern.substr(open + 1, close - open - 1), pattern));
  for (const std::string& one : inner) {
    LIX_CHECK(expandInto(pattern.substr(0, open) + one + pattern.substr(close + 1), all));
  }
  return {};
}

Result<void> listInto(const fs::path& root, const std::string& below, int depth, std::vector<std::string>& all) {
  constexpr int kDeepest = 3;  // split and part folders; more are no dataset of shards
  std::error_code error;
  for (fs::directory_iterator at(root / below, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    const std::string path = below.empty() ? name : cat(below, "/", name);
    std::error_code ignored;
    if (name.starts_with('.') || name == "__MACOSX") {
      continue;
    }
    if (at->is_directory(ignored)) {
      if (depth < kDeepest && !at->is_symlink(ignored)) {
        LIX_CHECK(listInto(root, path, depth + 1, all));
      }
    } else if (lowered(at->path().extension().string()) == ".tar") {
      all.push_back(path);
    }
  }
  return error ? fail(ErrorCode::Io,
                      cat("The folder '", (root / below).string(), "' cannot be read: ", error.message(), "."))
               : Result<void>();
}

}  // namespace

bool isShardPattern(const std::string& text) {
  std::error_code ignored;
  const bool shaped = (text.find('{') != std::string::npos && text.find('}') != std::string::npos) ||
                      text.find(kJoin) != std::string::npos || isAddress(text);
  return shaped && text.find(".tar") != std::string::npos && !fs::exists(text, ignored);
}

Result<std::string> absoluteShardPattern(const std::string& text) {
  std::vector<std::string> parts = sourcesOf(text);
  for (std::string& part : parts) {
    if (isAddress(part)) {
      return fail(
          ErrorCode::Unsupported,
          cat("'", part, "' is an address; nothing is downloaded here. Fetch the shards and name their folder."));
    }
    part = fs::absolute(part).lexically_normal().string();
  }
  return join(parts, kJoin);
}

Result<std::vector<std::string>> expandShards(const std::string& pattern) {
  std::vector<std::string> all;
  for (const std::string& part : sourcesOf(pattern)) {
    LIX_CHECK(expandInto(part, all));
  }
  return all;
}

bool countsBefore(const std::string& a, const std::string& b) {
  const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!isDigit(a[i]) || !isDigit(b[j])) {
      if (a[i] != b[j]) {
        return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      }
      ++i, ++j;
      continue;
    }
    const auto numberAt = [&](const std::string& text, std::size_t& at) {
      const auto begin = std::min(text.find_first_not_of('0', at), text.size());
      const auto end =
          std::size_t(std::find_if_not(text.begin() + std::ptrdiff_t(begin), text.end(), isDigit) - text.begin());
      at = end;
      return std::string_view(text).substr(begin, end - begin);
    };
    const auto x = numberAt(a, i), y = numberAt(b, j);
    if (x != y) {
      return x.size() != y.size() ? x.size() < y.size() : x < y;
    }
  }
  return a.size() - i != b.size() - j ? a.size() - i < b.size() - j : a < b;
}

Result<std::vector<std::string>> listShards(const fs::path& folder) {
  std::vector<std::string> all;
  LIX_CHECK(listInto(folder, "", 0, all));
  std::ranges::sort(all, countsBefore);
  return all;
}

}  // namespace lix::data
