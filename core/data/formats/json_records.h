#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <nlohmann/json_fwd.hpp>

#include "base/result.h"

namespace lix::data {

/// What takes a record: the key of the array that it stands in, and the record, an object.
using TakeRecord = std::function<Result<void>(std::string_view array, const nlohmann::json& record)>;

/// Hands over, one after the other, the objects in the arrays that the JSON object in a file (1 GiB at most, also as
/// gzip) has under its keys; each is forgotten afterwards, so that an index of 144 MB needs no tree of a gigabyte.
/// Fails with the byte at which the file is no JSON, where it holds no object, and with the first error of `take`.
Result<void> forEachJsonRecord(const std::filesystem::path& file, const TakeRecord& take);

/// The text, or the whole number, that an object has under a key; nothing where there is none or it is something else.
std::optional<std::string> textAt(const nlohmann::json& object, const char* key);
std::optional<long long> integerAt(const nlohmann::json& object, const char* key);

}  // namespace lix::data
