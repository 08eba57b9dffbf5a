#include "pages/curves/commands.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cctype>
#include <map>
#include <tuple>

#include "base/text.h"

namespace lix::app {
namespace {

constexpr long long kDrawsOfSeed = 1'000'000;  // a row's support seed is seed * this + draw
constexpr int kMostShots = 4096;

std::string poolOf(const store::EvaluationRow& row) {
  const QJsonObject settings = QJsonDocument::fromJson(QByteArray::fromStdString(row.settings)).object();
  return settings.value("pool").toString("train").toStdString();
}

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
  for (const store::EvaluationRow& row : point.rows) {
    const long long seed = row.supportSeed.value_or(0) / kDrawsOfSeed,
                    draw = row.supportSeed.value_or(0) % kDrawsOfSeed;
    auto& call = calls[{row.checkpoint, seed}];
    call = {&row, std::max(call.second, draw + 1)};
  }
  std::vector<std::vector<std::string>> all;
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
