#pragma once
#include <functional>
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

/// The same one after the other, so that a table of millions of rows need not stand in memory twice. `take` may move from the
/// record; its error ends the reading and is returned.
Result<void> forEachRecord(std::string_view text, char separator, std::string_view name,
                           const std::function<Result<void>(CsvRecord&)>& take);

/// Tab for .tsv and .tab; otherwise the one of tab, comma, semicolon and bar that the first line has most of.
char separatorOf(std::string_view extension, std::string_view text);

}  // namespace lix::data
