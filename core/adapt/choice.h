#pragma once
#include <string>

#include "adapt/adapter.h"

namespace lix::adapt {

/// The key of settings() that says what the searched settings rest on.
inline constexpr const char* kChosenBy = "chosen_by";

/// The setting "search" of adapters that search others: "validation" (default) or "none".
Param searchParam();

/// What the settings of a task may be searched on. `reason` goes to settings()[kChosenBy]: "validation", or why the
/// fixed settings hold: not asked for, no validation pictures, or fewer of them than classes.
struct Choice {
  bool searched = false;
  std::string reason;
};

/// The choice for a task; refuses another word than those of searchParam(). `settings` are those of `adapter`.
Result<Choice> choiceFor(const Adapter& adapter, const Task& task, const ParamValues& settings);

/// The same where no word is asked for.
Choice choiceFor(const Task& task);

/// How many rows of logits [N, C] have their first maximum at their label.
std::size_t countCorrect(std::span<const float> logits, std::span<const int> labels);

/// A setting of a type that checkParams() has made sure of.
double real(const ParamValues& settings, const char* key);
std::size_t whole(const ParamValues& settings, const char* key);

}  // namespace lix::adapt
