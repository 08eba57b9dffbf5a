#pragma once
#include <string>
#include <string_view>

namespace lix::study {

/// What two spellings of a name share: its letters and digits, in lower case ("Oxford-IIIT Pet" -> "oxfordiiitpet");
/// bytes beyond ASCII stay as they are.
inline std::string plainName(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      plain += char(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      plain += c;
    }
  }
  return plain;
}

}  // namespace lix::study
