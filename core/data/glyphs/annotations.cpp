#include "data/glyphs/annotations.h"

#include <algorithm>
#include <pugixml.hpp>

#include "base/file.h"
#include "base/text.h"

namespace lix::data {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kLargestFile = 64u << 20;
constexpr std::string_view kInherited = "\u2191\u2191\u2191";

bool isLanguage(std::string_view language) {
  return language.size() >= 2 && language.size() <= 16 &&
         std::ranges::all_of(language, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

Result<void> readFileInto(const fs::path& path, Annotations& out) {
  LIX_TRY(const std::string text, readFile(path, kLargestFile));
  pugi::xml_document document;
  if (const auto parsed = document.load_buffer(text.data(), text.size()); !parsed) {
    return fail(ErrorCode::BadInput,
                cat("The annotations ", path.string(), " are damaged at byte ", parsed.offset, " (",
                    parsed.description(), "); install the Debian package unicode-cldr-core again."));
  }
  for (const auto node : document.child("ldml").child("annotations").children("annotation")) {
    const std::string_view value = trim(node.text().get());
    if (value.empty() || value == kInherited || !isUtf8(value)) {
      continue;
    }
    Annotation& annotation = out[node.attribute("cp").value()];
    if (std::string_view(node.attribute("type").value()) == "tts") {
      annotation.name = value;
      continue;
    }
    annotation.keywords.clear();
    for (const std::string& keyword : split(value, '|')) {
      if (const auto word = trim(keyword); !word.empty()) {
        annotation.keywords.emplace_back(word);
      }
    }
  }
  return {};
}

}  // namespace

Result<Annotations> readAnnotations(const fs::path& common, const std::string& language) {
  if (!isLanguage(language)) {
    return fail(ErrorCode::BadInput, cat("'", language, "' is not a language code; write one such as de or pt_PT."));
  }
  const auto file = [&](const char* folder, const std::string& code) { return common / folder / (code + ".xml"); };
  if (!fs::exists(file("annotations", language))) {
    return fail(ErrorCode::NotFound, cat("There are no emoji names in the language '", language,
                                         "'; the known languages are "
                                         "the files of ",
                                         (common / "annotations").string(), "."));
  }
  std::vector<std::string> codes{language};
  for (std::size_t cut = language.rfind('_'); cut != std::string::npos && cut > 0; cut = language.rfind('_', cut - 1)) {
    codes.insert(codes.begin(), language.substr(0, cut));
  }
  Annotations annotations;
  for (const std::string& code : codes) {
    for (const char* folder : {"annotations", "annotationsDerived"}) {
      if (const fs::path path = file(folder, code); fs::exists(path)) {
        LIX_CHECK(readFileInto(path, annotations));
      }
    }
  }
  return annotations;
}

}  // namespace lix::data
