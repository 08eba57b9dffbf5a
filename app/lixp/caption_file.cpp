#include "lixp/caption_file.h"

#include "base/file.h"
#include "base/text.h"

namespace lix::app {

Result<std::vector<std::string>> readCaptions(const std::filesystem::path& file) {
  LIX_TRY(const std::string text, readFile(file));
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) {
    rest.remove_prefix(3);
  }
  if (rest.ends_with('\n')) {
    rest.remove_suffix(1);
  }
  std::vector<std::string> captions = split(rest, '\n');
  for (std::size_t i = 0; i < captions.size(); ++i) {
    if (!isUtf8(captions[i])) {
      return fail(ErrorCode::BadInput,
                  cat(file.string(), ", line ", i + 1, ": the caption is not UTF-8; convert the file first."));
    }
    captions[i] = std::string(trim(captions[i]));
    if (captions[i].empty()) {
      return fail(ErrorCode::BadInput,
                  cat(file.string(), ", line ", i + 1, ": the caption is empty; each line holds one caption."));
    }
  }
  return captions;
}

}  // namespace lix::app
