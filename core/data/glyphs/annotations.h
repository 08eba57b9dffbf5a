#pragma once
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace lix::data {

/// What one language says of one emoji.
struct Annotation {
  std::string name;                   ///< short name ("tts"), "fox"
  std::vector<std::string> keywords;  ///< "face", "fox"
};

/// Annotations by the emoji's UTF-8 without U+FE0F.
using Annotations = std::unordered_map<std::string, Annotation>;

/// Reads annotations/<language>.xml and annotationsDerived/<language>.xml below CLDR's `common` folder; a regional
/// language ("de_CH") is laid over its parent ("de"). Inheritance marks are no text and are left out. An unknown
/// language is an error that says where the known ones are.
Result<Annotations> readAnnotations(const std::filesystem::path& common, const std::string& language);

}  // namespace lix::data
