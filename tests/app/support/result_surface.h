#pragma once
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

namespace lix::app::testing_support {

/// Findings of an accuracy surface over alpha and beta with its best at (2, 3) of the validation.
inline nlohmann::json surfaceFindings() {
  nlohmann::json findings{
      {"alpha", nlohmann::json::array()}, {"beta", nlohmann::json::array()}, {"best", {3.0, 2.0}}};
  for (int a = 0; a < 20; ++a) {
    findings["alpha"].push_back(0.25 * a);
  }
  for (int b = 0; b < 12; ++b) {
    findings["beta"].push_back(0.5 * (b + 1));
    std::vector<double> validation, query;
    for (int a = 0; a < 20; ++a) {
      const double off = std::pow(0.25 * a - 2.0, 2) + std::pow(0.5 * (b + 1) - 3.0, 2);
      validation.push_back(0.7 - 0.02 * off);
      query.push_back(0.66 - 0.018 * off);
    }
    findings["validation"].push_back(validation);
    findings["query"].push_back(query);
  }
  return findings;
}

}  // namespace lix::app::testing_support
