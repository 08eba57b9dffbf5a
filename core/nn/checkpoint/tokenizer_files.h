#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lix::nn {

/// The files of a tokenizer, name -> bytes: those of SentencePiece or of CLIP's byte pairs (nn/text/tokenizer.h says
/// which are read). Here and not beside the tokenizers, since training keeps them without being able to read them.
using TokenizerFiles = std::map<std::string, std::string>;

/// OpenCLIP's merges, bpe_*.txt.gz.
bool isMergesName(std::string_view fileName);

/// Those of a checkpoint or a pack; empty where it has none or is not there. Where OpenCLIP's configuration decides how
/// captions are cleaned (tokenizer_kwargs.clean), tokenizer_config.json says so too, under `clean`, so that the files go
/// on alone. Fails where one cannot be read or has more than 64 MiB.
Result<TokenizerFiles> readTokenizerFiles(const std::filesystem::path& folder);

/// What decides which id a word has, by the order in which a tokenizer is looked for: the bytes of spiece.model, of
/// bpe_*.txt.gz, of vocab.json and merges.txt, or of tokenizer.json; empty where there is none of them.
std::vector<std::string> wordsOf(const TokenizerFiles& files);

}  // namespace lix::nn
