#include "data/formats/json_records.h"

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "data/formats/byte_file.h"

namespace lix::data {

using nlohmann::json;

Result<void> forEachJsonRecord(const std::filesystem::path& file, const TakeRecord& take) {
  constexpr std::uint64_t kLongest = 1ULL << 30;
  LIX_TRY(const std::string text, readUnpacked(file, kLongest));
  std::string array;
  Result<void> state;
  // Depth 1 is below the object, depth 2 what stands in its arrays; false forgets what was read.
  const auto onEvent = [&](int depth, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::key && depth == 1) {
      array = parsed.get<std::string>();
    }
    if (event == json::parse_event_t::object_end && depth == 2 && state) {
      state = take(array, parsed);
    }
    const bool ends = event == json::parse_event_t::object_end || event == json::parse_event_t::array_end ||
                      event == json::parse_event_t::value;
    return !(ends && depth == 2);
  };
  try {
    const json whole = json::parse(text, onEvent);
    if (state && !whole.is_object()) {
      return fail(ErrorCode::BadInput, cat("The file '", file.string(), "' holds no JSON object."));
    }
  } catch (const json::parse_error& error) {
    return fail(ErrorCode::BadInput,
                cat("The file '", file.string(), "' is no whole JSON: it cannot be read on at byte ", error.byte, "."));
  } catch (const json::exception& error) {
    return fail(ErrorCode::BadInput,
                cat("The file '", file.string(), "' holds JSON that cannot be taken (a number that is ",
                    "too large, error ", error.id, ")."));
  }
  return state;
}

std::optional<std::string> textAt(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::optional<long long> integerAt(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? std::optional(found->get<long long>()) : std::nullopt;
}

}  // namespace lix::data
