#include "study/doctor/report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/text.h"

namespace lix::study::doctor {
namespace {
using nlohmann::json;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value != 0.0 && std::abs(value) < 0.01 ? "%.1e" : "%.3f", value);
  return text;
}

std::string shortly(double cosine) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", cosine);
  return text;
}

/// Cells padded to their columns, two blanks between.
std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {  // the last cell needs no room
      widths[i] = std::max(widths[i], row[i].size());
    }
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line = "  ";
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += i + 1 < row.size() ? row[i] + std::string(widths[i] - row[i].size() + 2, ' ') : row[i];
    }
    text += std::string(line.begin(), line.begin() + std::ptrdiff_t(line.find_last_not_of(' ') + 1)) + "\n";
  }
  return text;
}

std::string mistakesText(const Report& report) {
  std::vector<std::vector<std::string>> rows{
      {"mistake", "embedding", "cosine mean", "cosine least", "logit", cat("pairs of ", report.pairs.size())}};
  std::vector<std::vector<std::string>> left;
  for (const Mistake& one : report.mistakes) {
    if (one.reason.empty()) {
      rows.push_back({one.name, number(one.component), shortly(one.cosineMean), shortly(one.cosineLeast),
                      number(one.logit), std::to_string(one.pairsRight)});
    } else {
      left.push_back({one.name, cat("not possible here: ", one.reason)});
    }
  }
  return "\nMistakes, each made with this checkpoint (largest change of a unit embedding's numbers, cosine of right and "
         "wrong embedding, largest change of a logit, known pairs still right)\n" +
         columns(rows) + columns(left);
}

}  // namespace

std::string verdictName(Verdict verdict) {
  return verdict == Verdict::Ready ? "ready" : verdict == Verdict::Remarks ? "ready with remarks" : "refused";
}

std::string weightName(Weight weight) {
  return weight == Weight::Note ? "note" : weight == Weight::Remark ? "remark" : "problem";
}

std::string toText(const Report& report) {
  std::string text = cat(report.path.string(), "\n", report.title, "\nVerdict: ", verdictName(report.verdict), ". ",
                         report.sentence, "\n");
  bool headed = false;
  for (const Finding& one : report.findings) {
    if (one.text != report.sentence) {  // which stands above
      text += std::exchange(headed, true) ? "" : "\nFindings\n";
      text += cat("  ", weightName(one.weight), one.ground == Ground::Indication ? " (an indication)" : "", ": ", one.text,
                  "\n");
    }
  }
  for (const Section& section : report.sections) {
    std::vector<std::vector<std::string>> rows;
    for (const Fact& fact : section.facts) {
      rows.push_back({fact.name, fact.value, fact.source});
    }
    text += cat("\n", section.title, "\n", columns(rows));
  }
  if (!report.pairs.empty()) {
    std::vector<std::vector<std::string>> rows{{"true", "cosine", "cosine", "not true"}};
    for (const Pair& pair : report.pairs) {
      rows.push_back({pair.right, number(pair.rightCosine), number(pair.wrongCosine), pair.wrong});
    }
    text += "\nKnown pairs: drawn pictures with a caption that is true and one that is not\n" + columns(rows);
  }
  return report.mistakes.empty() ? text : text + mistakesText(report);
}

std::string toJson(const Report& report) {
  json sections = json::array(), findings = json::array(), pairs = json::array(), mistakes = json::array();
  for (const Section& section : report.sections) {
    json facts = json::array();
    for (const Fact& fact : section.facts) {
      facts.push_back({{"name", fact.name}, {"value", fact.value}, {"source", fact.source}});
    }
    sections.push_back({{"title", section.title}, {"facts", facts}});
  }
  for (const Finding& one : report.findings) {
    findings.push_back({{"weight", weightName(one.weight)},
                        {"certain", one.ground == Ground::Certain},
                        {"text", one.text}});
  }
  for (const Pair& pair : report.pairs) {
    pairs.push_back({{"true_caption", pair.right},
                     {"false_caption", pair.wrong},
                     {"true_cosine", pair.rightCosine},
                     {"false_cosine", pair.wrongCosine}});
  }
  for (const Mistake& one : report.mistakes) {
    json row{{"id", one.id}, {"name", one.name}, {"computed", one.reason.empty()}};
    if (one.reason.empty()) {
      row.update({{"embedding", one.component},
                  {"cosine_mean", one.cosineMean},
                  {"cosine_least", one.cosineLeast},
                  {"logit", one.logit},
                  {"pairs_right", one.pairsRight}});
    } else {
      row["reason"] = one.reason;
    }
    mistakes.push_back(row);
  }
  return json{{"subject", report.subject == Subject::Checkpoint ? "checkpoint" : "dataset"},
              {"path", report.path.string()},
              {"title", report.title},
              {"verdict", verdictName(report.verdict)},
              {"sentence", report.sentence},
              {"sections", sections},
              {"findings", findings},
              {"pairs", pairs},
              {"mistakes", mistakes}}
             .dump(2, ' ', false, json::error_handler_t::replace);
}

}  // namespace lix::study::doctor
