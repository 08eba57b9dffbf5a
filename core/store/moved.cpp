#include "store/moved.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace lix::store {
namespace fs = std::filesystem;
namespace {

bool isThere(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool isBelow(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

}  // namespace

std::string_view schemeOf(std::string_view text) {
  constexpr std::array<std::string_view, 2> kSchemes{"file:", "checkpoint:"};
  const auto found = std::ranges::find_if(kSchemes, [&](std::string_view scheme) { return text.starts_with(scheme); });
  return found == kSchemes.end() ? std::string_view() : *found;
}

std::vector<std::string_view> stringsOf(std::string_view json) {
  std::vector<std::string_view> strings;
  for (std::size_t at = json.find('"'); at != std::string_view::npos; at = json.find('"', at)) {
    const std::size_t begin = ++at;
    while (at < json.size() && json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    if (at >= json.size()) {
      break;  // cut off: no JSON
    }
    strings.push_back(json.substr(begin, at - begin));
    ++at;
  }
  return strings;
}

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool simple = text[i] == '\\' && i + 1 < text.size() && std::string_view("\"\\/").find(text[i + 1]) != std::string_view::npos;
    i += simple ? 1 : 0;
    plain += text[i];
  }
  return plain;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

Moved::Moved(fs::path folder, std::vector<std::string> earlier, Rule rule)
    : folder_(std::move(folder)), earlier_(std::move(earlier)), rule_(rule) {
  std::erase_if(earlier_, [&](const std::string& one) { return one.empty() || one == "/" || fs::path(one) == folder_; });
  std::ranges::sort(earlier_, std::ranges::greater(), &std::string::size);
}

std::string Moved::path(std::string text) const {
  if (earlier_.empty() || !text.starts_with('/')) {
    return text;
  }
  for (const std::string& old : earlier_) {
    if (!isBelow(text, old)) {
      continue;
    }
    const fs::path now = (folder_ / std::string_view(text).substr(std::min(old.size() + 1, text.size()))).lexically_normal();
    const bool stays = (rule_ == Rule::WhereGone || isBelow(text, folder_.native())) && isThere(text);
    if (!stays && isThere(now)) {
      return now.has_filename() ? now.string() : now.parent_path().string();
    }
  }
  return text;
}

std::string Moved::picture(std::string text) const {
  const std::string_view scheme = schemeOf(text);
  return earlier_.empty() || scheme.empty() ? text : cat(scheme, path(text.substr(scheme.size())));
}

std::string Moved::json(std::string text) const {
  const bool names = std::ranges::any_of(earlier_, [&](const std::string& old) { return text.find(escaped(old)) != std::string::npos; });
  if (!names) {
    return text;
  }
  std::string now;
  std::size_t done = 0;
  for (const std::string_view one : stringsOf(text)) {
    const std::string_view scheme = schemeOf(one);
    const std::string before = unescaped(one.substr(scheme.size()));
    const std::string after = path(before);
    if (after != before) {
      const auto begin = static_cast<std::size_t>(one.data() - text.data());
      now += text.substr(done, begin - done);
      now += cat(scheme, escaped(after));
      done = begin + one.size();
    }
  }
  return now + text.substr(done);
}

}  // namespace lix::store
