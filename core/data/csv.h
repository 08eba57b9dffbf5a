#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::data {

struct CsvRecord {
  std::size_t line = 0;  ///< where it starts, from 1
  std::vector<std::string> fields;
};

/// Records of comma- or tab-separated text by RFC 4180: quoted fields may hold separators, doubled quotes and line
/// ends; text behind a closing quote is kept as it is (as pandas does); LF, CRLF and CR end lines; blank lines are left
/// out; a UTF-8 byte order mark is skipped. An encoding other than UTF-8 and a quote that is never closed are errors
/// that name the line.
Result<std::vector<CsvRecord>> parseCsv(std::string_view text, char separator, std::string_view name);

/// Tab for .tsv and .tab; otherwise the one of tab, comma and semicolon that the first line has most of.
char separatorOf(std::string_view extension, std::string_view text);

}  // namespace lix::data
