#pragma once
#include <array>
#include <string>
#include <string_view>

namespace lix::nn::detail {

/// Windows-1252's reading of the bytes 0x80 to 0x9F; the five that it leaves open stay themselves.
inline constexpr std::array<char32_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0x8D,
    0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A,
    0x153,  0x9D,   0x17E,  0x178};

/// Python's html.unescape: every reference of HTML 5, also unfinished ones ("&amp", "&notit").
std::u32string htmlUnescape(std::u32string_view text);

/// ftfy's more careful form: only references that end in a semicolon; also names in capitals ("&EACUTE;").
std::u32string htmlUnescapeCarefully(std::u32string_view text);

}  // namespace lix::nn::detail
