#pragma once
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "nn/checkpoint/tokenizer_files.h"
#include "nn/text/cleaning.h"
#include "nn/text/clip_bpe.h"
#include "nn/text/clip_words.h"
#include "nn/text/tokenizer.h"

namespace lix::nn::detail {

/// A CLIP tokenizer as its files describe it. They are kept as they are, and their kind tells whose rules are meant:
/// bpe_*.txt.gz OpenCLIP's, vocab.json with merges.txt or tokenizer.json Hugging Face's.
struct ClipFiles {
  ClipBpe bpe;
  ClipRules rules = ClipRules::OpenClip;
  std::optional<Cleaning> clean;  ///< OpenCLIP's, before the words
  int padId = 0;                  ///< OpenCLIP 0, Hugging Face its pad_token
  TokenizerFiles bytes;
};

/// From bpe_*.txt.gz among `files`: a header line, then one merge a line, of which at most 48,894 count. A shorter file
/// is a smaller vocabulary: 512 units, the merges, two marks. `folder` is only named in errors, here and below.
Result<ClipFiles> clipFromMerges(const std::string& name, const TokenizerFiles& files, std::string_view folder);
/// From vocab.json and merges.txt of a Hugging Face folder.
Result<ClipFiles> clipFromVocabulary(const TokenizerFiles& files, std::string_view folder);
/// From tokenizer.json, read already as `whole`; isClip() tells whether it is of CLIP's kind.
bool isClip(const nlohmann::json& whole);
Result<ClipFiles> clipFromJson(const nlohmann::json& whole, const TokenizerFiles& files, std::string_view folder);

/// Rows begin with the start mark and end with the end mark, also where the caption was cut.
std::shared_ptr<const Tokenizer> makeClipTokenizer(ClipFiles files);

/// Decompresses gzip of at most `limit` bytes; a damaged or longer one is an error that names `origin`.
Result<std::string> gunzip(std::string_view bytes, std::size_t limit, std::string_view origin);

}  // namespace lix::nn::detail
