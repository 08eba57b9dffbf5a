#pragma once
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace lix {

/// Joins anything that streams into one string (GCC 12 has no std::format).
template <class... Parts>
std::string cat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return std::move(out).str();
}

std::vector<std::string> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// Whether the bytes are well-formed UTF-8 (no overlong forms, no surrogates).
bool isUtf8(std::string_view bytes);
/// Strict decimal numbers over the whole text, or nothing.
std::optional<long long> toInteger(std::string_view text);
std::optional<double> toReal(std::string_view text);
/// 64-bit FNV-1a, for keys and cache names; not for security.
unsigned long long hash64(std::string_view bytes, unsigned long long seed = 14695981039346656037ULL);
std::string hex(unsigned long long value);

}  // namespace lix
