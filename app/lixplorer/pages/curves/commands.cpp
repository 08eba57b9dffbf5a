#include "pages/curves/commands.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cctype>
#include <cmath>
#include <map>
#include <tuple>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr long long kDrawsOfSeed = 1'000'000;  // a row's support seed is seed * this + draw
constexpr int kMostShots = 4096;
constexpr double kSame = 1e-6;

std::string poolOf(const store::EvaluationRow& row) {
  const QJsonObject settings = QJsonDocument::fromJson(QByteArray::fromStdString(row.settings)).object();
  return settings.value("pool").toString("train").toStdString();
}

std::string percent(double share) { return QString::number(100 * share, 'f', 3).toStdString() + " %"; }

std::vector<std::string> commonArguments(const store::EvaluationRow& row) {
  return {"eval",    row.kind,  row.checkpoint.string(), "--data",      row.dataset, "--labels",         row.labelSet,
          "--split", row.split, "--templates",           row.templates, "--label",   row.checkpointLabel};
}

}  // namespace

std::vector<int> shotsFrom(const std::string& text) {
  std::string spaced = text;
  std::ranges::replace(spaced, ',', ' ');
  std::vector<int> shots;
  for (const std::string& part : split(spaced, ' ')) {
    if (part.empty()) {
      continue;
    }
    const auto number = toInteger(part);
    if (!number || *number < 1 || *number > kMostShots) {
      return {};
    }
    shots.push_back(int(*number));
  }
  std::ranges::sort(shots);
  shots.erase(std::ranges::unique(shots).begin(), shots.end());
  return shots;
}

std::vector<std::string> measureArguments(const MeasureOrder& order) {
  std::vector<std::string> arguments{"eval", "few-shot"};
  for (const NamedCheckpoint& one : order.checkpoints) {
    arguments.push_back(one.folder.string());
  }
  arguments.insert(arguments.end(), {"--data", order.dataset});
  if (!order.labelSet.empty()) {
    arguments.insert(arguments.end(), {"--labels", order.labelSet});
  }
  for (const NamedCheckpoint& one : order.checkpoints) {
    arguments.insert(arguments.end(), {"--label", one.label});
  }
  std::vector<std::string> shots;
  for (const int count : order.shots) {
    shots.push_back(cat(count));
  }
  arguments.insert(arguments.end(),
                   {"--shots", join(shots, ","), "--draws", cat(order.draws), "--adapters", join(order.adapters, ",")});
  return arguments;
}

std::vector<std::vector<std::string>> againArguments(const store::CurvePoint& point) {
  // Most draws of each folder and seed: draws are nested, so those before come along.
  std::map<std::pair<std::filesystem::path, long long>, std::pair<const store::EvaluationRow*, long long>> calls;
  std::vector<std::vector<std::string>> all;
  for (const store::EvaluationRow& row : point.rows) {
    if (row.kind != "few-shot" && row.kind != "zero-shot") {  // by its key: what each kind was asked is for lixp to know
      all.push_back({"reproduce", cat(row.id)});
      continue;
    }
    const long long seed = row.supportSeed.value_or(0) / kDrawsOfSeed,
                    draw = row.supportSeed.value_or(0) % kDrawsOfSeed;
    auto& call = calls[{row.checkpoint, seed}];
    call = {&row, std::max(call.second, draw + 1)};
  }
  for (const auto& [key, call] : calls) {
    std::vector<std::string> arguments = commonArguments(*call.first);
    if (call.first->kind == "few-shot") {
      arguments.insert(arguments.end(),
                       {"--pool", poolOf(*call.first), "--shots", cat(std::max(1, call.first->shots)), "--draws",
                        cat(call.second), "--seed", cat(key.second), "--adapters", call.first->adapter});
    }
    all.push_back(std::move(arguments));
  }
  return all;
}

bool samePoint(const store::EvaluationRow& a, const store::EvaluationRow& b) {
  const auto what = [](const store::EvaluationRow& row) {
    return std::tie(row.kind, row.checkpointLabel, row.dataset, row.split, row.labelSet, row.templates, row.adapter, row.vectors,
                    row.metric, row.settings, row.shots, row.classes);
  };
  return what(a) == what(b);
}

Again comparedAgain(const store::CurvePoint& before, const store::CurvePoint& after) {
  Again again;
  std::string worst;
  double most = kSame;
  for (const store::EvaluationRow& was : before.rows) {
    const auto now = std::ranges::find_if(after.rows, [&was](const store::EvaluationRow& row) {
      return row.id > was.id && row.checkpoint == was.checkpoint && row.modelSeed == was.modelSeed &&
             row.supportSeed == was.supportSeed;
    });
    if (now == after.rows.end()) {
      continue;
    }
    ++again.measured;
    const double difference = std::abs(now->value - was.value);
    again.differing += difference > kSame;
    if (difference > most) {
      most = difference;
      worst = cat(was.supportSeed ? cat("draw ", *was.supportSeed) : "it", " was ", percent(was.value), ", is ", percent(now->value));
    }
  }
  if (again.measured > 0) {
    const std::string of = cat(again.measured, again.measured == 1 ? " measurement" : " measurements");
    again.sentence = again.differing == 0 ? cat("Measured again: ", of, ", the same to the sixth digit.")
                                          : cat("Measured again: ", again.differing, " of ", of,
                                                again.differing == 1 ? " differs; " : " differ; at most ", worst, ".");
  }
  return again;
}

std::string shellLine(const std::vector<std::string>& arguments) {
  std::string line = "lixp";
  for (const std::string& argument : arguments) {
    const bool plain = !argument.empty() && std::ranges::all_of(argument, [](unsigned char c) {
      return std::isalnum(c) != 0 || std::string_view("-_./,:=+").find(char(c)) != std::string_view::npos;
    });
    std::string quoted;
    for (const char c : argument) {
      quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += plain ? cat(" ", argument) : cat(" '", quoted, "'");
  }
  return line;
}

}  // namespace lix::app
