#pragma once
#include <initializer_list>
#include <string_view>

#include "adapt/adapter.h"
#include "base/param.h"
#include "base/result.h"

namespace lix::adapt {

/// Refuses a matrix whose size is not rows x columns, that has no columns, a value that is not finite, or a row whose
/// length is not 1 within 1 %. `what` begins the sentence: "The support features".
Result<void> checkFeatures(Matrix features, std::string_view what);

/// The same for labelled features, and refuses labels outside 0..classes-1 or another number of them than rows. `what`
/// names the set: "support".
Result<void> checkLabelled(const Labelled& data, std::size_t classes, std::string_view what);

/// Refuses rows of another width than `width`; no rows are of any width. `what` begins the sentence.
Result<void> checkWidth(Matrix features, std::size_t width, std::string_view what);

/// Refuses a task that the adapter cannot be fitted on: sizes, widths, labels, and what the adapter needs.
Result<void> checkTask(const Adapter& adapter, const Task& task);

/// `params` with the defaults filled in; refuses unknown keys, other types and values out of range. A whole number is
/// taken where a real one is wanted.
Result<ParamValues> checkParams(const Adapter& adapter, const ParamValues& params);

/// The places of a grid that a search may have: more would be memory and hours that nobody meant.
inline constexpr std::size_t kMostPlaces = 1'000'000;

/// Refuses settings whose numbers of steps make a larger grid, by their names; they are those of checkParams().
Result<void> checkGrid(const Adapter& adapter, const ParamValues& settings, std::initializer_list<const char*> steps);

/// Fails with Cancelled where the task was asked to stop.
Result<void> checkStop(const Task& task);

/// All three: what every fit() begins with.
Result<ParamValues> check(const Adapter& adapter, const Task& task, const ParamValues& params);

}  // namespace lix::adapt
