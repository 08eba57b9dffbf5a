#include <algorithm>
#include <cstdio>

#include "base/csv.h"
#include "base/text.h"
#include "study/suite/suite_table.h"

namespace lix::study {
namespace {

std::string percent(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", 100.0 * share);
  return text;
}

std::string inFull(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.17g", value);
  return text;
}

std::string escaped(const std::string& text, TableFormat format) {
  std::string out;
  for (const char c : text) {
    if (format == TableFormat::Markdown) {
      out += c == '|' ? std::string("\\|") : std::string(1, c);
    } else if (std::string_view("&%$#_{}").find(c) != std::string_view::npos) {
      out += cat('\\', c);
    } else if (c == '\\' || c == '~' || c == '^') {
      out += c == '\\' ? "\\textbackslash{}" : c == '~' ? "\\textasciitilde{}" : "\\textasciicircum{}";
    } else {
      out += c;
    }
  }
  return out;
}

std::string csv(const SuiteTable& table) {
  std::string out = "model,average,average_low,average_high,datasets,seeds,draws";
  for (const std::string& name : table.datasets) {
    out += cat(',', csvField(name));
  }
  out += '\n';
  for (const SuiteLine& line : table.lines) {
    out += cat(csvField(line.model), ',', line.average ? inFull(*line.average) : "", ',',
               line.interval ? inFull(line.interval->low) : "", ',', line.interval ? inFull(line.interval->high) : "",
               ',', table.common.size(), ',', line.seeds, ',', line.draws);
    for (const auto& cell : line.cells) {
      out += cat(',', cell ? inFull(*cell) : "");
    }
    out += '\n';
  }
  return out;
}

/// What the reader sees of two numbers is equal where their texts are; the best then is each of them.
std::string bestOf(const SuiteTable& table, auto&& value) {
  std::optional<double> best;
  for (const SuiteLine& line : table.lines) {
    if (const std::optional<double> one = value(line); one && (!best || *one > *best)) {
      best = one;
    }
  }
  return table.lines.size() < 2 || !best ? "" : percent(*best);
}

std::string shown(const std::optional<double>& value, const std::string& best, TableFormat format) {
  if (!value) {
    return format == TableFormat::Latex ? "--" : "-";
  }
  const std::string text = percent(*value);
  return text != best ? text : format == TableFormat::Latex ? cat("\\textbf{", text, '}') : cat("**", text, "**");
}

std::vector<std::string> cellsOf(const SuiteTable& table, const SuiteLine& line, TableFormat format) {
  std::vector<std::string> cells{escaped(line.model, format)};
  cells.push_back(shown(line.average, bestOf(table, [](const SuiteLine& one) { return one.average; }), format));
  if (line.interval) {
    cells.back() += cat(" [", percent(line.interval->low), ", ", percent(line.interval->high), ']');
  }
  for (std::size_t d = 0; d < table.datasets.size(); ++d) {
    cells.push_back(shown(line.cells[d], bestOf(table, [&](const SuiteLine& one) { return one.cells[d]; }), format));
  }
  return cells;
}

std::vector<std::string> headOf(const SuiteTable& table, TableFormat format) {
  std::vector<std::string> head{"Model", cat("Average (", table.common.size(), ")")};
  for (const std::string& name : table.datasets) {
    head.push_back(escaped(name, format));
  }
  return head;
}

std::string markdown(const SuiteTable& table) {
  const auto head = headOf(table, TableFormat::Markdown);
  std::string out = cat("| ", join(head, " | "), " |\n| --- |");
  for (std::size_t i = 1; i < head.size(); ++i) {
    out += " ---: |";
  }
  out += '\n';
  for (const SuiteLine& line : table.lines) {
    out += cat("| ", join(cellsOf(table, line, TableFormat::Markdown), " | "), " |\n");
  }
  for (const std::string& note : table.notes) {
    out += cat("\n", note, "\n");
  }
  return out;
}

std::string latex(const SuiteTable& table) {
  const auto head = headOf(table, TableFormat::Latex);
  std::string out = cat("\\begin{tabular}{l", std::string(head.size() - 1, 'r'), "}\n\\hline\n", join(head, " & "),
                        " \\\\\n\\hline\n");
  for (const SuiteLine& line : table.lines) {
    out += cat(join(cellsOf(table, line, TableFormat::Latex), " & "), " \\\\\n");
  }
  out += "\\hline\n\\end{tabular}\n";
  for (const std::string& note : table.notes) {
    out += cat("% ", note, "\n");
  }
  return out;
}

}  // namespace

Result<TableFormat> tableFormatNamed(const std::string& name) {
  if (name == "csv") {
    return TableFormat::Csv;
  }
  if (name == "md" || name == "markdown") {
    return TableFormat::Markdown;
  }
  if (name == "latex" || name == "tex") {
    return TableFormat::Latex;
  }
  return fail(ErrorCode::BadInput, cat("There is no table format '", name, "'; choose csv, md or latex."));
}

std::string textOf(const SuiteTable& table, TableFormat format) {
  switch (format) {
    case TableFormat::Csv:
      return csv(table);
    case TableFormat::Markdown:
      return markdown(table);
    case TableFormat::Latex:
      return latex(table);
  }
  return "";
}

}  // namespace lix::study
