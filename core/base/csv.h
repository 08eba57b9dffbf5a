#pragma once
#include <string>

namespace lix {

/// A field of CSV: in quotes, with those inside doubled, where it holds a comma, a quote or a line break (RFC 4180).
std::string csvField(const std::string& text);

}  // namespace lix
