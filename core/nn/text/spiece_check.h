#pragma once
#include <string>
#include <string_view>

namespace lix::nn::detail {

/// Why the character map inside a SentencePiece model cannot be walked safely, or "" (also where it has none). The
/// library follows the map's double array without bounds; format (field 2 of field 3 of the model): u32 size of the
/// Darts array in bytes, the array, replacement texts ended by zero bytes.
std::string charMapProblem(std::string_view model);
/// Whether such a map, taken out of its model, can be walked without leaving it.
bool isCharMapSound(std::string_view map);

}  // namespace lix::nn::detail
