#include "data/csv.h"

#include <algorithm>

#include "base/text.h"
#include "data/file_pictures.h"

namespace lix::data {
namespace {

Result<void> checkEncoding(std::string_view text, std::string_view name) {
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return fail(ErrorCode::BadInput, cat("The table '", name, "' is in UTF-16, seen in line 1; save it as UTF-8."));
  }
  if (isUtf8(text)) {
    return {};
  }
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    if (!isUtf8(text.substr(at, end - at))) {
      break;
    }
    at = end + 1;
  }
  return fail(ErrorCode::BadInput,
              cat("The table '", name, "' is not UTF-8: line ", line, " holds other bytes; save it as UTF-8."));
}

/// One pass over the text; `take*` methods move `at_` behind what they read.
class Parser {
 public:
  Parser(std::string_view text, char separator, std::string_view name)
      : text_(text), separator_(separator), name_(name) {}

  Result<void> each(const std::function<Result<void>(CsvRecord&)>& take) {
    while (at_ < text_.size()) {
      CsvRecord record{.line = line_, .fields = {}};
      bool more = true;
      while (more) {
        LIX_TRY(std::string field, takeField());
        record.fields.push_back(std::move(field));
        more = at_ < text_.size() && text_[at_] == separator_;
        at_ += more;
      }
      takeLineEnd();
      if (record.fields.size() > 1 || !trim(record.fields[0]).empty()) {
        LIX_CHECK(take(record));
      }
    }
    return {};
  }

 private:
  bool endsField(char c) const { return c == separator_ || c == '\n' || c == '\r'; }

  void takeLineEnd() {
    if (at_ >= text_.size()) {
      return;
    }
    const bool pair = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    at_ += pair ? 2 : 1;
    ++line_;
  }

  Result<std::string> takeField() {
    std::string field;
    if (at_ < text_.size() && text_[at_] == '"') {
      LIX_TRY(field, takeQuoted());
    }
    const auto end = std::find_if(text_.begin() + at_, text_.end(), [this](char c) { return endsField(c); });
    field.append(text_.begin() + at_, end);
    at_ = std::size_t(end - text_.begin());
    return field;
  }

  Result<std::string> takeQuoted() {
    const std::size_t opened = line_;
    std::string field;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') {
          ++at_;
          return field;
        }
        ++at_;
      }
      line_ += text_[at_] == '\n';
      field += text_[at_];
    }
    return fail(ErrorCode::BadInput, cat("The table '", name_, "' opens a quote in line ", opened,
                                         " that is never closed; close or double it."));
  }

  std::string_view text_;
  char separator_;
  std::string_view name_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

}  // namespace

Result<void> forEachRecord(std::string_view text, char separator, std::string_view name,
                           const std::function<Result<void>(CsvRecord&)>& take) {
  LIX_CHECK(checkEncoding(text, name));
  if (text.starts_with("\xef\xbb\xbf")) {
    text.remove_prefix(3);
  }
  return Parser(text, separator, name).each(take);
}

Result<std::vector<CsvRecord>> parseCsv(std::string_view text, char separator, std::string_view name) {
  std::vector<CsvRecord> all;
  LIX_CHECK(forEachRecord(text, separator, name, [&](CsvRecord& record) -> Result<void> {
    all.push_back(std::move(record));
    return {};
  }));
  return all;
}

char separatorOf(std::string_view extension, std::string_view text) {
  const std::string kind = lowered(extension);
  if (kind == ".tsv" || kind == ".tab") {
    return '\t';
  }
  const auto line = text.substr(0, text.find_first_of("\r\n"));
  char best = ',';
  for (const char candidate : {'\t', ';', '|'}) {
    if (std::count(line.begin(), line.end(), candidate) > std::count(line.begin(), line.end(), best)) {
      best = candidate;
    }
  }
  return best;
}

}  // namespace lix::data
