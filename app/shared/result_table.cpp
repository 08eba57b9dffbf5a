#include "shared/result_table.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "base/csv.h"
#include "base/text.h"

namespace lix::app {
namespace {

constexpr double kExact = 9007199254740992.0;  // whole numbers up to here are themselves

/// Counts stay whole; of other numbers the digits that a sum of doubles leaves right.
std::string inFull(double value) {
  constexpr int kDigits = 12;
  char text[32];
  const auto end = std::abs(value) <= kExact && value == std::floor(value)
                       ? std::to_chars(text, text + sizeof text, static_cast<long long>(value))
                       : std::to_chars(text, text + sizeof text, value, std::chars_format::general, kDigits);
  return {text, end.ptr};
}

std::string joined(const std::vector<long long>& keys, const char* between) {
  std::vector<std::string> texts;
  for (const long long key : keys) {
    texts.push_back(cat(key));
  }
  return join(texts, between);
}

std::string keysOf(const ResultTable& table, const std::vector<TableCell>& row) {
  std::vector<std::string> named, plain;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (!row[i].keys.empty()) {
      plain.push_back(joined(row[i].keys, " "));
      named.push_back(cat(table.head[i], "=", joined(row[i].keys, "+")));
    }
  }
  return plain.size() > 1 ? join(named, " ") : join(plain, "");
}

/// Characters that mean something to the writer's format, each behind what makes it plain.
std::string plain(const std::string& text, const char* special) {
  std::string result;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      result += ' ';
    } else if (std::string_view(special).find(c) != std::string_view::npos) {
      result += cat("\\", c);
    } else {
      result += c;
    }
  }
  return result;
}

std::string forLatex(const std::string& text) {
  constexpr std::string_view kArrow = "→";
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::string_view(text).substr(i).starts_with(kArrow)) {
      result += "$\\to$";
      i += kArrow.size() - 1;
      continue;
    }
    switch (text[i]) {
      case '\\':
        result += "\\textbackslash{}";
        break;
      case '~':
        result += "\\textasciitilde{}";
        break;
      case '^':
        result += "\\textasciicircum{}";
        break;
      default:
        result += plain(std::string(1, text[i]), "&%$#_{}");
    }
  }
  return result;
}

/// Counts stay whole.
nlohmann::json jsonNumber(double value) {
  return std::abs(value) <= kExact && value == std::floor(value) ? nlohmann::json((long long)value)
                                                                 : nlohmann::json(value);
}

bool isNumeric(const ResultTable& table, std::size_t column) {
  bool any = false;
  for (const auto& row : table.rows) {
    if (column < row.size() && !row[column].text.empty()) {
      if (!row[column].value) {
        return false;
      }
      any = true;
    }
  }
  return any;
}

}  // namespace

TableCell TableCell::number(double value, std::vector<long long> keys) {
  if (!std::isfinite(value)) {
    return {"–", value, std::move(keys)};
  }
  return {inFull(value), value, std::move(keys)};
}

TableCell TableCell::share(double value, std::vector<long long> keys) {
  TableCell cell = number(value, std::move(keys));
  if (std::isfinite(value)) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f", 100 * value);
    cell.text = text;
  }
  return cell;
}

std::string csv(const ResultTable& table) {
  std::vector<std::string> head;
  for (const std::string& name : table.head) {
    head.push_back(csvField(name));
  }
  head.push_back("keys");
  std::string text = join(head, ",") + "\n";
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const TableCell& cell : row) {
      cells.push_back(!cell.value                  ? csvField(cell.text)
                      : std::isfinite(*cell.value) ? inFull(*cell.value)
                                                   : std::string());
    }
    cells.push_back(csvField(keysOf(table, row)));
    text += join(cells, ",") + "\n";
  }
  return text;
}

std::string markdown(const ResultTable& table) {
  std::string text = "|";
  std::string rule = "|";
  for (std::size_t i = 0; i < table.head.size(); ++i) {
    text += cat(" ", plain(table.head[i], "|\\"), " |");
    rule += isNumeric(table, i) ? " ---: |" : " --- |";
  }
  text += "\n" + rule + "\n";
  for (const auto& row : table.rows) {
    text += "|";
    for (const TableCell& cell : row) {
      text += cat(" ", plain(cell.text, "|\\"), " |");
    }
    text += "\n";
  }
  return text;
}

std::string latex(const ResultTable& table) {
  std::string columns;
  std::vector<std::string> head;
  for (std::size_t i = 0; i < table.head.size(); ++i) {
    columns += isNumeric(table, i) ? "r" : "l";
    head.push_back(forLatex(table.head[i]));
  }
  std::string text = cat("% \\usepackage{booktabs}\n\\begin{tabular}{", columns, "}\n\\toprule\n", join(head, " & "),
                         " \\\\\n\\midrule\n");
  for (const auto& row : table.rows) {
    std::vector<std::string> cells;
    for (const TableCell& cell : row) {
      cells.push_back(cell.text == "–" ? "--" : forLatex(cell.text));
    }
    const std::string line = join(cells, " & ");
    // Behind \\ (and \midrule) a bracket or a star would be read as its option.
    text += cat(line.starts_with('[') || line.starts_with('*') ? "{}" : "", line, " \\\\\n");
  }
  return text + "\\bottomrule\n\\end{tabular}\n";
}

nlohmann::json toJson(const ResultTable& table) {
  nlohmann::json list = nlohmann::json::array();
  for (const auto& row : table.rows) {
    nlohmann::json object = nlohmann::json::object();
    nlohmann::json keys = nlohmann::json::object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i].value) {
        object[table.head[i]] = std::isfinite(*row[i].value) ? jsonNumber(*row[i].value) : nlohmann::json();
      } else {
        object[table.head[i]] = row[i].text;
      }
      if (!row[i].keys.empty()) {
        keys[table.head[i]] = row[i].keys;
      }
    }
    object["keys"] = keys.empty() ? nlohmann::json::array() : keys.size() == 1 ? keys.front() : keys;
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace lix::app
