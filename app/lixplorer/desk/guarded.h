#pragma once
#include <exception>
#include <new>
#include <type_traits>
#include <utility>

#include "base/result.h"
#include "base/text.h"

namespace lix::app {

template <class T>
inline constexpr bool isResult = false;
template <class T>
inline constexpr bool isResult<Result<T>> = true;

/// Calls work(); what a library throws there (no memory, above all) becomes the error of its Result, since an exception on
/// a lane would end the program.
template <class Work>
auto guarded(Work&& work) -> decltype(work()) {
  if constexpr (isResult<decltype(work())>) {
    try {
      return std::forward<Work>(work)();
    } catch (const std::bad_alloc&) {
      return fail(ErrorCode::NoMemory, "There is not enough memory for that; choose fewer pictures or a smaller model.");
    } catch (const std::exception& problem) {
      return fail(ErrorCode::Io, cat("That failed: ", problem.what()));
    }
  } else {
    return std::forward<Work>(work)();
  }
}

}  // namespace lix::app
