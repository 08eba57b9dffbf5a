#pragma once
#include <string>
#include <string_view>

namespace lix::nn::detail {

/// What ftfy 6.3's fix_text does line by line until nothing changes, in its order: HTML references (not from the first
/// line on that holds a "<"), text of a wrong encoding (mojibake.h), C1 controls as Windows-1252, Latin ligatures, full
/// and half width, curly quotes, line breaks, terminal escapes, control characters, normal form C.
std::u32string fixText(std::u32string_view text);

}  // namespace lix::nn::detail
