#pragma once
#include <string>
#include <string_view>

namespace lix::nn::detail {

/// UTF-8 that was read as Latin-1 or Windows-1252 ("schÃ¶n"), read anew ("schön"), as ftfy 6.3's fix_encoding does where
/// its pattern of unlikely neighbours finds a text bad. Its eight rarer encodings, and texts of which only a part was
/// read wrongly, are left as they are.
std::u32string readAnew(std::u32string_view text);

}  // namespace lix::nn::detail
