#include "data/picture_ref.h"

#include <string_view>

#include "base/text.h"

namespace lix::data {
namespace {

constexpr std::string_view kFile = "file:";
constexpr std::string_view kSample = "sample:";

}  // namespace

std::string toText(const PictureRef& picture) {
  return picture.isFile() ? cat(kFile, picture.file.native()) : cat(kSample, picture.dataset, '\n', picture.key);
}

Result<PictureRef> pictureRefFromText(const std::string& text) {
  const std::string_view whole = text;
  if (whole.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::BadInput,
                "The name of a picture holds a zero byte, which no name does; drop the picture anew.");
  }
  if (whole.starts_with(kFile)) {
    std::filesystem::path file(whole.substr(kFile.size()));
    if (!file.is_absolute()) {
      return fail(ErrorCode::BadInput, cat("The picture '", text, "' is no absolute path; name its file from '/' on."));
    }
    return PictureRef::ofFile(std::move(file));
  }
  if (!whole.starts_with(kSample)) {
    return fail(ErrorCode::BadInput,
                cat("'", text, "' names no picture; expected file:PATH or sample:DATASET, a line ", "break and KEY."));
  }
  const auto names = split(whole.substr(kSample.size()), '\n');
  if (names.size() != 2 || names[0].empty() || names[1].empty()) {
    return fail(ErrorCode::BadInput, cat("'", text, "' names no sample; expected its dataset and its key, with one ",
                                         "line break between them and none inside."));
  }
  return PictureRef::sample(names[0], names[1]);
}

std::string shortName(const PictureRef& picture) {
  if (!picture.isFile()) {
    return cat(picture.dataset, "/", picture.key);
  }
  return picture.file.has_filename() ? picture.file.filename().string() : picture.file.string();
}

}  // namespace lix::data
