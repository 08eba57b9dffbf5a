#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "study/doctor/doctor.h"
#include "support/support.h"

namespace lix::study::doctor::testing_support {

inline std::filesystem::path shipped(const std::string& name) {
  return lix::test::fixtures().parent_path().parent_path() / "models" / name;
}

/// The value of a fact, "" where no section has it.
inline std::string valueOf(const Report& report, const std::string& name, std::string Fact::*part = &Fact::value) {
  for (const Section& section : report.sections) {
    for (const Fact& fact : section.facts) {
      if (fact.name == name) {
        return fact.*part;
      }
    }
  }
  return {};
}

/// Whether a name stands anywhere in the sections as a value of its own.
inline bool lists(const Report& report, const std::string& value) {
  return std::ranges::any_of(report.sections, [&](const Section& section) {
    return std::ranges::any_of(section.facts, [&](const Fact& fact) { return fact.value.starts_with(value); });
  });
}

inline bool finds(const Report& report, Weight weight, const std::string& part) {
  return std::ranges::any_of(report.findings, [&](const Finding& one) {
    return one.weight == weight && one.text.find(part) != std::string::npos;
  });
}

inline const Mistake* mistake(const Report& report, const std::string& id) {
  const auto found = std::ranges::find(report.mistakes, id, &Mistake::id);
  return found == report.mistakes.end() ? nullptr : &*found;
}

/// examine() of something that is there; a failure is the test's.
inline Report examined(const std::filesystem::path& path) {
  const auto report = examine(path);
  EXPECT_TRUE(report.has_value()) << lix::test::messageOf(report);
  return report ? *report : Report{};
}

}  // namespace lix::study::doctor::testing_support
