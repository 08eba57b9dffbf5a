#include <algorithm>

#include "base/text.h"
#include "resources/resource.h"
#include "shared/results/rows.h"

namespace lix::app {
namespace {

constexpr std::size_t kMostDrawn = 6;

/// Fields of a line of CSV; quoted ones may hold commas, none holds a line break.
std::vector<std::string> fieldsOf(std::string_view line) {
  std::vector<std::string> fields(1);
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && inside && i + 1 < line.size() && line[i + 1] == '"') {
      fields.back() += line[++i];
    } else if (line[i] == '"') {
      inside = !inside;
    } else if (line[i] == ',' && !inside) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
  return text;
}

std::vector<PaperValue> read() {
  std::vector<PaperValue> values;
  const std::string text(resource("reference/paper_tables.csv").value_or(""));
  const auto lines = split(text, '\n');
  for (std::size_t i = 1; i < lines.size(); ++i) {  // the first is the head
    const auto fields = fieldsOf(lines[i]);
    if (fields.size() < 7) {
      continue;
    }
    if (const auto value = toReal(fields[5])) {
      values.push_back({fields[0], fields[1], fields[2], fields[3], fields[4], fields[6], *value});
    }
  }
  return values;
}

}  // namespace

std::string PaperValue::name() const {
  const std::string paper = source.substr(0, source.find_first_of(",:"));
  const std::string what = unit.ends_with(" %") ? unit.substr(0, unit.size() - 2) : unit;
  return cat(column, ", ", model, group.empty() ? "" : cat(" ", group), ", ", what, " (", paper, ")");
}

bool PaperValue::isTop1() const { return unit.ends_with("top-1 %") || unit == "accuracy %"; }

const std::vector<PaperValue>& paperValues() {
  static const std::vector<PaperValue> values = read();
  return values;
}

Result<std::vector<PaperValue>> paperValues(const std::string& words) {
  std::vector<PaperValue> found, others;
  const auto parts = split(lower(words), ' ');
  for (const PaperValue& value : paperValues()) {
    const std::string name = lower(value.name());
    if (std::ranges::all_of(parts, [&](const std::string& part) { return name.find(part) != std::string::npos; })) {
      (value.isTop1() ? found : others).push_back(value);
    }
  }
  if (found.empty() && !others.empty()) {
    return fail(ErrorCode::BadInput,
                cat("The values of the papers with the words '", words, "', such as '", others.front().name(),
                    "', are no top-1 accuracies, which this figure shows; choose words of some that are."));
  }
  if (found.empty()) {
    return fail(ErrorCode::NotFound,
                cat("No value of the papers has all the words '", words, "'; their names are such as '",
                    paperValues().front().name(), "' and '", paperValues().back().name(), "'."));
  }
  if (found.size() > kMostDrawn) {
    return fail(ErrorCode::BadInput,
                cat(found.size(), " values of the papers have the words '", words,
                    "', too many to draw; add words of their names, such as '", found.front().name(), "'."));
  }
  return found;
}

}  // namespace lix::app
