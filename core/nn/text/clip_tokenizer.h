#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "base/result.h"
#include "nn/text/clip_bpe.h"
#include "nn/text/clip_words.h"
#include "nn/text/tokenizer.h"

namespace lix::nn::detail {

/// A CLIP tokenizer as its files describe it. They are kept as they are, and their kind tells whose rules are meant:
/// bpe_*.txt.gz OpenCLIP's, vocab.json with merges.txt or tokenizer.json Hugging Face's.
struct ClipFiles {
  ClipBpe bpe;
  Cleaning cleaning = Cleaning::OpenClip;
  int padId = 0;                             ///< OpenCLIP 0, Hugging Face its pad_token
  std::map<std::string, std::string> bytes;  ///< by file name
};

/// Reads bpe_*.txt.gz: a header line, then one merge a line, of which at most 48,894 count. A shorter file is a smaller
/// vocabulary: 512 units, the merges, two marks.
Result<ClipFiles> readClipMerges(const std::filesystem::path& file);
/// Reads vocab.json and merges.txt, or tokenizer.json where those are absent, of a Hugging Face folder.
Result<ClipFiles> readClipFolder(const std::filesystem::path& folder);

/// Rows begin with the start mark and end with the end mark, also where the caption was cut.
std::shared_ptr<const Tokenizer> makeClipTokenizer(ClipFiles files);

/// Decompresses gzip of at most `limit` bytes; a damaged or longer one is an error that names `origin`.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit, std::string_view origin);

}  // namespace lix::nn::detail
