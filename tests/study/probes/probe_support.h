#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <cmath>
#include <string>
#include <vector>

#include "adapt/adapter.h"
#include "base/file.h"
#include "base/random.h"
#include "support/support.h"

namespace lix::study::test {

/// Rows that own their numbers.
struct Rows {
  std::vector<float> values;
  std::size_t rows = 0, columns = 0;
  adapt::Matrix view() const { return {values, rows, columns}; }
};

inline Rows rowsOf(const std::vector<std::vector<float>>& given) {
  Rows made{{}, given.size(), given.empty() ? 0 : given.front().size()};
  for (const auto& row : given) {
    made.values.insert(made.values.end(), row.begin(), row.end());
  }
  return made;
}

/// Normal numbers, as unit rows where asked.
enum class Length { Free, Unit };
inline Rows drawn(std::size_t rows, std::size_t columns, std::uint64_t seed, Length length = Length::Free) {
  Rows made{{}, rows, columns};
  Random random(seed, 77);
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<double> row(columns);
    double square = 0.0;
    for (double& value : row) {
      value = random.normal();
      square += value * value;
    }
    for (const double value : row) {
      made.values.push_back(float(length == Length::Unit ? value / std::sqrt(square) : value));
    }
  }
  return made;
}

/// Turned in the plane of two axes: lengths and angles stay.
inline Rows turned(Rows rows, std::size_t a, std::size_t b, double angle) {
  for (std::size_t i = 0; i < rows.rows; ++i) {
    float* row = rows.values.data() + i * rows.columns;
    const double x = row[a], y = row[b];
    row[a] = float(std::cos(angle) * x - std::sin(angle) * y);
    row[b] = float(std::sin(angle) * x + std::cos(angle) * y);
  }
  return rows;
}

inline Rows backwards(const Rows& rows) {
  Rows made{{}, rows.rows, rows.columns};
  for (std::size_t i = rows.rows; i-- > 0;) {
    const auto row = rows.view().row(i);
    made.values.insert(made.values.end(), row.begin(), row.end());
  }
  return made;
}

inline const nlohmann::json& reference() {
  static const auto kRead = nlohmann::json::parse(readFile(lix::test::fixtures() / "probes/probes.json").value());
  return kRead;
}

inline Rows referenceRows(const char* name) {
  return {reference()[name].get<std::vector<float>>(), reference()["rows"], reference()["width"]};
}

template <class T>
void expectRefused(const Result<T>& result, const std::string& part) {
  const std::string message = lix::test::messageOf(result);
  EXPECT_NE(message.find(part), std::string::npos) << "got: '" << message << "', wanted: " << part;
  EXPECT_TRUE(message.ends_with('.')) << message;
}

inline void expectNear(const std::vector<double>& found, const std::vector<double>& wanted, double tolerance) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], wanted[i], tolerance) << i;
  }
}

}  // namespace lix::study::test
