#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "shared/results/kinds.h"
#include "support/result_rows.h"

namespace lix::app::testing_support {

/// With their keys, from 1.
inline FigureRows rowsOf(std::vector<store::EvaluationRow> given) {
  FigureRows rows;
  for (std::size_t i = 0; i < given.size(); ++i) {
    given[i].id = (long long)i + 1;
  }
  rows.evaluations = std::move(given);
  return rows;
}

/// Tip-Adapter at 4 shots.
inline store::EvaluationRow fewShot(const std::string& label, const std::string& dataset, int draw, double value) {
  auto row = resultRow("few-shot", label, "top1", value, dataset);
  row.adapter = "tip-adapter";
  row.shots = 4;
  row.supportSeed = draw;
  return row;
}

inline std::size_t columnOf(const ResultTable& table, const std::string& name) {
  const auto found = std::ranges::find(table.head, name);
  EXPECT_NE(found, table.head.end()) << name;
  return std::size_t(found - table.head.begin());
}

}  // namespace lix::app::testing_support
