#pragma once
#include <expected>
#include <string>
#include <utility>

namespace lix {

enum class ErrorCode { BadInput, NotFound, Io, Unsupported, Newer, Busy, Cancelled, NoMemory };

/// What went wrong, as one full sentence that names the thing and the remedy.
struct Error {
  ErrorCode code = ErrorCode::BadInput;
  std::string message;
};

/// What can fail for reasons outside the program. Bugs are contracts (contracts.h), not results.
template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message) {
  return std::unexpected(Error{code, std::move(message)});
}

}  // namespace lix

#define LIX_JOIN_(a, b) a##b
#define LIX_JOIN(a, b) LIX_JOIN_(a, b)

/// LIX_TRY(auto x, f()): declares x from the value of a Result, or returns its error from this function.
#define LIX_TRY(declaration, ...)                                           \
  auto LIX_JOIN(result_, __LINE__) = (__VA_ARGS__);                         \
  if (!LIX_JOIN(result_, __LINE__)) {                                       \
    return std::unexpected(std::move(LIX_JOIN(result_, __LINE__)).error()); \
  }                                                                         \
  declaration = std::move(*LIX_JOIN(result_, __LINE__))

/// LIX_CHECK(f()): returns the error of a Result<void> (or one whose value is not wanted) from this function.
#define LIX_CHECK(...)                                                      \
  if (auto LIX_JOIN(result_, __LINE__) = (__VA_ARGS__); !LIX_JOIN(result_, __LINE__)) \
  return std::unexpected(std::move(LIX_JOIN(result_, __LINE__)).error())
